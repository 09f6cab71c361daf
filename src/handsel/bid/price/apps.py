"""Django application of the room."""

from django.apps import AppConfig


class PriceConfig(AppConfig):
    """Prices: price books, tiers, rules and the waterfall of a line."""

    name = "handsel.bid.price"
    label = "price"
