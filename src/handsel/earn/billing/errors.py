"""What billing can refuse."""

from __future__ import annotations

from handsel.ground.kernel.errors import Invalid, NotFound, Refused


class InvoiceMissing(NotFound):
    """There is no such invoice, or none that the actor may see."""

    default_code = "invoice_missing"


class PlanMissing(NotFound):
    """This order has no billing plan yet; it gets one when it is released."""

    default_code = "plan_missing"


class InvoiceStateRefused(Refused):
    """The invoice is in a state that does not allow this; issued ones never change."""

    default_code = "invoice_state"


class InvoiceUnsound(Refused):
    """The invoice does not add up or lacks what the law asks for; it was not issued."""

    default_code = "invoice_unsound"


class NotSendable(Refused):
    """The invoice has no valid documents, so it may not be sent."""

    default_code = "invoice_not_sendable"


class CreditTooLarge(Refused):
    """All credit notes together can never exceed the invoice, per line."""

    default_code = "credit_too_large"


class CreditInvalid(Invalid):
    """A credit note takes back lines of its own invoice, for a reason."""

    default_code = "credit_invalid"


class RecipientMissing(Invalid):
    """Nobody is known to send the invoice to."""

    default_code = "recipient_missing"


class DocumentMissing(NotFound):
    """This invoice has no such document yet."""

    default_code = "document_missing"


class SharesInvalid(Invalid):
    """Billing shares must be positive and sum to the whole."""

    default_code = "shares_invalid"


class NothingToBill(Refused):
    """There is nothing left to bill here."""

    default_code = "nothing_to_bill"
