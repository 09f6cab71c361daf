"""What cash hears: an issued document is owed, a credit note is set off."""

from __future__ import annotations

from datetime import datetime

from handsel.earn.billing.events import InvoiceIssued
from handsel.earn.cash import actions
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.dispatch import listener


@listener(InvoiceIssued)
def owe_issued(event: InvoiceIssued, *, actor: Actor, now: datetime) -> None:
    """Open the receivable; a credit note goes against the invoice it corrects at once."""
    actions.open_receivable(actor=actor, now=now, invoice_id=event.invoice_id)
    if event.kind == "credit_note":
        actions.apply_credit_note(actor=actor, now=now, credit_note_id=event.invoice_id)
