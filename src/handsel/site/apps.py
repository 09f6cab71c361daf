"""Django application of the house around the rooms: wiring at start, checks before serving."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Wires the rooms when all of them are loaded."""

    name = "handsel.site"
    label = "house"

    def ready(self) -> None:
        """Plug listeners in, register the start-up checks."""
        from handsel.site import checks, wiring  # importing registers the checks

        wiring.plug()
