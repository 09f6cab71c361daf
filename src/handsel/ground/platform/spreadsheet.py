"""Tables for spreadsheets, as CSV or XLSX, whose cells stay what they are.

A text that a spreadsheet would take for a formula is marked with an apostrophe, by its first
visible character; numbers, dates and amounts are typed values here and need no mark.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from handsel.ground.kernel.money import Money

TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "|", "%")
MEDIA_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CONTROLS = dict.fromkeys(set(range(32)) - {9, 10, 13})  # what XML, and so XLSX, cannot hold
LONGEST_CELL = 32_767  # of XLSX
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


def xlsx_bytes(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet whose cells are typed: texts are never formulas, instants are in UTC."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Handsel")

    def typed(value: Any) -> Any:
        if isinstance(value, Money):
            value = value.amount
        elif isinstance(value, datetime):
            value = value.astimezone(UTC).replace(tzinfo=None)
        elif value is None or isinstance(value, (bool, int, Decimal, date)):
            return value
        else:
            one = WriteOnlyCell(sheet, value=str(value).translate(_CONTROLS)[:LONGEST_CELL])
            one.data_type = "s"
            return one
        return value

    sheet.append([typed(name) for name in head])
    for row in rows:
        sheet.append([typed(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def download(
    request: HttpRequest, name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]
) -> HttpResponseBase:
    """A table as the address asks for it: `?as=xlsx`, else CSV; `name` is without its ending."""
    if request.GET.get("as") != "xlsx":
        return csv_response(f"{name}.csv", head, rows)
    return HttpResponse(
        xlsx_bytes(head, rows),
        content_type=XLSX_TYPE,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}.xlsx",
            "Cache-Control": "private, no-store",
        },
    )
