"""Reading stock, shipments and what of an order is where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Window
from django.db.models.functions import Coalesce

from handsel.bid.catalog.queries import named_like
from handsel.commit.order.models import Order, OrderHold, OrderLine
from handsel.commit.order.queries import is_fee, used_lines
from handsel.deliver.fulfillment.errors import (
    ShipmentMissing,
    StockItemMissing,
    WarehouseMissing,
)
from handsel.deliver.fulfillment.models import (
    DeliveryTolerance,
    Reservation,
    Shipment,
    ShipmentLine,
    StockItem,
    StockMove,
    Warehouse,
)
from handsel.deliver.fulfillment.rules.loading import LineState, Way
from handsel.deliver.fulfillment.rules.quantities import NO_TOLERANCE_BPS
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.reading import first_row

ZERO = Decimal(0)
_LONGEST_NOTE = 100


def visible_warehouses(actor: Actor) -> QuerySet[Warehouse]:
    """The warehouses of the actor's sellers, oldest first."""
    return Warehouse.objects.filter(seller_id__in=actor.seller_ids).order_by("pk")


def get_warehouse(actor: Actor, warehouse_id: int) -> Warehouse:
    """One warehouse; foreign and missing ones are not told apart."""
    found = visible_warehouses(actor).filter(pk=warehouse_id).first()
    if found is None:
        raise WarehouseMissing("this warehouse does not exist")
    return found


def default_warehouse(seller_id: int) -> Warehouse | None:
    """The seller's first warehouse, which is meant when none is named."""
    return first_row(Warehouse, "seller_id = %s ORDER BY id", [seller_id])


def visible_stock(actor: Actor) -> QuerySet[StockItem]:
    """The stock of the actor's sellers, product and warehouse loaded."""
    return StockItem.objects.filter(warehouse__seller_id__in=actor.seller_ids).select_related(
        "product", "warehouse"
    )


def get_stock_item(actor: Actor, stock_item_id: int) -> StockItem:
    """One stock item; foreign and missing ones are not told apart."""
    found = visible_stock(actor).filter(pk=stock_item_id).first()
    if found is None:
        raise StockItemMissing("this stock item does not exist")
    return found


def moves_of(stock_item_id: int) -> QuerySet[StockMove]:
    """The moves of a stock item, newest first, with the shipment each belongs to."""
    return (
        StockMove.objects.filter(stock_item_id=stock_item_id)
        .select_related("shipment_line__shipment", "moved_by")
        .order_by("-pk")
    )


def balanced_moves(stock_item_id: int) -> QuerySet[StockMove]:
    """The moves of a stock item, newest first, each with the `balance` it left."""
    running = Window(Sum("quantity"), order_by=F("pk").asc())
    return moves_of(stock_item_id).annotate(balance=running)


def open_reservations_of(stock_item_id: int) -> QuerySet[Reservation]:
    """Who was promised a stock item, oldest first."""
    return (
        Reservation.objects.filter(stock_item_id=stock_item_id, state="open")
        .select_related("order_line__order__organization")
        .order_by("pk")
    )


def visible_shipments(actor: Actor) -> QuerySet[Shipment]:
    """The shipments of the actor's sellers."""
    return Shipment.objects.filter(seller_id__in=actor.seller_ids)


def get_shipment(actor: Actor, shipment_id: int) -> Shipment:
    """One shipment with its order and seller; foreign and missing ones are not told apart."""
    found = (
        visible_shipments(actor)
        .select_related("order__organization", "seller", "warehouse", "shipped_by")
        .filter(pk=shipment_id)
        .first()
    )
    if found is None:
        raise ShipmentMissing("this shipment does not exist")
    return found


def lines_of(shipment_id: int) -> list[ShipmentLine]:
    """The lines of a shipment in the order's sequence, products loaded."""
    lines = ShipmentLine.objects.filter(shipment_id=shipment_id)
    return list(lines.select_related("order_line__product").order_by("order_line__position"))


def states_at(shipment: Shipment) -> list[LineState]:
    """The lines of a shipment's order as they stood when it had left."""
    until = ShipmentLine.objects.filter(
        order_line__order_id=shipment.order_id, shipment_id__lte=shipment.pk
    )
    shipped = _sums(until)
    return [
        replace(state, shipped=shipped.get(state.line_id, ZERO))
        for state in states_of(shipment.order)
    ]


