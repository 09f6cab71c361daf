"""Django application of the room."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Catalog: what can be sold, in which unit, with which tax category."""

    name = "handsel.bid.catalog"
    label = "catalog"
