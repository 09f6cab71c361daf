"""Drafting invoices: what a plan's item, a shipment or a person asks to be billed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from handsel.commit.order import queries as orders
from handsel.commit.order.models import Order, OrderLine
from handsel.deliver.fulfillment.models import Shipment, ShipmentLine
from handsel.earn.billing import queries
from handsel.earn.billing.actions.writing import LineDraft, write_draft
from handsel.earn.billing.errors import NothingToBill
from handsel.earn.billing.models import BillingPlan, BillingPlanItem, Invoice, InvoicePrepayment
from handsel.earn.billing.rules.drafting import (
    BilledPart,
    Treatment,
    deposit_nets,
    part_of,
)
from handsel.ground.kernel.money import Money
from handsel.ground.platform.actor import Actor


@transaction.atomic
def draft_planned(*, actor: Actor, now: datetime, item_id: int) -> Invoice:
    """The draft of a plan's item: all lines, a deposit, or the final invoice.

    A second call returns the draft (or invoice) that exists.
    """
    item = BillingPlanItem.objects.select_for_update().select_related("plan").get(pk=item_id)
    present = _live_invoice(item)
    if present is not None:
        return present
    order = orders.get_order(actor, item.plan.order_id)
    siblings = queries.items_of(item.plan_id)
    is_last = item.position == siblings[-1].position
    if item.plan.method == "on_order" or (is_last and len(siblings) == 1):
        invoice = _draft_rest(actor, now, order, item, "invoice")
    elif is_last:
        invoice = _draft_final(actor, now, order, item)
    else:
        invoice = _draft_deposit(actor, now, order, item, siblings)
    BillingPlanItem.objects.filter(pk=item.pk, state="waiting").update(state="due", due_at=now)
    return invoice


def _live_invoice(item: BillingPlanItem) -> Invoice | None:
    live = Invoice.objects.filter(plan_item=item).exclude(state="discarded")
    return live.exclude(kind="credit_note").first()


@transaction.atomic
def draft_for_shipment(*, actor: Actor, now: datetime, shipment_id: int) -> Invoice | None:
    """The draft for what a shipment carried, for orders billed on shipment; None for others."""
    shipment = Shipment.objects.select_related("order").get(pk=shipment_id)
    plan = (
        BillingPlan.objects.select_for_update()
        .filter(order_id=shipment.order_id, method="on_shipment")
        .first()
    )
    if plan is None:
        return None
    present = BillingPlanItem.objects.filter(plan=plan, shipment=shipment).first()
    if present is not None:
        return _live_invoice(present)
    order = orders.get_order(actor, shipment.order_id)
    drafts = _shipped_parts(order, shipment)
    item = BillingPlanItem.objects.create(
        plan=plan,
        position=BillingPlanItem.objects.filter(plan=plan).count(),
        trigger="on_shipment",
        net_minor=sum(draft.net.amount_minor for draft in drafts),
        state="due",
        due_at=now,
        shipment=shipment,
    )
    return write_draft(
        actor=actor,
        now=now,
        order=order,
        kind="invoice",
        lines=drafts,
        item=item,
        supplied=(shipment.shipped_on, shipment.shipped_on),
    )


def _shipped_parts(order: Order, shipment: Shipment) -> list[LineDraft]:
    sold = {line.order_line_id: line for line in queries.sold_lines(order.pk)}
    before = queries.billed_quantities(order.pk)
    lines = ShipmentLine.objects.filter(shipment=shipment).select_related("order_line__product")
    return [
        _line_draft(
            shipped.order_line,
            part_of(
                sold[shipped.order_line_id],
                before=before.get(shipped.order_line_id, Decimal(0)),
                quantity=shipped.quantity,
            ),
            shipment_line_id=shipped.pk,
        )
        for shipped in lines.order_by("order_line__position")
    ]


@transaction.atomic
def draft_by_hand(*, actor: Actor, now: datetime, order_id: int) -> Invoice:
    """A draft of everything of an order that no invoice carries yet."""
    order = orders.get_order(actor, order_id)
    BillingPlan.objects.select_for_update().get(order=order)
    return _draft_rest(actor, now, order, None, "invoice")


def _draft_rest(
    actor: Actor, now: datetime, order: Order, item: BillingPlanItem | None, kind: str
) -> Invoice:
    return write_draft(
        actor=actor,
        now=now,
        order=order,
        kind=kind,
        lines=_rest(order),
        item=item,
        supplied=_supplied(order),
    )


def _rest(order: Order) -> list[LineDraft]:
    before = queries.billed_quantities(order.pk)
    ordered = {line.pk: line for line in orders.lines_of(order.pk)}
    drafts = []
    for sold in queries.sold_lines(order.pk):
        billed = before.get(sold.order_line_id, Decimal(0))
        if sold.quantity > billed:
            part = part_of(sold, before=billed, quantity=sold.quantity - billed)
            drafts.append(_line_draft(ordered[sold.order_line_id], part))
    if not drafts:
        raise NothingToBill(f"everything of order {order.number} is on an invoice already")
    return drafts


def _line_draft(
    line: OrderLine, part: BilledPart, *, shipment_line_id: int | None = None
) -> LineDraft:
    return LineDraft(
        order_line_id=line.pk,
        shipment_line_id=shipment_line_id,
        sku=line.product.sku,
        name=line.name,
        description=line.description,
        quantity=part.quantity,
        unit=line.unit,
        unit_price=line.list_price,
        net=part.net,
        treatment=part.treatment,
    )


def _draft_deposit(
    actor: Actor,
    now: datetime,
    order: Order,
    item: BillingPlanItem,
    siblings: Sequence[BillingPlanItem],
) -> Invoice:
    shares = [sibling.share_bps or 0 for sibling in siblings]
    percent = f"{Decimal(item.share_bps or 0) / 100:f}".rstrip("0").rstrip(".")
    nets = deposit_nets(queries.sold_lines(order.pk), shares, item.position)
    drafts = [
        _deposit_line(order, treatment, net, percent) for treatment, net in nets if net.amount_minor
    ]
    return write_draft(
        actor=actor, now=now, order=order, kind="deposit", lines=drafts, item=item, supplied=None
    )


def _deposit_line(order: Order, treatment: Treatment, net: Money, percent: str) -> LineDraft:
    texts = {"de": f"Anzahlung {percent} % auf Auftrag {order.number}"}
    return LineDraft(
        order_line_id=None,
        shipment_line_id=None,
        sku="",
        name=texts.get(order.language, f"Deposit of {percent} % on order {order.number}"),
        description="",
        quantity=Decimal(1),
        unit="piece",
        unit_price=net.amount,
        net=net,
        treatment=treatment,
    )


def _draft_final(actor: Actor, now: datetime, order: Order, item: BillingPlanItem) -> Invoice:
    deposits = _deductible(item.plan_id)
    invoice = write_draft(
        actor=actor,
        now=now,
        order=order,
        kind="final",
        lines=_rest(order),
        item=item,
        supplied=_supplied(order),
        prepaid_minor=sum(deposit.gross_minor for deposit in deposits),
    )
    InvoicePrepayment.objects.bulk_create(
        InvoicePrepayment(
            final=invoice,
            deposit=deposit,
            net_minor=deposit.net_minor,
            tax_minor=deposit.tax_minor,
        )
        for deposit in deposits
    )
    return invoice


def _deductible(plan_id: int) -> list[Invoice]:
    """Issued deposits of a plan that were not credited and not deducted before."""
    credited = Invoice.objects.filter(kind="credit_note", state="issued", corrects__isnull=False)
    deducted = InvoicePrepayment.objects.exclude(final__state="discarded").values("deposit_id")
    return list(
        Invoice.objects.filter(plan_item__plan_id=plan_id, kind="deposit", state="issued")
        .exclude(pk__in=credited.values("corrects_id"))
        .exclude(pk__in=deducted)
        .order_by("pk")
    )


def _supplied(order: Order) -> tuple[date, date] | None:
    days: Any = Shipment.objects.filter(order=order).order_by("shipped_on")
    dates = list(days.values_list("shipped_on", flat=True))
    return (dates[0], dates[-1]) if dates else None