def line_states(
    orders: Sequence[Order], lines: Sequence[OrderLine] | None = None
) -> dict[int, list[LineState]]:
    """For each order (seller and customer known), its lines as the warehouse sees them.

    Three statements, however many orders and lines there are, and one more where services are
    among them; one less when the lines (in their order, products loaded) are known.
    """
    keys = [order.pk for order in orders]
    if lines is None:
        rows = OrderLine.objects.filter(order_id__in=keys).select_related("product")
        lines = list(rows.order_by("order_id", "position"))
    moved, reserved = _standing(keys)
    tolerances = tolerances_of({order.seller_id for order in orders})
    by_key = {order.pk: order for order in orders}
    used = used_lines([line.pk for line in lines if line.product.kind == "service"])
    states: dict[int, list[LineState]] = {key: [] for key in keys}
    for line in lines:
        order = by_key[line.order_id]
        shipped, delivered = moved.get(line.pk, (ZERO, ZERO))
        states[line.order_id].append(
            LineState(
                line_id=line.pk,
                position=line.position,
                name=line.name,
                sku=line.product.sku,
                product_id=line.product_id,
                way=_way(line, used),
                unit=line.unit,
                stock_unit=line.product.unit,
                ordered=line.quantity,
                shipped=shipped,
                delivered=delivered,
                reserved=reserved.get(line.pk, {}),
                tolerance_bps=tolerance_of(
                    tolerances, order.seller_id, order.organization_id, line.product_id
                ),
                note=next(reversed(line.description.splitlines()), "")[:_LONGEST_NOTE],
            )
        )
    return states


def states_of(order: Order, lines: Sequence[OrderLine] | None = None) -> list[LineState]:
    """The lines of one order as the warehouse sees them."""
    return line_states([order], lines)[order.pk]


def _way(line: OrderLine, used: Collection[int]) -> Way:
    if is_fee(line):
        return "fee"
    if line.pk in used:
        return "usage"
    if line.product.kind == "service":
        return "service"
    return "stock" if line.product.is_stocked else "direct"


# Order line to what was shipped of it and what of that was delivered; and, with the warehouse
# where it lies, to what is reserved for it.
_STANDING = """
    SELECT sent.order_line_id, NULL::bigint, sum(sent.quantity),
           COALESCE(sum(sent.quantity) FILTER (WHERE shipment.state = 'delivered'), 0)
    FROM order_orderline line
    JOIN fulfillment_shipmentline sent ON sent.order_line_id = line.id
    JOIN fulfillment_shipment shipment ON shipment.id = sent.shipment_id
    WHERE line.order_id = ANY(%(orders)s::bigint[])
    GROUP BY sent.order_line_id
    UNION ALL
    SELECT held.order_line_id, item.warehouse_id, sum(held.quantity), 0
    FROM order_orderline line
    JOIN fulfillment_reservation held ON held.order_line_id = line.id AND held.state = 'open'
    JOIN fulfillment_stockitem item ON item.id = held.stock_item_id
    WHERE line.order_id = ANY(%(orders)s::bigint[])
    GROUP BY held.order_line_id, item.warehouse_id
"""


def _standing(
    order_ids: Sequence[int],
) -> tuple[dict[int, tuple[Decimal, Decimal]], dict[int, dict[int, Decimal]]]:
    moved: dict[int, tuple[Decimal, Decimal]] = {}
    held: dict[int, dict[int, Decimal]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"orders": list(order_ids)})
        for line_id, warehouse_id, quantity, delivered in cursor.fetchall():
            if warehouse_id is None:
                moved[line_id] = (quantity, delivered)
            else:
                held[line_id][warehouse_id] = quantity
    return moved, held


def _sums(lines: QuerySet[ShipmentLine]) -> dict[int, Decimal]:
    rows = lines.values_list("order_line_id").annotate(total=Sum("quantity"))
    return dict(rows.order_by())


Tolerances = Mapping[tuple[int, int | None, int | None], int]


def tolerances_of(seller_ids: Iterable[int]) -> Tolerances:
    """(seller, customer or None, product or None) to ± basis points."""
    rows = DeliveryTolerance.objects.filter(seller_id__in=seller_ids)
    return {
        (seller, organization, product): bps
        for seller, organization, product, bps in rows.values_list(
            "seller_id", "organization_id", "product_id", "tolerance_bps"
        )
    }


def tolerance_of(
    tolerances: Tolerances, seller_id: int, organization_id: int, product_id: int
) -> int:
    """What is agreed for a customer and product: both, else the customer, product, seller."""
    for key in (
        (seller_id, organization_id, product_id),
        (seller_id, organization_id, None),
        (seller_id, None, product_id),
        (seller_id, None, None),
    ):
        if key in tolerances:
            return tolerances[key]
    return NO_TOLERANCE_BPS


@dataclass(frozen=True, slots=True)
class DeskFilter:
    """Which orders the shipping desk shows: all that are owed, or only those where some can go."""

    text: str = ""
    only_ready: bool = False


