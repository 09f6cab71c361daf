"""CSV cells stay what they are."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from handsel.ground.kernel.money import Money
from handsel.ground.platform.spreadsheet import cell, csv_bytes, inert


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", " =1", "\t=1", "\u00a0=1", "|x", "%x"])
def test_formulas_are_marked_by_their_first_visible_character(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Brandt", "a=b", "12"])
def test_other_texts_stay(text: str) -> None:
    assert inert(text) == text


def test_typed_values_need_no_mark() -> None:
    values = [Money(-500, "EUR"), Decimal("-1.5"), -3, date(2026, 3, 2), None]
    assert [cell(value) for value in values] == ["-5.00", "-1.5", "-3", "2026-03-02", ""]


def test_a_long_file_is_whole() -> None:
    content = csv_bytes(["n", "say"], ((n, 'a "b"\n=c') for n in range(1203))).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline="")))
    assert len(rows) == 1204
    assert rows[-1] == ["1202", 'a "b"\n=c']
