"""Smallest hitting sets: few parts, at least one out of every set. Sets are bits of an integer."""

from __future__ import annotations

from collections.abc import Sequence


def first_smallest_hitting_set(sets: Sequence[int], most: int) -> int | None:
    """The hitting set with the fewest members, of those the first in the order of members.

    None when every hitting set has more than `most` members. Members are compared as lists in
    ascending order, so the answer does not depend on the order of `sets`.
    """
    needed = _without_supersets(sets)
    if any(not one for one in needed):
        return None
    for size in range(_disjoint(needed), most + 1):
        found = _search(needed, size, 0)
        if found is not None:
            return found
    return None


def _without_supersets(sets: Sequence[int]) -> list[int]:
    kept: list[int] = []
    for one in sorted(set(sets), key=int.bit_count):
        if not any(one & other == other for other in kept):
            kept.append(one)
    return kept


def _disjoint(sets: Sequence[int]) -> int:
    """How many of the sets, taken greedily, share nothing: no hitting set has fewer members."""
    used = found = 0
    for one in sets:
        if not one & used:
            used |= one
            found += 1
    return found


def _search(sets: list[int], size: int, begin: int) -> int | None:
    """The first hitting set of exactly `size` members or fewer, members from `begin` on."""
    if not sets:
        return 0
    if size == 0:
        return None
    later = -1 << begin
    rest = [one & later for one in sets]
    if not all(rest) or _disjoint(rest) > size:
        return None
    # The first member can come no later than the end of the set that ends first.
    last = min(one.bit_length() for one in rest)
    useful = 0
    for one in rest:
        useful |= one
    for member in range(begin, last):
        bit = 1 << member
        if not useful & bit:
            continue
        found = _search([one for one in rest if not one & bit], size - 1, member + 1)
        if found is not None:
            return bit | found
    return None
