"""Django application of the room."""

from django.apps import AppConfig


class DocumentConfig(AppConfig):
    """Documents: typesetting, templates, mail."""

    name = "handsel.ground.document"
    label = "document"
