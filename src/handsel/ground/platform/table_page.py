"""The page a CSV list is brought in by: first what it would do, row by row, then it is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.formats import get_format
from django.utils.translation import gettext as _

from handsel.ground.kernel.errors import HandselError
from handsel.ground.kernel.said import worded
from handsel.ground.platform.csv_table import BadTable, Imported, decoded
from handsel.ground.platform.posted import go_to

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_SHOWN: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """What a page of this kind is about: where it stands, what it brings in, how rows are shown.

    `bring` is the action with who acts and when in it; it takes the text and whether it is a trial.
    """

    title: str
    trail: Sequence[tuple[str, str]]
    address: str
    back: str
    fields: Sequence[str]
    example: str
    bring: Callable[..., Imported[Any]]
    columns: Sequence[dict[str, Any]]
    cells: Callable[[Any], list[Any]]
    hint: str = ""


def list_page(request: HttpRequest, of: ListPage) -> HttpResponseBase:
    """Show the form, what the list would do, or do it."""
    text = str(request.POST.get("text", "")).replace("\x00", "").replace("\r\n", "\n")
    usual = "," if get_format("DECIMAL_SEPARATOR") == "," else "."
    mark = request.POST.get("decimal_mark", usual)
    found: Imported[Any] | None = None
    message = ""
    if request.method == "POST":
        is_trial = "sure" not in request.POST
        try:
            text = _uploaded(request) or text
            found = of.bring(
                text=text,
                decimal_mark=mark if mark in (".", ",") else usual,
                is_trial=is_trial,
            )
        except HandselError as wrong:
            message = worded(wrong.message, _)
        if found is not None and not is_trial:
            count = len(found.new) + len(found.changed)
            messages.success(request, _("%(count)s rows are kept.") % {"count": count})
            return go_to(request, of.back)
    kept = [] if found is None else [*found.new, *found.changed]
    context = {
        "header": {"title": of.title, "trail": list(of.trail)},
        "address": of.address,
        "message": message,
        "found": found,
        "count": len(kept),
        "table": _table(of, kept) if found else None,
        "refused": _refused(found) if found and found.refused else None,
        "fields": _fields(of, text, mark),
        "text": text,
        "decimal_mark": mark,
        "hint": of.hint,
    }
    return render(request, "shell/list_import.html", context, status=422 if message else 200)


def _uploaded(request: HttpRequest) -> str:
    given = request.FILES.get("file")
    if given is None:
        return ""
    if (given.size or 0) > MOST_BYTES:
        raise BadTable(_("Choose a CSV file of at most 2 MB."))
    return decoded(given.read())


def _fields(of: ListPage, text: str, mark: str) -> list[dict[str, Any]]:
    return [
        {
            "name": "file",
            "label": _("File"),
            "type": "file",
            "accept": ".csv,text/csv",
            "help": _("CSV in UTF-8. Columns: %(columns)s.") % {"columns": ", ".join(of.fields)},
        },
        {
            "name": "text",
            "label": _("Or the list itself"),
            "type": "textarea",
            "rows": 8,
            "value": text,
            "placeholder": of.example,
        },
        {
            "name": "decimal_mark",
            "label": _("Decimal mark"),
            "type": "select",
            "options": [(".", "1234.50"), (",", "1234,50")],
            "value": mark,
        },
    ]


def _table(of: ListPage, kept: Sequence[Any]) -> dict[str, Any]:
    return {
        "id": "kept-rows",
        "caption": _("What would be kept"),
        "columns": list(of.columns),
        "rows": [
            {"id": place, "cells": of.cells(one)} for place, one in enumerate(kept[:MOST_SHOWN])
        ],
        "empty": {"title": _("Nothing in it is new")},
    }


def _refused(found: Imported[Any]) -> dict[str, Any]:
    return {
        "id": "refused-rows",
        "caption": _("Refused rows"),
        "columns": [
            {"key": "line", "label": _("Row")},
            {"key": "text", "label": _("What stood there")},
            {"key": "why", "label": _("Why not")},
        ],
        "rows": [
            {
                "id": place,
                "cells": [
                    f"{_('Row')} {one.line_no}",
                    " · ".join(cell for cell in one.cells if cell.strip()),
                    one.reason,
                ],
            }
            for place, one in enumerate(found.refused[:MOST_SHOWN])
        ],
    }
