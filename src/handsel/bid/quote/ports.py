"""What quotes ask of the house: which roles hold a right, and what a product costs us."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Protocol

from handsel.bid.catalog.rules.costs import UnitCost


class Rights(Protocol):
    """Knows which roles hold which permission."""

    def roles_holding(self, permission: str) -> frozenset[str]:
        """The roles whose holders have the permission."""
        ...


class Costs(Protocol):
    """Knows what products cost us."""

    def of_products(
        self, *, product_ids: Collection[int], currency: str, on: date
    ) -> Mapping[int, UnitCost]:
        """Cost of the products whose cost is known in that currency on that day."""
        ...


class _NobodyHoldsAnything:
    """Stands here until the house plugs its roles in: nobody may approve."""

    def roles_holding(self, permission: str) -> frozenset[str]:
        return frozenset()


class _NoCostKnown:
    """Stands here until a room keeps costs: a margin is not known."""

    def of_products(
        self, *, product_ids: Collection[int], currency: str, on: date
    ) -> Mapping[int, UnitCost]:
        return {}


_rights: list[Rights] = [_NobodyHoldsAnything()]
_costs: list[Costs] = [_NoCostKnown()]


def plug(adapter: Rights) -> None:
    """Plug in who holds which right (once, at start)."""
    _rights[:] = [adapter]


def rights() -> Rights:
    """The rights that are plugged in."""
    return _rights[0]


def plug_costs(adapter: Costs) -> None:
    """Plug in what products cost."""
    _costs[:] = [adapter]


def costs() -> Costs:
    """The costs that are plugged in."""
    return _costs[0]
