"""The JSON API of quotes: the same actions as the pages."""

# Declares the operations; addresses with words in them come before those with keys.
from handsel.bid.quote.rest import (  # noqa: F401
    approvals,
    copying,
    edits,
    fitting,
    offers,
    prices,
    quotes,
    sheet,
)
from handsel.bid.quote.rest.routing import router

__all__ = ["router"]
