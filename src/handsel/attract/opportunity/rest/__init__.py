"""The JSON API of opportunities: the same actions as the pages."""

# Addresses with a word come before those with a key.
from handsel.attract.opportunity.rest import lists, deals, steps  # noqa: F401, I001  # declares the operations
from handsel.attract.opportunity.rest.routing import router

__all__ = ["router"]
