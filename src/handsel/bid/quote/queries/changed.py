"""An offer with other discounts or terms, priced as the draft would be; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from handsel.bid.price.rules.engine import price
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import LineView
from handsel.bid.quote.queries.choice import (
    context_of_lines,
    header_for,
    requests_of,
)
from handsel.bid.quote.queries.offer import default_choice
from handsel.bid.quote.rules.approval.nearest import Change
from handsel.bid.quote.rules.asked import PRICED_BY_HAND, without_house
from handsel.bid.quote.rules.listed import with_terms_listed
from handsel.ground.kernel.errors import HandselError

BY_HAND = frozenset((*PRICED_BY_HAND, "reason"))


def with_change(
    version: QuoteVersion, lines: Sequence[LineView], change: Change, *, valid_days: int
) -> tuple[QuoteVersion, list[LineView]] | None:
    """The version, which is valid for `valid_days` now, and its lines with a change; None where
    that cannot be priced.

    A line that is given another discount has the house's price, a header discount stands instead
    of a target.
    """
    book = version.price_book
    if book is None:
        return None
    changed = _with_terms(version, change, valid_days)
    wanted = {UUID(key): bps for key, bps in change.line_bps}
    try:
        context = context_of_lines(changed, book, lines)
        asking = [
            _given(line, wanted[line.key], context.terms.price_months.get(line.product_id))
            if line.key in wanted
            else line
            for line in lines
        ]
        requests = requests_of(asking, context)
        header = header_for(changed, lines, default_choice(lines))
        counting = [replace(requests[line.key], counts=line.counts) for line in asking]
        priced = with_terms_listed(price(replace(context, header=header), counting))
    except HandselError:
        return None
    return changed, [
        replace(line, list_minor=one.list_minor, net_minor=one.net_minor, rows=one.rows)
        for line, one in zip(asking, priced.lines, strict=True)
    ]


def _given(line: LineView, discount_bps: int, price_months: int | None) -> LineView:
    """The line at the house's price, with a discount."""
    house = without_house(line.asked, price_months)
    asked = {name: one for name, one in house.items() if name not in BY_HAND}
    return replace(line, discount_bps=discount_bps, asked=asked)


def _with_terms(version: QuoteVersion, change: Change, valid_days: int) -> QuoteVersion:
    changed = copy(version)
    if change.header_bps is not None:
        changed.discount_bps, changed.target_minor = change.header_bps, None
    if change.payment_days is not None:
        changed.payment_days = change.payment_days
    if change.valid_days is not None:
        changed.valid_until += timedelta(days=change.valid_days - valid_days)
    return changed
