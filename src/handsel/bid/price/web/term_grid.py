"""Matrices and tables of a book as a grid of cells: what was typed, read and shown again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from handsel.bid.price.rules.grid_form import TABLE_COLUMNS, cell_of, grid_of, text_of
from handsel.bid.price.rules.matrices import Reading
from handsel.bid.price.web import parts, term_words
from handsel.ground.identity.access import Request
from handsel.ground.kernel.errors import Invalid

AXES_OFFERED = (1, 2, 3)
_DECIMAL = re.compile(r"-?\d+\.\d+")
_CELL = re.compile(r"grid:(\d+),(\d+)")


def axes_count(request: Request, typed: Mapping[str, str]) -> int:
    """How many axes a matrix has: as many as are named, or were asked for."""
    named = max((place + 1 for place in range(6) if typed.get(f"attribute_{place}")), default=0)
    asked = parts.key(parts.asked(request, "axes")) or 0
    return max(named, asked if asked in AXES_OFFERED else 0) or 2


def canonical(kind: str, typed: Mapping[str, str]) -> str:
    """The grid with plain numbers. Raises Invalid naming every cell that holds none."""
    grid = grid_of(typed.get("grid", ""))
    axes = sum(1 for place in range(6) if typed.get(f"attribute_{place}"))
    down = max(1, axes - 1) if kind == "matrices" else TABLE_COLUMNS - 1
    has_head = kind == "matrices" and axes > 1
    wrong: dict[str, str] = {}
    for row, cells in enumerate(grid):
        for column, cell in enumerate(cells):
            is_value = column >= down and not (has_head and row == 0)
            if not cell or (kind == "tables" and not is_value):
                continue
            try:
                cells[column] = _plain(cell, is_value=is_value, has_unit=kind == "tables")
            except Invalid as bad:
                wrong[f"grid:{row},{column}"] = bad.message
    if wrong:
        raise Invalid(_("Some cells cannot be read; they are marked."), fields=wrong)
    return text_of(grid)


def _plain(cell: str, *, is_value: bool, has_unit: bool) -> str:
    number, _space, unit = cell.partition(" ") if has_unit else (cell, "", "")
    try:
        plain = f"{parts.number(number, 'grid', max_digits=20, scale=6):f}"
    except Invalid:
        if is_value:
            raise
        return cell  # the points of an axis are numbers or words
    return f"{plain} {unit}".strip()


def shown(text: str) -> str:
    """A grid's numbers as the reader writes them."""
    mark = parts.decimal_mark()
    rows = grid_of(text)
    return text_of([[_localized(cell, mark) for cell in row] for row in rows])


def _localized(cell: str, mark: str) -> str:
    number = cell.partition(" ")[0]
    return cell.replace(".", mark, 1) if _DECIMAL.fullmatch(number) else cell


def faults(kind: str, typed: Mapping[str, str], wrong: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by cell or field; paths of the written form are led to the cell."""
    found = {}
    for path, message in wrong.items():
        is_placed = _CELL.fullmatch(path) or "." not in path
        try:
            place = path if is_placed else cell_of(path, kind, typed)
        except (Invalid, LookupError, ValueError):
            place = ""
        if not place and path.rpartition(".")[2] in ("label", "valid_from", "valid_until"):
            place = path.rpartition(".")[2]
        found[place or "grid"] = message
    return found


def context(
    request: Request, kind: str, typed: Mapping[str, str], errors: Mapping[str, str]
) -> dict[str, Any]:
    """The grid for the page, and a matrix's axes."""
    if kind == "tables":
        columns = [_("Table"), _("Word"), _("Second word"), _("Value")]
        help_text = _(
            "Formulas look a value up by its word: belt_m2[belt]. An empty cell on the left says "
            "what stands above it. Paste cells from a spreadsheet."
        )
        return {"cells": _cells(typed, errors, columns, 3, help_text)}
    count = axes_count(request, typed)
    help_text = _(
        "The last axis goes across: its points stand in the first row. An empty cell has no "
        "price. Paste cells from a spreadsheet."
    )
    columns = [_("Point"), _("Price")] if count == 1 else []
    return {
        "axes": [_axis(place, count, typed, errors) for place in range(count)],
        "tabs": [
            {"label": _axes_label(one), "url": f"?axes={one}", "current": one == count}
            for one in AXES_OFFERED
        ]
        if not any(typed.get(f"attribute_{place}") for place in range(6))
        else [],
        "cells": _cells(typed, errors, columns, max(1, count - 1), help_text),
    }


def _axes_label(count: int) -> str:
    return {1: _("One axis"), 2: _("Rows and columns"), 3: _("Three axes")}[count]


def _axis(
    place: int, count: int, typed: Mapping[str, str], errors: Mapping[str, str]
) -> list[dict[str, Any]]:
    if place == count - 1 and count > 1:
        where = _("Across")
    else:
        where = _("Down") if count < 3 else _("Down, %(place)s") % {"place": place + 1}
    readings = {
        Reading.EXACT: _("exactly the points"),
        Reading.STEP: _("the point reached"),
        Reading.LINEAR: _("between the points"),
    }
    fields = [
        {"name": f"attribute_{place}", "label": f"{where}: {_('attribute')}", "required": True},
        {"name": f"unit_{place}", "label": term_words.LABELS["unit"]},
        {
            "name": f"reading_{place}",
            "label": _("Read as"),
            "type": "select",
            "options": [(one.value, text) for one, text in readings.items()],
        },
    ]
    for field in fields:
        name = str(field["name"])
        field |= {"value": typed.get(name, ""), "error": errors.get(name, ""), "id": f"term-{name}"}
    return fields


def _cells(
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    columns: list[str],
    heads: int,
    help_text: str,
) -> dict[str, Any]:
    marked = {path: text for path, text in errors.items() if _CELL.fullmatch(path)}
    told = [errors["grid"]] if "grid" in errors else []
    for path, text in list(marked.items())[:10]:
        row, column = (int(one) + 1 for one in path.removeprefix("grid:").split(","))
        told.append(
            _("Row %(row)s, column %(column)s: %(text)s")
            % {"row": row, "column": column, "text": text}
        )
    return {
        "name": "grid",
        "label": _("Cells"),
        "help": help_text,
        "value": typed.get("grid", ""),
        "columns": columns,
        "heads": heads,
        "faults": {path.removeprefix("grid:"): text for path, text in marked.items()},
        "error": " ".join(told),
    }
