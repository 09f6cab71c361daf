"""Price matrices and tables to look up as a grid of cells, as a spreadsheet has them, and back.

A grid is text: a line for a row, tabs between cells. A matrix of one axis has its points in the
first column; of more axes the last goes across, its points in the first row, and every row begins
with its points of the others. Tables are rows of table, word (or two), value. A cell on the left
that is empty says what the one above it says. What is wrong is named by its cell, `grid:2,0`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from handsel.bid.price.rules.matrices import Reading
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import Said, said

AXIS: Final = ("attribute", "unit", "reading")
MOST_AXES: Final = 6
TABLE_COLUMNS: Final = 4
UNREADABLE: Final = "Some cells cannot be read; they are marked."
Grid = Sequence[Sequence[str]]


def grid_of(text: str) -> list[list[str]]:
    """The cells of a grid that was typed or pasted; empty lines keep their place."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [[cell.strip() for cell in line.split("\t")] for line in lines]


def text_of(grid: Grid) -> str:
    """A grid as text."""
    return "\n".join("\t".join(row) for row in grid)


def axes_of(values: Mapping[str, str]) -> list[dict[str, Any]]:
    """The axes a form names, in order; a first one always."""
    found = []
    for place in range(MOST_AXES):
        one = {name: values.get(f"{name}_{place}", "") for name in AXIS}
        if place and not one["attribute"]:
            break
        plain = ("", Reading.EXACT.value)
        found.append({name: value for name, value in one.items() if value not in plain})
    return found


def matrix_of(values: Mapping[str, str]) -> dict[str, Any]:
    """Axes with their points, and cells nested in their order. Raises Invalid by cell."""
    axes = axes_of(values)
    grid = grid_of(values.get("grid", ""))
    down = max(1, len(axes) - 1)
    wrong: dict[str, str] = {}
    across = _across(grid, down, wrong) if len(axes) > 1 else [(1, "")]
    found: dict[tuple[str, ...], str] = {}
    points: list[dict[str, None]] = [{} for _axis in range(down)]
    for row, key in _keys(grid, down, wrong, has_head=len(axes) > 1):
        for place, one in enumerate(key):
            points[place].setdefault(one)
        cells = dict(enumerate(grid[row][down:], down))
        for column, point in across:
            if cells.pop(column, ""):
                found[(*key, point)] = grid[row][column]
        for column in (column for column, cell in cells.items() if cell):
            wrong[_cell(row, column)] = said("Nothing stands above this column.")
    if not found and not wrong:
        wrong["grid"] = said("Give at least one price.")
    if wrong:
        raise Invalid(said(UNREADABLE), fields=wrong)
    lists = [list(one) for one in points]
    if len(axes) > 1:
        lists.append([point for _column, point in across])
    named = [{**axis, "points": each} for axis, each in zip(axes, lists, strict=True)]
    return {"axes": named, "cells": _nested(lists, (), found, is_flat=len(axes) == 1)}


def _keys(
    grid: Grid, down: int, wrong: dict[str, str], *, has_head: bool
) -> list[tuple[int, tuple[str, ...]]]:
    """The rows that say something, with the points they stand for."""
    found: list[tuple[int, tuple[str, ...]]] = []
    seen: dict[tuple[str, ...], int] = {}
    above = [""] * down
    for row, cells in enumerate(grid):
        if not any(cells) or (has_head and row == 0):
            continue
        here = _padded(cells, down)
        above = [one or above[place] for place, one in enumerate(here[:-1])] + here[-1:]
        key = tuple(above)
        if not all(key):
            wrong[_cell(row, key.index(""))] = said("Needed.")
            continue
        if key in seen:
            wrong[_cell(row, down - 1)] = said("Row %(row)s says this already.", row=seen[key] + 1)
        seen.setdefault(key, row)
        found.append((row, key))
    return found


def _across(grid: Grid, down: int, wrong: dict[str, str]) -> list[tuple[int, str]]:
    head = grid[0] if grid else []
    found: list[tuple[int, str]] = []
    for column in range(down, len(head)):
        if not head[column]:
            continue
        if any(point == head[column] for _column, point in found):
            wrong[_cell(0, column)] = said("Stands here twice.")
        found.append((column, head[column]))
    if not found:
        wrong[_cell(0, down)] = said("Needed.")
    return found


def _padded(cells: Sequence[str], count: int) -> list[str]:
    return [*cells[:count], *[""] * (count - len(cells))]


def _nested(
    points: Sequence[Sequence[str]], at: tuple[str, ...], found: Mapping[tuple[str, ...], str],
    *, is_flat: bool,
) -> list[Any]:  # fmt: skip
    first, rest = points[0], points[1:]
    if rest:
        return [_nested(rest, (*at, one), found, is_flat=is_flat) for one in first]
    return [found.get((*at, one, "") if is_flat else (*at, one)) for one in first]


