"""Tables as XLSX: every cell is what it is, and no text is a formula."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

from openpyxl import load_workbook

from handsel.ground.kernel.money import Money
from handsel.ground.platform.spreadsheet import xlsx_bytes


def test_cells_keep_their_types() -> None:
    noon = datetime(2026, 3, 2, 13, tzinfo=timezone(timedelta(hours=1)))
    given = ["=1+1", Money(-12_34, "EUR"), date(2026, 3, 1), noon, Decimal("0.125"), 7, None]
    sheet = load_workbook(io.BytesIO(xlsx_bytes(["=head", *"bcdefg"], [given]))).active
    assert sheet is not None
    head, row = list(sheet.iter_rows())
    assert (head[0].value, head[0].data_type) == ("=head", "s")
    assert (row[0].value, row[0].data_type) == ("=1+1", "s")
    assert [cell.value for cell in row[1:]] == [
        -12.34,
        datetime(2026, 3, 1),
        noon.astimezone(UTC).replace(tzinfo=None),
        0.125,
        7,
        None,
    ]


def test_what_a_sheet_cannot_hold_is_left_out() -> None:
    sheet = load_workbook(io.BytesIO(xlsx_bytes(["a"], [["x\x00\x0by" + "z" * 40_000]]))).active
    assert sheet is not None
    text = str(sheet["A2"].value)
    assert (text[:3], len(text)) == ("xyz", 32_767)
