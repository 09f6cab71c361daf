"""Django application of the room."""

from django.apps import AppConfig


class OrderConfig(AppConfig):
    """Orders: the order desk, purchase-order match, holds and release."""

    name = "handsel.commit.order"
    label = "order"
