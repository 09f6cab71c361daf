"""What was looked at for a line's price and did not apply, reckoned again when somebody asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from handsel.bid.price.rules.engine import price
from handsel.bid.price.rules.losers import losers_of
from handsel.bid.price.rules.plan import Loser
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import LineView
from handsel.bid.quote.queries.choice import context_of_lines, own_amount, requests_of


def losers_of_line(
    version: QuoteVersion, lines: Sequence[LineView], key: UUID
) -> Sequence[Loser] | None:
    """What lost to the price of a line, in the order of the stages; nothing for a fee.

    Priced like the version, in its book and on its day, with all its lines. None where the line
    does not come to its own amount any more (what was agreed has ended since): what lost then
    cannot be told. Raises what pricing raises.
    """
    book = version.price_book
    kept = next(line for line in lines if line.key == key)
    if book is None:
        return None
    context = context_of_lines(version, book, lines)
    counting = {line.key: line.counts for line in lines}
    asked = [replace(one, counts=counting[one.key]) for one in requests_of(lines, context).values()]
    found = next(one for one in price(context, asked).lines if one.key == key)
    if found.own_minor != own_amount(kept):
        return None
    return () if found.trace is None else losers_of(found.trace)
