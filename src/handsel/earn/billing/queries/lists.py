"""Invoices in lists: searched, filtered, newest first; and what waits to be billed."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from handsel.earn.billing.models import BillingPlanItem, Invoice
from handsel.earn.billing.queries.records import visible_invoices
from handsel.ground.platform.actor import Actor


def search_invoices(
    actor: Actor,
    *,
    text: str = "",
    state: str = "",
    kind: str = "",
    due: str = "",
    today: date | None = None,
) -> QuerySet[Invoice]:
    """Visible invoices, newest first; discarded ones only when asked for.

    `text` is part of a number, a customer's name or a purchase order; `due` is "past" or
    "coming" as of `today`. Whether one is paid is asked of cash, not here.
    """
    found = visible_invoices(actor).select_related("organization", "order")
    found = found.filter(state=state) if state else found.exclude(state="discarded")
    if kind:
        found = found.filter(kind=kind)
    if text:
        found = found.filter(
            Q(number__icontains=text)
            | Q(organization__name__icontains=text)
            | Q(purchase_order__icontains=text)
            | Q(order__number__iexact=text)
        )
    if due == "past" and today is not None:
        found = found.filter(state="issued", due_on__lt=today)
    if due == "coming" and today is not None:
        found = found.filter(state="issued", due_on__gte=today)
    return found.order_by("-pk")


def waiting_drafts(actor: Actor) -> QuerySet[Invoice]:
    """Drafts that wait for their issue, oldest first."""
    drafts = visible_invoices(actor).filter(state="draft")
    return drafts.select_related("organization", "order").order_by("pk")


def count_waiting(actor: Actor) -> int:
    """How many drafts wait."""
    return visible_invoices(actor).filter(state="draft").count()


def invoices_of_order(actor: Actor, order_id: int) -> list[Invoice]:
    """The invoices and credit notes of an order, drafts too, oldest first."""
    found = visible_invoices(actor).filter(order_id=order_id).exclude(state="discarded")
    return list(found.order_by("pk"))


def invoice_by_item(items: list[BillingPlanItem]) -> dict[int, Invoice]:
    """Plan item to its live invoice, credit notes left out."""
    rows = Invoice.objects.filter(plan_item__in=items).exclude(state="discarded")
    return {
        row.plan_item_id: row
        for row in rows.exclude(kind="credit_note")
        if row.plan_item_id is not None
    }
