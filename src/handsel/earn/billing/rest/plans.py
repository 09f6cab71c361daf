"""Billing plans: get one, draft a part or the rest."""

from __future__ import annotations

from handsel.earn.billing import actions, queries
from handsel.earn.billing.models import (
    BillingPlanItem,
)
from handsel.earn.billing.rest.answers import record_out
from handsel.earn.billing.rest.routing import router
from handsel.earn.billing.rest.schemas import InvoiceOut, KeyInPath, PlanItemOut, PlanOut
from handsel.ground.identity.access import Request
from handsel.ground.platform.api import MoneyOut


@router.get(
    "/plans/{order_id}",
    permission="billing.view",
    response=PlanOut,
    summary="Get the billing plan of an order",
)
def get_plan(request: Request, order_id: KeyInPath) -> PlanOut:
    """Its parts with their state and invoice."""
    plan = queries.get_plan(request.actor, order_id)
    items = queries.items_of(plan.pk)
    documents = queries.invoice_by_item(items)

    def part(item: BillingPlanItem) -> PlanItemOut:
        invoice = documents.get(item.pk)
        return PlanItemOut(
            id=item.pk,
            trigger=item.trigger,
            share_bps=item.share_bps,
            state=item.state,
            net=MoneyOut.of(item.net_minor, plan.currency),
            invoice_id=invoice.pk if invoice else None,
        )

    return PlanOut(
        order_id=plan.order_id,
        method=plan.method,
        net=MoneyOut.of(plan.net_minor, plan.currency),
        items=[part(item) for item in items],
    )


@router.post(
    "/plan-items/{item_id}/draft",
    permission="billing.edit",
    response=InvoiceOut,
    summary="Draft a part of a billing plan",
)
def draft_item(request: Request, item_id: KeyInPath) -> InvoiceOut:
    """Before its trigger does; a draft that exists is answered."""
    draft = actions.draft_planned(actor=request.actor, now=request.now, item_id=item_id)
    return record_out(request, draft.pk)


@router.post(
    "/plans/{order_id}/draft-rest",
    permission="billing.edit",
    response=InvoiceOut,
    summary="Draft what no invoice of an order carries",
)
def draft_rest(request: Request, order_id: KeyInPath) -> InvoiceOut:
    """What was credited can be billed again."""
    draft = actions.draft_by_hand(actor=request.actor, now=request.now, order_id=order_id)
    return record_out(request, draft.pk)
