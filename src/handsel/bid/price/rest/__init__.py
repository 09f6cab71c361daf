"""The JSON API of prices: the same actions as the pages."""

# Declares the operations; addresses with words in them come before those with keys.
from handsel.bid.price.rest import (  # noqa: F401
    agreements,
    books,
    calls,
    drafts,
    explaining,
    rates,
    terms,
)
from handsel.bid.price.rest.routing import router

__all__ = ["router"]
