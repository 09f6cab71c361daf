"""Planning when what of an order is billed."""

from __future__ import annotations

from datetime import datetime

from handsel.commit.order import queries as orders
from handsel.commit.order.models import Order
from handsel.earn.billing.events import BillingPlanned
from handsel.earn.billing.models import BillingPlan, BillingPlanItem
from handsel.earn.billing.rules.plan import plan_items
from handsel.ground.kernel.money import Money
from handsel.ground.platform import at_hand, log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.joined import joined
from handsel.ground.platform.reading import first_row


@joined
def plan_billing(*, actor: Actor, now: datetime, order_id: int) -> BillingPlan:
    """The billing plan of a released order; a second call returns the one that exists."""
    order = at_hand.one(Order, order_id) or orders.get_order(actor, order_id)
    present = first_row(BillingPlan, "order_id = %s", [order.pk])
    if present is not None:
        return present
    net = Money(order.net_minor, order.currency)
    plan = BillingPlan.objects.create(
        order=order,
        seller=order.seller,
        method=order.billing_method,
        currency=order.currency,
        net_minor=net.amount_minor,
        created_at=now,
    )
    BillingPlanItem.objects.bulk_create(
        BillingPlanItem(
            plan=plan,
            position=place,
            trigger=item.trigger,
            share_bps=item.share_bps,
            net_minor=item.net.amount_minor,
        )
        for place, item in enumerate(plan_items(order.billing_method, order.billing_shares, net))
    )
    log.announce(BillingPlanned(plan.pk, order.pk, net), actor=actor, now=now)
    return plan
