"""Goods leave, or a service is performed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from handsel.commit.order import queries as orders
from handsel.commit.order.models import Order
from handsel.deliver.fulfillment import queries
from handsel.deliver.fulfillment.actions import shelf
from handsel.deliver.fulfillment.errors import (
    DateInvalid,
    NothingToShip,
    OrderLineMissing,
    OrderNotReady,
    OverDelivery,
    QuantityInvalid,
    StockShort,
)
from handsel.deliver.fulfillment.events import ShipmentShipped
from handsel.deliver.fulfillment.models import (
    Reservation,
    Shipment,
    ShipmentLine,
    StockItem,
    StockMove,
)
from handsel.deliver.fulfillment.rules.counting import cut
from handsel.deliver.fulfillment.rules.loading import (
    LineState,
    all_that_can_go,
    is_all_shipped,
    warehouse_to_ship_from,
)
from handsel.deliver.fulfillment.rules.quantities import in_unit, is_fulfilled, may_ship, remaining
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.free_text import free_text
from handsel.ground.kernel.said import said
from handsel.ground.platform import jobs, log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.numbering import next_number
from handsel.ground.platform.reading import all_rows

ZERO = Decimal(0)
NOTE_JOB = "fulfillment.send_delivery_note"


@dataclass(frozen=True, slots=True)
class _Load:
    """What goes: line by line, from one warehouse (None when nothing of it is kept in stock)."""

    lines: tuple[LineState, ...]
    quantities: Mapping[int, Decimal]
    warehouse_id: int | None

    @property
    def loaded(self) -> list[LineState]:
        return [line for line in self.lines if line.line_id in self.quantities]

    def stock_quantity(self, line: LineState) -> Decimal:
        """What leaves the shelf for a line, in the product's unit."""
        if line.way != "stock":
            return ZERO
        return in_unit(self.quantities[line.line_id], line.unit, line.stock_unit)


@transaction.atomic
def ship(
    *,
    actor: Actor,
    now: datetime,
    order_id: int,
    lines: Mapping[int, Decimal] | None = None,
    warehouse_id: int | None = None,
    carrier: str = "",
    tracking_number: str = "",
    shipped_on: date | None = None,
) -> Shipment:
    """Send off an order in part or whole; the delivery note and the mail follow after commit.

    `lines` maps order lines to quantities in the line's unit; None is everything that can go now:
    the goods that are reserved or need no stock, and the services once no goods are owed. A
    shipment leaves one warehouse (None: the one that holds most of the order); what lies elsewhere
    is another shipment. `shipped_on` is a day in the seller's zone, not after today (the default).

    Refused: an order that is not released or on hold (OrderNotReady), nothing to go
    (NothingToShip), more than is in stock (StockShort) or than the tolerance allows (OverDelivery).
    """
    order = orders.locked_order(actor, order_id)
    _check_order(order)
    day = _check_day(order, shipped_on, now)
    ordered = orders.lines_of(order_id)
    stocked = [line.product_id for line in ordered if line.product.is_stocked]
    items = shelf.hold_items(order.seller_id, stocked)
    load = _choose(actor, queries.states_of(order, ordered), items, lines, warehouse_id)
    _check_quantities(load)
    gave_back = _take_off_shelf(load, items, now)
    shipment = _write(actor, now, order, load, day, carrier, tracking_number)
    by_key = {line.pk: line for line in ordered}
    written = ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, order_line=by_key[key], quantity=quantity)
        for key, quantity in load.quantities.items()
    )
    _write_moves(actor, now, load, items, written)
    if gave_back:
        shelf.serve_waiting(actor, now, order.seller_id, items, without_order_id=order.pk)
    is_last = is_all_shipped(load.lines, load.quantities)
    event = ShipmentShipped(shipment.pk, order.pk, day, is_last)
    log.announce(event, actor=actor, now=now, at_hand=[shipment, *written])
    jobs.enqueue(NOTE_JOB, shipment_id=shipment.pk)
    return shipment


