"""Table head, rows and totals as markup.

Written as functions, not as templates, because a list page shows hundreds of cells and has 8 ms.
The contract is on top of `templates/shell/table.html`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from handsel.site.shell import built, markup
from handsel.site.shell.markup import pick


def _column_class(column: Any, index: int, main_amount: int | None) -> str:
    names = ["lead"] if index == 0 else []
    format_name = pick(column, "format") or "text"
    if pick(column, "align") == "right" or format_name in markup.NUMERIC_FORMATS:
        names.append("right")
    if pick(column, "width"):
        names.append(f"width-{pick(column, 'width')}")
    if pick(column, "phone") is False:
        names.append("not-phone")
    if index == main_amount:
        names.append("main-amount")
    return " ".join(names)


def _classes(table: Any) -> list[str]:
    columns = list(pick(table, "columns"))
    amounts = [i for i, column in enumerate(columns) if i and pick(column, "format") == "money"]
    main_amount = amounts[-1] if amounts else None
    return [_column_class(column, i, main_amount) for i, column in enumerate(columns)]


def _next_sort(key: str, sort: str) -> tuple[str, str, str]:
    """(sort to go to, aria-sort now, icon)."""
    if sort == key:
        return f"-{key}", "ascending", "arrow-up"
    if sort == f"-{key}":
        return key, "descending", "arrow-down"
    return key, "none", "arrow-up-down"


def head(table: Any, address: Callable[[str], str]) -> SafeString:
    """Header row; `address` gives the query string that sorts by a key."""
    sort = pick(table, "sort") or ""
    sprite = built.address("icons.svg")
    cells: list[str] = []
    if pick(table, "bulk"):
        cells.append(
            format_html(
                '<th role="columnheader" class="pick"><input type="checkbox" class="checkbox" '
                'data-select-all aria-label="{}"></th>',
                _("Select all rows on this page"),
            )
        )
    for column, name in zip(pick(table, "columns"), _classes(table), strict=True):
        label = conditional_escape(pick(column, "label"))
        if not pick(column, "sortable"):
            cells.append(f'<th role="columnheader" scope="col" class="{name}">{label}</th>')
            continue
        target, state, icon = _next_sort(pick(column, "key"), sort)
        cells.append(
            f'<th role="columnheader" scope="col" class="{name}" aria-sort="{state}">'
            f'<a class="sort" href="{conditional_escape(address(target))}">{label}'
            f'<svg class="icon" aria-hidden="true"><use href="{sprite}#{icon}"/></svg></a></th>'
        )
    return mark_safe(f'<tr role="row">{"".join(cells)}</tr>')


def _lead_cell(value: Any, format_name: str, url: str | None) -> str:
    first, small = markup.pair(value) if format_name == "link" else (value, None)
    shown = markup.show(first, "text" if format_name == "link" else format_name)
    if url:
        shown = mark_safe(f'<a class="row-link" href="{conditional_escape(url)}">{shown}</a>')
    if small:
        return f'{shown}<span class="under">{conditional_escape(small)}</span>'
    return str(shown)


def _other_cell(value: Any, format_name: str) -> str:
    if format_name == "text" and isinstance(value, str) and " " not in value:
        return f'<span class="whole">{markup.text(value)}</span>'
    if format_name == "link":
        first, small = markup.pair(value)
        under = f'<span class="under">{conditional_escape(small)}</span>' if small else ""
        return f"{markup.text(first)}{under}"
    return str(markup.show(value, format_name))


def _select_cell(row: Any, table_id: str) -> str:
    why_not = pick(row, "why_not_select")
    label = _("Select this row")
    off = f' disabled title="{conditional_escape(why_not)}"' if why_not else ""
    return (
        '<td role="cell" class="pick"><input type="checkbox" class="checkbox" name="ids" '
        f'form="{table_id}-bulk" value="{conditional_escape(pick(row, "id"))}" '
        f'aria-label="{conditional_escape(label)}"{off}></td>'
    )


def body(table: Any) -> SafeString:
    """All rows of the page."""
    columns = [
        (pick(column, "format") or "text", conditional_escape(pick(column, "label")), name)
        for column, name in zip(pick(table, "columns"), _classes(table), strict=True)
    ]
    table_id = conditional_escape(pick(table, "id"))
    with_select = bool(pick(table, "bulk"))
    out = []
    for row in pick(table, "rows"):
        state = pick(row, "state")
        row_class = f' class="row-{conditional_escape(state)}"' if state else ""
        out.append(f'<tr role="row" data-row{row_class}>')
        if with_select:
            out.append(_select_cell(row, table_id))
        url = pick(row, "url")
        cells = zip(columns, pick(row, "cells"), strict=True)
        for index, ((format_name, label, name), value) in enumerate(cells):
            shown = (
                _lead_cell(value, format_name, url)
                if index == 0
                else _other_cell(value, format_name)
            )
            out.append(
                f'<td role="cell" class="{name} is-{format_name}" data-label="{label}">{shown}</td>'
            )
        out.append("</tr>")
    return mark_safe("".join(out))


def foot(table: Any) -> SafeString:
    """Totals row: `totals` holds one value a column, None where there is none."""
    totals = pick(table, "totals")
    if not totals:
        return mark_safe("")
    cells = ['<td role="cell" class="pick"></td>'] if pick(table, "bulk") else []
    names = _classes(table)
    for column, name, value in zip(pick(table, "columns"), names, totals, strict=True):
        label = conditional_escape(pick(column, "label"))
        format_name = pick(column, "format") or "text"
        shown = "" if value is None else _total_cell(value, format_name)
        empty = "" if shown else " is-empty"
        cells.append(
            f'<td role="cell" class="{name} is-{format_name}{empty}" '
            f'data-label="{label}">{shown}</td>'
        )
    return mark_safe(f'<tfoot role="rowgroup"><tr role="row">{"".join(cells)}</tr></tfoot>')


def _total_cell(value: Any, format_name: str) -> str:
    if isinstance(value, str):
        return str(markup.text(value))
    return _other_cell(value, format_name)
