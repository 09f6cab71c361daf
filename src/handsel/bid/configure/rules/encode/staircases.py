"""Thresholds of a formula defined by thresholds of its parts.

Of a formula that rises with each part the truth of *at least t* has a border like a staircase;
each of its corners is a clause, and a corner that another one implies is left out. Parts that a
formula does not follow in one direction enter value by value. Corners are found with numpy, by
bisection along the longest part.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod

import numpy as np
import numpy.typing as npt

from handsel.bid.configure.rules.encode.formulas import Formula, Numbers, atoms_of, computed
from handsel.bid.configure.rules.encode.literals import Need
from handsel.bid.configure.rules.encode.quantities import OfFormula, Quantities, Quantity
from handsel.bid.configure.rules.encode.refusals import LARGEST_STAIRCASE, ModelTooLarge
from handsel.bid.configure.rules.encode.splitting import split
from handsel.ground.kernel.said import said

Column = npt.NDArray[np.int32]
Positions = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Side:
    """One part of a formula, turned so that the formula rises along it; `way` 0: it does not."""

    quantity: Quantity
    way: int

    @property
    def values(self) -> Numbers:
        """Its values in the order of its positions."""
        values = self.quantity.values
        return values[::-1] if self.way < 0 else values

    def denied(self, positions: Positions, is_above: bool) -> list[Column]:
        """Literals of *not at one of these positions, or above (below) it*."""
        count = len(self.quantity.values)
        if not self.way:
            return [self._not_from(positions), self._from(positions + 1)]
        if self.way > 0:
            return [self._not_from(positions) if is_above else self._from(positions + 1)]
        real = count - 1 - positions
        return [self._from(real + 1) if is_above else self._not_from(real)]

    def _not_from(self, positions: Positions) -> Column:
        return -self._least(positions, Need.UP)

    def _from(self, positions: Positions) -> Column:
        return self._least(positions, Need.DOWN)

    def _least(self, positions: Positions, need: Need) -> Column:
        """Threshold literals; 0 where the threshold is the first value or past the last."""
        used, back = np.unique(positions, return_inverse=True)
        count = len(self.quantity.values)
        found = [
            self.quantity.at_least(position, need) if 0 < position < count else 0
            for position in used.tolist()
        ]
        return np.array(found, dtype=np.int32)[back]


def define_waiting(quantities: Quantities) -> None:
    """Define all thresholds asked for, the most composite quantities first."""
    while quantities.waiting:
        number = max(quantities.waiting, key=lambda one: (quantities[one].weight, -one))
        quantities.waiting.discard(number)
        quantity = quantities[number]
        if isinstance(quantity, OfFormula):
            with quantities.asked_by(quantity.law):
                _define(quantity, quantities)
    for quantity in quantities:
        if isinstance(quantity, OfFormula):
            _join(quantity, quantities)


def _define(quantity: OfFormula, quantities: Quantities) -> None:
    for need in (Need.UP, Need.DOWN):
        limits, quantity.open[need] = sorted(quantity.open[need]), set()
        if limits:
            own = quantity.literal_of[need]
            for low, high in pairwise(sorted(own)):
                quantities.literals.define([-own[high], own[low]])
            formula = split(quantity.formula, len(limits), quantities)
            results = [own[limit] for limit in limits]
            _Staircase(formula, limits, results, quantities).define(is_up=need is Need.UP)


def _join(quantity: OfFormula, quantities: Quantities) -> None:
    """What is only true when it may be implies what is true when it must be."""
    must, may = quantity.literal_of[Need.UP], quantity.literal_of[Need.DOWN]
    limits = sorted(must)
    for limit in sorted(may):
        position = bisect_right(limits, limit)
        if position:
            quantities.literals.define([-may[limit], must[limits[position - 1]]])


class _Staircase:
    def __init__(
        self,
        formula: Formula,
        limits: Sequence[int],
        results: Sequence[int],
        quantities: Quantities,
    ) -> None:
        self.formula, self.quantities = formula, quantities
        self.measure = quantities.measure
        self.limits = np.array(limits, dtype=np.int64)
        self.results = np.array(results, dtype=np.int32)
        sides = [
            Side(quantities[number], self.measure.direction(formula, number) or 0)
            for number in atoms_of(formula)
        ]
        turned = [side for side in sides if side.way]
        self.axis = max(turned, key=lambda side: len(side.values)) if turned else None
        self.others = [side for side in sides if side is not self.axis]
        self.shape = tuple(len(side.values) for side in self.others)
        if prod(self.shape) * len(limits) > LARGEST_STAIRCASE:
            sizes = " × ".join(str(len(side.values)) for side in sides[:6])
            raise ModelTooLarge(
                said(
                    "it asks for more than %(most)s combinations of %(sizes)s numbers; "
                    "give quantities fewer values or coarser steps",
                    most=f"{LARGEST_STAIRCASE:,}",
                    sizes=sizes + (" × …" if len(sides) > 6 else ""),
                )
            )
        self.measure.bounds(formula)

    def define(self, *, is_up: bool) -> None:
        """Add the clauses that make the thresholds true (up) or false (down)."""
        first = self._first_positions()
        kept = self._kept(first, is_up)
        *where, which = np.nonzero(kept)
        columns = [self.results[which] if is_up else -self.results[which]]
        for side, positions in zip(self.others, where, strict=True):
            columns += side.denied(positions, is_up)
        if self.axis is not None:
            corner = first[kept]
            columns += self.axis.denied(corner if is_up else corner - 1, is_up)
        self.quantities.literals.define_all(np.stack(columns, axis=1))

    def _first_positions(self) -> Positions:
        """By combination of the others and limit: where along the axis the limit is reached."""
        grid = np.ix_(*(side.values for side in self.others), self.limits)
        arrays = {
            side.quantity.number: part for side, part in zip(self.others, grid[:-1], strict=True)
        }
        shape = (*self.shape, len(self.limits))
        if self.axis is None:
            is_reached = computed(self.formula, arrays) >= grid[-1]
            return np.where(np.broadcast_to(is_reached, shape), 0, 1)
        values = self.axis.values
        low, high = np.zeros(shape, dtype=np.intp), np.full(shape, len(values), dtype=np.intp)
        for _ in range(len(values).bit_length()):
            middle = np.minimum((low + high) // 2, len(values) - 1)
            arrays[self.axis.quantity.number] = values[middle]
            is_reached = computed(self.formula, arrays) >= grid[-1]
            is_open = low < high
            high = np.where(is_open & is_reached, middle, high)
            low = np.where(is_open & ~is_reached, middle + 1, low)
        return low

    def _kept(self, first: Positions, is_up: bool) -> npt.NDArray[np.bool_]:
        """Corners that no neighbour implies."""
        count = 1 if self.axis is None else len(self.axis.values)
        kept = first < count if is_up else first > 0
        for dimension, side in enumerate([*self.others, None]):
            if side is not None and not side.way:
                continue
            # Upward the corner before is the stronger clause, downward the one after; among
            # limits it is the other way round.
            is_before = is_up is (side is not None)
            same = np.diff(first, axis=dimension) == 0
            padding = [(0, 0)] * first.ndim
            padding[dimension] = (1, 0) if is_before else (0, 1)
            kept &= ~np.pad(same, padding)
        return kept
