"""An order is taken back: nothing of it is billed any more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from handsel.earn.billing import queries
from handsel.earn.billing.actions.deposits import lock_plan
from handsel.earn.billing.actions.issue import discard_draft
from handsel.earn.billing.errors import InvoiceStateRefused
from handsel.earn.billing.models import BillingPlanItem
from handsel.ground.kernel.said import said
from handsel.ground.platform.actor import Actor


@transaction.atomic
def cancel_billing(*, actor: Actor, now: datetime, order_id: int) -> int:
    """Discard the drafts of an order and cancel what is left of its plan; returns how many drafts.

    Raises InvoiceStateRefused while issued invoices stand that no credit notes take back in full.
    """
    plan = queries.find_plan(actor, order_id)
    if plan is None:
        return 0
    lock_plan(plan.pk)
    documents = queries.invoices_of_order(actor, order_id)
    issued = [one for one in documents if one.state == "issued"]
    signs = {"credit_note": -1}
    if sum(signs.get(one.kind, 1) * one.payable_minor for one in issued):
        numbers = ", ".join(one.number for one in issued if one.kind != "credit_note")
        raise InvoiceStateRefused(
            said(
                "this order is invoiced (%(numbers)s); credit that first, then cancel the order",
                numbers=numbers,
            )
        )
    drafts = [one for one in documents if one.state == "draft"]
    for draft in drafts:
        discard_draft(actor=actor, now=now, invoice_id=draft.pk)
    rest = BillingPlanItem.objects.filter(plan=plan, state__in=["waiting", "due"])
    rest.update(state="cancelled")
    return len(drafts)
