"""Which stock serves which line: one readable rule, no database.

A *demand* is what a line still needs, a *supply* what a stock item has free, an *allotment* a part
of a supply given to a demand. Quantities are in the product's unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Demand:
    """What one order line still needs."""

    line_id: int
    product_id: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Supply:
    """What one stock item has free: on hand less promised."""

    stock_item_id: int
    warehouse_id: int
    product_id: int
    free: Decimal


@dataclass(frozen=True, slots=True)
class Allotment:
    """So much of a stock item for a line."""

    line_id: int
    stock_item_id: int
    quantity: Decimal


def allocate(demands: Sequence[Demand], supplies: Sequence[Supply]) -> list[Allotment]:
    """Give stock to the lines of one order, as few warehouses as possible.

    The warehouse that can serve most lines in full goes first, then the one that can give most,
    then the older one (smaller key). What no warehouse has stays short. Never gives more than is
    free or wanted.
    """
    wanted = {demand.line_id: demand.quantity for demand in demands}
    free = {supply.stock_item_id: max(supply.free, ZERO) for supply in supplies}
    given: list[Allotment] = []
    for warehouse_id in _ranked(demands, supplies):
        items = {s.product_id: s.stock_item_id for s in supplies if s.warehouse_id == warehouse_id}
        for demand in demands:
            item = items.get(demand.product_id)
            if item is None:
                continue
            part = min(wanted[demand.line_id], free[item])
            if part > ZERO:
                wanted[demand.line_id] -= part
                free[item] -= part
                given.append(Allotment(demand.line_id, item, part))
    return given


def _ranked(demands: Sequence[Demand], supplies: Sequence[Supply]) -> list[int]:
    """Warehouses by what they could do for this order alone, best first."""
    warehouses = sorted({supply.warehouse_id for supply in supplies})
    return sorted(warehouses, key=lambda key: (*_merit(demands, supplies, key), key))


def _merit(
    demands: Sequence[Demand], supplies: Sequence[Supply], warehouse_id: int
) -> tuple[int, Decimal]:
    """(minus lines served in full, minus quantity served); the smaller the better."""
    free = {s.product_id: max(s.free, ZERO) for s in supplies if s.warehouse_id == warehouse_id}
    in_full, quantity = 0, ZERO
    for demand in demands:
        part = min(demand.quantity, free.get(demand.product_id, ZERO))
        in_full += part == demand.quantity
        quantity += part
        if part > ZERO:
            free[demand.product_id] -= part
    return -in_full, -quantity
