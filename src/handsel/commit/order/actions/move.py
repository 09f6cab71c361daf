"""From placed to released to completed; or cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from handsel.commit.order import queries
from handsel.commit.order.actions.hold import reason_of
from handsel.commit.order.errors import OrderHeldBack, OrderUnchecked
from handsel.commit.order.events import OrderCancelled, OrderCompleted, OrderReleased
from handsel.commit.order.models import Order, OrderLine
from handsel.commit.order.rules.desk import stops
from handsel.commit.order.rules.transitions import ORDER_STATES
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import said
from handsel.ground.platform import jobs, log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.conditional import change_state

CONFIRM_JOB = "order.confirm"


@transaction.atomic
def release_order(*, actor: Actor, now: datetime, order_id: int) -> Order:
    """Let an order go on to delivery and billing; the confirmation follows after commit.

    Refused while a hold is open (OrderHeldBack), when a check of the desk says stop
    (OrderUnchecked), and when it is no longer waiting at the desk.
    """
    order = queries.locked_order(actor, order_id)
    # The state first: a second click must hear that it is done, not what the checks would say now.
    _move(order, "released", released_at=now, released_by_id=actor.user_id)
    lines = queries.lines_of(order.pk)
    _check(order, lines, now)
    event = OrderReleased(
        order.pk,
        order.organization_id,
        Money(order.net_minor, order.currency),
        Money(order.gross_minor, order.currency),
    )
    log.announce(event, actor=actor, now=now, at_hand=[order, *lines])
    jobs.enqueue(CONFIRM_JOB, order_id=order.pk)
    return order


def _check(order: Order, lines: Sequence[OrderLine], now: datetime) -> None:
    holds = queries.open_holds(order.pk)
    if holds:
        reasons = "; ".join(f"{hold.kind}: {hold.reason}" for hold in holds)
        raise OrderHeldBack(
            said("order %(number)s is on hold: %(reasons)s", number=order.number, reasons=reasons)
        )
    today = local_date(now, order.seller.time_zone)
    found = stops(queries.desk_findings(order, today=today, lines=lines))
    if found:
        texts = "; ".join(finding.text for finding in found)
        raise OrderUnchecked(
            said("order %(number)s cannot be released: %(texts)s", number=order.number, texts=texts)
        )


@transaction.atomic
def complete_order(*, actor: Actor, now: datetime, order_id: int) -> None:
    """Everything was delivered (called when the last delivery is confirmed)."""
    order = queries.locked_order(actor, order_id)
    _move(order, "completed")
    log.announce(OrderCompleted(order.pk), actor=actor, now=now)


@transaction.atomic
def cancel_order(*, actor: Actor, now: datetime, order_id: int, reason: str) -> Order:
    """Take an order back; listeners free what it held, or refuse once something was delivered."""
    order = queries.locked_order(actor, order_id)
    kept = reason_of(reason, longest=200)
    _move(order, "cancelled", cancelled_at=now, cancelled_reason=kept)
    log.announce(OrderCancelled(order.pk, kept), actor=actor, now=now)
    return order


def _move(order: Order, to: str, **also: Any) -> None:
    """Move the row by one conditional statement, then the order in memory."""
    change_state(Order, order.pk, to=to, allowed=ORDER_STATES, code="order_state", **also)
    for field, value in {"state": to, **also}.items():
        setattr(order, field, value)
