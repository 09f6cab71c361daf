"""Files of other programs mean what their formats say: every answer against brute force."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from handsel.bid.configure.rules.compiled import Compiled
from handsel.bid.configure.rules.count import count_variants
from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.formats.dimacs import parse_dimacs
from handsel.bid.configure.rules.formats.table_json import parse_table_json
from handsel.bid.configure.rules.formats.uvl import parse_uvl
from handsel.bid.configure.rules.session import Configurator
from tests.support.engines import ENGINES
from tests.support.foreign_models import Foreign, random_dimacs, random_tables, random_uvl

DRAWN = 120


def compiled_uvl(text: str) -> Compiled:
    return encode(parse_uvl(text))


def compiled_tables(text: str) -> Compiled:
    return encode(parse_table_json(text))


FORMATS: dict[str, tuple[Callable[[int], Foreign], Callable[[str], Compiled]]] = {
    "dimacs": (random_dimacs, parse_dimacs),
    "uvl": (random_uvl, compiled_uvl),
    "tables": (random_tables, compiled_tables),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", FORMATS)
def test_every_answer_is_the_one_of_brute_force(name: str, engine: str) -> None:
    draw, read = FORMATS[name]
    for seed in range(DRAWN):
        drawn = draw(seed)
        compiled = read(drawn.text)
        assert len(compiled.options) == drawn.options, drawn.text
        opened = ENGINES[engine](compiled)
        luck = random.Random(seed)
        decisions: list[int] = []
        for _ in range(4):
            assert opened.domains(decisions) == drawn.states(decisions), (decisions, drawn.text)
            if drawn.options:
                decisions.append(luck.randint(1, drawn.options) * luck.choice((1, -1)))
        opened.close()


@pytest.mark.parametrize("name", FORMATS)
def test_every_product_is_counted(name: str) -> None:
    draw, read = FORMATS[name]
    for seed in range(DRAWN):
        drawn = draw(seed)
        found = count_variants(Configurator.of(read(drawn.text)), [])
        assert (found.count, found.is_exact) == (len(drawn.products), True), drawn.text
