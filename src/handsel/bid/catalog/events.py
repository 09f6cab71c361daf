"""Facts this room announces. Payloads hold ids, amounts and dates, never models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from handsel.ground.platform.events import Event


@dataclass(frozen=True, slots=True)
class ProductAdded(Event):
    """Something new can be sold."""

    TYPE: ClassVar[str] = "catalog.product.added"
    TOUCHES: ClassVar[dict[str, str]] = {
        "product_id": "product",
    }

    product_id: int


@dataclass(frozen=True, slots=True)
class ProductRevised(Event):
    """A product's facts changed."""

    TYPE: ClassVar[str] = "catalog.product.revised"
    TOUCHES: ClassVar[dict[str, str]] = {
        "product_id": "product",
    }

    product_id: int


@dataclass(frozen=True, slots=True)
class GroupNamed(Event):
    """A group of products was named in a language, or otherwise."""

    TYPE: ClassVar[str] = "catalog.group.named"
    TOUCHES: ClassVar[dict[str, str]] = {
        "group_id": "product_group",
    }

    group_id: int


@dataclass(frozen=True, slots=True)
class ProductCostSet(Event):
    """What a product costs us was set from a day on, or taken away. The amount is kept apart from
    the log, which more people may read."""

    TYPE: ClassVar[str] = "catalog.cost.set"
    TOUCHES: ClassVar[dict[str, str]] = {
        "product_id": "product",
    }

    product_id: int
    valid_from: date
    is_removed: bool = False
