"""The one table of an order's states, and the kinds of holds."""

from __future__ import annotations

ORDER_STATES: dict[str, frozenset[str]] = {
    "placed": frozenset({"released", "cancelled"}),
    "released": frozenset({"completed", "cancelled"}),
    "completed": frozenset(),
    "cancelled": frozenset(),
}

HOLD_KINDS = ("credit", "price", "document", "deposit", "manual")
