"""UVL with features that repeat and imports: every answer against brute force."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from handsel.bid.configure.rules.compiled import Compiled
from handsel.bid.configure.rules.count import count_variants
from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.formats.uvl import export_uvl, library_of, parse_uvl
from handsel.bid.configure.rules.language import print_model, read_model
from handsel.bid.configure.rules.model import ProductModel
from handsel.bid.configure.rules.session import Configurator
from tests.support.engines import ENGINES
from tests.support.foreign_models import random_uvl
from tests.support.repeated_uvl import Drawn, random_repeated

DRAWN = 150


def compiled(drawn: Drawn) -> Compiled:
    return encode(parse_uvl(drawn.model.text, "main.uvl", library_of(drawn.files)))


@pytest.mark.parametrize("engine", ENGINES)
def test_every_answer_is_the_one_of_brute_force(engine: str) -> None:
    for seed in range(DRAWN):
        drawn = random_repeated(seed)
        model = compiled(drawn)
        told = f"{seed}: {drawn.model.text}{drawn.files}"
        assert len(model.options) == drawn.model.options, told
        opened = ENGINES[engine](model)
        luck = random.Random(seed)
        decisions: list[int] = []
        for _ in range(4):
            assert opened.domains(decisions) == drawn.model.states(decisions), (decisions, told)
            decisions.append(luck.randint(1, drawn.model.options) * luck.choice((1, -1)))
        opened.close()


def test_every_product_is_counted() -> None:
    drawn = [random_repeated(seed) for seed in range(DRAWN)]
    for one in drawn:
        found = count_variants(Configurator.of(compiled(one)), [])
        assert (found.count, found.is_exact) == (len(one.model.products), True), one
    assert sum("cardinality" in one.model.text for one in drawn) > DRAWN / 2
    assert sum(bool(one.files) for one in drawn) > DRAWN / 5
    assert sum(len(one.model.products) > 1 for one in drawn) > DRAWN / 2


def bare(model: ProductModel) -> ProductModel:
    """The same without what the file said of it: no facts, no sentences."""
    variables = tuple(replace(one, facts=()) for one in model.variables)
    laws = tuple(replace(one, sentences={}) for one in model.laws)
    return replace(model, variables=variables, laws=laws)


def test_what_is_written_again_has_the_same_products() -> None:
    repeating = 0
    for seed in range(DRAWN):
        drawn = random_repeated(seed)
        given = parse_uvl(drawn.model.text, "main.uvl", library_of(drawn.files))
        told = read_model(print_model(given))
        text = export_uvl(bare(told) if seed % 2 else told)
        repeating += "cardinality" in text
        found = count_variants(Configurator.of(encode(parse_uvl(text))), [])
        assert not found.is_exact or found.count == len(drawn.model.products), (drawn, text)
    assert repeating > DRAWN / 2


def test_files_without_repetition_too() -> None:
    for seed in range(DRAWN):
        drawn = random_uvl(seed)
        told = read_model(print_model(parse_uvl(drawn.text)))
        text = export_uvl(bare(told) if seed % 2 else told)
        found = count_variants(Configurator.of(encode(parse_uvl(text))), [])
        assert not found.is_exact or found.count == len(drawn.products), (drawn.text, text)
