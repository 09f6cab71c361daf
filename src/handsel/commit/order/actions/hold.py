"""Stop an order for a reason, and let it go on for one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from handsel.commit.order import queries
from handsel.commit.order.errors import (
    HoldKindUnknown,
    HoldMissing,
    OrderStateRefused,
    ReasonMissing,
)
from handsel.commit.order.events import OrderHeld, OrderHoldReleased
from handsel.commit.order.models import Order, OrderHold
from handsel.commit.order.rules.transitions import HOLD_KINDS
from handsel.ground.kernel.free_text import one_sentence
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor


@transaction.atomic
def hold_order(*, actor: Actor, now: datetime, order_id: int, kind: str, reason: str) -> OrderHold:
    """Stop an order for a reason; kinds are credit, price, document, deposit and manual.

    A held order is neither released nor shipped. Raises HoldKindUnknown, ReasonMissing, and
    OrderStateRefused for an order that is completed or cancelled.
    """
    order = queries.locked_order(actor, order_id)
    if order.state not in ("placed", "released"):
        raise OrderStateRefused(
            said(
                "order %(number)s is %(state)s; there is nothing to hold",
                number=order.number,
                state=order.state,
            )
        )
    if kind not in HOLD_KINDS:
        raise HoldKindUnknown(
            said("%(kind)s is no kind of hold", kind=repr(kind)),
            fields={"kind": said("one of %(hold_kinds)s", hold_kinds=", ".join(HOLD_KINDS))},
        )
    return write_hold(actor, now, order, kind, reason_of(reason), source="hand")


def write_hold(
    actor: Actor, now: datetime, order: Order, kind: str, reason: str, *, source: str
) -> OrderHold:
    """Keep a hold of a locked order and tell of it; `source` is hand, credit or match."""
    hold = OrderHold.objects.create(
        order=order,
        kind=kind,
        source=source,
        reason=reason[:300],
        placed_at=now,
        placed_by_id=actor.user_id,
    )
    log.announce(OrderHeld(order.pk, hold.pk, kind, hold.reason), actor=actor, now=now)
    return hold


@transaction.atomic
def release_hold(
    *, actor: Actor, now: datetime, order_id: int, hold_id: int, reason: str
) -> OrderHold:
    """End a hold, with the reason kept beside the one it was placed for.

    Raises HoldMissing when the order has no such open hold, and ReasonMissing.
    """
    order = queries.locked_order(actor, order_id)
    return end_hold(actor, now, order, hold_id, reason_of(reason))


def end_hold(actor: Actor, now: datetime, order: Order, hold_id: int, reason: str) -> OrderHold:
    """End a hold of a locked order and tell of it."""
    changed = OrderHold.objects.filter(pk=hold_id, order=order, released_at=None).update(
        released_at=now, released_by_id=actor.user_id, release_reason=reason
    )
    if changed != 1:
        raise HoldMissing(said("order %(number)s has no such open hold", number=order.number))
    hold = OrderHold.objects.get(pk=hold_id)
    event = OrderHoldReleased(order.pk, hold.pk, hold.kind, hold.release_reason)
    log.announce(event, actor=actor, now=now)
    return hold


def reason_of(text: str, *, longest: int = 300) -> str:
    """A reason as it is kept; raises ReasonMissing for an empty one, Invalid for a long one."""
    reason = one_sentence(text, field="reason", longest=longest)
    if not reason:
        raise ReasonMissing("a reason is needed", fields={"reason": "why, in a few words"})
    return reason
