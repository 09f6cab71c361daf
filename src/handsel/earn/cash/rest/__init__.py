"""The JSON API of cash: the same actions as the pages."""

from handsel.earn.cash.rest import payments, receivables, statements  # noqa: F401  # declare
from handsel.earn.cash.rest.routing import router

__all__ = ["router"]