def _check_order(order: Order) -> None:
    if order.state != "released":
        raise OrderNotReady(
            said(
                "order %(number)s is %(state)s; only released ones are shipped",
                number=order.number,
                state=order.state,
            )
        )
    holds = orders.open_holds(order.pk)
    if holds:
        reasons = "; ".join(f"{hold.kind}: {hold.reason}" for hold in holds)
        raise OrderNotReady(
            said("order %(number)s is on hold: %(reasons)s", number=order.number, reasons=reasons)
        )


def _check_day(order: Order, shipped_on: date | None, now: datetime) -> date:
    today = local_date(now, order.seller.time_zone)
    day = shipped_on or today
    if day > today:
        raise DateInvalid(
            said("%(day)s is still to come; what has not left is not shipped", day=day),
            fields={"shipped_on": "today or earlier"},
        )
    placed_on = local_date(order.placed_at, order.seller.time_zone)
    if day < placed_on:
        raise DateInvalid(
            said(
                "order %(number)s was placed on %(placed_on)s, after %(day)s",
                number=order.number,
                placed_on=placed_on,
                day=day,
            ),
            fields={"shipped_on": said("%(placed_on)s or later", placed_on=placed_on)},
        )
    return day


def _choose(
    actor: Actor,
    lines: Sequence[LineState],
    items: Sequence[StockItem],
    wanted: Mapping[int, Decimal] | None,
    warehouse_id: int | None,
) -> _Load:
    if warehouse_id is not None:
        queries.get_warehouse(actor, warehouse_id)
    if wanted is None:
        warehouse_id = warehouse_id or warehouse_to_ship_from(lines)
        quantities = all_that_can_go(lines, warehouse_id)
    else:
        quantities = _asked(lines, wanted)
        named = [line for line in lines if line.line_id in quantities]
        warehouse_id = warehouse_id or warehouse_to_ship_from(named) or _fullest(named, items)
    if not quantities:
        raise NothingToShip(_why_nothing(lines))
    return _Load(tuple(lines), quantities, warehouse_id)


def _fullest(lines: Sequence[LineState], items: Sequence[StockItem]) -> int | None:
    """Where nothing is promised: the warehouse with something free of most of the lines."""
    products = {line.product_id for line in lines}
    free: dict[int, int] = {}
    for item in items:
        has_some = item.product_id in products and item.on_hand > item.reserved
        free[item.warehouse_id] = free.get(item.warehouse_id, 0) + has_some
    return min(free, key=lambda key: (-free[key], key)) if free else None


def _asked(lines: Sequence[LineState], wanted: Mapping[int, Decimal]) -> dict[int, Decimal]:
    known = {line.line_id for line in lines}
    for key, quantity in wanted.items():
        if key not in known:
            raise OrderLineMissing("this order has no such line")
        if not quantity.is_finite() or quantity < ZERO or quantity != round(quantity, 6):
            raise QuantityInvalid(
                said("%(quantity)s is not a quantity to ship", quantity=quantity),
                fields={f"lines.{key}": "zero or more, at most six decimals"},
            )
    return {key: quantity for key, quantity in wanted.items() if quantity > ZERO}


def _why_nothing(lines: Sequence[LineState]) -> str:
    short = [line.name for line in lines if line.short > ZERO]
    if short:
        return f"nothing can go now; waiting for stock: {', '.join(short)}"
    return "there is nothing to ship"


def _check_quantities(load: _Load) -> None:
    for line in load.loaded:
        more = load.quantities[line.line_id]
        if not may_ship(line.ordered, line.shipped, more, tolerance_bps=line.tolerance_bps):
            ordered, shipped, asked = (
                f"{one.normalize():f}" for one in (line.ordered, line.shipped, more)
            )
            raise OverDelivery(
                said(
                    "%(name)s: %(ordered)s %(unit)s ordered, %(shipped)s "
                    "shipped; %(asked)s more is over what was agreed",
                    name=line.name,
                    ordered=ordered,
                    unit=line.unit,
                    shipped=shipped,
                    asked=asked,
                ),
                line_id=line.line_id,
            )


