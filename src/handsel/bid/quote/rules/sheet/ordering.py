"""Where lines stand, kept so that moving one line writes one line.

Kept places ascend but have gaps. Only what moved gets a new place, within a gap; where there is
none, everything is spread anew, once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

SPREAD: Final = 1_024


def places(kept: Sequence[int | None]) -> list[int]:
    """Ascending places for lines in their new order; None for a line that has none yet.

    As many kept places as possible stay. New lines at the end follow at once, without a gap.
    """
    staying = _longest_ascending(kept)
    result: list[int] = [0] * len(kept)
    before, start = 0, 0
    for index in [*staying, len(kept)]:
        wanted = index - start
        if index == len(kept):
            result[start:] = range(before + 1, before + 1 + wanted)
            break
        after = kept[index] or 0
        if after - before <= wanted:
            return [SPREAD * place for place in range(1, len(kept) + 1)]
        step = (after - before) // (wanted + 1)
        result[start:index] = [before + step * nth for nth in range(1, wanted + 1)]
        result[index] = before = after
        start = index + 1
    return result


def _longest_ascending(kept: Sequence[int | None]) -> list[int]:
    """The indices of a longest strictly ascending run of kept places."""
    tails: list[int] = []
    ends: list[int] = []
    parents: list[int] = [-1] * len(kept)
    for index, place in enumerate(kept):
        if place is None or place < 1:
            continue
        length = bisect_left(tails, place)
        parents[index] = ends[length - 1] if length else -1
        if length == len(tails):
            tails.append(place)
            ends.append(index)
        else:
            tails[length], ends[length] = place, index
    found: list[int] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        found.append(at)
        at = parents[at]
    return found[::-1]
