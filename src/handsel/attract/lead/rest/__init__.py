"""The JSON API of leads: the same actions as the pages."""

# Imports come before leads: "/imports" must not be read as a lead's key.
from handsel.attract.lead.rest import imports, leads  # noqa: F401  # declares the operations
from handsel.attract.lead.rest.routing import router

__all__ = ["router"]
