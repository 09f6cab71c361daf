"""Prices for programs that ask for them: lines in the written form against a book, nothing kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from handsel.bid.catalog.queries import facts_of, ids_of
from handsel.bid.price.models import PriceBook
from handsel.bid.price.queries import book_on, context_for
from handsel.bid.price.queries.bought import with_bought_before
from handsel.bid.price.queries.costs import costed
from handsel.bid.price.queries.fees import untaxed_fees
from handsel.bid.price.rules.case.answer import written
from handsel.bid.price.rules.case.lines import lines_of
from handsel.bid.price.rules.case.reading import Node
from handsel.bid.price.rules.context import LineTax
from handsel.bid.price.rules.engine import price
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import said

MOST_LINES: Final = 15_000
# What is asked here is a price before tax: the tax is decided by a deal.
_TAX: Final = {"standard": LineTax("", 0)}
_OF_TAX: Final = ("tax", "gross", "payable", "cash_rounding", "taxes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a price is asked from: a book, or that of a currency and segment on a day; for whom."""

    on: date
    book: PriceBook | None = None
    currency: str = ""
    segment: str = ""
    organization_id: int | None = None
    header_bps: int = 0
    codes: Sequence[str] = ()
    tier: str = ""
    seller_ids: Collection[int] = ()


def priced_lines(asked: Asked, lines: object) -> dict[str, Any]:
    """Lines as a price case writes them, `product` being an article number: each with its
    waterfall before tax, in the written form of the answer to a case.

    A handful of queries, however many lines. Raises CaseFault naming the place, ProductNotFound,
    NoBook, and what the engine refuses.
    """
    found = lines_of(Node(lines, "lines"), _TAX)
    if len(found) > MOST_LINES:
        raise Invalid(
            said(
                "%(count)s lines; at most %(most_lines)s at once.",
                count=len(found),
                most_lines=MOST_LINES,
            ),
            code="price_lines",
        )
    numbers = {str(line.product_id) for line in found}
    keys = ids_of(numbers)
    facts = facts_of(keys.values())
    lines_by_key = [
        replace(
            line,
            product_id=keys[str(line.product_id)],
            product=facts[keys[str(line.product_id)]].title,
            product_group=facts[keys[str(line.product_id)]].group,
        )
        for line in found
    ]
    book = asked.book or book_on(currency=asked.currency, segment=asked.segment, on=asked.on)
    context = context_for(
        book,
        on=asked.on,
        products=list(facts.values()),
        taxes=_TAX,
        header_bps=asked.header_bps,
        organization_id=asked.organization_id,
        codes=asked.codes,
        tier=asked.tier,
    )
    context = untaxed_fees(context, "standard")
    if asked.organization_id is not None:
        context = with_bought_before(
            context, organization_id=asked.organization_id, seller_ids=asked.seller_ids
        )
    requested = costed(context, lines_by_key)
    told = written(context, requested, price(context, requested))
    return _before_tax(told, {key: number for number, key in keys.items()})


def _before_tax(told: dict[str, Any], numbers: Mapping[int, str]) -> dict[str, Any]:
    for line in told["lines"]:
        line["product"] = numbers[line["product"]]
        del line["tax"], line["gross"]
    for name in _OF_TAX:
        del told["totals"][name]
    return told


def header_bps(percent: str) -> int:
    """A percentage off the whole as basis points; raises CaseFault."""
    node = Node(percent, "discount_percent")
    bps = node.bps(100)
    if bps < 0:
        raise node.refuse("expected 0 to 100")
    return bps
