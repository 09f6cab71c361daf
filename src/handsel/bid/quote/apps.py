"""Django application of the room."""

from django.apps import AppConfig


class QuoteConfig(AppConfig):
    """Quotes: versions, lines, the public link, acceptance."""

    name = "handsel.bid.quote"
    label = "quote"
