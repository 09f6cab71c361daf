"""What the books can refuse."""

from __future__ import annotations

from handsel.ground.kernel.errors import NotFound, Refused


class EntryMissing(NotFound):
    """There is no such journal entry, or none that the actor may see."""

    default_code = "entry_missing"


class LedgerAccountMissing(NotFound):
    """The seller's chart has no account for what is to be posted."""

    default_code = "ledger_account_missing"


class PeriodMissing(NotFound):
    """There is no such month, or none that the actor may see."""

    default_code = "period_missing"


class PeriodClosedAlready(Refused):
    """The month is closed and takes no entries."""

    default_code = "period_closed"


class EntryReversedAlready(Refused):
    """An entry is reversed once at most."""

    default_code = "entry_reversed"


class PeriodNotReady(Refused):
    """Something must be done before the month can be closed."""

    default_code = "period_not_ready"
