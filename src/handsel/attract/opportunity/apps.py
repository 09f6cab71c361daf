"""Django application of the room."""

from django.apps import AppConfig


class OpportunityConfig(AppConfig):
    """Opportunities: pipelines, stages, activities, buying committee, won and lost."""

    name = "handsel.attract.opportunity"
    label = "opportunity"
