"""How a discount may be shown."""

from __future__ import annotations

from collections.abc import Iterable

from handsel.bid.price.rules.waterfall import Row, Stage


def single_discount_bps(rows: Iterable[Row]) -> int | None:
    """The percentage taken off, where it was one single percentage; None where steps follow."""
    bases = (Stage.BASE, Stage.DERIVED, Stage.FEE, Stage.PRORATION, Stage.TAX)
    steps = [row for row in rows if row.stage not in bases]
    if len(steps) == 1 and steps[0].bps is not None and steps[0].bps > 0:
        return steps[0].bps
    return None
