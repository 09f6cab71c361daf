"""Django application of the room."""

from django.apps import AppConfig


class LeadConfig(AppConfig):
    """Leads: inquiries, capture, sources, identity, first response, qualification."""

    name = "handsel.attract.lead"
    label = "lead"
