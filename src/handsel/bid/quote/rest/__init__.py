"""The JSON API of quotes: the same actions as the pages."""

from handsel.bid.quote.rest import edits, offers, quotes  # noqa: F401  # declares the operations
from handsel.bid.quote.rest.routing import router

__all__ = ["router"]
