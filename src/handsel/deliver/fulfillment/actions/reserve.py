"""Promise stock to an order, and give it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from handsel.commit.order import queries as orders
from handsel.commit.order.models import OrderLine
from handsel.deliver.fulfillment import queries
from handsel.deliver.fulfillment.actions import shelf
from handsel.deliver.fulfillment.errors import AlreadyShipped, OrderNotReady
from handsel.deliver.fulfillment.events import ReservationsReleased
from handsel.deliver.fulfillment.models import Reservation, ShipmentLine, StockItem
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.joined import joined


@joined
def reserve_for_order(*, actor: Actor, now: datetime, order_id: int) -> list[Reservation]:
    """Reserve what a released order still needs and the stock can give, in part where need be.

    May be called again at any time: it only adds what is missing. Returns the new reservations;
    lines that stay short are served when stock comes in, in the order of release.
    """
    order = orders.locked_order(actor, order_id)
    if order.state != "released":
        raise OrderNotReady(
            said(
                "order %(number)s is %(state)s; stock is kept once released",
                number=order.number,
                state=order.state,
            )
        )
    ordered = orders.lines_of(order_id)
    items = shelf.hold_items(order.seller_id, _stocked(ordered))
    lines = queries.states_of(order, ordered)
    reserved = shelf.promise_stock(lines, items, now)
    shelf.announce_reserved(actor, now, order.pk, lines, reserved)
    return reserved


@transaction.atomic
def release_reservations(*, actor: Actor, now: datetime, order_id: int, reason: str) -> int:
    """Give back all that is promised to an order; who waits for it is served at once.

    Returns how many reservations ended. Raises AlreadyShipped when something of the order has
    left: then it is to be returned, not cancelled.
    """
    order = orders.locked_order(actor, order_id)
    if ShipmentLine.objects.filter(order_line__order_id=order_id).exists():
        raise AlreadyShipped(
            said(
                "part of order %(number)s has been shipped; it cannot be cancelled any more",
                number=order.number,
            )
        )
    items = shelf.hold_items(order.seller_id, _stocked(orders.lines_of(order_id)))
    ended = list(
        Reservation.objects.filter(order_line__order_id=order_id, state="open").order_by("pk")
    )
    if not ended:
        return 0
    Reservation.objects.filter(pk__in=[r.pk for r in ended]).update(state="released", ended_at=now)
    _give_back(items, ended)
    event = ReservationsReleased(order_id, tuple(r.pk for r in ended), reason)
    log.announce(event, actor=actor, now=now)
    shelf.serve_waiting(actor, now, order.seller_id, items, without_order_id=order_id)
    return len(ended)


def _give_back(items: Sequence[StockItem], ended: Sequence[Reservation]) -> None:
    by_key = {item.pk: item for item in items}
    for reservation in ended:
        by_key[reservation.stock_item_id].reserved -= reservation.quantity
    shelf.put_back(by_key[key] for key in {r.stock_item_id for r in ended})


def _stocked(lines: Sequence[OrderLine]) -> list[int]:
    return [line.product_id for line in lines if line.product.is_stocked]
