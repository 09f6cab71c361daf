"""Pricing what changed gives exactly what pricing everything gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from handsel.bid.price.rules import terms
from handsel.bid.price.rules.context import (
    Entry,
    LineFacts,
    LineTax,
    Manual,
    ManualKind,
    PriceContext,
    RequestLine,
)
from handsel.bid.price.rules.document import own_rows, with_shares
from handsel.bid.price.rules.engine import price
from handsel.bid.price.rules.figures import number
from handsel.bid.price.rules.plan import is_base_table
from handsel.bid.price.rules.priced import PricedDocument, PricedLine
from handsel.bid.price.rules.reprice import Asked, Repriced, reprice, standing
from handsel.bid.price.rules.tiers import (
    TierKind,
    TierRule,
    TierRules,
    TierScope,
    TierTable,
    highest_first,
)
from handsel.ground.kernel.errors import Invalid
from tests.property.price.test_engine_invariants import TAXES, amounts, contexts, requests

PLAIN = PriceContext(date(2026, 3, 1), "EUR", 1, "book", 1, {}, TierRules(), TAXES)
Edited = tuple[list[RequestLine], set[int]]


def edited(lines: Sequence[RequestLine], random: Random) -> Edited:
    """Some lines changed, some taken out, one added: the lines after, and the keys that differ."""
    after, touched = [], set()
    for line in lines:
        act = random.randrange(6)
        if act == 0:
            touched.add(line.key)
            continue
        if act == 1:
            line = replace(line, quantity=line.quantity + 1)
        elif act == 2:
            line = replace(line, discount_bps=random.randrange(5_000), counts=not line.counts)
        if act in (1, 2):
            touched.add(line.key)
        after.append(line)
    if random.random() < 0.3:
        added = replace(random.choice(lines), key=100 + random.randrange(100))
        after.append(added)
        touched.add(added.key)
    return after, touched


def repriced(
    context: PriceContext,
    before: Sequence[RequestLine],
    after: Edited,
    *,
    knows_all: bool = False,
) -> tuple[PricedDocument, Repriced | None]:
    """The document before, and what the change comes to: with what it was priced from, or not."""
    lines, touched = after
    previous = price(context, before)
    there = {line.key for line in lines}
    groups = {line.key: line.product_group for line in before}
    # What costs a part of others is priced every time.
    touched = touched | {line.key for line in previous.lines if line.is_derived}
    return previous, reprice(
        context,
        [standing(line, groups[line.key]) for line in previous.lines if line.key not in touched],
        [line for line in lines if line.key in touched],
        [
            (line.product_id, line.product_group)
            for line in before
            if line.key in touched and line.key not in there
        ],
        Asked(
            [line for line in lines if line.key not in touched],
            [line for line in before if line.key in touched],
        )
        if knows_all
        else None,
    )


def shown(line: PricedLine, shares: tuple[int, int], context: PriceContext) -> PricedLine:
    """A line that was priced before, with other shares."""
    rows, net_minor, unit_net = with_shares(
        own_rows(line.rows),
        *shares,
        amount_minor=line.own_minor,
        unit_net=line.unit_net,
        quantity=line.quantity,
        tax=line.tax,
        currency=context.currency,
        policy=context.policy,
    )
    return replace(line, rows=rows, net_minor=net_minor, tax_minor=shares[1], unit_net=unit_net)


def same(
    context: PriceContext, before: list[RequestLine], after: Edited, *, knows_all: bool = False
) -> bool:
    """Whether the change could be priced by itself; that it is the same is asserted."""
    previous, found = repriced(context, before, after, knows_all=knows_all)
    if found is None:
        return False
    whole = price(context, after[0])
    known = {line.key: line for line in previous.lines}
    for line in whole.lines:
        if line.key in found.lines:
            assert found.lines[line.key] == line
        elif line.key in found.shifted:
            assert shown(known[line.key], found.shifted[line.key], context) == line
        else:
            assert known[line.key] == line
    document = found.document
    for name in ("list_minor", "header_minor", "net_minor", "taxes", "tax_minor", "fees"):
        assert getattr(document, name) == getattr(whole, name)
    assert document.gross_minor == whole.gross_minor
    assert document.cash_minor == whole.cash_minor
    return True


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(contexts(), requests(), st.randoms(use_true_random=False))
def test_a_change_is_priced_as_all_of_it_would_be(
    context: PriceContext, lines: list[RequestLine], random: Random
) -> None:
    after = edited(lines, random)
    event("alone" if same(context, lines, after) else "all of it")
    beyond = (TierScope.CONTRACT, TierScope.ORDERS)
    counts_elsewhere = any(
        table.is_cumulative and table.scope in beyond
        for table in (*context.rules.for_all, *context.rules.by_product.get(1, ()))
    )
    # Wherever it reaches, unless what was bought elsewhere counts.
    assert same(context, lines, after, knows_all=True) or counts_elsewhere


def alone(context: PriceContext) -> PriceContext:
    """The context with nothing that reaches from one line to another but shares of their net."""
    tables = [
        (about, "", replace(table, scope=TierScope.LINE))
        for about, found in (
            *context.rules.by_product.items(),
            (None, context.rules.for_all),
        )
        for table in found
    ]
    return replace(
        context,
        rules=TierRules.indexed((), tables),
        terms=replace(
            context.terms,
            percent_of=tuple(
                replace(one, point=terms.Point.NET) for one in context.terms.percent_of
            ),
        ),
    )


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(contexts(), requests(), st.randoms(use_true_random=False))
def test_lines_with_tiers_of_their_own_are_priced_alone(
    context: PriceContext, lines: list[RequestLine], random: Random
) -> None:
    context = replace(alone(context), header_bps=random.choice([0, 500]))
    is_alone = same(context, lines, edited(lines, random))
    # Only where a share that was there comes to nothing is all of it priced again.
    assert is_alone or context.header_bps or context.policy.prices_include_tax


@st.composite
def counting(draw: st.DrawFn) -> TierTable:
    """A table over several lines, of any kind: a discount, or a price."""
    kind = draw(st.sampled_from(list(TierKind)))
    gives_price = kind in (TierKind.PACKAGE, TierKind.BLOCK, TierKind.FLAT) or draw(st.booleans())
    bounds = sorted(draw(st.sets(st.integers(0, 90), min_size=1, max_size=3)))
    steps = [
        TierRule(
            f"T/{bound}",
            Decimal(bound),
            0 if gives_price else draw(st.sampled_from([0, 500, 2_000])),
            unit_price=draw(amounts) if gives_price and kind is not TierKind.FLAT else None,
            flat=draw(st.none() | amounts) if gives_price else None,
            per=Decimal(10) if kind is TierKind.PACKAGE else None,
        )
        for bound in bounds
    ]
    basis = draw(st.sampled_from(["quantity", "weight" if gives_price else "amount"]))
    return TierTable(
        highest_first(steps),
        rule="T",
        kind=kind,
        basis=basis,
        scope=draw(st.sampled_from([TierScope.GROUP, TierScope.QUOTE, TierScope.LINE])),
        is_cumulative=draw(st.booleans()),
    )


def segment(random: Random) -> dict[str, Any]:
    """Whether a line is a segment of one of two ramps, and which: the first or a later one."""
    ramp = random.choice([None, None, "r", "s"])
    return {"segment_of": ramp, "is_later": ramp is not None and random.random() < 0.5}


def is_bearable(context: PriceContext, lines: Sequence[RequestLine]) -> bool:
    """Whether a target leaves no line with less than nothing."""
    try:
        price(context, lines)
    except Invalid as refused:
        assert refused.code == "header_discount"
        return False
    return True


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    contexts(),
    st.lists(st.tuples(st.sampled_from([None, 0, 1, 2]), counting()), min_size=1, max_size=4),
    requests(),
    st.randoms(use_true_random=False),
)
def test_what_lines_count_together_reaches_those_it_changes(
    context: PriceContext,
    tables: list[tuple[int | None, TierTable]],
    lines: list[RequestLine],
    random: Random,
) -> None:
    weigh = {"weight": number(Decimal(random.randrange(1, 9)))}
    lines = [
        replace(line, facts=replace(line.facts, attributes=weigh, **segment(random)))
        for line in lines
    ]
    parts = terms.PercentOf(rule="S", bps=900, point=random.choice(list(terms.Point)))
    lines.append(replace(lines[0], key=50, facts=LineFacts(percent_of=parts, attributes=weigh)))
    context = replace(
        context,
        rules=TierRules.indexed((), [(about, "", table) for about, table in tables]),
        header=random.choice([None, terms.HeaderTarget(total=Decimal(12_345))]),
    )
    after = edited(lines, random)
    assume(is_bearable(context, lines))
    if not is_bearable(context, after[0]):
        with pytest.raises(Invalid, match="discount on the whole"):
            repriced(context, lines, after, knows_all=True)
        return
    is_priced = same(context, lines, after, knows_all=True)
    # An amount that is counted and itself depends on what lines count: all of it is priced.
    assert is_priced or (
        any(table.basis == "amount" for _, table in tables)
        and any(is_base_table(table) and table.counts_others for _, table in tables)
    )


def many(random: Random, count: int) -> tuple[PriceContext, list[RequestLine]]:
    """A long document: own tiers, agreements, promotions, limits, two taxes, a header discount."""
    tiers = TierTable(
        (TierRule("T/20", Decimal(20), 1_500), TierRule("T/5", Decimal(5), 700)), rule="T"
    )
    context = replace(
        PLAIN,
        entries={
            key: Entry(key, Decimal(random.randrange(100, 90_000)) / 100) for key in range(40)
        },
        rules=TierRules.indexed((), [(None, "", tiers)]),
        taxes=TAXES,
        header_bps=random.choice([0, 250, 1_234]),
        terms=terms.Terms(
            contracted=(terms.Contracted(rule="C", about=terms.About(3), discount_bps=600),),
            promotions=(terms.Promotion(rule="P", about=terms.About(4), discount_bps=200),),
            limits=(terms.Limit(rule="L", floor=Decimal(2)),),
        ),
    )
    lines = [
        RequestLine(
            key,
            random.randrange(40),
            "x",
            "",
            random.choice(sorted(TAXES)),
            Decimal(random.randrange(1, 40)),
            random.choice([0, 0, 1_000]),
            random.random() < 0.9,
            random.choice(
                [
                    LineFacts(),
                    LineFacts(is_discountable=False),
                    LineFacts(manual=Manual(ManualKind.TARGET_LINE, Decimal(77))),
                ]
            ),
        )
        for key in range(count)
    ]
    return context, lines


def test_in_a_long_document_an_edit_moves_cents_of_few_other_lines() -> None:
    random = Random(7)
    moved = 0
    for _ in range(20):
        context, lines = many(random, 600)
        at = random.randrange(600)
        after = [
            replace(line, quantity=line.quantity + 3) if line.key == at else line for line in lines
        ]
        assert same(context, lines, (after, {at}))
        _, found = repriced(context, lines, (after, {at}))
        assert found is not None
        moved += len(found.shifted)
    assert moved < 20 * 30


def test_another_discount_or_target_for_all_of_it_moves_every_share() -> None:
    random = Random(8)
    context, lines = many(random, 60)
    previous = [standing(line) for line in price(context, lines).lines]
    for other in (
        replace(context, header_bps=2_000),
        replace(context, header=terms.HeaderTarget(total=Decimal(350_000))),
    ):
        found = reprice(other, previous, [])
        whole = price(other, lines)
        assert found is not None
        assert found.document.gross_minor == whole.gross_minor
        assert found.document.taxes == whole.taxes
        assert {
            line.key: (line.net_minor - line.own_minor, line.tax_minor) for line in whole.lines
        } == {line.key: (line.header_minor, line.tax_minor) for line in previous} | found.shifted


def test_a_line_that_others_count_or_cost_a_part_of_is_not_priced_alone() -> None:
    one = RequestLine(1, 1, "x", "", "standard", Decimal(1))
    context = replace(
        PLAIN, entries={1: Entry(1, Decimal(5))}, taxes={"standard": LineTax("S", 1900)}
    )
    counted = TierTable((TierRule("Q", Decimal(2), 100),), rule="Q", scope=TierScope.QUOTE)
    before = [standing(line) for line in price(context, [one]).lines]
    more = replace(one, key=2)
    assert reprice(context, before, [more]) is not None
    together = replace(context, rules=TierRules.indexed((), [(1, "", counted)]))
    assert reprice(together, before, [more]) is None
    assert reprice(together, before, [], [(1, "")]) is None
    part = replace(more, facts=LineFacts(percent_of=terms.PercentOf(rule="S", bps=1_000)))
    found = reprice(context, before, [part])
    assert found is not None
    assert found.lines[2].net_minor == 50
    listed = terms.PercentOf(rule="S", bps=100, point=terms.Point.LIST)
    assert reprice(context, before, [replace(more, facts=LineFacts(percent_of=listed))]) is None
    stands = [standing(line) for line in price(context, [one, part]).lines]
    assert reprice(context, stands, [replace(one, key=3)]) is None
