"""Tables for spreadsheets: CSV whose cells stay what they are.

A text that a spreadsheet would take for a formula is marked with an apostrophe, by its first
visible character; numbers, dates and amounts are typed values here and need no mark.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from django.http import StreamingHttpResponse

from handsel.ground.kernel.money import Money

TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "|", "%")
MEDIA_TYPE = "text/csv; charset=utf-8"
_BATCH = 500
_BYTE_ORDER_MARK = "\ufeff"  # Excel reads UTF-8 only behind it


def inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" \u00a0\u200b\ufeff")[:1] in TRIGGERS and text else text


def cell(value: Any) -> str:
    """A value as it stands in a cell: amounts as plain numbers, dates as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, Money):
        return value.text()
    if isinstance(value, date):
        return value.isoformat()
    return inert(value) if isinstance(value, str) else str(value)


def csv_pieces(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The file in pieces of some hundred rows, so that a long one is never held at once."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    out.write(_BYTE_ORDER_MARK)
    writer.writerow([inert(name) for name in head])
    for place, row in enumerate(rows, start=1):
        writer.writerow([cell(value) for value in row])
        if place % _BATCH == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def csv_bytes(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The whole file, for short ones."""
    return "".join(csv_pieces(head, rows)).encode()


def csv_response(
    name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """The file as a download under a name."""
    return StreamingHttpResponse(
        csv_pieces(head, rows),
        content_type=MEDIA_TYPE,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
            "Cache-Control": "private, no-store",
        },
    )
