"""What holds for every price there can be."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from handsel.bid.price.rules.context import (
    Entry,
    LineTax,
    PriceContext,
    RequestLine,
    TierRule,
    TierRules,
)
from handsel.bid.price.rules.document import recalled, settle
from handsel.bid.price.rules.engine import price
from handsel.bid.price.rules.taxing import distribute
from handsel.bid.price.rules.waterfall import Row, gross_of, net_of
from handsel.ground.kernel.rounding import Rounding

TAXES = {
    "standard": LineTax("S", 1900),
    "reduced": LineTax("S", 700),
    "none": LineTax("AE", 0, "VATEX-EU-AE"),
}
prices = st.decimals(0, 1_000_000, places=6, allow_nan=False, allow_infinity=False)
quantities = st.decimals(Decimal("0.000001"), 100_000, places=6, allow_nan=False)
discounts = st.integers(0, 10_000)


@st.composite
def contexts(draw: st.DrawFn) -> PriceContext:
    rules = draw(
        st.lists(
            st.tuples(
                st.sampled_from([None, 0, 1, 2]),
                st.sampled_from(["", "belts"]),
                st.decimals(0, 50, places=2),
                st.integers(-2_000, 10_000),
            ),
            max_size=8,
        )
    )
    return PriceContext(
        priced_on=date(2026, 1, 1),
        currency=draw(st.sampled_from(["EUR", "JPY", "KWD"])),
        book_id=1,
        book_name="book",
        book_version=1,
        entries={product: Entry(product, draw(prices)) for product in range(5)},
        rules=TierRules.indexed(
            (product, "" if product is not None else group, TierRule(place, since, bps))
            for place, (product, group, since, bps) in enumerate(rules)
        ),
        taxes=TAXES,
        header_bps=draw(discounts),
        rounding=draw(st.sampled_from(list(Rounding))),
    )


@st.composite
def requests(draw: st.DrawFn) -> list[RequestLine]:
    count = draw(st.integers(1, 12))
    return [
        RequestLine(
            key=place,
            product_id=draw(st.integers(0, 4)),
            product="x",
            product_group=draw(st.sampled_from(["", "belts"])),
            tax_key=draw(st.sampled_from(sorted(TAXES))),
            quantity=draw(quantities),
            discount_bps=draw(discounts),
            counts=draw(st.booleans()),
        )
        for place in range(count)
    ]


@given(contexts(), requests())
def test_waterfall_sums_from_list_to_net_to_gross(
    context: PriceContext, lines: list[RequestLine]
) -> None:
    for priced in price(context, lines).lines:
        assert priced.rows[0].amount_minor == priced.list_minor
        assert net_of(priced.rows) == priced.net_minor
        assert gross_of(priced.rows) == priced.gross_minor


@given(contexts(), requests())
def test_totals_are_the_sum_of_lines_and_tax(
    context: PriceContext, lines: list[RequestLine]
) -> None:
    document = price(context, lines)
    counted = [line for line in document.lines if line.counts]
    assert document.net_minor == sum(line.net_minor for line in counted)
    assert document.tax_minor == sum(line.tax_minor for line in counted)
    assert document.gross_minor == sum(line.gross_minor for line in counted)
    assert document.net_minor == sum(total.base_minor for total in document.taxes)
    assert document.gross_minor == document.net_minor + document.tax_minor


@given(contexts(), requests(), st.randoms(use_true_random=False))
def test_order_of_lines_changes_no_amount(
    context: PriceContext, lines: list[RequestLine], random: object
) -> None:
    shuffled = list(lines)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    before = {line.key: line for line in price(context, lines).lines}
    after = {line.key: line for line in price(context, shuffled).lines}
    assert before == after


@given(contexts(), requests())
def test_pricing_again_gives_the_same(context: PriceContext, lines: list[RequestLine]) -> None:
    assert price(context, lines) == price(context, lines)


@given(contexts(), requests())
def test_kept_lines_settle_to_the_same(context: PriceContext, lines: list[RequestLine]) -> None:
    document = price(context, lines)
    kept = [
        recalled(
            [Row.from_json(row.as_json()) for row in line.rows],
            key=line.key,
            product_id=line.product_id,
            quantity=line.quantity,
            list_price=line.list_price,
            tax=line.tax,
            counts=line.counts,
            currency=context.currency,
        )
        for line in document.lines
    ]
    again = settle(
        kept,
        currency=context.currency,
        header_bps=context.header_bps,
        rounding=context.rounding,
    )
    assert (again.net_minor, again.taxes) == (document.net_minor, document.taxes)
    assert [line.rows for line in again.lines] == [line.rows for line in document.lines]


@settings(max_examples=300)
@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_distribution_is_exact_and_within_one_minor_unit(total: int, weights: list[int]) -> None:
    parts = distribute(total, weights)
    if any(weights):
        assert sum(parts) == total
        whole = sum(weights)
        for part, weight in zip(parts, weights, strict=True):
            assert abs(part * whole - total * weight) < whole


@given(prices, st.lists(quantities, min_size=2, max_size=6))
def test_more_never_costs_less_without_tiers(unit: Decimal, amounts: list[Decimal]) -> None:
    context = PriceContext(
        date(2026, 1, 1), "EUR", 1, "b", 1, {1: Entry(1, unit)}, TierRules(), TAXES
    )
    asked = [
        RequestLine(place, 1, "x", "", "none", quantity)
        for place, quantity in enumerate(sorted(amounts))
    ]
    nets = [line.net_minor for line in price(context, asked).lines]
    assert nets == sorted(nets)
