"""The JSON API of prices: the same actions as the pages."""

# Declares the operations; addresses with words in them come before those with keys.
from handsel.bid.price.rest import agreements, books, calls, drafts, rates, terms  # noqa: F401
from handsel.bid.price.rest.routing import router

__all__ = ["router"]
