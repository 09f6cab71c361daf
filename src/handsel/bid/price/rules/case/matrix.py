"""A case's price matrices: axes with their points, and the cells between them."""

from __future__ import annotations

import itertools
from decimal import Decimal

from handsel.bid.price.rules import terms
from handsel.bid.price.rules.case.reading import Node
from handsel.bid.price.rules.case.rules import COMMON, named, need
from handsel.bid.price.rules.case.values import unit_of
from handsel.bid.price.rules.matrices import Axis, Matrix, Reading
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import said


def matrix(node: Node, default: str) -> terms.MatrixPrice:
    """A table of unit prices; `cells` are nested lists in the order of the axes."""
    fields = node.fields(*COMMON, "axes", "cells")
    axes = tuple(_axis(one) for one in need(node, fields, "axes").items())
    if not 1 <= len(axes) <= 6:
        raise fields["axes"].refuse("expected 1 to 6 axes")
    cells: dict[tuple[int, ...], Decimal] = {}
    _cells(need(node, fields, "cells"), axes, (), cells)
    return terms.MatrixPrice(**named(fields, default), matrix=Matrix(axes, cells))


def _axis(node: Node) -> Axis:
    fields = node.fields("attribute", "points", "reading", "unit")
    unit = unit_of(fields)
    reading = fields["reading"].choice(Reading) if "reading" in fields else Reading.EXACT
    points: list[str | Decimal] = []
    for one in need(node, fields, "points").items():
        try:
            points.append(one.decimal())
        except Invalid:
            points.append(one.text())
    numbers = [one for one in points if isinstance(one, Decimal)]
    if numbers and (
        len(numbers) < len(points) or any(a >= b for a, b in itertools.pairwise(numbers))
    ):
        raise fields["points"].refuse("expected words, or numbers each above the one before")
    if reading is not Reading.EXACT and not numbers:
        raise fields["reading"].refuse("words are read exactly")
    return Axis(need(node, fields, "attribute").text(), tuple(points), reading, unit)


def _cells(
    node: Node,
    axes: tuple[Axis, ...],
    at: tuple[int, ...],
    found: dict[tuple[int, ...], Decimal],
) -> None:
    here = list(node.items())
    if len(here) != len(axes[0].points):
        raise node.refuse(
            said(
                "expected %(count)s values, one for each %(attribute)s",
                count=len(axes[0].points),
                attribute=axes[0].attribute,
            )
        )
    for place, one in enumerate(here):
        if len(axes) > 1:
            _cells(one, axes[1:], (*at, place), found)
        elif one.value is not None:
            found[(*at, place)] = one.decimal(0)
