"""Writing a draft with its lines, VAT rows and totals: the one place where they are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from handsel.commit.order.models import Order
from handsel.earn.billing.events import InvoiceDrafted
from handsel.earn.billing.models import BillingPlanItem, Invoice, InvoiceLine, InvoiceTax
from handsel.earn.billing.rules.drafting import DraftTotals, Treatment, totals_of
from handsel.ground.kernel.money import Money
from handsel.ground.party import queries as party
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDraft:
    """An invoice line before it is written; `unit_price` is before discounts, per unit."""

    order_line_id: int | None
    shipment_line_id: int | None
    sku: str
    name: str
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    net: Money
    treatment: Treatment
    credits_id: int | None = None


def write_draft(
    *,
    actor: Actor,
    now: datetime,
    order: Order,
    kind: str,
    lines: Sequence[LineDraft],
    item: BillingPlanItem | None,
    supplied: tuple[date, date] | None,
    prepaid_minor: int = 0,
    corrects: Invoice | None = None,
    correction_reason: str = "",
) -> Invoice:
    """Write a draft of an order and announce it; runs inside the caller's transaction."""
    totals = totals_of([(line.treatment, line.net) for line in lines], order.currency)
    invoice = Invoice.objects.create(
        seller=order.seller,
        kind=kind,
        order=order,
        plan_item=item,
        corrects=corrects,
        correction_reason=correction_reason,
        organization=order.organization,
        seller_snapshot=party.seller_snapshot(order.seller, order.currency),
        buyer_snapshot=_buyer(order),
        ship_to=order.ship_to,
        language=order.language,
        currency=order.currency,
        purchase_order=order.purchase_order,
        buyer_reference=order.organization.buyer_reference,
        supplied_from=supplied[0] if supplied else None,
        supplied_until=supplied[1] if supplied else None,
        payment_days=order.payment_days,
        net_minor=totals.net.amount_minor,
        tax_minor=totals.tax.amount_minor,
        gross_minor=totals.gross.amount_minor,
        prepaid_minor=prepaid_minor,
        payable_minor=totals.gross.amount_minor - prepaid_minor,
        created_at=now,
    )
    _write_lines(invoice, lines)
    _write_taxes(invoice, totals)
    log.announce(
        InvoiceDrafted(invoice.pk, order.pk, order.organization_id, kind, totals.gross),
        actor=actor,
        now=now,
    )
    return invoice


def _buyer(order: Order) -> dict[str, object]:
    """The buyer as the order names him: its own invoice address over the present one."""
    return {**party.buyer_snapshot(order.organization), **order.bill_to}


def _write_lines(invoice: Invoice, lines: Sequence[LineDraft]) -> None:
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            position=place,
            order_line_id=line.order_line_id,
            shipment_line_id=line.shipment_line_id,
            credits_id=line.credits_id,
            sku=line.sku,
            name=line.name,
            description=line.description,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            net_minor=line.net.amount_minor,
            tax_category=line.treatment.category,
            tax_rate_bps=line.treatment.rate_bps,
            tax_reason_code=line.treatment.reason_code,
        )
        for place, line in enumerate(lines, start=1)
    )


def _write_taxes(invoice: Invoice, totals: DraftTotals) -> None:
    InvoiceTax.objects.bulk_create(
        InvoiceTax(
            invoice=invoice,
            category=group.category,
            rate_bps=group.rate_bps,
            reason_code=group.reason_code,
            basis_minor=group.base.amount_minor,
            tax_minor=group.tax.amount_minor,
        )
        for group in totals.groups
    )
