"""How much of an ordered line may still go, and when it counts as delivered.

All quantities of one call are in one unit; `tolerance_bps` is the agreed ± on a line's quantity
(billing-and-revenue.md S2: 5 % of 100 lets 104 go and blocks 106).
"""

from __future__ import annotations

from decimal import Decimal

from handsel.ground.kernel.quantity import Quantity

NO_TOLERANCE_BPS = 0
WHOLE_BPS = 10_000
SCALE = 6
ZERO = Decimal(0)


def remaining(ordered: Decimal, shipped: Decimal) -> Decimal:
    """What is still to come of a line; never below zero."""
    return max(ordered - shipped, ZERO)


def may_ship(
    ordered: Decimal, shipped: Decimal, more: Decimal, *, tolerance_bps: int = NO_TOLERANCE_BPS
) -> bool:
    """Whether `more` on top of what was shipped stays within order and tolerance."""
    return (shipped + more) * WHOLE_BPS <= ordered * (WHOLE_BPS + tolerance_bps)


def is_fulfilled(
    ordered: Decimal, shipped: Decimal, *, tolerance_bps: int = NO_TOLERANCE_BPS
) -> bool:
    """Whether nothing more is owed: shipped in full, or short by no more than the tolerance."""
    return shipped * WHOLE_BPS >= ordered * (WHOLE_BPS - tolerance_bps)


def in_unit(value: Decimal, unit: str, wanted: str) -> Decimal:
    """The same quantity in another unit of its dimension, to six decimals.

    Raises UnitMismatch where the units measure different things.
    """
    if unit == wanted:
        return value
    return Quantity(value, unit).to(wanted, scale=SCALE).value
