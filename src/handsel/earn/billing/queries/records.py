"""Reading one invoice, its parts, and the plan of an order."""

from __future__ import annotations

from decimal import Decimal

from django.db import connection
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
    InvoiceSending,
    InvoiceTax,
    ValidationReport,
)
from handsel.earn.billing.rules.crediting import BilledLine
from handsel.earn.billing.rules.drafting import SoFar, SoldLine, Treatment
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.rate import Rate
from handsel.ground.party import queries as party
from handsel.ground.platform import at_hand
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.reading import all_rows


def visible_invoices(actor: Actor) -> QuerySet[Invoice]:
    """The invoices of the actor's sellers."""
    return Invoice.objects.filter(seller_id__in=actor.seller_ids)


def get_invoice(actor: Actor, invoice_id: int) -> Invoice:
    """One invoice; foreign and missing ones are not told apart."""
    found = (
        visible_invoices(actor)
        .select_related("seller", "organization", "order")
        .filter(pk=invoice_id)
        .first()
    )
    if found is None:
        raise InvoiceMissing("this invoice does not exist")
    return found


# What a document owes or is owed, and to whom.
_OWED = (
    "kind",
    "number",
    "seller_id",
    "organization_id",
    "order_id",
    "currency",
    "payable_minor",
    "issued_on",
    "due_on",
)


def get_owed(actor: Actor, invoice_id: int) -> Invoice:
    """One invoice for who books its money: parties, amount and dates, the rest not loaded."""
    present = at_hand.one(Invoice, invoice_id)
    if present is not None and present.seller_id in actor.seller_ids:
        return present
    found = visible_invoices(actor).only(*_OWED).filter(pk=invoice_id).first()
    if found is None:
        raise InvoiceMissing("this invoice does not exist")
    return found


def lines_of(invoice_id: int) -> list[InvoiceLine]:
    """The lines of an invoice in their order."""
    return all_rows(InvoiceLine, "invoice_id = %s ORDER BY position", [invoice_id])


def taxes_of(invoice_id: int) -> list[InvoiceTax]:
    """The VAT breakdown of an invoice, highest rate first."""
    return all_rows(InvoiceTax, "invoice_id = %s ORDER BY rate_bps DESC, category", [invoice_id])


def prepayments_of(invoice_id: int) -> list[InvoicePrepayment]:
    """The deposits a final invoice deducts."""
    rows = InvoicePrepayment.objects.filter(final_id=invoice_id).select_related("deposit")
    return list(rows.order_by("deposit_id"))


def issued_final(plan_id: int) -> str | None:
    """The number of a plan's issued final invoice."""
    finals = Invoice.objects.filter(plan_item__plan_id=plan_id, kind="final", state="issued")
    return finals.values_list("number", flat=True).first()


def deducting_final(deposit: Invoice) -> str | None:
    """The number of the issued final invoice that deducts a deposit."""
    rows = InvoicePrepayment.objects.filter(deposit=deposit, final__state="issued")
    return rows.values_list("final__number", flat=True).first()


def documents_of(invoice_id: int) -> dict[str, InvoiceDocument]:
    """The kept documents of an invoice by kind: pdf, ubl, cii, facturx."""
    rows = InvoiceDocument.objects.filter(invoice_id=invoice_id).select_related("file")
    return {row.kind: row for row in rows.defer("file__content")}


def reports_of(invoice_id: int) -> list[ValidationReport]:
    """What the rules said of an invoice's documents, newest first."""
    return list(ValidationReport.objects.filter(invoice_id=invoice_id).order_by("-pk"))


def sendings_of(invoice_id: int) -> list[InvoiceSending]:
    """To whom an invoice was sent, newest first."""
    return list(InvoiceSending.objects.filter(invoice_id=invoice_id).order_by("-pk"))


def corrections_of(invoice_id: int) -> list[Invoice]:
    """The live credit notes on an invoice, oldest first."""
    notes = Invoice.objects.filter(corrects_id=invoice_id).exclude(state="discarded")
    return list(notes.order_by("pk"))


def recipient_of(invoice: Invoice) -> str:
    """Where an invoice goes, or an empty text.

    The buyer's electronic address for invoices where that is a mail address, else the order's
    contact, else the customer's mail address.
    """
    scheme, address = (
        invoice.buyer_snapshot.get(f"electronic_address{part}", "") for part in ("_scheme", "")
    )
    if scheme == "EM" and address:
        return str(address)
    if invoice.order is not None and invoice.order.contact_email:
        return invoice.order.contact_email
    return party.contact_point(
        kind="email", person_id=None, organization_id=invoice.organization_id
    )


