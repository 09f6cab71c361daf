"""Pages of the books: trial balance, journal, accounts, months, posting rules."""

from __future__ import annotations

from django.urls import path

from handsel.earn.ledger.web import balance, journal

urlpatterns = [
    path("", balance.trial_balance, name="list"),
    path("trial-balance.csv", balance.trial_balance_csv, name="trial_balance_csv"),
    path("journal/", journal.journal, name="journal"),
    path("journal.csv", journal.journal_csv, name="journal_csv"),
    path("entries/<int:entry_id>/", journal.entry_record, name="record"),
    path("accounts/", balance.accounts, name="accounts"),
    path("accounts/<int:ledger_account_id>/", balance.account, name="account"),
    path("months/", journal.periods, name="periods"),
    path("months/<int:period_id>/close/", journal.close, name="close"),
    path("rules/", journal.rules, name="rules"),
]