def matrix_values(definition: Mapping[str, Any]) -> dict[str, str]:
    """A kept matrix as the form shows it. Raises KeyError or TypeError for what no form says."""
    values: dict[str, str] = {}
    axes = definition["axes"]
    for place, axis in enumerate(axes):
        values |= {f"{name}_{place}": str(axis.get(name, "")) for name in AXIS}
    points = [[str(one) for one in axis["points"]] for axis in axes]
    rows: list[list[str]] = []
    if len(axes) > 1:
        rows.append([*[str(axis["attribute"]) for axis in axes[:-1]], *points[-1]])
    _flattened(definition["cells"], points, [], rows, is_flat=len(axes) == 1)
    return {**values, "grid": text_of(rows)}


def _flattened(
    cells: Any, points: Sequence[Sequence[str]], at: list[str], rows: list[list[str]],
    *, is_flat: bool,
) -> None:  # fmt: skip
    for one, below in zip(points[0], cells, strict=True):
        if is_flat:
            rows.append([one, _shown(below)])
        elif len(points) == 2:
            rows.append([*at, one, *[_shown(cell) for cell in below]])
        else:
            _flattened(below, points[1:], [*at, one], rows, is_flat=False)


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def tables_of(values: Mapping[str, str]) -> dict[str, Any]:
    """Tables by name: numbers by word, or by two words. Raises Invalid by cell."""
    found: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    name = ""
    first = ""
    for row, cells in enumerate(grid_of(values.get("grid", ""))):
        if not any(cells):
            continue
        table, word, second, value = _padded(cells, TABLE_COLUMNS)
        if table and table != name:
            first = ""
        name, first = table or name, word or first
        if not (problem := _missing(name, first, value)):
            problem = _placed(found.setdefault(name, {}), first, second, value)
        if problem:
            wrong[_cell(row, problem[0])] = problem[1]
    if not found and not wrong:
        wrong["grid"] = said("Give at least one value.")
    if wrong:
        raise Invalid(said(UNREADABLE), fields=wrong)
    return found


def _missing(name: str, first: str, value: str) -> tuple[int, Said] | None:
    for column, one in ((0, name), (1, first), (3, value)):
        if not one:
            return column, said("Needed.")
    return None


def _placed(table: dict[str, Any], first: str, second: str, value: str) -> tuple[int, Said] | None:
    """Put a value into its table; where it cannot stand, the column and why."""
    if not second:
        if first in table:
            return 1, said("“%(word)s” stands here twice.", word=first)
        table[first] = value
        return None
    within = table.setdefault(first, {})
    if not isinstance(within, dict):
        return 2, said("“%(word)s” has a value of its own already.", word=first)
    if second in within:
        return 2, said("“%(word)s” stands here twice.", word=second)
    within[second] = value
    return None


def tables_values(definition: Mapping[str, Any]) -> dict[str, str]:
    """Kept tables as the form shows them. Raises TypeError for more than two words."""
    rows: list[list[str]] = []
    for name, table in definition.items():
        for first, value in table.items():
            within = value.items() if isinstance(value, Mapping) else (("", value),)
            for second, one in within:
                if isinstance(one, Mapping | bool):
                    raise TypeError("three words deep, or no number")
                rows.append([str(name), str(first), str(second), str(one)])
    return {"grid": text_of(rows)}


def cell_of(path: str, kind: str, values: Mapping[str, str]) -> str:
    """The cell or field that a path of the written form was typed into; "" where there is none."""
    if kind == "tables":
        return _cell_of_table(path, values)
    inner = path.partition(".")[2]
    numbers = [int(one) for one in _numbers(inner)]
    if inner.startswith("cells") and numbers:
        return _cell_of_matrix(numbers, values)
    if inner.startswith("axes") and numbers:
        field = inner.rpartition("].")[2]
        return f"{field if field in AXIS else 'attribute'}_{numbers[0]}"
    return ""


def _numbers(text: str) -> list[str]:
    return [one.partition("]")[0] for one in text.split("[")[1:]]


def _cell_of_matrix(places: Sequence[int], values: Mapping[str, str]) -> str:
    lists = [axis["points"] for axis in matrix_of(values)["axes"]]
    down = max(1, len(lists) - 1)
    wanted = tuple(lists[level][place] for level, place in enumerate(places[:down]))
    grid = grid_of(values.get("grid", ""))
    column = 1
    if len(lists) > 1 and len(places) > down:
        column = grid[0].index(lists[-1][places[down]], down)
    rows = {key: row for row, key in _keys(grid, down, {}, has_head=len(lists) > 1)}
    return _cell(rows[wanted], column)


def _cell_of_table(path: str, values: Mapping[str, str]) -> str:
    wanted = path.split(".")[1:]
    name = first = ""
    for row, cells in enumerate(grid_of(values.get("grid", ""))):
        table, word, second, _value = _padded(cells, TABLE_COLUMNS)
        name, first = table or name, word or first
        here = [name, first, *([second] if second else [])]
        if any(cells) and ".".join(here[: len(wanted)]) == ".".join(wanted):
            return _cell(row, 3 if len(wanted) > 1 else 0)
    return ""


def _cell(row: int, column: int) -> str:
    return f"grid:{row},{column}"
