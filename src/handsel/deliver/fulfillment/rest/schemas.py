"""What the JSON API of the warehouse takes and answers. Quantities travel as text."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Path, Query
from pydantic import Field

from handsel.deliver.fulfillment.models import (
    DeliveryTolerance,
    Shipment,
    ShipmentLine,
    StockItem,
    StockMove,
    Warehouse,
)
from handsel.deliver.fulfillment.queries import Recount
from handsel.deliver.fulfillment.rules.loading import LineState
from handsel.ground.platform.api import AnswerSchema, ClosedSchema, decimal_text

Key = Annotated[int, Field(ge=1, le=2**63 - 1)]
KeyInPath = Annotated[int, Path(..., ge=1, le=2**63 - 1)]
KeyOrNone = Annotated[int | None, Query(ge=1, le=2**63 - 1)]
Limit = Annotated[int, Query(ge=1, le=200)]
Start = Annotated[int, Query(ge=0, le=1_000_000)]
Word = Annotated[str, Query(max_length=100, pattern=r"^[^\x00]*$")]
LINE = r"^[^\x00-\x1f]*$"
QuantityText = Annotated[
    str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,6})?$", examples=["2.5"], max_length=20)
]
DayText = Annotated[str, Field(max_length=10, examples=["2026-06-30"])]
InstantText = Annotated[str, Field(max_length=35, examples=["2026-06-30T09:00:00Z"])]
# Ten megabytes in base64.
FileText = Annotated[str, Field(max_length=14_000_000, pattern=r"^[A-Za-z0-9+/]*={0,2}$")]


class WarehouseIn(ClosedSchema):
    """A place to keep stock; the seller's first one is his default."""

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=LINE)]
    seller_id: Key | None = None


class WarehouseOut(AnswerSchema):
    """A warehouse."""

    id: int
    seller_id: int
    name: str

    @classmethod
    def of(cls, one: Warehouse) -> WarehouseOut:
        """From the row."""
        return cls(id=one.pk, seller_id=one.seller_id, name=one.name)


class ReceiptIn(ClosedSchema):
    """Stock that came in, in the product's unit."""

    warehouse_id: Key
    product_id: Key
    quantity: QuantityText
    note: Annotated[str, Field(max_length=200, pattern=LINE)] = ""


class CountIn(ClosedSchema):
    """What was counted, in the product's unit."""

    warehouse_id: Key
    product_id: Key
    counted: QuantityText
    note: Annotated[str, Field(max_length=200, pattern=LINE)] = ""


class StockItemOut(AnswerSchema):
    """A product in a warehouse: there, promised, free."""

    id: int
    warehouse_id: int
    warehouse: str
    product_id: int
    sku: str
    name: str
    unit: str
    on_hand: str
    reserved: str
    available: str

    @classmethod
    def of(cls, item: StockItem) -> StockItemOut:
        """From the row, product and warehouse loaded."""
        return cls(
            id=item.pk,
            warehouse_id=item.warehouse_id,
            warehouse=item.warehouse.name,
            product_id=item.product_id,
            sku=item.product.sku,
            name=item.product.name,
            unit=item.product.unit,
            on_hand=decimal_text(item.on_hand),
            reserved=decimal_text(item.reserved),
            available=decimal_text(item.on_hand - item.reserved),
        )


class StockListOut(AnswerSchema):
    """Some stock items, and where the next ones begin; null on the last page."""

    rows: list[StockItemOut]
    next_start: int | None


class MoveOut(AnswerSchema):
    """One movement; what came in is positive."""

    id: int
    quantity: str
    reason: str
    note: str
    shipment_id: int | None
    moved_at: datetime

    @classmethod
    def of(cls, move: StockMove) -> MoveOut:
        """From the row, its shipment line loaded."""
        line = move.shipment_line
        return cls(
            id=move.pk,
            quantity=decimal_text(move.quantity),
            reason=move.reason,
            note=move.note,
            shipment_id=line.shipment_id if line else None,
            moved_at=move.moved_at,
        )


class MoveListOut(AnswerSchema):
    """Some moves, newest first, and where the next ones begin; null on the last page."""

    rows: list[MoveOut]
    next_start: int | None


class RecountOut(AnswerSchema):
    """A stock item whose kept balances differ from what its rows sum to."""

    stock_item_id: int
    on_hand: str
    moved: str
    reserved: str
    promised: str

    @classmethod
    def of(cls, one: Recount) -> RecountOut:
        """From the query."""
        return cls(
            stock_item_id=one.stock_item_id,
            on_hand=decimal_text(one.on_hand),
            moved=decimal_text(one.moved),
            reserved=decimal_text(one.reserved),
            promised=decimal_text(one.promised),
        )


