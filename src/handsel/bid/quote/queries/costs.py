"""What the lines of a version cost us, where that is known, and who may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from handsel.bid.catalog.queries import facts_of
from handsel.bid.price.models import PriceBook
from handsel.bid.price.queries.times import OfTime, times_in
from handsel.bid.price.rules.plan import A_YEAR
from handsel.bid.price.rules.proration import Convention
from handsel.bid.quote import ports
from handsel.bid.quote.rules.asked import facts_asked, is_fee
from handsel.bid.quote.rules.listed import times_of
from handsel.ground.identity.queries import roles_of
from handsel.ground.kernel.rate import Rate, extend

SEES_COSTS = "cost.view"
_FINEST = Decimal(1).scaleb(-9)
_OF_TERM = frozenset({"term", "multiplier"})


def user_sees_costs(user_id: int | None) -> bool:
    """Whether somebody who is no actor here (he holds a link, or gets a mail) may see costs."""
    if user_id is None:
        return False
    return bool(ports.rights().roles_holding(SEES_COSTS) & set(roles_of(user_id)))


class CostedLine(Protocol):
    """What the cost of a line is reckoned from."""

    @property
    def key(self) -> UUID: ...
    @property
    def product_id(self) -> int: ...
    @property
    def quantity(self) -> Decimal: ...
    @property
    def list_minor(self) -> int: ...
    @property
    def net_minor(self) -> int: ...
    @property
    def asked(self) -> Mapping[str, Any]: ...


def line_costs(
    lines: Iterable[CostedLine], *, currency: str, on: date, book: PriceBook | None
) -> dict[UUID, int]:
    """Cost of lines in minor units, by key; lines whose cost nobody knows are left out.

    Costs are for as long as list prices are, which the `book` says where the line does not: over a
    term they are due as often, but do not rise with an uplift.
    A cost that was given with a line counts where the house knows none of its product: nobody
    improves a margin by hand. What a fee costs us is what it brings, where nobody says otherwise.
    One query, two where a cost is converted; those of the book where a term is left to it.
    """
    found = list(lines)
    times = _times_of_book(found, book, on)
    products = {line.product_id for line in found}
    known = ports.costs().of_products(product_ids=products, currency=currency, on=on)
    costs = {}
    for line in found:
        own = line.asked.get("cost")
        cost = known.get(line.product_id)
        if cost is not None:
            costs[line.key] = cost.of_line(_due(line, times), line.list_minor, currency)
        elif own is not None:
            costs[line.key] = extend(
                Rate(Decimal(str(own)), currency), _due(line, times)
            ).amount_minor
        elif is_fee(line.asked):
            costs[line.key] = line.net_minor
    return costs


def _times_of_book(lines: Iterable[CostedLine], book: PriceBook | None, on: date) -> OfTime:
    """How the book counts the terms of lines that leave it to the book."""
    left = {line.product_id for line in lines if _is_left_to_book(line.asked)}
    if not left or book is None:
        return OfTime({}, {})
    return times_in(book, facts_of(left).values(), on=on)


def _is_left_to_book(asked: Mapping[str, Any]) -> bool:
    if not asked or "term" not in asked:
        return False
    return "price_months" not in asked or "convention" not in asked["term"]


def _due(line: CostedLine, times: OfTime) -> Decimal:
    """The quantity, as often as it is due over the line's term."""
    if not line.asked.keys() & _OF_TERM:
        return line.quantity
    often = times_of(
        replace(facts_asked(line.asked), uplifts=0),
        times.conventions.get(line.product_id, Convention.DAY365),
        times.price_months.get(line.product_id, A_YEAR),
    )
    return (line.quantity * often.numerator / often.denominator).quantize(_FINEST)
