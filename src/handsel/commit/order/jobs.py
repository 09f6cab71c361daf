"""Background work of the order desk."""

from __future__ import annotations

from handsel.commit.order import actions
from handsel.commit.order.actions.move import CONFIRM_JOB
from handsel.commit.order.models import Order
from handsel.ground.kernel.clock import SystemClock
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.jobs import job


@job(CONFIRM_JOB)
def confirm(order_id: int) -> None:
    """Write and mail the confirmation, unless the order was taken back meanwhile."""
    order = Order.objects.get(pk=order_id)
    if order.state == "cancelled":
        return
    actor = Actor.system("order desk", seller_ids=[order.seller_id])
    actions.confirm_order(actor=actor, now=SystemClock().now(), order_id=order_id)