def find_plan(actor: Actor, order_id: int) -> BillingPlan | None:
    """The billing plan of an order, if it was released."""
    return BillingPlan.objects.filter(order_id=order_id, seller_id__in=actor.seller_ids).first()


def get_plan(actor: Actor, order_id: int) -> BillingPlan:
    """The billing plan of an order."""
    plan = find_plan(actor, order_id)
    if plan is None:
        raise PlanMissing("this order has no billing plan yet; it gets one when it is released")
    return plan


def get_plan_item(actor: Actor, item_id: int) -> BillingPlanItem:
    """One item of a plan."""
    items = BillingPlanItem.objects.select_related("plan", "shipment")
    item = items.filter(pk=item_id, plan__seller_id__in=actor.seller_ids).first()
    if item is None:
        raise PlanMissing("this part of a billing plan does not exist")
    return item


def items_of(plan_id: int) -> list[BillingPlanItem]:
    """The items of a plan in their order."""
    return all_rows(BillingPlanItem, "plan_id = %s ORDER BY position", [plan_id])


def sold_lines(order_id: int) -> list[SoldLine]:
    """The lines of an order as billing rules see them."""
    lines = OrderLine.objects.filter(order_id=order_id).select_related("order")
    return [sold_line(line, line.order.currency) for line in lines.order_by("position")]


def sold_line(line: OrderLine, currency: str) -> SoldLine:
    """A line of an order in this currency as billing rules see it."""
    return SoldLine(
        line.pk,
        line.quantity,
        Rate(line.list_price, currency),
        Money(line.net_minor, currency),
        Treatment(line.tax_category, line.tax_rate_bps, line.tax_reason_code),
    )


_SHIPPED = """
    SELECT sent.order_line_id, sum(sent.quantity)
    FROM fulfillment_shipmentline sent JOIN order_orderline line ON line.id = sent.order_line_id
    WHERE line.order_id = %s
    GROUP BY sent.order_line_id
"""


def shipped_quantities(order_id: int) -> dict[int, Decimal]:
    """Order line to the quantity that left with all shipments of an order."""
    with connection.cursor() as cursor:
        cursor.execute(_SHIPPED, [order_id])
        return dict(cursor.fetchall())


def billed_so_far(order_id: int, *, less_credits: bool = False) -> dict[int, SoFar]:
    """Order line to what its live invoices bill of it, drafts too, deposits left out.

    `less_credits` takes off what issued credit notes took back: then it can be billed again.
    """
    lines = InvoiceLine.objects.filter(order_line__order_id=order_id)
    billed = lines.filter(invoice__kind__in=["invoice", "final"])
    found = _sums(billed.exclude(invoice__state="discarded"), "order_line_id")
    if less_credits:
        credited = lines.filter(invoice__kind="credit_note", invoice__state="issued")
        for key, back in _sums(credited, "order_line_id").items():
            before = found.get(key, SoFar())
            found[key] = SoFar(before.quantity - back.quantity, before.net_minor - back.net_minor)
    return found


def billed_lines(invoice: Invoice) -> list[BilledLine]:
    """The lines of an invoice with what its credit notes (drafts too) take back of them."""
    notes = InvoiceLine.objects.filter(credits__invoice_id=invoice.pk)
    credited = _sums(notes.exclude(invoice__state="discarded"), "credits_id")
    return [
        BilledLine(
            line.pk,
            line.quantity,
            Money(line.net_minor, invoice.currency),
            Treatment(line.tax_category, line.tax_rate_bps, line.tax_reason_code),
            credited.get(line.pk, SoFar()),
        )
        for line in lines_of(invoice.pk)
    ]


def credited_payable(invoice_id: int) -> int:
    """What the credit notes on an invoice come to in minor units, drafts too."""
    notes = Invoice.objects.filter(corrects_id=invoice_id).exclude(state="discarded")
    return int(notes.aggregate(total=Sum("payable_minor", default=0))["total"])


def _sums(lines: QuerySet[InvoiceLine], key: str) -> dict[int, SoFar]:
    rows = lines.values_list(key).annotate(quantity=Sum("quantity"), net=Sum("net_minor"))
    return {line: SoFar(quantity, int(net)) for line, quantity, net in rows.order_by()}
