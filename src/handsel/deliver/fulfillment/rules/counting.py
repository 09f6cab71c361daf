"""A count found less than was promised: whose promise has to go."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

ZERO = Decimal(0)


def cut(reservations: Sequence[tuple[int, Decimal]], excess: Decimal) -> list[tuple[int, Decimal]]:
    """(reservation, quantity to give back) so that `excess` less is promised.

    `reservations` are (key, quantity), oldest first; the newest promise goes first, because who
    was promised first is served first.
    """
    cuts: list[tuple[int, Decimal]] = []
    for key, quantity in reversed(reservations):
        if excess <= ZERO:
            break
        part = min(quantity, excess)
        excess -= part
        cuts.append((key, part))
    return cuts
