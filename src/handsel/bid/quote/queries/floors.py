"""Which lines a discount on the whole brings below the least they may cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from handsel.bid.price.rules.engine import price
from handsel.bid.price.rules.stages import least_amount
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import LineView
from handsel.bid.quote.queries.choice import context_of_lines, requests_of
from handsel.ground.kernel.errors import HandselError
from handsel.ground.kernel.money import Money


def below_floors(version: QuoteVersion, lines: Sequence[LineView]) -> frozenset[UUID]:
    """Lines that cost less than a floor of the price book allows.

    By itself none does, because its own price is held there; what is taken off the whole comes
    after that. Asks nothing where nothing is taken off, or no rule sets a floor. Where lines cannot
    be priced any more (an agreed price ended), those with a floor are taken to be below it.
    """
    book = version.price_book
    is_discounted = version.discount_bps > 0 or version.target_minor is not None
    if book is None or not book.has_terms or not is_discounted:
        return frozenset()
    context = context_of_lines(version, book, lines)
    if not context.terms.limits:
        return frozenset()
    alone = replace(context, header=None, header_bps=0)
    try:
        priced = price(alone, list(requests_of(lines, context).values()))
    except HandselError:
        about = {limit.about.product_id for limit in context.terms.limits}
        return frozenset(one.key for one in lines if None in about or one.product_id in about)
    net = {line.key: Money(line.net_minor, version.quote.currency).amount for line in lines}
    found = set()
    for line in priced.lines:
        least = least_amount(line.trace) if line.trace is not None else None
        if least is not None and net[line.key] < least:
            found.add(line.key)
    return frozenset(found)
