"""Django application of the room."""

from django.apps import AppConfig


class PartyConfig(AppConfig):
    """Parties: sellers, organizations, persons, addresses, contact points."""

    name = "handsel.ground.party"
    label = "party"
