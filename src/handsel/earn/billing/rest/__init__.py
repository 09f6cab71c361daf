"""The JSON API of billing: the same actions as the pages."""

# Addresses with a word come before those with a key.
from handsel.earn.billing.rest import plans, invoices  # noqa: F401, I001  # declares the operations
from handsel.earn.billing.rest.routing import router

__all__ = ["router"]
