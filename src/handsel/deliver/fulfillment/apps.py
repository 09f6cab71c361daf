"""Django application of the room."""

from django.apps import AppConfig


class FulfillmentConfig(AppConfig):
    """Fulfillment: stock moves, reservations, shipments, proof of delivery."""

    name = "handsel.deliver.fulfillment"
    label = "fulfillment"