def owed_orders(actor: Actor, wanted: DeskFilter) -> QuerySet[Order]:
    """Released orders of which something is still to go, first released first.

    Customer loaded, `is_held` beside each.
    """
    line = OrderLine.objects.filter(order_id=OuterRef("pk"))
    shipped = ShipmentLine.objects.filter(order_line_id=OuterRef("pk")).order_by()
    total = shipped.values("order_line_id").annotate(total=Sum("quantity")).values("total")
    owed = line.annotate(shipped=Coalesce(Subquery(total), ZERO)).filter(quantity__gt=F("shipped"))
    hold = OrderHold.objects.filter(order_id=OuterRef("pk"), released_at=None)
    found = (
        Order.objects.filter(seller_id__in=actor.seller_ids, state="released")
        .filter(Exists(owed))
        .annotate(is_held=Exists(hold))
        .select_related("organization")
    )
    if wanted.only_ready:
        kept = Reservation.objects.filter(order_line__order_id=OuterRef("pk"), state="open")
        direct = owed.filter(product__is_stocked=False)
        found = found.filter(Exists(kept) | Exists(direct), is_held=False)
    if wanted.text:
        number = Q(number__startswith=wanted.text.upper())
        found = found.filter(number | Q(organization__name__icontains=wanted.text))
    return found.order_by("released_at", "pk")


@dataclass(frozen=True, slots=True)
class ShipmentFilter:
    """Which shipments a list shows; empty fields filter nothing."""

    text: str = ""
    state: str = ""
    order_id: int | None = None


def listed_shipments(actor: Actor, wanted: ShipmentFilter) -> QuerySet[Shipment]:
    """Shipments, newest first, with their order and customer."""
    found = visible_shipments(actor).select_related("order__organization")
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.order_id is not None:
        found = found.filter(order_id=wanted.order_id)
    if wanted.text:
        text = wanted.text
        number = Q(number__startswith=text.upper()) | Q(order__number__startswith=text.upper())
        words = Q(tracking_number=text) | Q(order__organization__name__icontains=text)
        found = found.filter(number | words)
    return found.order_by("-shipped_at", "-pk")


def after(shipments: QuerySet[Shipment], shipped_at: datetime, key: int) -> QuerySet[Shipment]:
    """The shipments of a list that come after the one with this instant and key."""
    return shipments.filter(Q(shipped_at__lt=shipped_at) | Q(shipped_at=shipped_at, pk__lt=key))


@dataclass(frozen=True, slots=True)
class StockFilter:
    """Which stock items a list shows; empty fields filter nothing."""

    text: str = ""
    warehouse_id: int | None = None
    only_short: bool = False


def listed_stock(actor: Actor, wanted: StockFilter) -> QuerySet[StockItem]:
    """Stock items by item number and warehouse; short ones have nothing free."""
    found = visible_stock(actor)
    if wanted.warehouse_id is not None:
        found = found.filter(warehouse_id=wanted.warehouse_id)
    if wanted.only_short:
        found = found.filter(on_hand__lte=F("reserved"))
    if wanted.text:
        found = found.filter(named_like(wanted.text, "product__"))
    return found.order_by("product__sku", "warehouse_id", "pk")


@dataclass(frozen=True, slots=True)
class Recount:
    """A stock item whose kept balances differ from what its rows sum to."""

    stock_item_id: int
    on_hand: Decimal
    moved: Decimal
    reserved: Decimal
    promised: Decimal


_RECOUNT = """
    SELECT i.id, i.on_hand, COALESCE(m.moved, 0), i.reserved, COALESCE(r.promised, 0)
    FROM fulfillment_stockitem i
    JOIN fulfillment_warehouse w ON w.id = i.warehouse_id
    LEFT JOIN (SELECT stock_item_id, sum(quantity) AS moved
               FROM fulfillment_stockmove GROUP BY 1) m ON m.stock_item_id = i.id
    LEFT JOIN (SELECT stock_item_id, sum(quantity) AS promised
               FROM fulfillment_reservation WHERE state = 'open' GROUP BY 1) r
           ON r.stock_item_id = i.id
    WHERE w.seller_id = ANY(%s)
      AND (i.on_hand <> COALESCE(m.moved, 0) OR i.reserved <> COALESCE(r.promised, 0))
    ORDER BY i.id
"""


def recount(actor: Actor) -> list[Recount]:
    """The stock items of the actor's sellers that a recount contradicts; none when all is well.

    On hand must equal the sum of the moves, reserved the sum of the open reservations.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT, [sorted(actor.seller_ids)])
        return [Recount(*row) for row in cursor.fetchall()]
