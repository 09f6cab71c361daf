"""Drafting invoices: what a plan's item, a shipment or a person asks to be billed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from handsel.commit.order import queries as orders
from handsel.commit.order.models import Order, OrderLine
from handsel.deliver.fulfillment.errors import ShipmentMissing
from handsel.deliver.fulfillment.models import Shipment, ShipmentLine
from handsel.earn.billing import queries
from handsel.earn.billing.actions.deposits import (
    deduct_deposits,
    lock_plan,
    lock_plan_on_shipment,
    refuse_after_final,
)
from handsel.earn.billing.actions.writing import LineDraft, write_draft
from handsel.earn.billing.errors import NothingToBill
from handsel.earn.billing.models import BillingPlan, BillingPlanItem, Invoice
from handsel.earn.billing.rules.drafting import (
    BilledPart,
    SoFar,
    Treatment,
    deposit_nets,
    part_of,
)
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import said
from handsel.ground.platform import at_hand
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.joined import joined

_DEPOSIT = {
    "en": "Deposit of {percent} % on order {number}",
    "de": "Anzahlung {percent} % auf Auftrag {number}",
}


@transaction.atomic
def draft_planned(*, actor: Actor, now: datetime, item_id: int) -> Invoice:
    """The draft of a plan's item: all lines, a deposit, the final invoice, or a shipment's.

    A second call returns the draft (or invoice) that exists. Raises PlanMissing for an item that
    is not the actor's, NothingToBill for a deposit after the final invoice.
    """
    item = queries.get_plan_item(actor, item_id)
    plan = lock_plan(item.plan_id)
    present = _live_invoice(item)
    if present is not None:
        return present
    order = _billable(actor, plan.order_id)
    if item.shipment is not None:
        drafts = _shipped_parts(order, item.shipment)
        invoice = _draft_shipped(actor, now, order, item.shipment, item, drafts)
    else:
        invoice = _draft_item(actor, now, order, item, queries.items_of(plan.pk))
    BillingPlanItem.objects.filter(pk=item.pk, state="waiting").update(state="due", due_at=now)
    return invoice


def _billable(actor: Actor, order_id: int) -> Order:
    order = orders.get_order(actor, order_id)
    if order.state == "cancelled":
        raise NothingToBill(said("order %(number)s is cancelled", number=order.number))
    return order


def _draft_item(
    actor: Actor,
    now: datetime,
    order: Order,
    item: BillingPlanItem,
    siblings: Sequence[BillingPlanItem],
) -> Invoice:
    if len(siblings) == 1:
        return _draft_rest(actor, now, order, item, "invoice")
    if item.position == siblings[-1].position:
        final = _draft_rest(actor, now, order, item, "final")
        deduct_deposits(final)
        return final
    refuse_after_final(item.plan_id)
    return _draft_deposit(actor, now, order, item, siblings)


def _live_invoice(item: BillingPlanItem) -> Invoice | None:
    live = Invoice.objects.filter(plan_item=item).exclude(state="discarded")
    return live.exclude(kind="credit_note").first()


@joined
def draft_for_shipment(*, actor: Actor, now: datetime, shipment_id: int) -> Invoice | None:
    """The draft for what a shipment carried, for orders billed on shipment; None for others."""
    shipment = _shipment(actor, shipment_id)
    order = shipment.order
    plan = lock_plan_on_shipment(order.pk)
    if plan is None:
        return None
    items = queries.items_of(plan.pk)
    item = next((one for one in items if one.shipment_id == shipment_id), None)
    present = _live_invoice(item) if item is not None else None
    if present is not None:
        return present
    drafts = _shipped_parts(order, shipment)
    if not drafts:
        return None
    item = item or _new_item(plan, len(items), shipment, drafts, now)
    return _draft_shipped(actor, now, order, shipment, item, drafts)


def _shipment(actor: Actor, shipment_id: int) -> Shipment:
    """A shipment with its order, seller and customer."""
    present = at_hand.one(Shipment, shipment_id)
    if present is not None and present.seller_id in actor.seller_ids:
        return present
    related = Shipment.objects.select_related("order__organization", "order__seller")
    found = related.filter(pk=shipment_id, seller_id__in=actor.seller_ids).first()
    if found is None:
        raise ShipmentMissing("this shipment does not exist")
    return found


def _new_item(
    plan: BillingPlan, position: int, shipment: Shipment, drafts: list[LineDraft], now: datetime
) -> BillingPlanItem:
    return BillingPlanItem.objects.create(
        plan=plan,
        position=position,
        trigger="on_shipment",
        net_minor=sum(draft.net.amount_minor for draft in drafts),
        state="due",
        due_at=now,
        shipment=shipment,
    )


def _draft_shipped(
    actor: Actor,
    now: datetime,
    order: Order,
    shipment: Shipment,
    item: BillingPlanItem,
    drafts: list[LineDraft],
) -> Invoice:
    if not drafts:
        raise NothingToBill(
            said("what shipment %(shipment)s carried is on an invoice already", shipment=shipment)
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
    """What a shipment carried, as far as no invoice bills it: somebody may have billed ahead."""
    billed = queries.billed_so_far(order.pk)
    shipped = queries.shipped_quantities(order.pk)
    drafts = []
    for line in _carried(shipment):
        key = line.order_line_id
        before = billed.get(key, SoFar())
        quantity = min(line.quantity, shipped[key] - before.quantity)
        if quantity > 0:
            sold = queries.sold_line(line.order_line, order.currency)
            part = part_of(sold, before=before, quantity=quantity)
            drafts.append(_line_draft(line.order_line, part, shipment_line_id=line.pk))
    return drafts


def _carried(shipment: Shipment) -> list[ShipmentLine]:
    lines = at_hand.every(ShipmentLine, "shipment_id", shipment.pk)
    if not lines:
        rows = ShipmentLine.objects.filter(shipment=shipment)
        lines = list(rows.select_related("order_line__product"))
    return sorted(lines, key=lambda line: line.order_line.position)


@transaction.atomic
def draft_by_hand(*, actor: Actor, now: datetime, order_id: int) -> Invoice:
    """A draft of everything of an order that no invoice carries, or that was credited again.

    Raises PlanMissing before the release, NothingToBill when everything is billed.
    """
    plan = lock_plan(queries.get_plan(actor, order_id).pk)
    order = _billable(actor, order_id)
    if plan.method == "shares" and not Invoice.objects.filter(
        plan_item__plan=plan, kind="final", state="issued"
    ):
        raise NothingToBill("this order is billed in shares; draft the next item of its plan")
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
    before = queries.billed_so_far(order.pk, less_credits=True)
    ordered = {line.pk: line for line in orders.lines_of(order.pk)}
    drafts = []
    for sold in queries.sold_lines(order.pk):
        billed = before.get(sold.order_line_id, SoFar())
        if sold.quantity > billed.quantity:
            part = part_of(sold, before=billed, quantity=sold.quantity - billed.quantity)
            drafts.append(_line_draft(ordered[sold.order_line_id], part))
    if not drafts:
        raise NothingToBill(
            said("everything of order %(number)s is on an invoice already", number=order.number)
        )
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
    percent = f"{(Decimal(item.share_bps or 0) / 100).normalize():f}"
    nets = deposit_nets(queries.sold_lines(order.pk), shares, item.position)
    drafts = [
        _deposit_line(order, treatment, net, percent) for treatment, net in nets if net.amount_minor
    ]
    return write_draft(
        actor=actor, now=now, order=order, kind="deposit", lines=drafts, item=item, supplied=None
    )


def _deposit_line(order: Order, treatment: Treatment, net: Money, percent: str) -> LineDraft:
    text = _DEPOSIT.get(order.language[:2], _DEPOSIT["en"])
    return LineDraft(
        order_line_id=None,
        shipment_line_id=None,
        sku="",
        name=text.format(percent=percent, number=order.number),
        description="",
        quantity=Decimal(1),
        unit="piece",
        unit_price=net.amount,
        net=net,
        treatment=treatment,
    )


def _supplied(order: Order) -> tuple[date, date] | None:
    shipped = Shipment.objects.filter(order=order).order_by("shipped_on")
    dates = list(shipped.values_list("shipped_on", flat=True))
    return (dates[0], dates[-1]) if dates else None
