"""The one table of an order's states."""

from __future__ import annotations

ORDER_STATES: dict[str, frozenset[str]] = {
    "placed": frozenset({"released", "cancelled"}),
    "released": frozenset({"completed", "cancelled"}),
    "completed": frozenset(),
    "cancelled": frozenset(),
}
