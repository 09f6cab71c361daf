"""Background work of billing."""

from __future__ import annotations

import logging

from handsel.earn.billing import actions
from handsel.earn.billing.actions.send import FINISH_JOB
from handsel.earn.billing.models import Invoice
from handsel.ground.kernel.clock import SystemClock
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.jobs import job

log = logging.getLogger("handsel.billing")


@job(FINISH_JOB)
def finish(invoice_id: int, user_id: int | None = None) -> None:
    """Documents and mail of an issued invoice; what is done already is left alone."""
    invoice = Invoice.objects.get(pk=invoice_id)
    actor = Actor.system("billing", seller_ids=[invoice.seller_id])
    outcome = actions.finish_invoice(actor=actor, now=SystemClock().now(), invoice=invoice)
    if outcome.failed_at:
        # Trying again changes nothing by itself; the invoice's page shows what stands against it.
        log.warning("invoice %s: %s: %s", invoice.number, outcome.failed_at, outcome.why)
