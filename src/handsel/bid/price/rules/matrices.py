"""Prices by attributes: a table of any number of axes, exact, by step, or interpolated."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from handsel.bid.price.rules.exactness import plain
from handsel.bid.price.rules.figures import (
    Figure,
    as_decimal,
    number,
    numeric,
    text_of,
    told,
    unit_factor,
)
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import Said, said


class Reading(StrEnum):
    """How an axis is read between its points."""

    EXACT = "exact"
    STEP = "step"
    """The highest point that is not above the value."""
    LINEAR = "linear"
    """Straight between the two neighbours; outside the axis there is no price."""


@dataclass(frozen=True, slots=True)
class Axis:
    """An attribute and its points: words, or numbers ascending in a unit."""

    attribute: str
    points: tuple[str | Decimal, ...]
    reading: Reading = Reading.EXACT
    unit: str = ""

    def weights(self, figure: Figure) -> list[tuple[int, Fraction]]:
        """The points a value falls on or between, with their weights; none outside the axis."""
        if isinstance(figure.value, str | bool):
            wanted = str(figure.value).lower() if figure.value in (True, False) else figure.value
            return [(place, Fraction(1)) for place, one in enumerate(self.points) if one == wanted]
        points = [number(one, self.unit) for one in self.points if isinstance(one, Decimal)]
        if not points or isinstance(figure.value, Mapping):
            return []
        if points[0].powers != figure.powers:
            raise Invalid(
                said(
                    "%(attribute)s is %(told)s, but the table has %(told2)s.",
                    attribute=self.attribute,
                    told=told(figure.powers),
                    told2=told(points[0].powers),
                ),
                code="matrix_unit",
            )
        return self._between([Fraction(numeric(one)) for one in points], Fraction(numeric(figure)))

    def shown(self, figure: Figure) -> str:
        """The attribute with its value, in the unit of the axis: "length 6000 mm"."""
        if isinstance(figure.value, str | bool | Mapping):
            return f"{self.attribute} {text_of(figure.value)}"
        value = Fraction(figure.value)
        if self.unit:
            value /= unit_factor(self.unit)[1]
        return f"{self.attribute} {plain(as_decimal(value))} {self.unit}".rstrip()

    def _between(self, points: list[Fraction], value: Fraction) -> list[tuple[int, Fraction]]:
        below = bisect_right(points, value) - 1
        if below < 0:
            return []
        if points[below] == value or self.reading is Reading.STEP:
            return [(below, Fraction(1))]
        if self.reading is Reading.EXACT or below + 1 == len(points):
            return []
        part = (value - points[below]) / (points[below + 1] - points[below])
        return [(below, 1 - part), (below + 1, part)]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Unit prices by the places on the axes; a missing cell has no price."""

    axes: tuple[Axis, ...]
    cells: Mapping[tuple[int, ...], Decimal]

    def missing(self, attributes: Mapping[str, Figure]) -> Said:
        """Why there is no price for a line's attributes, for where `price` gives none."""
        for axis in self.axes:
            figure = attributes.get(axis.attribute)
            if figure is None:
                return said("The line does not say its “%(attribute)s”.", attribute=axis.attribute)
            if not axis.weights(figure):
                return said("No cell for %(cell)s.", cell=axis.shown(figure))
        cell = ", ".join(axis.shown(attributes[axis.attribute]) for axis in self.axes)
        return said("No cell for %(cell)s.", cell=cell)

    def price(self, attributes: Mapping[str, Figure]) -> Decimal | None:
        """The unit price for a line's attributes; None where one is absent or outside."""
        found: list[list[tuple[int, Fraction]]] = []
        for axis in self.axes:
            figure = attributes.get(axis.attribute)
            weights = axis.weights(figure) if figure is not None else []
            if not weights:
                return None
            found.append(weights)
        total = Fraction(0)
        for corner in itertools.product(*found):
            cell = self.cells.get(tuple(place for place, _ in corner))
            if cell is None:
                return None
            weight = Fraction(1)
            for _, part in corner:
                weight *= part
            total += weight * Fraction(cell)
        return as_decimal(total)
