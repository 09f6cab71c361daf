"""What holds whatever bears on a price: terms, tiers of every kind and scope, channels, ramps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from handsel.bid.price.rules import terms
from handsel.bid.price.rules.context import (
    Entry,
    LineFacts,
    LineTax,
    Manual,
    ManualKind,
    Policy,
    PriceContext,
    RequestLine,
)
from handsel.bid.price.rules.engine import price
from handsel.bid.price.rules.proration import Convention, multiplier, years
from handsel.bid.price.rules.ramps import Phase, Ramp, Segment, amended, ramped
from handsel.bid.price.rules.tiers import (
    Measured,
    TierKind,
    TierRule,
    TierRules,
    TierScope,
    TierTable,
    highest_first,
    price_of,
)
from handsel.bid.price.rules.waterfall import gross_of, net_of
from handsel.ground.kernel.period import DatePeriod
from handsel.ground.kernel.rounding import Rounding

TAXES = {"standard": LineTax("S", 1900), "reduced": LineTax("S", 700)}
GROUPS = ("", "belts", "care")
amounts = st.decimals(0, 100_000, places=4, allow_nan=False, allow_infinity=False)
percents = st.integers(0, 5_000)
abouts = st.sampled_from([terms.EVERYTHING, terms.About(1), terms.About(group="belts")])


@st.composite
def tables(draw: st.DrawFn) -> TierTable:
    bounds = sorted(draw(st.sets(st.integers(0, 60), min_size=1, max_size=4)))
    return TierTable(
        highest_first(
            TierRule(f"T/{bound}", Decimal(bound), draw(st.integers(-500, 6_000)))
            for bound in bounds
        ),
        rule="T",
        kind=draw(st.sampled_from([TierKind.ALL_UNITS, TierKind.SLAB])),
        basis=draw(st.sampled_from(["quantity", "amount"])),
        scope=draw(st.sampled_from(list(TierScope))),
        is_cumulative=draw(st.booleans()),
    )


contracted = st.builds(
    terms.Contracted,
    rule=st.just("C"),
    about=abouts,
    depth=st.integers(0, 2),
    unit_price=st.none() | amounts,
    discount_bps=st.none() | percents,
    is_net=st.booleans(),
)
promotions = st.builds(
    terms.Promotion,
    rule=st.just("P"),
    about=abouts,
    discount_bps=percents,
    per_unit=st.none() | amounts,
)
channels = st.builds(
    terms.Channel, rule=st.just("R"), discount_bps=percents, off_list=st.booleans()
)
endings = st.builds(
    terms.Ending,
    rule=st.just("E"),
    about=abouts,
    step=st.sampled_from([Decimal("0.05"), Decimal(1), Decimal(5)]),
)
limits = st.builds(terms.Limit, rule=st.just("L"), about=abouts, floor=amounts)
fees = st.builds(terms.Fee, rule=st.just("F"), tax_key=st.just("standard"), bps=percents)
support = st.builds(
    terms.PercentOf,
    rule=st.just("S"),
    about=st.just(terms.About(9)),
    bps=percents,
    point=st.sampled_from(list(terms.Point)),
)


def few(one: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(one, max_size=2).map(tuple)


everything = st.builds(
    terms.Terms,
    contracted=few(contracted),
    promotions=few(promotions),
    combination=st.sampled_from(list(terms.Combination)),
    partners=few(channels),
    distributors=few(channels),
    endings=few(endings),
    limits=few(limits),
    manual_last=st.booleans(),
    percent_of=support.map(lambda one: (one,)),
    fees=few(fees),
)


# An amount off may be more than there is, which is refused; what is added never is.
by_hand = st.builds(Manual, st.just(ManualKind.TARGET_LINE), amounts) | st.builds(
    Manual, st.just(ManualKind.PER_LINE), amounts.map(lambda amount: -amount)
)


@st.composite
def contexts(draw: st.DrawFn) -> PriceContext:
    return PriceContext(
        date(2026, 3, 1),
        draw(st.sampled_from(["EUR", "JPY", "KWD"])),
        1,
        "book",
        1,
        {product: Entry(product, draw(amounts)) for product in range(4)},
        TierRules.indexed((), [(None, "", draw(tables())), (1, "", draw(tables()))]),
        TAXES,
        header_bps=draw(st.sampled_from([0, 0, 333, 2_000])),
        rounding=draw(st.sampled_from(list(Rounding))),
        terms=draw(everything),
        policy=Policy(tax_per_line=draw(st.booleans()), prices_include_tax=draw(st.booleans())),
    )


@st.composite
def requests(draw: st.DrawFn) -> list[RequestLine]:
    found = []
    for place in range(draw(st.integers(1, 8))):
        facts = LineFacts(
            manual=draw(st.none() | by_hand),
            multiplier=draw(st.none() | st.fractions(Fraction(1, 12), 5, max_denominator=365)),
            sold=Decimal(draw(st.integers(0, 20))),
            tier_group=draw(st.sampled_from(GROUPS)),
            is_discountable=draw(st.booleans()),
        )
        found.append(
            RequestLine(
                key=place,
                product_id=draw(st.sampled_from([0, 1, 2, 3, 9])),
                product="x",
                product_group=draw(st.sampled_from(GROUPS)),
                tax_key=draw(st.sampled_from(sorted(TAXES))),
                quantity=draw(st.decimals(Decimal("0.5"), 50, places=1)),
                discount_bps=draw(percents),
                counts=draw(st.booleans()),
                facts=facts,
            )
        )
    return found


@settings(max_examples=60)
@given(contexts(), requests())
def test_rows_sum_exactly_and_totals_are_sums_of_lines(
    context: PriceContext, lines: list[RequestLine]
) -> None:
    document = price(context, lines)
    for line in document.lines:
        assert net_of(line.rows) == line.net_minor
        assert gross_of(line.rows) == line.gross_minor
    counted = [line for line in document.lines if line.counts]
    fees = sum(fee.net_minor for fee in document.fees)
    if not context.policy.prices_include_tax:
        assert document.net_minor == sum(line.net_minor for line in counted) + fees
        assert document.net_minor == sum(total.base_minor for total in document.taxes)
    assert document.list_minor == sum(line.list_minor for line in counted)
    assert document.tax_minor == sum(total.tax_minor for total in document.taxes)
    if not document.fees:
        assert document.gross_minor == sum(line.gross_minor for line in counted)


@settings(max_examples=60)
@given(contexts(), requests(), st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_nor_display_changes_a_price(
    context: PriceContext, lines: list[RequestLine], random: Random
) -> None:
    shuffled = list(lines)
    random.shuffle(shuffled)
    first = price(context, lines)
    again = price(context, shuffled)
    assert {line.key: line for line in first.lines} == {line.key: line for line in again.lines}
    assert first.gross_minor == again.gross_minor
    # The unit price shown with a target is a display (P-32); nothing else may look at the scale.
    shown = price(replace(context, policy=replace(context.policy, shown_scale=6)), lines)
    assert [line.net_minor for line in shown.lines] == [line.net_minor for line in first.lines]


@settings(max_examples=60)
@given(contexts(), requests())
def test_options_not_chosen_touch_nothing_else(
    context: PriceContext, lines: list[RequestLine]
) -> None:
    counted = [line for line in lines if line.counts]
    assume(counted)
    alone = {line.key: line for line in price(context, counted).lines}
    together = {line.key: line for line in price(context, lines).lines if line.counts}
    assert alone == together


@settings(max_examples=60)
@given(contexts(), requests())
def test_a_credit_is_the_mirror_of_its_charge(
    context: PriceContext, lines: list[RequestLine]
) -> None:
    # A fee of so much is a fee; what was bought before was more before the credit than before
    # the charge.
    plain = replace(context, terms=replace(context.terms, fees=()))
    charge = [
        replace(line, facts=replace(line.facts, manual=None, sold=Decimal(0)), counts=True)
        for line in lines
        if line.product_id != 9
    ]
    assume(charge)
    credit = [replace(line, quantity=-line.quantity) for line in charge]
    one, other = price(plain, charge), price(plain, credit)
    assert other.gross_minor == -one.gross_minor
    for here, there in zip(one.lines, other.lines, strict=True):
        assert (here.net_minor, here.list_minor) == (-there.net_minor, -there.list_minor)


@given(
    st.lists(st.tuples(st.integers(1, 40), amounts), min_size=1, max_size=5),
    st.lists(st.decimals(0, 200, places=1), min_size=2, max_size=8),
    st.integers(0, 1),
)
def test_slab_amounts_never_fall_with_the_quantity(
    steps: list[tuple[int, Decimal]], quantities: list[Decimal], first: int
) -> None:
    bound, made = first, []
    for width, unit in steps:
        made.append(TierRule("T", Decimal(bound), unit_price=unit))
        bound += width
    table = TierTable(highest_first(made), kind=TierKind.SLAB, first=first)
    found = [
        price_of(table, Measured(Decimal(0), quantity, quantity)) for quantity in sorted(quantities)
    ]
    known = [amount for amount in found if amount is not None]
    assert known == sorted(known)


@given(
    st.lists(st.tuples(st.integers(1, 40), amounts), min_size=1, max_size=5),
    st.integers(0, 100),
    st.integers(0, 100),
)
def test_slabs_add_up_over_what_was_bought_before(
    steps: list[tuple[int, Decimal]], before: int, more: int
) -> None:
    bound, made = 0, []
    for width, unit in steps:
        made.append(TierRule("T", Decimal(bound), unit_price=unit))
        bound += width
    table = TierTable(highest_first(made), kind=TierKind.SLAB)
    zero, first, second = Decimal(0), Decimal(before), Decimal(more)
    whole = price_of(table, Measured(zero, first + second, first + second))
    parts = (
        price_of(table, Measured(zero, first, first)),
        price_of(table, Measured(first, second, second)),
    )
    assert whole == sum(part or 0 for part in parts)


days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
ADDITIVE = [
    Convention.DAY365,
    Convention.ACTACT,
    Convention.CAL,
    Convention.THIRTY_360,
]


@pytest.mark.parametrize("convention", ADDITIVE)
@given(start=days, first=st.integers(1, 900), second=st.integers(1, 900))
def test_segments_of_a_term_sum_to_the_whole(
    convention: Convention, start: date, first: int, second: int
) -> None:
    middle = start + timedelta(days=first)
    end = middle + timedelta(days=second - 1)
    parts = years(convention, start, middle - timedelta(days=1)) + years(convention, middle, end)
    assert parts == years(convention, start, end)


@pytest.mark.parametrize("convention", list(Convention))
@given(year=st.integers(2020, 2035), month=st.integers(1, 12), months=st.integers(1, 60))
def test_whole_months_from_the_first_are_whole_in_every_monthly_convention(
    convention: Convention, year: int, month: int, months: int
) -> None:
    start = date(year, month, 1)
    index = year * 12 + month - 1 + months
    end = date(index // 12, index % 12 + 1, 1) - timedelta(days=1)
    if convention not in (Convention.DAY365, Convention.ACTACT):
        assert multiplier(convention, start, end, 1) == months


@given(
    st.lists(st.integers(1, 30), min_size=1, max_size=6),
    st.integers(1, 400),
    st.integers(1, 400),
    st.integers(1, 50),
)
def test_an_amendment_undone_gives_the_schedule_there_was(
    lengths: list[int], begin: int, length: int, change: int
) -> None:
    start, phases = date(2026, 1, 1), []
    for place, days_long in enumerate(lengths):
        until = start + timedelta(days=days_long * 10)
        phases.append(Phase(DatePeriod(start, until), Decimal(place % 3 + 1)))
        start = until
    first = date(2026, 1, 1) + timedelta(days=begin)
    period = DatePeriod(first, first + timedelta(days=length))
    before = amended(phases, period, Decimal(0))
    after = amended(before, period, Decimal(change))
    assert amended(after, period, Decimal(-change)) == before


@settings(max_examples=50)
@given(st.lists(st.integers(1, 24), min_size=1, max_size=6), amounts)
def test_segments_of_a_ramp_sum_to_the_whole_term(months: list[int], unit: Decimal) -> None:
    context = PriceContext(
        date(2026, 1, 1), "EUR", 1, "b", 1, {1: Entry(1, unit * 12)}, TierRules(), TAXES
    )
    line = RequestLine("x", 1, "x", "", "standard", Decimal(1))
    segments = ramped(line, Ramp(tuple(Segment(length) for length in months)))
    nets = [one.net_minor for one in price(context, segments).lines]
    (whole,) = price(context, ramped(line, Ramp((Segment(sum(months)),)))).lines
    # Each segment is a line, rounded once; together they are within a cent a segment.
    assert abs(sum(nets) - whole.net_minor) <= len(months)
