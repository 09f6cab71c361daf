"""Worked examples of the pricing reference, by their numbers, and the yardstick's totals."""

from datetime import date
from decimal import Decimal

import pytest

from handsel.bid.price.errors import NoPrice
from handsel.bid.price.rules.context import (
    Entry,
    LineTax,
    PriceContext,
    RequestLine,
    TierRule,
    TierRules,
)
from handsel.bid.price.rules.document import PricedDocument
from handsel.bid.price.rules.engine import price
from handsel.bid.price.rules.explain import candidates
from handsel.bid.price.rules.taxing import distribute
from handsel.bid.price.rules.waterfall import Stage

VAT = {"standard": LineTax("S", 2200)}


def context(
    prices: dict[int, str],
    rules: TierRules | None = None,
    header_bps: int = 0,
    taxes: dict[str, LineTax] | None = None,
    currency: str = "EUR",
) -> PriceContext:
    entries = {product: Entry(product, Decimal(text)) for product, text in prices.items()}
    return PriceContext(
        date(2026, 3, 2),
        currency,
        1,
        "Price list 2026",
        1,
        entries,
        rules or TierRules(),
        taxes or VAT,
        header_bps,
    )


def line(product: int, quantity: str, discount_bps: int = 0, **more: object) -> RequestLine:
    facts = {"key": product, "product_group": "", "counts": True} | more
    return RequestLine(
        product_id=product,
        product=f"P{product}",
        tax_key="standard",
        quantity=Decimal(quantity),
        discount_bps=discount_bps,
        **facts,  # type: ignore[arg-type]
    )


def rows_of(document: PricedDocument, place: int = 0) -> list[tuple[str, int]]:
    return [(row.stage.value, row.amount_minor) for row in document.lines[place].rows]


def test_p31_discount_is_rounded_on_the_line() -> None:
    document = price(context({1: "135.50"}), [line(1, "3", 900)])
    assert document.net_minor == 369_91
    assert rows_of(document)[:2] == [("base", 406_50), ("manual", -36_59)]


def test_p35_tax_on_the_rounded_line() -> None:
    document = price(context({1: "348.35"}), [line(1, "16", 400)])
    assert (document.net_minor, document.tax_minor, document.gross_minor) == (
        5_350_66,
        1_177_15,
        6_527_81,
    )


def test_p44_half_goes_up_where_nothing_is_taken_off() -> None:
    assert price(context({1: "2.125"}), [line(1, "1")]).net_minor == 213


def test_p33_header_discount_sums_exactly() -> None:
    assert distribute(100_00, [1, 1, 1]) == [33_34, 33_33, 33_33]
    assert distribute(50_00, [120_10, 79_95, 33_33]) == [25_73, 17_13, 7_14]


def test_p34_header_percentage_is_reckoned_once() -> None:
    document = price(context({1: "2.19", 2: "5.38"}, header_bps=2000), [line(1, "1"), line(2, "1")])
    assert document.header_minor == -151
    shares = [dict(rows_of(document, place))["header"] for place in (0, 1)]
    assert shares == [-44, -107]


def test_p05_bounds_of_tiers_are_half_open() -> None:
    steps = [("0", 1000), ("10", 2000), ("20", 3000)]
    rules = TierRules.indexed(
        (1, "", TierRule(place, Decimal(since), bps)) for place, (since, bps) in enumerate(steps)
    )
    for quantity, expected in (
        ("9", 1000),
        ("9.5", 1000),
        ("10", 2000),
        ("19", 2000),
        ("20", 3000),
    ):
        document = price(context({1: "100"}, rules), [line(1, quantity)])
        assert document.lines[0].rows[1].bps == expected


def test_p04_all_units() -> None:
    rules = TierRules.indexed([(1, "", TierRule(3, Decimal(20), 3000))])
    assert price(context({1: "100"}, rules), [line(1, "30")]).net_minor == 2_100_00


