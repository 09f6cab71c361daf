"""The only writers of cash; one file for each kind of act."""

from handsel.earn.cash.actions.allocate import allocate, reverse_allocation, use_credit
from handsel.earn.cash.actions.receivable import apply_credit_note, open_receivable, write_off
from handsel.earn.cash.actions.receive import record_payment
from handsel.earn.cash.actions.reconcile import (
    ignore_entry,
    match_automatically,
    match_entry,
)
from handsel.earn.cash.actions.statement import (
    accept_held_statement,
    import_statement,
    reject_statement,
)

__all__ = [
    "accept_held_statement",
    "allocate",
    "apply_credit_note",
    "ignore_entry",
    "import_statement",
    "match_automatically",
    "match_entry",
    "open_receivable",
    "record_payment",
    "reject_statement",
    "reverse_allocation",
    "use_credit",
    "write_off",
]
