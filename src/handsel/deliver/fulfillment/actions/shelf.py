"""What several actions do with locked stock items; nothing here takes a lock on an order.

*Held* items are those whose rows this transaction has locked. Their `on_hand` and `reserved` in
memory are true until commit, and every change is written through `put_back`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import connection

from handsel.commit.order.models import Order
from handsel.deliver.fulfillment import queries
from handsel.deliver.fulfillment.events import StockReserved
from handsel.deliver.fulfillment.models import Reservation, StockItem
from handsel.deliver.fulfillment.rules.allocation import Demand, Supply, allocate
from handsel.deliver.fulfillment.rules.loading import LineState
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.reading import all_rows

ZERO = Decimal(0)


def hold_items(seller_id: int, product_ids: Iterable[int]) -> list[StockItem]:
    """Lock all stock items of these products at a seller, in order of their keys.

    A product without a stock item gets one (empty) in the seller's first warehouse, so that there
    is always a row to queue at: a receipt and a reservation at the same instant see each other.
    """
    wanted = sorted(set(product_ids))
    first = queries.default_warehouse(seller_id) if wanted else None
    if first is None:
        return []
    items = _lock(seller_id, wanted)
    missing = set(wanted) - {i.product_id for i in items if i.warehouse_id == first.pk}
    if not missing:
        return items
    StockItem.objects.bulk_create(
        (StockItem(warehouse=first, product_id=product_id) for product_id in sorted(missing)),
        ignore_conflicts=True,
    )
    return _lock(seller_id, wanted)


_OF_SELLER = """
    warehouse_id IN (SELECT id FROM fulfillment_warehouse WHERE seller_id = %s)
    AND product_id = ANY(%s::bigint[])
    ORDER BY id
"""


def _lock(seller_id: int, product_ids: Sequence[int]) -> list[StockItem]:
    return all_rows(StockItem, _OF_SELLER, [seller_id, list(product_ids)], lock="FOR NO KEY UPDATE")


_PUT_BACK = """
    UPDATE fulfillment_stockitem AS item
    SET on_hand = kept.on_hand, reserved = kept.reserved
    FROM unnest(%s::bigint[], %s::numeric[], %s::numeric[]) AS kept (id, on_hand, reserved)
    WHERE item.id = kept.id
"""


def put_back(items: Iterable[StockItem]) -> None:
    """Write the balances of held items."""
    kept = list(items)
    if kept:
        columns = [[getattr(i, name) for i in kept] for name in ("pk", "on_hand", "reserved")]
        with connection.cursor() as cursor:
            cursor.execute(_PUT_BACK, columns)


def promise_stock(
    lines: Sequence[LineState], items: Sequence[StockItem], now: datetime
) -> list[Reservation]:
    """Reserve what held items can give to the lines of one order, in part where need be."""
    demands = [
        Demand(line.line_id, line.product_id, line.wanted_stock)
        for line in lines
        if line.wanted_stock > ZERO
    ]
    supplies = [
        Supply(item.pk, item.warehouse_id, item.product_id, item.on_hand - item.reserved)
        for item in items
    ]
    allotments = allocate(demands, supplies)
    if not allotments:
        return []
    by_key = {item.pk: item for item in items}
    for allotment in allotments:
        by_key[allotment.stock_item_id].reserved += allotment.quantity
    put_back(by_key[key] for key in {a.stock_item_id for a in allotments})
    return Reservation.objects.bulk_create(
        Reservation(
            stock_item_id=allotment.stock_item_id,
            order_line_id=allotment.line_id,
            quantity=allotment.quantity,
            reserved_at=now,
        )
        for allotment in allotments
    )


_END = """
    UPDATE fulfillment_reservation AS row
    SET quantity = kept.quantity, state = kept.state, ended_at = kept.ended_at
    FROM unnest(%s::bigint[], %s::numeric[], %s::text[], %s::timestamptz[])
        AS kept (id, quantity, state, ended_at)
    WHERE row.id = kept.id
"""


class Endings:
    """Reservations that end, in whole or part: in memory first, then written with two statements.

    What is left of a reservation stays open under its key; the part that ended becomes a row.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._changed: dict[int, Reservation] = {}
        self._parts: list[Reservation] = []

    def end(self, reservation: Reservation, quantity: Decimal, *, state: str) -> None:
        """End so much of an open reservation as `shipped` or `released`."""
        self._changed[reservation.pk] = reservation
        if quantity >= reservation.quantity:
            reservation.state, reservation.ended_at = state, self._now
            return
        reservation.quantity -= quantity
        part = Reservation(
            stock_item_id=reservation.stock_item_id,
            order_line_id=reservation.order_line_id,
            quantity=quantity,
            state=state,
            reserved_at=reservation.reserved_at,
            ended_at=self._now,
        )
        self._parts.append(part)

    def write(self) -> None:
        """Keep what has ended."""
        changed = self._changed.values()
        if changed:
            names = ("pk", "quantity", "state", "ended_at")
            columns = [[getattr(row, name) for row in changed] for name in names]
            with connection.cursor() as cursor:
                cursor.execute(_END, columns)
        Reservation.objects.bulk_create(self._parts)


def covers(lines: Sequence[LineState], reservations: Sequence[Reservation]) -> bool:
    """Whether these new reservations leave no line of the order short."""
    added: dict[int, Decimal] = {}
    for reservation in reservations:
        key = reservation.order_line_id
        added[key] = added.get(key, ZERO) + reservation.quantity
    return all(line.wanted_stock <= added.get(line.line_id, ZERO) for line in lines)


def announce_reserved(
    actor: Actor,
    now: datetime,
    order_id: int,
    lines: Sequence[LineState],
    reservations: Sequence[Reservation],
) -> None:
    """Tell of new reservations, if there are any."""
    if reservations:
        keys = tuple(reservation.pk for reservation in reservations)
        event = StockReserved(order_id, keys, covers(lines, reservations))
        log.announce(event, actor=actor, now=now)


_WAITING = """
    SELECT o.id
    FROM order_order o
    WHERE o.seller_id = %(seller)s AND o.state = 'released' AND o.id <> %(without)s
      AND EXISTS (
        SELECT 1
        FROM order_orderline l JOIN catalog_product p ON p.id = l.product_id
        WHERE l.order_id = o.id AND l.product_id = ANY(%(products)s) AND p.is_stocked
          AND (l.unit <> p.unit OR l.quantity >
                 COALESCE((SELECT sum(s.quantity) FROM fulfillment_shipmentline s
                           WHERE s.order_line_id = l.id), 0)
               + COALESCE((SELECT sum(r.quantity) FROM fulfillment_reservation r
                           WHERE r.order_line_id = l.id AND r.state = 'open'), 0)))
    ORDER BY o.released_at, o.id
"""


def serve_waiting(
    actor: Actor,
    now: datetime,
    seller_id: int,
    items: Sequence[StockItem],
    *,
    without_order_id: int = 0,
) -> None:
    """Give free stock of held items to released orders that wait for it, first come first served.

    Reads the orders without locking them: whatever else would change what they need of these
    products waits for the held items.
    """
    products = sorted({item.product_id for item in items if item.on_hand > item.reserved})
    if not products:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _WAITING, {"seller": seller_id, "products": products, "without": without_order_id}
        )
        keys = [key for (key,) in cursor.fetchall()]
    orders = Order.objects.in_bulk(keys)
    states = queries.line_states([orders[key] for key in keys])
    for key in keys:
        reserved = promise_stock(states[key], items, now)
        announce_reserved(actor, now, key, states[key], reserved)
