"""The JSON API of quotes: the same actions as the pages."""

# Declares the operations; addresses with words in them come before those with keys.
from handsel.bid.quote.rest import approvals, copying, edits, offers, prices, quotes  # noqa: F401
from handsel.bid.quote.rest.routing import router

__all__ = ["router"]
