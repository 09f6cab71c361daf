"""How the naive evaluator counts: terms day by day, tiers step by step, fractions throughout."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any

Item = Mapping[str, Any]


def number(item: Item, name: str, other: str = "0") -> Fraction:
    return Fraction(str(item.get(name, other)))


def sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)


def up(value: Fraction | int) -> int:
    """Half up, away from zero: what taxes, fees and cash are rounded by."""
    value = Fraction(value)
    return sign(value) * floor(abs(value) + Fraction(1, 2))


def bounds(table: Item) -> list[tuple[Fraction, Fraction | None]]:
    """Where steps begin and end, whichever of both is written."""
    found: list[tuple[Fraction, Fraction | None]] = []
    for place, step in enumerate(table["steps"]):
        end = number(step, "to") if "to" in step else None
        if "from" in step:
            later_ones = table["steps"][place + 1 :]
            end = number(later_ones[0], "from") if later_ones else end
            found.append((number(step, "from"), end))
        else:
            found.append(((found[-1][1] or Fraction(0)) if found else Fraction(0), end))
    return found


def is_closed(table: Item) -> bool:
    """Whether the upper bounds belong to their steps."""
    return "from" not in table["steps"][0]


def reached(table: Item, count: Fraction) -> Item | None:
    """The step a count is in; none before the first and beyond the end of the last."""
    for (begin, end), step in zip(bounds(table), table["steps"], strict=True):
        if is_closed(table):
            inside = (begin < count or count == begin == 0) and (end is None or count <= end)
        else:
            inside = begin <= count and (end is None or count < end)
        if inside:
            return step  # type: ignore[no-any-return]
    return None


def slices(table: Item, before: Fraction, total: Fraction) -> Iterator[tuple[Item, Fraction]]:
    """How much of what is bought falls into each step; pieces that are numbered begin at 1."""
    limits = bounds(table)
    numbered = limits[0][0] == 1 and not is_closed(table)
    first = int(table.get("first", 1 if numbered else 0))
    for place, step in enumerate(table["steps"]):
        low = max(limits[place][0] - first, before, Fraction(0))
        high = before + total
        if place + 1 < len(limits):
            high = min(high, max(limits[place + 1][0] - first, Fraction(0)))
        if high > low:
            yield step, high - low


def is_beyond(table: Item, count: Fraction) -> bool:
    end = bounds(table)[-1][1]
    return end is not None and (count > end if is_closed(table) else count >= end)


def charge(step: Item, units: Fraction) -> Fraction:
    return packs(step, units) * number(step, "price") + number(step, "flat")


def packs(step: Item, units: Fraction) -> Fraction:
    """Opened one after the other until all units are in one."""
    if "per" not in step:
        return units
    opened = Fraction(0)
    while opened * number(step, "per") < units:
        opened += 1
    return opened


def step_bill(table: Item, step: Item, units: Fraction) -> Fraction:
    """A bill for so many units bought at once, at one step of packages or of blocks."""
    begin = next(
        low for (low, _), one in zip(bounds(table), table["steps"], strict=True) if one is step
    )
    if table["kind"] == "package":
        return charge(step, units)
    rest = units - begin
    return number(step, "flat") + (number(step, "price") * rest if rest > 0 else 0)


def slab_bill(table: Item, units: Fraction, list_each: Fraction | None) -> Fraction | None:
    """The same through the steps of a slab; what comes before all of them is bought off list."""
    inside = list(slices(table, Fraction(0), units))
    off_list = units - sum((part for _, part in inside), Fraction(0))
    if off_list and list_each is None:
        return None
    return sum((charge(step, part) for step, part in inside), off_list * (list_each or 0))


def slab_more(
    table: Item, before: Fraction, more: Fraction, list_each: Fraction | None
) -> Fraction | None:
    """What more units add to the bill of a slab, if it says anything about so many."""
    if not list(slices(table, Fraction(0), before + more)) or is_beyond(table, before + more):
        return None
    bill, paid = (slab_bill(table, count, list_each) for count in (before + more, before))
    return None if bill is None or paid is None else bill - paid


def added(table: Item, step: Item, before: Fraction, more: Fraction) -> Fraction:
    """What more units cost where all have the rate of one step: the room left in the last package
    is free, and the step's fee is asked once."""
    packages = packs(step, before + more) - packs(step, before)
    knows_it = before > 0 and reached(table, before) is step
    return packages * number(step, "price") + (0 if knows_it else number(step, "flat"))


def ended(unit: Fraction, one: Item) -> Fraction:
    step, offset = number(one, "step"), number(one, "offset")
    exact = (unit - offset) / step
    how = one.get("direction", "nearest")
    whole = ceil(exact) if how == "up" else floor(exact) if how == "down" else up(exact)
    return whole * step + offset


def months_of(convention: str, first: date, last: date) -> Fraction:
    """How many months a term is, counted day by day or month by month."""
    days = [first + timedelta(days=place) for place in range((last - first).days + 1)]
    if convention == "DAY365":
        return Fraction(len(days) * 12, 365)
    if convention == "ACTACT":
        return sum((Fraction(12, 366 if calendar.isleap(day.year) else 365) for day in days), NONE)
    if convention == "CAL":
        return sum((Fraction(1, length(day)) for day in days), NONE)
    if convention == "30/360":
        return Fraction(sum(_of_thirty(day) for day in days), 30)
    until, whole = last + timedelta(days=1), 0
    while later(first, whole + 1) <= until:
        whole += 1
    begun = later(first, whole)
    rest = (until - begun).days
    return (
        whole
        + {
            "MONTH_UP": Fraction(1 if rest else 0),
            "MONTH_DAY": Fraction(rest * 12, 365),
            "ANNIV": Fraction(rest, (later(first, whole + 1) - begun).days),
            "M30": Fraction(rest, 30),
        }[convention]
    )


NONE = Fraction(0)


def length(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def later(day: date, months: int) -> date:
    """So many months on: the same day, or the last one of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _of_thirty(day: date) -> int:
    """The last day of every month is its 30th, and lasts until then; a 31st is none of its own."""
    if day.day == 31:
        return 0
    return 31 - day.day if day.day == length(day) and day.month == 2 else 1
