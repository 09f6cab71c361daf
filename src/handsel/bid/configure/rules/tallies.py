"""Tables of counts over variables, multiplied and summed out; exact, whatever the size of numbers.

A table is dense (an axis a variable) or, where most combinations count nothing, a list of places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from handsel.bid.configure.rules.grids import NotOnGrid

Counts = npt.NDArray[Any]
Places = npt.NDArray[np.int64]
Sizes = Mapping[str, int]

DENSE = 400_000  # cells; a larger table of few places is a list
EXACT = 2**62


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts by the values of a scope, sorted. `places` has a row of positions for each count; with
    None, counts have an axis for each variable."""

    scope: tuple[str, ...]
    counts: Counts
    places: Places | None = None


def listed(scope: tuple[str, ...], places: Places, sizes: Sizes) -> Tally:
    """Ones at these places, each once."""
    different = np.unique(places, axis=0) if len(scope) else places[:1]
    return _denser(Tally(scope, np.ones(len(different), dtype=np.int64), different), sizes)


def summed_out(tallies: Sequence[Tally], order: Sequence[str], sizes: Sizes) -> tuple[int, int]:
    """The number of combinations that all count, and how many cells were looked at."""
    left, total, work = list(tallies), 1, 0
    for key in order:
        own = [one for one in left if key in one.scope]
        left = [one for one in left if key not in one.scope]
        if not own:
            total *= sizes[key]
            continue
        joined = _joined(own, sizes)
        work += len(own) * joined.counts.size
        left.append(_without(joined, key, sizes))
    for one in left:
        total *= int(one.counts.sum()) if one.counts.size else 0
    return total, work


def _joined(own: Sequence[Tally], sizes: Sizes) -> Tally:
    scope = tuple(sorted({key for one in own for key in one.scope}))
    cells = prod(sizes[key] for key in scope)
    lists = [one for one in own if one.places is not None]
    if not lists or cells <= DENSE:
        dense = [_dense(one, sizes) for one in sorted(own, key=lambda one: one.counts.size)]
        return reduce(lambda a, b: _multiplied(a, b, scope), dense, Tally((), np.array(1)))
    base = min(lists, key=lambda one: _rows_over(one, scope, sizes))
    joined = _spread_out(base, scope, sizes)
    for other in own:
        if other is not base:
            joined = Tally(
                scope, _times(joined.counts, _looked_up(joined, other, sizes)), joined.places
            )
    return joined


def _rows_over(one: Tally, scope: Sequence[str], sizes: Sizes) -> int:
    return one.counts.size * prod(sizes[key] for key in scope if key not in one.scope)


def _spread_out(one: Tally, scope: tuple[str, ...], sizes: Sizes) -> Tally:
    """A list over more variables: every place with every value of those."""
    assert one.places is not None  # noqa: S101
    columns = {key: one.places[:, at] for at, key in enumerate(one.scope)}
    counts = one.counts
    for key in scope:
        if key not in columns:
            size, length = sizes[key], len(counts)
            columns = {name: np.repeat(column, size) for name, column in columns.items()}
            columns[key] = np.tile(np.arange(size, dtype=np.int64), length)
            counts = np.repeat(counts, size)
    return Tally(scope, counts, np.stack([columns[key] for key in scope], axis=1))


def _looked_up(joined: Tally, other: Tally, sizes: Sizes) -> Counts:
    assert joined.places is not None  # noqa: S101
    own = joined.places[:, [joined.scope.index(key) for key in other.scope]]
    if other.places is None:
        return np.asarray(other.counts[tuple(own.T)])
    known, wanted = _codes(other.places, other.scope, sizes), _codes(own, other.scope, sizes)
    order = np.argsort(known)
    at = np.minimum(np.searchsorted(known[order], wanted), len(known) - 1)
    if not len(known):
        return np.zeros(len(wanted), dtype=np.int64)
    found = known[order][at] == wanted
    return np.where(found, other.counts[order][at], 0)


def _without(joined: Tally, key: str, sizes: Sizes) -> Tally:
    axis = joined.scope.index(key)
    scope = joined.scope[:axis] + joined.scope[axis + 1 :]
    if joined.places is None:
        # Of objects the last sum is a bare number.
        return Tally(scope, np.asarray(_wide_enough(joined.counts, sizes[key]).sum(axis=axis)))
    kept = joined.counts != 0
    places, counts = np.delete(joined.places[kept], axis, axis=1), joined.counts[kept]
    counts = _wide_enough(counts, len(counts))
    codes = _codes(places, scope, sizes)
    _, first, where = np.unique(codes, return_index=True, return_inverse=True)
    sums = np.zeros(len(first), dtype=counts.dtype)
    np.add.at(sums, where, counts)
    return _denser(Tally(scope, sums, places[first]), sizes)


def _denser(one: Tally, sizes: Sizes) -> Tally:
    return _dense(one, sizes) if prod(sizes[key] for key in one.scope) <= DENSE else one


def _dense(one: Tally, sizes: Sizes) -> Tally:
    if one.places is None:
        return one
    counts = np.zeros([sizes[key] for key in one.scope], dtype=one.counts.dtype)
    counts[tuple(one.places.T)] = one.counts if one.scope else one.counts.sum()
    return Tally(one.scope, counts)


def _multiplied(one: Tally, other: Tally, scope: tuple[str, ...]) -> Tally:
    scope = tuple(key for key in scope if key in one.scope or key in other.scope)
    return Tally(scope, _times(_axes(one, scope), _axes(other, scope)))


def _axes(one: Tally, scope: Sequence[str]) -> Counts:
    sizes = dict(zip(one.scope, one.counts.shape, strict=True))
    return one.counts.reshape([sizes.get(key, 1) for key in scope])


def _times(left: Counts, right: Counts) -> Counts:
    if _largest(left) * _largest(right) >= EXACT:
        left, right = left.astype(object), right.astype(object)
    return np.asarray(left * right)


def _wide_enough(counts: Counts, times: int) -> Counts:
    """Whole numbers of any size where sums could pass 64 bits."""
    if counts.dtype == object or _largest(counts) * times < EXACT:
        return counts
    return counts.astype(object)


def _codes(places: Places, scope: Sequence[str], sizes: Sizes) -> Places:
    """One number for each row of places. Raises NotOnGrid where 64 bits are too few."""
    if prod(sizes[key] for key in scope) >= EXACT:
        raise NotOnGrid
    codes = np.zeros(len(places), dtype=np.int64)
    for at, key in enumerate(scope):
        codes = codes * sizes[key] + places[:, at]
    return codes


def _largest(counts: Counts) -> int:
    return int(counts.max()) if counts.size else 0
