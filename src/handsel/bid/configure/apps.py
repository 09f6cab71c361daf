"""Django application of the room."""

from django.apps import AppConfig


class ConfigureConfig(AppConfig):
    """Product models, the constraint engine, sessions and explanations."""

    name = "handsel.bid.configure"
    label = "configure"
