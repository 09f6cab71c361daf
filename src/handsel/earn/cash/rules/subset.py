"""Which of several amounts make a given sum: bounded, exact, and the same every time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

MOST_ITEMS = 30
"""Two halves of 15 have 2 × 32,768 sums; that is what a search may cost."""


@dataclass(frozen=True, slots=True)
class SubsetSearch:
    """The subsets found, as ascending positions, and whether all of them were looked at."""

    subsets: tuple[tuple[int, ...], ...]
    is_complete: bool

    @property
    def is_unique(self) -> bool:
        """Whether it is proved that exactly one subset makes the sum."""
        return self.is_complete and len(self.subsets) == 1


def exact_subsets(
    amounts: Sequence[int], target: int, *, at_least: int = 1, most_found: int = 2
) -> SubsetSearch:
    """Find subsets of at least ``at_least`` amounts that sum to the target exactly.

    Meet in the middle over the first 30 amounts (of either sign); more of them are left out
    and the search is not complete. It stops after ``most_found``: two prove that the sum is
    ambiguous. Fewer amounts come first, then earlier positions.
    """
    considered = amounts[:MOST_ITEMS]
    half = len(considered) // 2
    left, right = _sums(considered[:half], 0), _sums(considered[half:], half)
    right.sort()
    totals = [total for total, _ in right]
    found: list[tuple[int, int]] = []
    is_cut = False
    for total, mask in left:
        place = bisect_left(totals, target - total)
        while place < len(totals) and totals[place] == target - total:
            whole = mask | right[place][1]
            if whole.bit_count() >= at_least:
                found.append((whole.bit_count(), whole))
                # Enough to order them; the exact number of a thousand solutions is no use.
                is_cut = len(found) >= _MOST_COLLECTED
            place += 1
            if is_cut:
                break
        if is_cut:
            break
    found.sort(key=lambda pair: (pair[0], _positions(pair[1])))
    subsets = tuple(_positions(mask) for _, mask in found[:most_found])
    return SubsetSearch(subsets, is_complete=len(considered) == len(amounts) and not is_cut)


_MOST_COLLECTED = 10_000


def _sums(amounts: Sequence[int], offset: int) -> list[tuple[int, int]]:
    """Return every (sum, bit mask of positions) of a half, the empty one first."""
    sums = [(0, 0)]
    for position, amount in enumerate(amounts, offset):
        sums += [(total + amount, mask | 1 << position) for total, mask in sums]
    return sums


def _positions(mask: int) -> tuple[int, ...]:
    return tuple(position for position in range(mask.bit_length()) if mask >> position & 1)
