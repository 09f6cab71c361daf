"""Django application of the room."""

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    """Platform: event log, dispatch, jobs, numbering, idempotency, storage, egress."""

    name = "handsel.ground.platform"
    label = "platform"
