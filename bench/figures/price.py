"""The price engine alone: no database, no page. Context and lines in, waterfall out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from bench.registry import figure
from bench.workbench import Measured, Workbench

if TYPE_CHECKING:
    from handsel.bid.price.rules.context import PriceContext, RequestLine

GROSS_1000 = 348_520_59
"""The peers' document 0 with 1,000 lines, in cents, with tax."""


@figure(
    "price_book_1000", about="re-price the yardstick's 1,000 lines, pure", group="price", target=60
)
def price_book_1000(bench: Workbench) -> Measured:
    """The yardstick's book of 201 rules; the total is checked."""
    from handsel.bid.price.rules.engine import price

    context, lines = _book(), _lines(1_000)
    if price(context, lines).gross_minor != GROSS_1000:
        raise AssertionError("document 0 does not come to 348,520.59")
    return bench.measure(lambda: price(context, lines), runs=15)


@figure(
    "price_1000",
    about="re-price 1,000 lines with every stage applying, pure",
    group="price",
    target=60,
)
def price_1000(bench: Workbench) -> Measured:
    """Agreements, tiers over the quote, promotions, term, partner, ending and floor on each."""
    from handsel.bid.price.rules.engine import price

    context, lines = _everything(_book()), _with_facts(_lines(1_000))
    if any(len(line.rows) < 11 for line in price(context, lines).lines):
        raise AssertionError("a stage does not apply")
    return bench.measure(lambda: price(context, lines), runs=15)


@figure(
    "price_15000",
    about="re-price 15,000 lines with every stage applying, pure",
    group="price",
    target=3_000,
)
def price_15000(bench: Workbench) -> Measured:
    """The same code path as for one line."""
    from handsel.bid.price.rules.engine import price

    context, lines = _everything(_book()), _with_facts(_lines(15_000))
    return bench.measure(lambda: price(context, lines), runs=5)


@figure(
    "price_conveyors_100",
    about="price 100 configured conveyors of 32 formulas each, pure",
    group="price",
)
def price_conveyors_100(bench: Workbench) -> Measured:
    """Reference configuration A, read once, priced again."""
    from dataclasses import replace
    from pathlib import Path

    import handsel.site.demo
    from handsel.bid.price.rules.case.answer import read_case
    from handsel.bid.price.rules.engine import price
    from handsel.site.cli.price import load_case

    folder = Path(handsel.site.demo.__file__).parent / "prices"
    context, (line,) = read_case(load_case(folder / "halden-case-a.json"))
    lines = [replace(line, key=f"{place:04d}") for place in range(100)]
    if price(context, lines).net_minor != 100 * 9_179_52:
        raise AssertionError("case A does not come to 9,179.52")
    return bench.measure(lambda: price(context, lines), runs=7)


def _book() -> PriceContext:
    from handsel.bid.price.rules.context import Entry, LineTax, PriceContext, TierRule, TierRules

    rules = (
        [(product, "", TierRule(product, Decimal(0), 1000)) for product in range(150)]
        + [(product, "", TierRule(product, Decimal(10), 2000)) for product in range(150, 200)]
        + [(None, "", TierRule(200, Decimal(0), 500))]
    )
    return PriceContext(
        date(2026, 3, 2),
        "EUR",
        1,
        "Yardstick",
        1,
        {product: Entry(product, Decimal(10 + product % 90)) for product in range(500)},
        TierRules.indexed(rules),
        {"standard": LineTax("S", 1000)},
    )


def _lines(count: int) -> list[RequestLine]:
    from handsel.bid.price.rules.context import RequestLine

    return [
        RequestLine(
            place,
            place % 500,
            f"P{place % 500}",
            "",
            "standard",
            Decimal(1 + place % 12),
        )
        for place in range(count)
    ]


def _everything(context: PriceContext) -> PriceContext:
    from dataclasses import replace

    from handsel.bid.price.rules import terms
    from handsel.bid.price.rules.tiers import TierRule, TierRules, TierScope, TierTable

    table = TierTable(
        (TierRule("volume/1", Decimal(0), 300),), "volume", scope=TierScope.QUOTE, label="Volume"
    )
    found = terms.Terms(
        contracted=(terms.Contracted(rule="frame", discount_bps=600, label="Frame agreement"),),
        promotions=(
            terms.Promotion(rule="spring", discount_bps=200, label="Spring"),
            terms.Promotion(rule="bundle", discount_bps=150, label="Bundle"),
        ),
        term_discounts=(terms.TermDiscount(rule="term", discount_bps=800, min_months=36),),
        partners=(terms.Channel(rule="partner", discount_bps=1_800, label="Partner"),),
        distributors=(terms.Channel(rule="distributor", discount_bps=300, label="Distributor"),),
        endings=(terms.Ending(rule="ending", step=Decimal(1), offset=Decimal("0.95")),),
        limits=(terms.Limit(rule="floor", floor=Decimal(1)),),
    )
    rules = TierRules.indexed((), [(None, "", table)])
    return replace(context, rules=rules, terms=found, header_bps=150)


def _with_facts(lines: list[RequestLine]) -> list[RequestLine]:
    from dataclasses import replace

    from handsel.bid.price.rules.context import LineFacts, LineTerm

    facts = LineFacts(term_months=36, term=LineTerm(date(2026, 3, 2), date(2029, 2, 14)))
    return [replace(line, facts=facts, discount_bps=250) for line in lines]
