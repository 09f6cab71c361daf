"""Shares of small numbers (Wilson, 1927), in basis points."""

from __future__ import annotations

from math import sqrt

from handsel.follow.insight.rules.survival import Z_95

WHOLE_BPS = 10_000


def share_bps(part: int, whole: int) -> int | None:
    """A share in basis points, half up; None of nothing."""
    return (part * WHOLE_BPS * 2 + whole) // (2 * whole) if whole else None


def wilson_bps(part: int, whole: int) -> tuple[int, int] | None:
    """The 95 % interval of a share as (low, high) basis points; None of nothing."""
    if whole == 0:
        return None
    share, z2 = part / whole, Z_95 * Z_95
    centre = (share + z2 / (2 * whole)) / (1 + z2 / whole)
    spread = Z_95 * sqrt(share * (1 - share) / whole + z2 / (4 * whole * whole)) / (1 + z2 / whole)
    low, high = max(0.0, centre - spread), min(1.0, centre + spread)
    return as_bps(low), as_bps(high)


def as_bps(share: float) -> int:
    """A share between 0 and 1 in basis points."""
    return round(share * WHOLE_BPS)
