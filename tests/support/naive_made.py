"""What the naive evaluator makes of attributes: matrices and formulas, and ramps cut into lines."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.support.naive_counts import Item, later, number, sign, up

UNITS = {"mm": Fraction(1), "m": Fraction(1000), "g": Fraction(1), "kg": Fraction(1000)}


def worth(asked: Item, attribute: str) -> Fraction | str | None:
    """An attribute as it is written: a word, or a number with its unit in mm or g."""
    text = asked.get("attributes", {}).get(attribute)
    if text is None:
        return None
    value, _, unit = str(text).partition(" ")
    return Fraction(value) * UNITS[unit] if unit else str(text)


def counted_in_unit(asked: Item, table: Item) -> Fraction:
    """What a table counts of a unit by an attribute, in its own unit."""
    found = worth(asked, table["basis"])
    assert isinstance(found, Fraction)
    return found / UNITS[table["unit"]]


# Matrices: a cell for every combination of points; what lies between is weighed.


def cell(matrix: Item, asked: Item) -> Fraction | None:
    corners: list[list[tuple[int, Fraction]]] = []
    for axis in matrix["axes"]:
        found = worth(asked, axis["attribute"])
        corners.append([] if found is None else _places(axis, found))
    if not all(corners):
        return None
    total = Fraction(0)
    for corner in itertools.product(*corners):
        price: Any = matrix["cells"]
        weight = Fraction(1)
        for place, part in corner:
            price, weight = price[place], weight * part
        if price is None:
            return None
        total += Fraction(price) * weight
    return total


def _places(axis: Item, value: Fraction | str) -> list[tuple[int, Fraction]]:
    if isinstance(value, str):
        return [(place, Fraction(1)) for place, one in enumerate(axis["points"]) if one == value]
    points = [Fraction(one) * UNITS[axis["unit"]] for one in axis["points"]]
    if value in points:
        return [(points.index(value), Fraction(1))]
    below = [place for place, one in enumerate(points) if one < value]
    if not below or axis["reading"] == "exact":
        return []
    last = below[-1]
    if axis["reading"] == "step":
        return [(last, Fraction(1))]
    if last + 1 == len(points):
        return []
    part = (value - points[last]) / (points[last + 1] - points[last])
    return [(last, 1 - part), (last + 1, part)]


# Formulas: those the dice know, each told again in Python.

Known = Mapping[str, Any]
DECK = "196 * max(length - 1 m, 0 m) / 1 m"
FRAME = "deck * 0.1 + quantity"
DOCS = 'if colour == "red" then 0 else floor(quantity / 2) * 12.5'
PAINT = "{red: 145, blue: 190, else: 5}[colour] + shades[colour]"
CARE = "body * 0.05 + base * 0.01"
COPPER = "max(copper - 8.10, 0) * mass / 1 kg"
SHADES = {"red": "3", "else": "0.5"}
_PAINTS = {"red": 145, "blue": 190}
_MEANS: Mapping[str, Callable[[Known], Fraction]] = {
    DECK: lambda k: 196 * max(k["length"] - 1000, 0) / Fraction(1000),
    FRAME: lambda k: k["deck"] / 10 + k["quantity"],
    DOCS: lambda k: Fraction(0) if k["colour"] == "red" else k["quantity"] // 2 * Fraction(25, 2),
    PAINT: lambda k: (
        _PAINTS.get(k["colour"], 5) + Fraction(SHADES.get(k["colour"], SHADES["else"]))
    ),
    CARE: lambda k: k["body"] / 20 + k["base"] / 100,
    COPPER: lambda k: max(k["copper"] - Fraction("8.10"), 0) * k["mass"] / 1000,
}


def is_made(elements: Iterable[Item]) -> bool:
    return any(one["formula"] in _MEANS for one in elements)


def values(elements: Iterable[Item], asked: Item, context: Item, base: Fraction) -> dict[str, Any]:
    """What elements come to per unit, by key, in the order of the list above."""
    by_formula = {one["formula"]: one for one in elements}
    known: dict[str, Any] = {name: worth(asked, name) for name in asked.get("attributes", {})} | {
        "quantity": number(asked, "quantity", "1"),
        "base": base,
        "body": Fraction(0),
        "copper": number(context.get("market", {}), "copper"),
    }
    for formula in _MEANS:
        one = by_formula.get(formula)
        if one is None:
            continue
        value = _MEANS[formula](known)
        if "scale" in one:
            finest = 10 ** int(one["scale"])
            value = Fraction(sign(value) * up(abs(value) * finest), finest)
        known[one["key"]] = value
        if "part" in one:
            known[one["part"]] += value
    return known


# Ramps: a line a segment, each with its days or its months.


def cut(asked: Item) -> list[dict[str, Any]]:
    """The lines a line stands for; one is itself."""
    if "ramp" not in asked:
        return [dict(asked)]
    ramp, passed = asked["ramp"], 0
    plain = {name: value for name, value in asked.items() if name != "ramp"}
    found = []
    for place, (months, quantity) in enumerate(_segments(ramp, asked), 1):
        one = plain | {"key": f"{asked['key']}/{place}", "quantity": quantity}
        one |= {"of_ramp": asked["key"], "is_first": place == 1}
        if "uplift_percent" in ramp:
            one["rise"] = (1 + Fraction(ramp["uplift_percent"]) / 100) ** (passed // 12)
        period = int(asked.get("charge_months", 0))
        if asked.get("charge") == "recurring" and period and months % period == 0:
            pass  # one period of it, as often as it is
        elif "start_on" in ramp:
            first = date.fromisoformat(ramp["start_on"])
            days = later(first, passed), later(first, passed + months) - timedelta(days=1)
            one["term"] = {
                "start_on": days[0].isoformat(),
                "end_on": days[1].isoformat(),
                "anchor_on": ramp["start_on"],
            }
        else:
            one["due_months"] = months
        passed += months
        found.append(one)
    return found


def _segments(ramp: Item, asked: Item) -> list[tuple[int, str]]:
    own = asked.get("quantity", "1")
    if "segments" in ramp:
        return [(int(one.get("months", 12)), one.get("quantity", own)) for one in ramp["segments"]]
    left, length, found = int(ramp["months"]), int(ramp.get("segment_months", 12)), []
    while left > 0:
        found.append((min(left, length), own))
        left -= length
    return found
