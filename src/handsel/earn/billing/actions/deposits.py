"""Deposits and the final invoice that deducts them.

The plan's row owns the invariant "deposits and final together are the order, once": whoever
drafts, issues or credits any of them locks it first.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet, Sum

from handsel.earn.billing.errors import InvoiceUnsound, NothingToBill
from handsel.earn.billing.models import BillingPlan, BillingPlanItem, Invoice, InvoicePrepayment
from handsel.ground.kernel.said import said
from handsel.ground.platform.reading import first_row


@dataclass(frozen=True, slots=True)
class Deduction:
    """What a final invoice takes off for one deposit, credit notes on it left out."""

    deposit: Invoice
    net_minor: int
    tax_minor: int


def lock_plan(plan_id: int) -> BillingPlan:
    """The plan with its row locked until the transaction ends."""
    return BillingPlan.objects.select_for_update(no_key=True).get(pk=plan_id)


def lock_plan_on_shipment(order_id: int) -> BillingPlan | None:
    """The plan of an order that is billed on shipment, locked; None where there is none."""
    on_shipment = "order_id = %s AND method = 'on_shipment'"
    return first_row(BillingPlan, on_shipment, [order_id], lock="FOR NO KEY UPDATE")


_LOCK_PLAN_OF = """
    SELECT id FROM billing_billingplan
    WHERE id IN (SELECT item.plan_id
                 FROM billing_invoice invoice
                 JOIN billing_billingplanitem item ON item.id = invoice.plan_item_id
                 WHERE invoice.id = %s)
    FOR NO KEY UPDATE
"""


def lock_plan_of(invoice_id: int) -> None:
    """Lock the plan an invoice belongs to, if it belongs to one."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_PLAN_OF, [invoice_id])


def refuse_after_final(plan_id: int) -> None:
    """Raise NothingToBill if a final invoice stands: deposits come before it."""
    final = _live(plan_id, "final").first()
    if final is not None:
        raise NothingToBill(
            said(
                "the final invoice %(final)s bills everything; no deposit comes after", final=final
            )
        )


def refuse_waiting_deposits(final: Invoice) -> None:
    """Raise InvoiceUnsound while deposits are drafts: the final could not deduct them."""
    if final.plan_item is None:
        return
    waiting = _live(final.plan_item.plan_id, "deposit").filter(state="draft").count()
    if waiting:
        raise InvoiceUnsound(
            said(
                "%(waiting)s deposit draft(s) of this order wait; issue or discard them first",
                waiting=waiting,
            )
        )


def deduct_deposits(final: Invoice) -> None:
    """Bring the deductions of a draft final invoice up to the deposits issued by now."""
    if final.plan_item is None:
        return
    deductions = _deductions(final.plan_item.plan_id)
    InvoicePrepayment.objects.filter(final=final).delete()
    InvoicePrepayment.objects.bulk_create(
        InvoicePrepayment(
            final=final, deposit=one.deposit, net_minor=one.net_minor, tax_minor=one.tax_minor
        )
        for one in deductions
    )
    final.prepaid_minor = sum(one.net_minor + one.tax_minor for one in deductions)
    final.payable_minor = final.gross_minor - final.prepaid_minor + final.rounding_minor
    final.save(update_fields=["prepaid_minor", "payable_minor"])


def deduct_in_draft(plan_id: int) -> None:
    """A deposit was issued or credited: the draft of the final invoice follows, if there is one."""
    final = _live(plan_id, "final").filter(state="draft").first()
    if final is not None:
        deduct_deposits(final)


def cancel_waiting(final: Invoice) -> None:
    """Nothing is left of the plan once the final invoice is issued."""
    if final.plan_item is not None:
        rest = BillingPlanItem.objects.filter(
            plan_id=final.plan_item.plan_id, state__in=["waiting", "due"]
        )
        rest.exclude(pk=final.plan_item.pk).update(state="cancelled")


def _live(plan_id: int, kind: str) -> QuerySet[Invoice]:
    found = Invoice.objects.filter(plan_item__plan_id=plan_id, kind=kind)
    return found.exclude(state="discarded").select_related("plan_item").order_by("pk")


def _deductions(plan_id: int) -> list[Deduction]:
    found = []
    for deposit in _live(plan_id, "deposit").filter(state="issued"):
        sums = Invoice.objects.filter(corrects=deposit, state="issued").aggregate(
            net=Sum("net_minor", default=0), payable=Sum("payable_minor", default=0)
        )
        net = deposit.net_minor - sums["net"]
        payable = deposit.payable_minor - sums["payable"]
        if payable:
            found.append(Deduction(deposit, net, payable - net))
    return found
