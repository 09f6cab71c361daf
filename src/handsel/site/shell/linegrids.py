"""Rows of the line grid as markup: inputs that post themselves when they change.

A function, not a template, because a quote may have a thousand lines.
"""

from __future__ import annotations

from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from handsel.site.shell import built, markup
from handsel.site.shell.markup import pick

_INPUT_MODES = {"decimal": "decimal", "percent": "decimal", "money": "decimal"}


def rows(grid: Any) -> SafeString:
    """All rows of the grid."""
    return mark_safe("".join(_row(grid, row) for row in pick(grid, "rows")))


def _row(grid: Any, row: Any) -> str:
    row_id = conditional_escape(f"{pick(grid, 'id')}-{pick(row, 'id')}")
    readonly = bool(pick(grid, "readonly"))
    cells = [
        f'<td role="cell" class="position">{markup.text(pick(row, "position"))}</td>',
        f'<td role="cell" class="line-name">{_name(row)}</td>',
    ]
    fields = pick(row, "fields") or {}
    for column in pick(grid, "columns"):
        described = fields.get(pick(column, "name"))
        cells.append(_cell(row_id, row, column, described, readonly=readonly))
    cells.append(f'<td role="cell" class="right line-amount">{_amount(row)}</td>')
    cells.append(f'<td role="cell" class="narrow">{_remove(row, readonly=readonly)}</td>')
    return f'<tr role="row" id="{row_id}" data-line>{"".join(cells)}</tr>'


def _name(row: Any) -> str:
    detail = pick(row, "detail")
    under = f'<span class="under">{conditional_escape(detail)}</span>' if detail else ""
    return f"{conditional_escape(pick(row, 'name'))}{under}"


def _amount(row: Any) -> str:
    shown = markup.money(pick(row, "amount"))
    why = pick(row, "why")
    if not why:
        return str(shown)
    title = conditional_escape(_("Why this amount"))
    return f'<a class="why-number" href="{conditional_escape(why)}" title="{title}">{shown}</a>'


def _cell(row_id: str, row: Any, column: Any, described: Any, *, readonly: bool) -> str:
    kind = pick(column, "type") or "text"
    name = pick(column, "name")
    label = conditional_escape(pick(column, "label"))
    if described is None:
        return f'<td role="cell" class="cell-{kind}" data-label="{label}">{markup.NOTHING}</td>'
    value = pick(described, "value")
    value = "" if value is None else value
    error = pick(described, "error")
    control_id = f"{row_id}-{conditional_escape(name)}"
    if readonly or pick(described, "readonly"):
        shown = f'<span class="cell-value">{conditional_escape(value)}</span>'
    else:
        aria = f"{label}, {conditional_escape(pick(row, 'name'))}"
        attributes = (
            f'id="{control_id}" name="{conditional_escape(name)}" aria-label="{aria}" '
            f'hx-post="{conditional_escape(pick(row, "update_url"))}" hx-trigger="change" '
            f'hx-include="closest tr" data-cell'
        )
        if error:
            attributes += f' aria-invalid="true" aria-describedby="{control_id}-error"'
        shown = _control(kind, value, attributes, pick(described, "options"))
    suffix = pick(described, "suffix")
    if suffix:
        shown += f'<span class="suffix">{conditional_escape(suffix)}</span>'
    if error:
        shown += f'<p class="field-error" id="{control_id}-error">{conditional_escape(error)}</p>'
    return (
        f'<td role="cell" class="cell-{conditional_escape(kind)}" data-label="{label}">'
        f'<div class="cell">{shown}</div></td>'
    )


def _control(kind: str, value: Any, attributes: str, options: Any) -> str:
    if kind != "select":
        mode = _INPUT_MODES.get(kind)
        extra = f' inputmode="{mode}"' if mode else ""
        return (
            f'<input type="text" class="cell-input" autocomplete="off" {attributes}{extra} '
            f'value="{conditional_escape(value)}">'
        )
    choices = "".join(
        f'<option value="{conditional_escape(one)}"{" selected" if str(one) == str(value) else ""}>'
        f"{conditional_escape(text)}</option>"
        for one, text in options or []
    )
    return f'<select class="cell-input" {attributes}>{choices}</select>'


def _remove(row: Any, *, readonly: bool) -> str:
    url = pick(row, "delete_url")
    if readonly or not url:
        return ""
    label = conditional_escape(_("Remove %(name)s") % {"name": pick(row, "name")})
    icon = built.address("icons.svg")
    return (
        f'<button type="button" class="icon-button" hx-post="{conditional_escape(url)}" '
        f'data-remove aria-label="{label}"><svg class="icon" aria-hidden="true">'
        f'<use href="{icon}#x"/></svg></button>'
    )
