"""The worst a buyer's choice of options can make of an offer.

Approvals judge the offer as it stands, and these two facts what it may become: the choice of
options (one of each set of alternatives) with the largest share of one sum in another, found
exactly by raising the share until no choice is worse (Dinkelbach).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

MOST_ROUNDS: Final = 100


class Part(NamedTuple):
    """What a line adds to both sums."""

    over: int
    under: int


Choice = tuple[str, Part]
"""An option with the set of alternatives it belongs to; an empty name is a set of its own."""


def worst_share(fixed: Iterable[Part], options: Sequence[Choice]) -> Fraction | None:
    """The largest `over / under` any choice makes; None where nothing can be divided by."""
    base = [*fixed]
    over, under = sum(one.over for one in base), sum(one.under for one in base)
    free = [part for name, part in options if not name]
    sets: dict[str, list[Part]] = {}
    for name, part in options:
        if name:
            sets.setdefault(name, []).append(part)
    share: Fraction | None = None
    for _round in range(MOST_ROUNDS):
        taken = _taken(free, sets, share or Fraction(0), is_first=share is None and under <= 0)
        top = over + sum(one.over for one in taken)
        bottom = under + sum(one.under for one in taken)
        if bottom <= 0:
            return share
        found = Fraction(top, bottom)
        if share is not None and found <= share:
            return share
        share = found
    return share


def _taken(
    free: Sequence[Part], sets: dict[str, list[Part]], share: Fraction, *, is_first: bool
) -> list[Part]:
    # In whole numbers: what is worse stays worse when all of it is multiplied by the same.
    times, under = share.denominator, share.numerator

    def gain(part: Part) -> int:
        return part.over * times - under * part.under

    chosen = [part for part in free if is_first or gain(part) > 0]
    return chosen + [max(parts, key=gain) for parts in sets.values()]
