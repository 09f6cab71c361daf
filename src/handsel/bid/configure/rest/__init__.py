"""The JSON API of the configurator: the same actions and answers as the page."""

from __future__ import annotations

from handsel.bid.configure.rest import configurations, models
from handsel.bid.configure.rest.routing import router

__all__ = ["configurations", "models", "router"]
