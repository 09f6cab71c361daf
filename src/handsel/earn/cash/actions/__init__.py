"""The only writers of cash; one file for each kind of act."""

from handsel.earn.cash.actions.allocate import allocate, reverse_allocation, use_credit
from handsel.earn.cash.actions.bring_in import BroughtIn, bring_in
from handsel.earn.cash.actions.receivable import apply_credit_note, open_receivable
from handsel.earn.cash.actions.receive import record_payment, settle_by_hand
from handsel.earn.cash.actions.reconcile import (
    EntryOutcome,
    confirm_candidate,
    ignore_entry,
    match_automatically,
    match_entry,
)
from handsel.earn.cash.actions.statement import (
    ImportedStatement,
    accept_held_statement,
    import_statement,
    read_and_check,
    reject_statement,
)
from handsel.earn.cash.actions.write_off import reverse_write_off, write_off

__all__ = [
    "BroughtIn",
    "EntryOutcome",
    "ImportedStatement",
    "accept_held_statement",
    "allocate",
    "apply_credit_note",
    "bring_in",
    "confirm_candidate",
    "ignore_entry",
    "import_statement",
    "match_automatically",
    "match_entry",
    "open_receivable",
    "read_and_check",
    "record_payment",
    "reject_statement",
    "reverse_allocation",
    "reverse_write_off",
    "settle_by_hand",
    "use_credit",
    "write_off",
]