def test_two_discounts_follow_each_other_and_a_rounding_row_closes() -> None:
    rules = TierRules.indexed([(None, "", TierRule(7, Decimal(0), 333))])
    document = price(context({1: "9.99"}, rules), [line(1, "7", 333)])
    # 69.93 − 2.328669 − 2.251123… = 65.350207…; the rows say 69.93 − 2.33 − 2.25 = 65.35.
    assert document.net_minor == 65_35
    assert rows_of(document)[:3] == [("base", 69_93), ("tier", -2_33), ("manual", -2_25)]


def test_most_specific_rule_wins_and_an_unreached_one_hides_nothing() -> None:
    rules = TierRules.indexed(
        [
            (1, "", TierRule(1, Decimal(10), 2000)),
            (None, "spares", TierRule(2, Decimal(5), 1500)),
            (None, "", TierRule(3, Decimal(0), 500)),
        ]
    )
    for quantity, winner in (("10", 1), ("9", 2), ("4", 3)):
        won = rules.winner(1, "spares", Decimal(quantity), date(2026, 3, 1))
        assert won is not None and won.rule_id == winner


def test_losers_are_told_with_their_reason() -> None:
    rules = TierRules.indexed(
        [
            (1, "", TierRule(1, Decimal(20), 3000)),
            (1, "", TierRule(2, Decimal(10), 2000)),
            (1, "", TierRule(3, Decimal(1), 1000)),
            (None, "", TierRule(4, Decimal(0), 500)),
        ]
    )
    asked = line(1, "12")
    told = {one.rule.rule_id: one.verdict for one in candidates(context({1: "1"}, rules), asked)}
    assert told == {
        1: "quantity_not_reached",
        2: "applied",
        3: "higher_step_applies",
        4: "less_specific",
    }


def test_no_price_names_product_book_and_day() -> None:
    with pytest.raises(NoPrice) as refusal:
        price(context({1: "1"}), [line(1, "1"), line(2, "1"), line(3, "1")])
    assert "P2, P3" in refusal.value.message
    assert "Price list 2026" in refusal.value.message
    assert "2026-03-02" in refusal.value.message


def test_option_not_chosen_is_priced_and_counts_nowhere() -> None:
    lines = [line(1, "1"), line(2, "1", counts=False)]
    document = price(context({1: "100", 2: "50"}, header_bps=1000), lines)
    assert (document.net_minor, document.list_minor) == (90_00, 100_00)
    assert (document.lines[1].net_minor, document.lines[1].tax_minor) == (45_00, 9_90)


def test_currency_without_decimals() -> None:
    document = price(context({1: "333.4"}, currency="JPY"), [line(1, "3", 1000)])
    assert (document.list_minor, document.net_minor) == (1000, 900)


def test_surcharge_raises_the_price() -> None:
    rules = TierRules.indexed([(1, "", TierRule(1, Decimal(0), -1500, "small quantity"))])
    document = price(context({1: "10"}, rules), [line(1, "1")])
    assert document.net_minor == 11_50
    assert document.lines[0].rows[1].stage is Stage.TIER


@pytest.mark.parametrize(
    ("count", "gross_minor"), [(20, 2_288_88), (200, 65_542_84), (1_000, 348_520_59)]
)
def test_yardstick_document_zero(count: int, gross_minor: int) -> None:
    prices = {product: str(10 + product % 90) for product in range(500)}
    rules = TierRules.indexed(
        [(product, "", TierRule(product, Decimal(0), 1000)) for product in range(150)]
        + [(product, "", TierRule(product, Decimal(10), 2000)) for product in range(150, 200)]
        + [(None, "", TierRule(200, Decimal(0), 500))]
    )
    asked = [line(place % 500, str(1 + place % 12), key=place) for place in range(count)]
    document = price(context(prices, rules, taxes={"standard": LineTax("S", 1000)}), asked)
    assert document.gross_minor == gross_minor
