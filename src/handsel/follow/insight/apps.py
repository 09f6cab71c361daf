"""Django application of the room."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Insight: KPIs with drill-down; reads only."""

    name = "handsel.follow.insight"
    label = "insight"
