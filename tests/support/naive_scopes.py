"""Which lines a tier counts together, for the naive evaluator."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Protocol

from tests.support.naive_counts import Item, number
from tests.support.naive_made import counted_in_unit


class CountedLine(Protocol):
    """A line as far as it is counted."""

    asked: Item
    quantity: Fraction
    listed: Fraction


def measure(table: Item, line: CountedLine) -> Fraction:
    if "unit" in table:
        return counted_in_unit(line.asked, table) * line.quantity
    return line.listed if table.get("basis") == "amount" else line.quantity


def is_in_scope(table: Item, line: CountedLine, other: CountedLine) -> bool:
    """Whether another line counts for this one: in its group, and of a ramp its first segment
    alone, unless the line is a segment of it itself; amounts are of all segments."""
    groups = {str(one.asked.get("tier_group", "")) for one in (line, other)}
    if table["scope"] == "group" and len(groups) > 1:
        return False
    if other is line or table.get("basis") == "amount" or "of_ramp" not in other.asked:
        return True
    is_mine = other.asked["of_ramp"] == line.asked.get("of_ramp")
    return not is_mine and bool(other.asked["is_first"])


def bought_on(lines: Iterable[CountedLine]) -> Fraction:
    """What was bought on lines before; a ramp is one line however many segments it has."""
    found: dict[str, Fraction] = {}
    for line in lines:
        found[str(line.asked.get("of_ramp", line.asked["key"]))] = number(line.asked, "sold")
    return sum(found.values(), Fraction(0))


def bought_elsewhere(context: Item, table: Item) -> Fraction:
    """What was bought under the contract, or in all orders."""
    for sold in context.get("sold", []):
        if (sold["scope"], sold["rule"]) == (table["scope"], table["rule"]):
            return number(sold, "quantity")
    return Fraction(0)
