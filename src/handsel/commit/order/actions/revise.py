"""Complete an order before its release."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from handsel.commit.order import queries
from handsel.commit.order.errors import ChangesInvalid, OrderStateRefused
from handsel.commit.order.events import OrderRevised
from handsel.commit.order.models import Order
from handsel.commit.order.rules.revision import Changes, full_address, problems_of
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor


@transaction.atomic
def revise_order(*, actor: Actor, now: datetime, order_id: int, changes: Changes) -> Order:
    """Complete what the desk may complete before release; prices are never among it.

    Raises ChangesInvalid naming the fields, and OrderStateRefused once it is released. Nothing is
    written or told where nothing changes.
    """
    order = queries.locked_order(actor, order_id)
    if order.state != "placed":
        raise OrderStateRefused(
            said(
                "order %(number)s is %(state)s and no longer edited",
                number=order.number,
                state=order.state,
            )
        )
    problems = problems_of(changes)
    if problems:
        raise ChangesInvalid("what is marked cannot be kept on an order", fields=problems)
    changed = [field for field, value in _kept(changes).items() if _set(order, field, value)]
    if changed:
        order.save(update_fields=changed)
        log.announce(OrderRevised(order.pk, tuple(sorted(changed))), actor=actor, now=now)
    return order


def _kept(changes: Changes) -> dict[str, object]:
    kept: dict[str, object] = {}
    for field, value in changes.items():
        if isinstance(value, str):
            kept[field] = value.strip()
        elif field in ("bill_to", "ship_to"):
            kept[field] = full_address(changes[field])  # type: ignore[literal-required]
        else:
            kept[field] = value
    return kept


def _set(order: Order, field: str, value: object) -> bool:
    if getattr(order, field) == value:
        return False
    setattr(order, field, value)
    return True
