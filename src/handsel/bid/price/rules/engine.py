"""The way through the engine: context and lines in, priced document out."""

from __future__ import annotations

from collections.abc import Sequence

from handsel.bid.price.errors import NoPrice
from handsel.bid.price.rules.context import PriceContext, RequestLine
from handsel.bid.price.rules.document import PricedDocument, settle
from handsel.bid.price.rules.lines import ExtendedLine, extend_line


def price(context: PriceContext, lines: Sequence[RequestLine]) -> PricedDocument:
    """Price lines in one pass: no lookup outside the context, nothing rounded but what must be.

    Raises NoPrice naming every product that the book has no price for.
    """
    return settle(
        extend(context, lines),
        currency=context.currency,
        header_bps=context.header_bps,
        rounding=context.rounding,
    )


def extend(context: PriceContext, lines: Sequence[RequestLine]) -> list[ExtendedLine]:
    """Stages 1 to 13 for every line, each by itself."""
    entries = context.entries
    missing = {line.product: None for line in lines if line.product_id not in entries}
    if missing:
        raise NoPrice(list(missing), context.book_name, context.priced_on)
    return [extend_line(context, line, entries[line.product_id]) for line in lines]
