"""What billing hears: a released order is planned, a shipment billed, a cancelled one is not."""

from __future__ import annotations

from datetime import datetime

from handsel.commit.order.events import OrderCancelled, OrderReleased
from handsel.deliver.fulfillment.events import ShipmentDelivered, ShipmentShipped
from handsel.earn.billing import actions, queries
from handsel.earn.billing.models import BillingPlan
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.dispatch import listener


@listener(OrderReleased)
def plan_released(event: OrderReleased, *, actor: Actor, now: datetime) -> None:
    """Plan the billing of a released order and draft what is due with it."""
    plan = actions.plan_billing(actor=actor, now=now, order_id=event.order_id)
    _draft_due(plan, "on_order", actor, now)


@listener(OrderCancelled)
def stop_billing(event: OrderCancelled, *, actor: Actor, now: datetime) -> None:
    """Discard what waits; an order with standing invoices is not cancelled."""
    actions.cancel_billing(actor=actor, now=now, order_id=event.order_id)


@listener(ShipmentShipped)
def bill_shipment(event: ShipmentShipped, *, actor: Actor, now: datetime) -> None:
    """Draft what shipped, or the deposit that was waiting for the first shipment."""
    drafted = actions.draft_for_shipment(actor=actor, now=now, shipment_id=event.shipment_id)
    if drafted is not None:
        return
    plan = BillingPlan.objects.filter(order_id=event.order_id, method="shares").first()
    if plan is not None:
        _draft_due(plan, "on_shipment", actor, now)


@listener(ShipmentDelivered)
def bill_delivery(event: ShipmentDelivered, *, actor: Actor, now: datetime) -> None:
    """Draft the final invoice when the last delivery is confirmed."""
    plan = BillingPlan.objects.filter(order_id=event.order_id, method="shares").first()
    if plan is not None and event.is_last:
        _draft_due(plan, "on_delivery", actor, now)


def _draft_due(plan: BillingPlan, trigger: str, actor: Actor, now: datetime) -> None:
    for item in queries.items_of(plan.pk):
        if item.trigger == trigger and item.state == "waiting":
            actions.draft_planned(actor=actor, now=now, item_id=item.pk)
