"""Reading invoices and plans."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import QuerySet, Sum

from handsel.commit.order.models import OrderLine
from handsel.earn.billing.errors import InvoiceMissing, PlanMissing
from handsel.earn.billing.models import (
    BillingPlan,
    BillingPlanItem,
    Invoice,
    InvoiceDocument,
    InvoiceLine,
    InvoicePrepayment,
    InvoiceTax,
    ValidationReport,
)
from handsel.earn.billing.rules.drafting import SoldLine, Treatment
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.rate import Rate
from handsel.ground.platform.actor import Actor


def visible_invoices(actor: Actor) -> QuerySet[Invoice]:
    """The invoices of the actor's sellers."""
    return Invoice.objects.filter(seller_id__in=actor.seller_ids)


def get_invoice(actor: Actor, invoice_id: int) -> Invoice:
    """One invoice; foreign and missing ones are not told apart."""
    found = (
        visible_invoices(actor)
        .select_related("seller", "organization", "order", "corrects")
        .filter(pk=invoice_id)
        .first()
    )
    if found is None:
        raise InvoiceMissing("this invoice does not exist")
    return found


def lines_of(invoice_id: int) -> list[InvoiceLine]:
    """The lines of an invoice in their order."""
    return list(InvoiceLine.objects.filter(invoice_id=invoice_id).order_by("position"))


def taxes_of(invoice_id: int) -> list[InvoiceTax]:
    """The VAT breakdown of an invoice, highest rate first."""
    return list(InvoiceTax.objects.filter(invoice_id=invoice_id).order_by("-rate_bps", "category"))


def prepayments_of(invoice_id: int) -> list[InvoicePrepayment]:
    """The deposits a final invoice deducts."""
    rows = InvoicePrepayment.objects.filter(final_id=invoice_id).select_related("deposit")
    return list(rows.order_by("deposit_id"))


def documents_of(invoice_id: int) -> dict[str, InvoiceDocument]:
    """The kept documents of an invoice by kind: pdf, ubl, cii, facturx."""
    rows = InvoiceDocument.objects.filter(invoice_id=invoice_id).select_related("file")
    return {row.kind: row for row in rows.defer("file__content")}


def reports_of(invoice_id: int) -> list[ValidationReport]:
    """What the rules said of an invoice's documents, newest first."""
    return list(ValidationReport.objects.filter(invoice_id=invoice_id).order_by("-pk"))


def get_plan(actor: Actor, order_id: int) -> BillingPlan:
    """The billing plan of an order."""
    plan = BillingPlan.objects.filter(order_id=order_id, seller_id__in=actor.seller_ids).first()
    if plan is None:
        raise PlanMissing("this order has no billing plan yet; it gets one when it is released")
    return plan


def items_of(plan_id: int) -> list[BillingPlanItem]:
    """The items of a plan in their order."""
    return list(BillingPlanItem.objects.filter(plan_id=plan_id).order_by("position"))


def sold_lines(order_id: int) -> list[SoldLine]:
    """The lines of an order as billing rules see them."""
    lines = OrderLine.objects.filter(order_id=order_id).select_related("order")
    return [
        SoldLine(
            line.pk,
            line.quantity,
            Rate(line.list_price, line.order.currency),
            Money(line.net_minor, line.order.currency),
            Treatment(line.tax_category, line.tax_rate_bps, line.tax_reason_code),
        )
        for line in lines.order_by("position")
    ]


def billed_quantities(order_id: int) -> dict[int, Decimal]:
    """Order line to the quantity on its live invoices (drafts too), deposits left out."""
    rows = (
        InvoiceLine.objects.filter(
            order_line__order_id=order_id, invoice__kind__in=["invoice", "final"]
        )
        .exclude(invoice__state="discarded")
        .values("order_line_id")
        .annotate(billed=Sum("quantity"))
    )
    return {row["order_line_id"]: row["billed"] for row in rows}


def credited_nets(invoice_id: int) -> dict[int, int]:
    """Invoice line to the net minor units its issued credit notes took off it."""
    rows = (
        InvoiceLine.objects.filter(credits__invoice_id=invoice_id, invoice__state="issued")
        .values("credits_id")
        .annotate(credited=Sum("net_minor"))
    )
    return {row["credits_id"]: row["credited"] for row in rows}
