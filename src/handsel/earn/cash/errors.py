"""What cash can refuse."""

from __future__ import annotations

from handsel.ground.kernel.errors import Invalid, NotFound, Refused


class StatementMissing(NotFound):
    """There is no such bank statement, or none that the actor may see."""

    default_code = "statement_missing"


class BankEntryMissing(NotFound):
    """There is no such entry, or none that the actor may see."""

    default_code = "bank_entry_missing"


class PaymentMissing(NotFound):
    """There is no such payment, or none that the actor may see."""

    default_code = "payment_missing"


class ReceivableMissing(NotFound):
    """Nothing was ever owed on this invoice, or the actor may not see it."""

    default_code = "receivable_missing"


class BankAccountUnknown(Refused):
    """The statement is of an account that belongs to none of the actor's sellers."""

    default_code = "bank_account_unknown"


class StatementHeldBack(Refused):
    """The statement does not add up or does not chain; a person must decide first."""

    default_code = "statement_held"


class EntryDone(Refused):
    """The entry was matched or set aside before."""

    default_code = "bank_entry_done"


class AllocationRefused(Refused):
    """More than the payment has left or the invoice has open, or another customer's."""

    default_code = "allocation_refused"


class ReasonMissing(Invalid):
    """This needs a reason."""

    default_code = "reason_missing"


class WriteOffMissing(NotFound):
    """There is no such write-off or discount on this invoice."""

    default_code = "write_off_missing"


class CandidateGone(Refused):
    """What was proposed for an entry is not possible any more."""

    default_code = "candidate_gone"