class ToleranceIn(ClosedSchema):
    """How far delivered quantities may be off: of a customer, a product, both, or of all."""

    tolerance_bps: Annotated[int, Field(ge=0, le=9_999)]
    organization_id: Key | None = None
    product_id: Key | None = None
    seller_id: Key | None = None


class ToleranceOut(AnswerSchema):
    """An agreed tolerance."""

    id: int
    seller_id: int
    organization_id: int | None
    product_id: int | None
    tolerance_bps: int

    @classmethod
    def of(cls, one: DeliveryTolerance) -> ToleranceOut:
        """From the row."""
        return cls(
            id=one.pk,
            seller_id=one.seller_id,
            organization_id=one.organization_id,
            product_id=one.product_id,
            tolerance_bps=one.tolerance_bps,
        )


class LineStateOut(AnswerSchema):
    """An order line as the warehouse sees it; quantities in the line's unit."""

    line_id: int
    position: int
    sku: str
    name: str
    way: str
    unit: str
    ordered: str
    shipped: str
    delivered: str
    open: str
    ready: str
    short: str

    @classmethod
    def of(cls, state: LineState) -> LineStateOut:
        """From the rule's state."""
        return cls(
            line_id=state.line_id,
            position=state.position,
            sku=state.sku,
            name=state.name,
            way=state.way,
            unit=state.unit,
            ordered=decimal_text(state.ordered),
            shipped=decimal_text(state.shipped),
            delivered=decimal_text(state.delivered),
            open=decimal_text(state.open),
            ready=decimal_text(state.ready()),
            short=decimal_text(state.short),
        )


class OrderLinesOut(AnswerSchema):
    """The lines of an order as the warehouse sees them."""

    order_id: int
    lines: list[LineStateOut]


class OwedOrderOut(AnswerSchema):
    """An order of which something is still to go, and what of it can go now."""

    order_id: int
    number: str
    organization: str
    requested_on: date | None
    released_at: datetime | None
    is_held: bool
    lines: list[LineStateOut]


class OwedListOut(AnswerSchema):
    """Some owed orders, first released first, and where the next ones begin."""

    rows: list[OwedOrderOut]
    next_start: int | None


class LoadIn(ClosedSchema):
    """So much of an order line, in the line's unit."""

    line_id: Key
    quantity: QuantityText


class ShipIn(ClosedSchema):
    """What goes. Without `lines`: everything that can go now."""

    lines: Annotated[list[LoadIn], Field(min_length=1, max_length=15_000)] | None = None
    warehouse_id: Key | None = None
    carrier: Annotated[str, Field(max_length=60, pattern=LINE)] = ""
    tracking_number: Annotated[str, Field(max_length=60, pattern=LINE)] = ""
    shipped_on: DayText | None = None


class ShipmentLineOut(AnswerSchema):
    """What of an order line is in a shipment."""

    id: int
    order_line_id: int
    sku: str
    name: str
    quantity: str
    unit: str

    @classmethod
    def of(cls, line: ShipmentLine) -> ShipmentLineOut:
        """From the row, order line and product loaded."""
        return cls(
            id=line.pk,
            order_line_id=line.order_line_id,
            sku=line.order_line.product.sku,
            name=line.order_line.name,
            quantity=decimal_text(line.quantity),
            unit=line.order_line.unit,
        )


class ShipmentOut(AnswerSchema):
    """A shipment's head."""

    id: int
    number: str
    order_id: int
    kind: str
    state: str
    warehouse_id: int | None
    carrier: str
    tracking_number: str
    shipped_on: date
    shipped_at: datetime
    delivered_at: datetime | None
    received_by: str
    ship_to: dict[str, str]
    has_proof: bool

    @classmethod
    def of(cls, shipment: Shipment) -> ShipmentOut:
        """From the row."""
        names = set(cls.model_fields) - {"id", "has_proof"}
        plain: dict[str, Any] = {name: getattr(shipment, name) for name in names}
        return cls(id=shipment.pk, has_proof=shipment.proof_id is not None, **plain)


class ShipmentRecordOut(AnswerSchema):
    """A shipment with its lines."""

    shipment: ShipmentOut
    lines: list[ShipmentLineOut]


class ShipmentListOut(AnswerSchema):
    """Some shipments, newest first, and the cursor of those that follow."""

    rows: list[ShipmentOut]
    next_cursor: str


class DeliverIn(ClosedSchema):
    """Who received it and when (now by default); `proof_base64` is a PDF, PNG or JPEG."""

    received_by: Annotated[str, Field(min_length=1, max_length=200, pattern=LINE)]
    at: InstantText | None = None
    proof_base64: FileText = ""
    proof_name: Annotated[str, Field(max_length=200, pattern=LINE)] = "proof"
