"""Laws on grids say what expressions mean, and what is counted by them lies around the truth."""

from __future__ import annotations

import random

import numpy as np
import pytest

from handsel.bid.configure.rules import tallies
from handsel.bid.configure.rules.count import count_variants
from handsel.bid.configure.rules.eliminate import Limits, count_between
from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.grids import Gridding, Words
from handsel.bid.configure.rules.model import Law, ProductModel, TableLaw, Variable
from handsel.bid.configure.rules.session import Configurator
from tests.support.random_models import assignments, holds, random_model

SEEDS = range(250)
SMALL = (Limits(), Limits(largest=6, once=12), Limits(cells=1, largest=1, once=1))


def products(model: ProductModel) -> list[dict[str, Value]]:
    return [one for one in assignments(model) if all(holds(model, law, one) for law in model.laws)]


def test_a_grid_holds_what_evaluate_says() -> None:
    for seed in SEEDS:
        model = random_model(seed)
        scope = [one.key for one in model.variables]
        domains = {one.key: one.values for one in model.variables}
        derived = {one.key: one.expression for one in model.derived}
        for law in model.laws:
            if isinstance(law, Law):
                gridding = Gridding(domains, scope, derived, Words())
                found = gridding.condition(law.condition).ravel()
                wanted = [holds(model, law, one) for one in assignments(model)]
                assert np.array_equal(found, np.array(wanted)), (seed, law.key)


@pytest.mark.parametrize("dense", [tallies.DENSE, 0])
@pytest.mark.parametrize("limits", SMALL)
def test_the_number_of_products_lies_between(
    limits: Limits, dense: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tallies, "DENSE", dense)
    for seed in SEEDS:
        model = random_model(seed)
        true = products(model)
        if not true:
            continue
        luck = random.Random(seed)
        # Domains as an engine gives them: values that some product has.
        domains = {
            one.key: tuple(v for v in one.values if any(p[one.key] == v for p in true))
            for one in model.variables
        }
        found = count_between(model, domains, luck.choice(true), limits)
        assert found is not None
        assert 0 < found.least <= len(true) <= found.most, seed
        if limits == Limits():
            assert found.least == found.most


def test_what_is_counted_is_right_however_it_was_counted() -> None:
    for seed in SEEDS:
        model = random_model(seed)
        true = len(products(model))
        for budget in (2_000_000, 50, 1):
            found = count_variants(Configurator.of(encode(model), model), (), budget=budget)
            assert found.count == true if found.is_exact else found.count <= true, seed
            assert found.most is None or true <= found.most, seed


def test_numbers_beyond_64_bits_are_exact() -> None:
    """Forty words of four values, each next one another than the one before: 4 * 3 ** 39."""
    words = ("a", "b", "c", "d")
    variables = tuple(Variable(f"v{at}", "enumeration", words) for at in range(40))
    rows = tuple((one, other) for one in words for other in words if one != other)
    laws = tuple(TableLaw(f"t{at}", (f"v{at}", f"v{at + 1}"), rows) for at in range(39))
    model = ProductModel("chain", variables, laws)
    found = count_variants(Configurator.of(encode(model), model), ())
    assert (found.count, found.is_exact) == (4 * 3**39, True)
