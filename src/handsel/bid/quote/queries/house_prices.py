"""What lines would cost by price list and rules alone, where somebody has asked another price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from handsel.bid.price.rules.engine import price
from handsel.bid.price.rules.waterfall import ORDER, Stage
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import LineView
from handsel.bid.quote.queries.choice import context_of_lines, requests_of
from handsel.bid.quote.rules.asked import instead_of_the_house
from handsel.bid.quote.rules.listed import with_terms_listed

_OF_TIME = frozenset(("price_months", "multiplier", "charge_months"))
_MANUAL = ORDER[Stage.MANUAL]


@dataclass(frozen=True, slots=True)
class HousePrice:
    """A line's list amount, and what price list and rules leave of it before any own discount."""

    list_minor: int
    before_minor: int


def _may_be_other(asked: Mapping[str, Any]) -> bool:
    """Whether, for how many months the price list may ever say, another price is asked."""
    return bool(asked.keys() & _OF_TIME) or bool(instead_of_the_house(asked))


def house_prices(version: QuoteVersion, lines: Sequence[LineView]) -> Mapping[UUID, HousePrice]:
    """The house's prices of lines that ask another one instead of it; of most quotes none.

    Priced in one go with all other lines, in the version's book and on its day. Lines of products
    that have no list price have no house price.
    """
    book = version.price_book
    if book is None or not any(_may_be_other(line.asked) for line in lines):
        return {}
    context = context_of_lines(version, book, lines)
    months = context.terms.price_months
    other = {
        line.key for line in lines if instead_of_the_house(line.asked, months.get(line.product_id))
    }
    listed = context.entries.keys() | context.terms.foreign.keys()
    wanted = {line.key for line in lines if line.key in other and line.product_id in listed}
    if not wanted:
        return {}
    plain = requests_of(lines, context, without=wanted)
    priced = with_terms_listed(price(context, list(plain.values())))
    return {
        line.key: HousePrice(
            line.list_minor,
            sum(row.amount_minor for row in line.rows if ORDER[row.stage] < _MANUAL),
        )
        for line in priced.lines
        if line.key in wanted
    }
