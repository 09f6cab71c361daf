"""Django application of the room."""

from django.apps import AppConfig


class CashConfig(AppConfig):
    """Cash: bank statements, matching, payments, receivables."""

    name = "handsel.earn.cash"
    label = "cash"
