"""What the warehouse hears: an order is released, or taken back."""

from __future__ import annotations

from datetime import datetime

from handsel.commit.order.events import OrderCancelled, OrderReleased
from handsel.deliver.fulfillment import actions
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.dispatch import listener


@listener(OrderReleased)
def reserve(event: OrderReleased, *, actor: Actor, now: datetime) -> None:
    """Promise what is in stock in the transaction of the release."""
    actions.reserve_for_order(actor=actor, now=now, order_id=event.order_id)


@listener(OrderCancelled)
def give_back(event: OrderCancelled, *, actor: Actor, now: datetime) -> None:
    """Free what was promised; an order of which something left is not cancelled."""
    actions.release_reservations(
        actor=actor, now=now, order_id=event.order_id, reason="the order was cancelled"
    )
