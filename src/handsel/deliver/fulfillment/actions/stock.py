"""Stock comes in, and is counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from handsel.bid.catalog import queries as catalog
from handsel.deliver.fulfillment import queries
from handsel.deliver.fulfillment.actions import shelf
from handsel.deliver.fulfillment.errors import NotStocked, QuantityInvalid, WarehouseInvalid
from handsel.deliver.fulfillment.events import ReservationsReleased, StockReceived
from handsel.deliver.fulfillment.models import StockItem, StockMove, Warehouse
from handsel.deliver.fulfillment.rules.counting import cut
from handsel.ground.kernel.free_text import free_text
from handsel.ground.kernel.said import said
from handsel.ground.party import queries as party
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor

ZERO = Decimal(0)
MOST = Decimal(10**12)


@transaction.atomic
def create_warehouse(
    *,
    actor: Actor,
    now: datetime,
    seller_id: int,
    name: str,
    address: Mapping[str, Any] | None = None,
) -> Warehouse:
    """Open a place where a seller keeps stock; the first one is the default.

    `address` has the parts of a postal address (name, street, postcode, city, country).
    """
    seller = party.get_seller(actor, seller_id)
    name = name.strip()
    if not name or len(name) > 100:
        raise WarehouseInvalid("a warehouse needs a name", fields={"name": "1 to 100 characters"})
    if Warehouse.objects.filter(seller=seller, name=name).exists():
        raise WarehouseInvalid(
            said("%(name)s already has a warehouse %(name2)s", name=seller.name, name2=name),
            fields={"name": "a name not taken"},
        )
    return Warehouse.objects.create(seller=seller, name=name, address=dict(address or {}))


@transaction.atomic
def receive_stock(
    *,
    actor: Actor,
    now: datetime,
    warehouse_id: int,
    product_id: int,
    quantity: Decimal,
    note: str = "",
) -> StockItem:
    """Put stock on the shelf; released orders that wait for it are served at once.

    `quantity` is in the product's unit and above zero. Raises NotStocked for a product that is not
    kept in stock.
    """
    _check(quantity, at_least_one=True)
    warehouse = queries.get_warehouse(actor, warehouse_id)
    item, items = _hold(actor, warehouse, product_id)
    item.on_hand += quantity
    _move(actor, now, item, quantity, "receipt", note)
    shelf.put_back([item])
    shelf.serve_waiting(actor, now, warehouse.seller_id, items)
    return item


@transaction.atomic
def count_stock(
    *,
    actor: Actor,
    now: datetime,
    warehouse_id: int,
    product_id: int,
    counted: Decimal,
    note: str = "",
) -> StockItem:
    """Set the stock to what was counted, by a move of the difference.

    Less than was promised takes the newest promises back (their orders are short again); more
    serves who waits. A count that agrees writes nothing.
    """
    _check(counted, at_least_one=False)
    warehouse = queries.get_warehouse(actor, warehouse_id)
    item, items = _hold(actor, warehouse, product_id)
    difference = counted - item.on_hand
    if difference == ZERO:
        return item
    if counted < item.reserved:
        _take_back(actor, now, item, item.reserved - counted)
    item.on_hand = counted
    _move(actor, now, item, difference, "count", note)
    shelf.put_back([item])
    shelf.serve_waiting(actor, now, warehouse.seller_id, items)
    return item


def _check(quantity: Decimal, *, at_least_one: bool) -> None:
    good = quantity.is_finite() and ZERO <= quantity < MOST
    if not good or (at_least_one and quantity == ZERO):
        least = "more than zero" if at_least_one else "zero or more"
        raise QuantityInvalid(
            said("%(quantity)s is not a quantity of stock", quantity=quantity),
            fields={"quantity": said("expected %(least)s", least=least)},
        )
    if quantity != round(quantity, 6):
        raise QuantityInvalid("too many decimals", fields={"quantity": "at most six decimals"})


def _hold(actor: Actor, warehouse: Warehouse, product_id: int) -> tuple[StockItem, list[StockItem]]:
    """The item in this warehouse and all held items of the product."""
    product = catalog.get_product(actor, product_id)
    if not product.is_stocked:
        raise NotStocked(said("%(product)s is not kept in stock", product=product))
    StockItem.objects.bulk_create(
        [StockItem(warehouse=warehouse, product=product)], ignore_conflicts=True
    )
    items = shelf.hold_items(warehouse.seller_id, [product_id])
    return next(item for item in items if item.warehouse_id == warehouse.pk), items


def _move(
    actor: Actor, now: datetime, item: StockItem, quantity: Decimal, reason: str, note: str
) -> None:
    StockMove.objects.create(
        stock_item=item,
        quantity=quantity,
        reason=reason,
        note=free_text(note, field="note", longest=200),
        moved_at=now,
        moved_by_id=actor.user_id,
    )
    event = StockReceived(item.pk, item.product_id, quantity, reason)
    log.announce(event, actor=actor, now=now)


def _take_back(actor: Actor, now: datetime, item: StockItem, excess: Decimal) -> None:
    """End the newest promises of a held item until `excess` less is promised."""
    promised = {r.pk: r for r in queries.open_reservations_of(item.pk)}
    cuts = cut([(key, r.quantity) for key, r in promised.items()], excess)
    by_order: dict[int, list[int]] = defaultdict(list)
    endings = shelf.Endings(now)
    for key, quantity in cuts:
        reservation = promised[key]
        endings.end(reservation, quantity, state="released")
        item.reserved -= quantity
        by_order[reservation.order_line.order_id].append(key)
    endings.write()
    for order_id, keys in sorted(by_order.items()):
        event = ReservationsReleased(order_id, tuple(keys), "a count found less than was promised")
        log.announce(event, actor=actor, now=now)
