"""The shell as a Django application: it brings templates, tags and static files, no tables."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    """Frame, components and formats of every page."""

    name = "handsel.site.shell"
    label = "shell"
