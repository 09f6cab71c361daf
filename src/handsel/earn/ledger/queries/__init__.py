"""Reading the books."""

from handsel.earn.ledger.queries.books import (
    TrialBalanceRow,
    account_lines,
    accounts_of,
    amounts_of,
    balance_before,
    balance_of_role,
    get_account,
    get_entry,
    get_period,
    journal_rows,
    lines_of,
    periods_of,
    reversal_of,
    trial_balance,
    visible_entries,
)
from handsel.earn.ledger.queries.proofs import Proof, proofs

__all__ = [
    "Proof",
    "TrialBalanceRow",
    "account_lines",
    "accounts_of",
    "amounts_of",
    "balance_before",
    "balance_of_role",
    "get_account",
    "get_entry",
    "get_period",
    "journal_rows",
    "lines_of",
    "periods_of",
    "proofs",
    "reversal_of",
    "trial_balance",
    "visible_entries",
]
