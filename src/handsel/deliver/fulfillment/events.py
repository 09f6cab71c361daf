"""Facts this room announces. Payloads hold ids, amounts and dates, never models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from handsel.ground.platform.events import Event


@dataclass(frozen=True, slots=True)
class StockReceived(Event):
    """Stock came in or was counted."""

    TYPE: ClassVar[str] = "fulfillment.stock.received"
    TOUCHES: ClassVar[dict[str, str]] = {
        "stock_item_id": "stock_item",
        "product_id": "product",
    }

    stock_item_id: int
    product_id: int
    quantity: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class StockReserved(Event):
    """Stock was promised to order lines."""

    TYPE: ClassVar[str] = "fulfillment.stock.reserved"
    TOUCHES: ClassVar[dict[str, str]] = {
        "order_id": "order",
    }

    order_id: int
    reservation_ids: tuple[int, ...]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class ReservationsReleased(Event):
    """Stock promised to an order was given back."""

    TYPE: ClassVar[str] = "fulfillment.stock.released"
    TOUCHES: ClassVar[dict[str, str]] = {
        "order_id": "order",
    }

    order_id: int
    reservation_ids: tuple[int, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ShipmentShipped(Event):
    """Goods left, or a service was performed."""

    TYPE: ClassVar[str] = "fulfillment.shipment.shipped"
    TOUCHES: ClassVar[dict[str, str]] = {
        "shipment_id": "shipment",
        "order_id": "order",
    }

    shipment_id: int
    order_id: int
    shipped_on: date
    is_last: bool


@dataclass(frozen=True, slots=True)
class ShipmentDelivered(Event):
    """The customer has it, and somebody signed."""

    TYPE: ClassVar[str] = "fulfillment.shipment.delivered"
    TOUCHES: ClassVar[dict[str, str]] = {
        "shipment_id": "shipment",
        "order_id": "order",
    }

    shipment_id: int
    order_id: int
    received_by: str
    is_last: bool
