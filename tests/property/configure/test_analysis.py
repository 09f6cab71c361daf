"""Analysis against all products of small models."""

from __future__ import annotations

import itertools

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from handsel.bid.configure.rules.analysis.difference import difference
from handsel.bid.configure.rules.analysis.lawbench import LawBench
from handsel.bid.configure.rules.analysis.laws import contradiction, idle_laws
from handsel.bid.configure.rules.analysis.report import analyse
from handsel.bid.configure.rules.model import ProductModel, TableLaw
from tests.support.small_products import compile_small, configurator, holds, models, products

CASES = settings(max_examples=80, deadline=None)


@CASES
@given(models(4, 5))
def test_idle_laws_are_those_that_forbid_nothing_more(model: ProductModel) -> None:
    everything = list(products(ProductModel("free", model.variables, ())))
    found = {one.key: one for one in idle_laws(LawBench(model, compile_small))}
    for law in model.laws:
        others = [one for one in model.laws if one is not law]
        fewest = _fewest_that_imply(law, others, everything)
        assert (law.key in found) == (fewest is not None)
        if fewest is not None:
            assert len(found[law.key].follows_from) == fewest
            assert found[law.key].is_always_true == (fewest == 0)
            assert found[law.key].is_shadowed == (fewest == 1)


def _fewest_that_imply(law, others, everything):  # type: ignore[no-untyped-def]
    broken = [one for one in everything if not holds(law, one)]
    for size in range(len(others) + 1):
        for chosen in itertools.combinations(others, size):
            if not any(all(holds(other, one) for other in chosen) for one in broken):
                return size
    return None


@CASES
@given(models(4, 8))
def test_a_contradiction_names_the_fewest_laws(model: ProductModel) -> None:
    valid = list(products(model))
    found = contradiction(configurator(model))
    assert (found is None) == bool(valid)
    if found is None:
        return
    everything = list(products(ProductModel("free", model.variables, ())))
    for size in range(len(model.laws) + 1):
        sets = itertools.combinations(model.laws, size)
        if any(
            not any(all(holds(law, one) for law in some) for one in everything) for some in sets
        ):
            assert len(found.laws) == size
            return


@CASES
@given(models())
def test_the_report_names_all_that_is_dead(model: ProductModel) -> None:
    valid = list(products(model))
    report = analyse(configurator(model), compile_small)
    assert (report.contradiction is None) == bool(valid)
    if not valid:
        assert not report.is_publishable
        return
    dead = {
        (one.key, value)
        for one in model.variables
        for value in one.values
        if not any(product[one.key] == value for product in valid)
    }
    assert {(one.variable, one.value) for one in report.dead_values} == dead
    for law in (one for one in model.laws if isinstance(one, TableLaw)):
        shown = {tuple(product[key] for key in law.scope) for product in valid}
        unused = tuple(at for at, row in enumerate(law.rows, 1) if row not in shown)
        told = next((one.dead_rows for one in report.tables if one.key == law.key), ())
        assert told == unused
    assert report.variants is not None
    assert report.variants.count == len(valid)


@CASES
@given(st.data())
def test_the_difference_of_versions_as_sets_of_products(data) -> None:  # type: ignore[no-untyped-def]
    old, new = data.draw(models(4, 4)), data.draw(models(4, 4))
    if data.draw(st.booleans()):
        shared = tuple(one for one in old.laws if data.draw(st.booleans(), label="kept"))
        new = ProductModel("new", old.variables, shared)
    kinds = {one.key: one.kind for one in old.variables}
    assume(all(kinds.get(one.key, one.kind) == one.kind for one in new.variables))
    common = [one.key for one in old.variables if one.key in {v.key for v in new.variables}]
    before = {tuple(one[key] for key in common) for one in products(old)}
    after = {tuple(one[key] for key in common) for one in products(new)}
    found = difference(old, new, compile_small)
    assert found.is_certain
    assert (found.gained is None) == (after <= before)
    assert (found.lost is None) == (before <= after)
    if found.gained is not None:
        assert dict(found.gained) in list(products(new))
        assert tuple(found.gained[key] for key in common) not in before
    if found.lost is not None:
        assert dict(found.lost) in list(products(old))
        assert tuple(found.lost[key] for key in common) not in after
