"""The JSON API of leads: the same actions as the pages."""

# Leads come last: "/forms" and "/imports" must not be read as a lead's key.
from handsel.attract.lead.rest import forms, imports, leads  # noqa: F401  # declares the operations
from handsel.attract.lead.rest.routing import router

__all__ = ["router"]
