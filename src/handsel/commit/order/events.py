"""Facts this room announces. Payloads hold ids, amounts and dates, never models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from handsel.ground.kernel.money import Money
from handsel.ground.platform.events import Event


@dataclass(frozen=True, slots=True)
class OrderPlaced(Event):
    """An accepted version became an order."""

    TYPE: ClassVar[str] = "order.order.placed"
    TOUCHES: ClassVar[dict[str, str]] = {
        "order_id": "order",
        "version_id": "quote_version",
        "organization_id": "organization",
    }

    order_id: int
    version_id: int
    organization_id: int
    gross: Money


@dataclass(frozen=True, slots=True)
class OrderRevised(Event):
    """The desk completed what a clerk may complete before release."""

    TYPE: ClassVar[str] = "order.order.revised"
    TOUCHES: ClassVar[dict[str, str]] = {
        "order_id": "order",
    }

    order_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PurchaseOrderMatched(Event):
    """The buyer's purchase order was compared with ours, line by line."""

    TYPE: ClassVar[str] = "order.purchase_order.matched"
    TOUCHES: ClassVar[dict[str, str]] = {
        "order_id": "order",
    }

    order_id: int
    number: str
    lines: int
    differences: int


@dataclass(frozen=True, slots=True)
class OrderConfirmed(Event):
    """The order confirmation was written and handed to the mail."""

    TYPE: ClassVar[str] = "order.order.confirmed"
    TOUCHES: ClassVar[dict[str, str]] = {
        "order_id": "order",
    }

    order_id: int
    file_id: int
    recipient: str


@dataclass(frozen=True, slots=True)
class OrderHeld(Event):
    """An order must not go on."""

    TYPE: ClassVar[str] = "order.hold.placed"
    TOUCHES: ClassVar[dict[str, str]] = {
        "order_id": "order",
    }

    order_id: int
    hold_id: int
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class OrderHoldReleased(Event):
    """A reason to stop is gone."""

    TYPE: ClassVar[str] = "order.hold.released"
    TOUCHES: ClassVar[dict[str, str]] = {
        "order_id": "order",
    }

    order_id: int
    hold_id: int
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class OrderReleased(Event):
    """The order desk checked the order; delivery and billing may begin."""

    TYPE: ClassVar[str] = "order.order.released"
    TOUCHES: ClassVar[dict[str, str]] = {
        "order_id": "order",
        "organization_id": "organization",
    }

    order_id: int
    organization_id: int
    net: Money
    gross: Money


@dataclass(frozen=True, slots=True)
class OrderCompleted(Event):
    """All of it was delivered."""

    TYPE: ClassVar[str] = "order.order.completed"
    TOUCHES: ClassVar[dict[str, str]] = {
        "order_id": "order",
    }

    order_id: int


@dataclass(frozen=True, slots=True)
class OrderCancelled(Event):
    """The order will not be delivered."""

    TYPE: ClassVar[str] = "order.order.cancelled"
    TOUCHES: ClassVar[dict[str, str]] = {
        "order_id": "order",
    }

    order_id: int
    reason: str
