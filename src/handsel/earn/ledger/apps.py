"""Django application of the room."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Ledger: accounts, journal, periods, posting rules, trial balance."""

    name = "handsel.earn.ledger"
    label = "ledger"
