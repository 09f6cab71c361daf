"""What of an order goes with the next shipment: pure choice from plain facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from handsel.deliver.fulfillment.rules.quantities import (
    NO_TOLERANCE_BPS,
    in_unit,
    is_fulfilled,
    remaining,
)

ZERO = Decimal(0)
Way = Literal["stock", "direct", "service", "usage", "fee"]


@dataclass(frozen=True, slots=True)
class LineState:
    """One order line as the warehouse sees it.

    `ordered`, `shipped` and `delivered` are in the line's unit; `reserved` maps a warehouse to what
    is promised there, in the product's unit. `way` is how it goes: from stock, directly (goods
    that are not kept in stock), as a service that is performed, by usage (what is ordered is an
    estimate, what was used is reported), or as a fee that goes along; `note` tells lines of one
    name apart, as by the time they are for.
    """

    line_id: int
    position: int
    name: str
    sku: str
    product_id: int
    way: Way
    unit: str
    stock_unit: str
    ordered: Decimal
    shipped: Decimal = ZERO
    delivered: Decimal = ZERO
    reserved: Mapping[int, Decimal] | None = None
    tolerance_bps: int = NO_TOLERANCE_BPS
    note: str = ""

    @property
    def is_goods(self) -> bool:
        """Whether it is something that travels."""
        return self.way in ("stock", "direct")

    @property
    def open(self) -> Decimal:
        """What is still to go, in the line's unit; nothing once it counts as fulfilled."""
        return ZERO if self.is_fulfilled else remaining(self.ordered, self.shipped)

    @property
    def is_fulfilled(self) -> bool:
        """Whether nothing more is owed."""
        return is_fulfilled(self.ordered, self.shipped, tolerance_bps=self.tolerance_bps)

    @property
    def reserved_stock(self) -> Decimal:
        """What is promised in all warehouses, in the product's unit."""
        return sum((self.reserved or {}).values(), ZERO)

    @property
    def wanted_stock(self) -> Decimal:
        """What is still to be promised from stock, in the product's unit."""
        if self.way != "stock":
            return ZERO
        return max(in_unit(self.open, self.unit, self.stock_unit) - self.reserved_stock, ZERO)

    @property
    def short(self) -> Decimal:
        """What waits for stock, in the line's unit."""
        return max(self.open - self.ready(), ZERO) if self.way == "stock" else ZERO

    def ready(self, warehouse_id: int | None = None) -> Decimal:
        """What can go now, in the line's unit: from one warehouse, or from all together."""
        if self.way != "stock":
            return self.open
        held = self.reserved or {}
        stock = self.reserved_stock if warehouse_id is None else held.get(warehouse_id, ZERO)
        return min(in_unit(stock, self.stock_unit, self.unit), self.open)


def warehouse_to_ship_from(lines: Sequence[LineState]) -> int | None:
    """The warehouse that holds most lines of an order; the older one where they tie."""
    held: dict[int, int] = {}
    for line in lines:
        for warehouse_id, quantity in (line.reserved or {}).items():
            if quantity > ZERO:
                held[warehouse_id] = held.get(warehouse_id, 0) + 1
    return min(held, key=lambda key: (-held[key], key)) if held else None


def all_that_can_go(lines: Sequence[LineState], warehouse_id: int | None) -> dict[int, Decimal]:
    """The default load: all goods that are ready; services only once no goods are owed. Freight
    and fees go along with the first of either.

    A service is performed at the customer's, usually after the goods came: it is not declared done
    because a truck left. An estimate of use is never declared used, else it would be billed.
    """
    goods = {
        line.line_id: line.ready(warehouse_id)
        for line in lines
        if line.is_goods and line.ready(warehouse_id) > ZERO
    }
    if goods:
        fees = (line for line in lines if line.way == "fee" and line.open > ZERO)
        return goods | {line.line_id: line.open for line in fees}
    if any(line.open > ZERO for line in lines if line.is_goods):
        return {}
    return {line.line_id: line.open for line in lines if line.open > ZERO and line.way != "usage"}


def is_all_shipped(lines: Sequence[LineState], more: Mapping[int, Decimal]) -> bool:
    """Whether nothing is owed on any line once `more` has gone."""
    return all(
        is_fulfilled(
            line.ordered,
            line.shipped + more.get(line.line_id, ZERO),
            tolerance_bps=line.tolerance_bps,
        )
        for line in lines
    )
