"""The one table of a shipment's states."""

from __future__ import annotations

SHIPMENT_STATES: dict[str, frozenset[str]] = {
    "shipped": frozenset({"delivered"}),
    "delivered": frozenset(),
    "returned": frozenset(),
}
