"""The JSON API of the warehouse: the same actions as the pages."""

from handsel.deliver.fulfillment.rest import shipping, stock  # noqa: F401  # declares operations
from handsel.deliver.fulfillment.rest.routing import router

__all__ = ["router"]
