"""Django application of the room."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Billing: billing plans, invoices, credit notes, e-invoices."""

    name = "handsel.earn.billing"
    label = "billing"
