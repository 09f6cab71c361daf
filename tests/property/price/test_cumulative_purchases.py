"""Buying in several steps costs what buying at once costs; taking it back mirrors it."""

from __future__ import annotations

from decimal import Decimal, localcontext

from hypothesis import given
from hypothesis import strategies as st

from handsel.bid.price.rules.exactness import WORK
from handsel.bid.price.rules.tiers import Measured, TierKind, TierRule, TierTable, price_of

amounts = st.integers(0, 50_000).map(lambda cents: Decimal(cents) / 100)
counts = st.integers(1, 60).map(Decimal)


@st.composite
def tables(draw: st.DrawFn) -> TierTable:
    kind = draw(st.sampled_from([TierKind.PACKAGE, TierKind.BLOCK, TierKind.SLAB]))
    others = draw(st.lists(st.integers(1, 120), max_size=3, unique=True))
    begins = sorted({0, *others}, reverse=True)
    per = draw(st.sampled_from([None, Decimal("2.5"), Decimal(7), Decimal(12)]))
    if kind is TierKind.PACKAGE and per is None:
        per = Decimal(10)
    steps = tuple(
        TierRule(
            f"T/{begin}",
            Decimal(begin),
            unit_price=draw(amounts),
            flat=draw(st.one_of(st.none(), amounts)),
            per=per if kind is not TierKind.BLOCK else None,
        )
        for begin in begins
    )
    return TierTable(steps, "T", kind=kind, is_cumulative=True)


def due(table: TierTable, before: Decimal, more: Decimal) -> Decimal:
    with localcontext(WORK):
        found = price_of(table, Measured(before, more, more))
    assert found is not None
    return found


@given(tables(), st.lists(counts, min_size=1, max_size=5))
def test_several_purchases_cost_what_one_costs(table: TierTable, bought: list[Decimal]) -> None:
    before, paid = Decimal(0), Decimal(0)
    for more in bought:
        paid += due(table, before, more)
        before += more
    assert paid == due(table, Decimal(0), before)


@given(tables(), counts, counts)
def test_what_is_taken_back_is_the_mirror_of_what_was_bought(
    table: TierTable, before: Decimal, more: Decimal
) -> None:
    assert due(table, before + more, -more) == -due(table, before, more)


@given(tables(), counts, counts)
def test_a_step_further_never_costs_more_than_the_new_units_alone_where_all_are_in_one_step(
    table: TierTable, before: Decimal, more: Decimal
) -> None:
    """Packages that were begun and fees that were paid make it cheaper, and nothing dearer."""
    one = TierTable(table.steps[-1:], "T", kind=table.kind, is_cumulative=True)
    assert due(one, before, more) <= due(one, Decimal(0), more)
