"""Django application of the room."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Identity: users, teams, roles, permissions, API keys, link grants, sign-in."""

    name = "handsel.ground.identity"
    label = "identity"
