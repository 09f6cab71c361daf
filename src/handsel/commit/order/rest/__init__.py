"""The JSON API of the order desk: the same actions as the pages."""

from handsel.commit.order.rest import desk, orders  # noqa: F401  # declares the operations
from handsel.commit.order.rest.routing import router

__all__ = ["router"]
