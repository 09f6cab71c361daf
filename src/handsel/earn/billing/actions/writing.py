"""Writing a draft with its lines, VAT rows and totals: the one place where they are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from handsel.bid.catalog.actions import FEE_SKU
from handsel.commit.order import queries as orders
from handsel.commit.order.models import Order
from handsel.earn.billing.events import InvoiceDrafted
from handsel.earn.billing.models import BillingPlanItem, Invoice, InvoiceLine, InvoiceTax
from handsel.earn.billing.rules.drafting import DraftTotals, Treatment, totals_of
from handsel.earn.billing.rules.reasons import legal_text
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a credit note corrects, why, and the cent that rounding left (see `crediting`)."""

    invoice: Invoice
    reason: str
    rounding_minor: int


def write_draft(
    *,
    actor: Actor,
    now: datetime,
    order: Order,
    kind: str,
    lines: Sequence[LineDraft],
    item: BillingPlanItem | None,
    supplied: tuple[date, date] | None,
    correction: Correction | None = None,
) -> Invoice:
    """Write a draft of an order and announce it; runs inside the caller's transaction."""
    supplied = _days_of_service(lines) or supplied
    totals = totals_of([(line.treatment, line.net) for line in lines], order.currency)
    rounding = correction.rounding_minor if correction else 0
    invoice = Invoice.objects.create(
        seller=order.seller,
        kind=kind,
        order=order,
        plan_item=item,
        corrects=correction.invoice if correction else None,
        correction_reason=correction.reason if correction else "",
        organization=order.organization,
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
        rounding_minor=rounding,
        payable_minor=totals.gross.amount_minor + rounding,
        created_at=now,
        **parties(order),
    )
    _write_lines(invoice, lines)
    _write_taxes(invoice, totals, order.tax_rows)
    log.announce(
        InvoiceDrafted(invoice.pk, order.pk, order.organization_id, kind, totals.gross),
        actor=actor,
        now=now,
    )
    return invoice


def _days_of_service(lines: Sequence[LineDraft]) -> tuple[date, date] | None:
    """The days of service, where everything but fees is for a time: that is what is supplied then,
    whenever somebody noted it as delivered. None where goods are among it."""
    sold = [line for line in lines if line.sku != FEE_SKU]
    days = orders.days_borne_by([one.order_line_id for one in sold if one.order_line_id])
    if not sold or len(days) < len({one.order_line_id for one in sold}):
        return None
    return min(first for first, _last in days.values()), max(last for _first, last in days.values())


def parties(order: Order) -> dict[str, dict[str, Any]]:
    """Seller and buyer as they are now; the order's own invoice address goes over the present one.

    Taken when a draft is written and again when it is issued: what was missing may be there then.
    """
    return {
        "seller_snapshot": party.seller_snapshot(order.seller, order.currency),
        "buyer_snapshot": {**party.buyer_snapshot(order.organization), **order.bill_to},
    }


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


def _write_taxes(
    invoice: Invoice, totals: DraftTotals, ordered: Sequence[Mapping[str, Any]]
) -> None:
    decided = {(row["category"], row["reason_code"]): row.get("reason", "") for row in ordered}
    InvoiceTax.objects.bulk_create(
        InvoiceTax(
            invoice=invoice,
            category=group.category,
            rate_bps=group.rate_bps,
            reason_code=group.reason_code,
            reason=decided.get((group.category, group.reason_code))
            or legal_text(group.category, group.reason_code),
            basis_minor=group.base.amount_minor,
            tax_minor=group.tax.amount_minor,
        )
        for group in totals.groups
    )
