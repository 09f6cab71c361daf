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


def views(table: Any) -> SafeString:
    """The saved views as links, the one shown marked."""
    out = []
    for label, url, current, count in pick(table, "views"):
        here = ' aria-current="true"' if current else ""
        number = "" if count is None else f' <span class="count">{markup.counted(count)}</span>'
        out.append(f'<a href="{markup.safe(url)}"{here}>{markup.safe(label)}{number}</a>')
    return SafeString("".join(out))


def filters(table: Any) -> SafeString:
    """The filters as choices; the first choice of each is none."""
    out = []
    for one in pick(table, "filters") or ():
        label, name = markup.safe(pick(one, "label")), markup.safe(pick(one, "name"))
        chosen = pick(one, "value")
        field_id = f"{markup.safe(pick(table, 'id'))}-{name}"
        options = "".join(
            f'<option value="{markup.safe(value)}"{" selected" if value == chosen else ""}>'
            f"{markup.safe(text)}</option>"
            for value, text in pick(one, "options")
        )
        out.append(
            f'<label class="table-filter"><span class="sr-only">{label}</span>'
            f'<select id="{field_id}" name="{name}" class="select{" is-set" if chosen else ""}">'
            f'<option value="">{label}</option>{options}</select></label>'
        )
    return SafeString("".join(out))


def exports(table: Any) -> SafeString:
    """Links that download the list; what there is as CSV there is as XLSX."""
    out, arrow = [], built.icon_address("download")
    for label, url in pick(table, "exports"):
        offers = [(label, url)]
        if label == "CSV":
            joint = "" if url.endswith("?") else "&" if "?" in url else "?"
            offers.append(("XLSX", f"{url}{joint}as=xlsx"))
        for name, address in offers:
            out.append(
                f'<a class="btn btn-ghost" href="{markup.safe(address)}" download>'
                f'<svg class="icon" aria-hidden="true"><use href="{arrow}"/>'
                f"</svg>{markup.safe(name)}</a>"
            )
    return SafeString("".join(out))


def _two_lines(value: Any) -> tuple[str, str]:
    first, small = markup.pair(value)
    under = f'<span class="under">{markup.safe(small)}</span>' if small else ""
    return markup.text(first), under


def _whole(value: Any) -> SafeString:
    # Numbers of documents hold hyphens, at which a browser would break them.
    if type(value) is str and value and " " not in value:
        return SafeString(f'<span class="whole">{markup.safe(value)}</span>')
    return markup.text(value)


class _Column:
    """What every cell of a column has in common."""

    def __init__(self, column: Any, name: str) -> None:
        self.format_name = pick(column, "format") or "text"
        label = conditional_escape(pick(column, "label"))
        self.opening = f'<td role="cell" class="{name} is-{self.format_name}" data-label="{label}">'
        plain = self.format_name == "text"
        self.show = _whole if plain else markup.shower(self.format_name)

    def lead(self, value: Any, url: str | None) -> str:
        shown, under = _two_lines(value) if self.format_name == "link" else (self.show(value), "")
        if url:
            shown = f'<a class="row-link" href="{markup.safe(url)}">{shown}</a>'
        return f"{self.opening}{shown}{under}</td>"

    def cell(self, value: Any) -> str:
        if self.format_name == "link":
            return f"{self.opening}{''.join(_two_lines(value))}</td>"
        return f"{self.opening}{self.show(value)}</td>"


class _Pick:
    """The box that selects a row."""

    def __init__(self, table_id: str) -> None:
        self.opening = (
            '<td role="cell" class="pick"><input type="checkbox" class="checkbox" name="ids" '
            f'form="{markup.safe(table_id)}-bulk" aria-label="{markup.safe(_("Select this row"))}" '
        )

    def cell(self, row: Any) -> str:
        why_not = pick(row, "why_not_select")
        off = f' disabled title="{markup.safe(why_not)}"' if why_not else ""
        return f'{self.opening}value="{markup.safe(pick(row, "id"))}"{off}></td>'


def body(table: Any) -> SafeString:
    """All rows of the page."""
    columns = [
        _Column(column, name)
        for column, name in zip(pick(table, "columns"), _classes(table), strict=True)
    ]
    box = _Pick(str(pick(table, "id"))) if pick(table, "bulk") else None
    first, others = columns[0], columns[1:]
    out = []
    for row in pick(table, "rows"):
        state = pick(row, "state")
        row_class = f' class="row-{markup.safe(state)}"' if state else ""
        out.append(f'<tr role="row" data-row{row_class}>')
        if box:
            out.append(box.cell(row))
        values = pick(row, "cells")
        out.append(first.lead(values[0], pick(row, "url")))
        out.extend(column.cell(value) for column, value in zip(others, values[1:], strict=True))
        out.append("</tr>")
    return SafeString("".join(out))


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
    return str(markup.show(value, "text" if format_name == "link" else format_name))