def _take_off_shelf(load: _Load, items: Sequence[StockItem], now: datetime) -> bool:
    """Use up promises first, then what is free; give back what the order no longer needs.

    Returns whether something was given back.
    """
    loaded = [line for line in load.loaded if line.way == "stock"]
    if not loaded:
        return False
    by_key = {item.pk: item for item in items}
    keys = [line.line_id for line in loaded]
    open_rows = all_rows(
        Reservation, "order_line_id = ANY(%s::bigint[]) AND state = 'open' ORDER BY id", [keys]
    )
    endings = shelf.Endings(now)
    gave_back = False
    for line in loaded:
        own = [row for row in open_rows if row.order_line_id == line.line_id]
        _use(line, load.stock_quantity(line), _item_of(line, load, items), own, endings)
        gave_back |= _give_back_rest(line, load, own, by_key, endings)
    endings.write()
    shelf.put_back(items)
    return gave_back


def _item_of(line: LineState, load: _Load, items: Sequence[StockItem]) -> StockItem:
    for item in items:
        if item.product_id == line.product_id and item.warehouse_id == load.warehouse_id:
            return item
    raise StockShort(
        said("%(name)s is not in this warehouse", name=line.name), line_id=line.line_id
    )


def _use(
    line: LineState,
    need: Decimal,
    item: StockItem,
    own: Iterable[Reservation],
    endings: shelf.Endings,
) -> None:
    free = item.on_hand - item.reserved
    rest = need
    for reservation in own:
        if rest == ZERO:
            break
        if reservation.stock_item_id != item.pk:
            continue
        part = min(rest, reservation.quantity)
        endings.end(reservation, part, state="shipped")
        item.reserved -= part
        rest -= part
    if rest > free:
        raise StockShort(
            said(
                "%(name)s: %(need)s %(stock_unit)s asked, %(need2)s there for it in this warehouse",
                name=line.name,
                need=f"{need:f}",
                stock_unit=line.stock_unit,
                need2=f"{need - rest + free:f}",
            ),
            line_id=line.line_id,
        )
    item.on_hand -= need


def _give_back_rest(
    line: LineState,
    load: _Load,
    own: Sequence[Reservation],
    by_key: Mapping[int, StockItem],
    endings: shelf.Endings,
) -> bool:
    shipped = line.shipped + load.quantities[line.line_id]
    done = is_fulfilled(line.ordered, shipped, tolerance_bps=line.tolerance_bps)
    owed = ZERO if done else in_unit(remaining(line.ordered, shipped), line.unit, line.stock_unit)
    still = [row for row in own if row.state == "open"]
    excess = sum((row.quantity for row in still), ZERO) - owed
    rows = {row.pk: row for row in still}
    cuts = cut([(row.pk, row.quantity) for row in still], excess)
    for key, part in cuts:
        endings.end(rows[key], part, state="released")
        by_key[rows[key].stock_item_id].reserved -= part
    return bool(cuts)


def _write(
    actor: Actor,
    now: datetime,
    order: Order,
    load: _Load,
    day: date,
    carrier: str,
    tracking_number: str,
) -> Shipment:
    from_stock = any(line.way == "stock" for line in load.loaded)
    services_only = not any(line.is_goods for line in load.loaded)
    year = local_date(now, order.seller.time_zone).year
    return Shipment.objects.create(
        seller_id=order.seller_id,
        number=next_number(seller_id=order.seller_id, kind="shipment", year=year),
        order=order,
        warehouse_id=load.warehouse_id if from_stock else None,
        kind="service" if services_only else "goods",
        ship_to=order.ship_to,
        carrier=free_text(carrier, field="carrier", longest=60),
        tracking_number=free_text(tracking_number, field="tracking_number", longest=60),
        shipped_on=day,
        shipped_at=now,
        shipped_by_id=actor.user_id,
    )


def _write_moves(
    actor: Actor,
    now: datetime,
    load: _Load,
    items: Sequence[StockItem],
    written: Sequence[ShipmentLine],
) -> None:
    line_of = {line.order_line_id: line for line in written}
    StockMove.objects.bulk_create(
        StockMove(
            stock_item=_item_of(line, load, items),
            quantity=-load.stock_quantity(line),
            reason="shipment",
            shipment_line=line_of[line.line_id],
            moved_at=now,
            moved_by_id=actor.user_id,
        )
        for line in load.loaded
        if line.way == "stock"
    )
