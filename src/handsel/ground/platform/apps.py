"""Django application of the room."""

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    """Platform: event log, dispatch, jobs, numbering, idempotency, storage, egress."""

    name = "handsel.ground.platform"
    label = "platform"

    def ready(self) -> None:
        """Let searches use their indexes."""
        from handsel.ground.platform import lookups

        lookups.register()
