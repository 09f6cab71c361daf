"""Rows from a spreadsheet: an article, how many, what is taken off, a price by hand, a term."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from handsel.bid.quote.rules.asked import LONGEST_REASON
from handsel.bid.quote.rules.content import plain
from handsel.bid.quote.rules.sheet.fields import LONGEST_NAME
from handsel.bid.quote.rules.sheet.price_fields import (
    MOST_AMOUNT,
    Unreadable,
    canonical_price_field,
    with_price_field,
)
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_date, parse_localized_decimal
from handsel.ground.kernel.said import said

USUAL: Final = ("article", "quantity", "discount", "own_price", "start", "end", "reason")
"""What the columns are where nothing says otherwise."""
OF_SHEET: Final[Mapping[str, str]] = {
    "position": "article",
    "name": "name",
    "quantity": "quantity",
    "discount_bps": "discount",
    "own_price": "own_price",
    "target_unit": "target_unit",
    "target_line": "target_line",
    "reason": "reason",
    "term": "term",
}
"""What the sheet's own columns are, of those that can be read again."""
WAYS: Final[Mapping[str, str]] = {
    "own_price": "override",
    "target_unit": "target_unit",
    "target_line": "target_line",
}
_FEWEST_OF_SHEET: Final = 4
_TERM: Final = "a first and a last day, such as 2026-04-01 – 2029-03-31"
# What programs put around cells and nobody sees: marks of direction, of width nothing, of order.
_UNSEEN: Final = dict.fromkeys(
    (0x00, 0x2060, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it was pasted: its cells by what they are; `number` counts from 1."""

    number: int
    cells: Mapping[str, str]
    too_much: str = ""
    """What stands in the first cell beyond the columns there are."""

    @property
    def article(self) -> str:
        """The number or name of a product."""
        return " ".join(self.cells.get("article", "").split())


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A row that can become a line. `asked` lacks the reason of a price where none was given."""

    number: int
    product_id: int
    quantity: Decimal
    discount_bps: int
    name: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)

    @property
    def lacks_reason(self) -> bool:
        """Whether somebody has to say why the price is set by hand."""
        return bool(self.asked.keys() & {"override", "manual"}) and not self.asked.get("reason")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A cell that cannot be read: where, what stands there, what was expected."""

    number: int
    column: str
    given: str
    expected: str


def count_rows(text: str) -> int:
    """How many rows a text has, without reading any."""
    return text.count("\n") + (not text.endswith("\n") and bool(text))


def raw_rows(
    text: str, *, titles: Mapping[str, str] | None = None, own: Sequence[str] = ()
) -> list[RawRow]:
    """The rows that are not empty, with the numbers they have in the text.

    Columns are named by a first row of `titles` (in lower case); rows as wide as the sheet (`own`,
    its columns in their order) are as copied from it; else they are the usual ones.
    """
    rows = [(number, row) for number, row in _cells(text) if any(row)]
    if not rows:
        return []
    head = [(titles or {}).get(cell.casefold(), "") for cell in rows[0][1]]
    is_headed = "article" in head and all(
        name or not cell for name, cell in zip(head, rows[0][1], strict=True)
    )
    names: Sequence[str] = USUAL
    if is_headed:
        names, rows = head, rows[1:]
    elif len(own) >= _FEWEST_OF_SHEET and all(len(row) == len(own) for _, row in rows):
        names = [OF_SHEET.get(name, "") for name in own]
    return [
        RawRow(
            number,
            {name: cell for name, cell in zip(names, row, strict=False) if name},
            next(filter(None, row[len(names) :]), ""),
        )
        for number, row in rows
    ]


def _cells(text: str) -> list[tuple[int, list[str]]]:
    plain_text = text.replace("\r\n", "\n").translate(_UNSEEN)
    lines = plain_text.split("\n")
    if not any(line.startswith('"') or '\t"' in line for line in lines):
        return [
            (at, [cell.strip() for cell in line.split("\t")]) for at, line in enumerate(lines, 1)
        ]
    # A cell with line breaks in it stands in quotes; one that is never closed is only a quote.
    reader = csv.reader([f"{line}\n" for line in lines], delimiter="\t", strict=True)
    found = []
    try:
        begun = 1
        for row in reader:
            found.append((begun, [" ".join(cell.split()) for cell in row]))
            begun = reader.line_num + 1
    except csv.Error:
        return [
            (at, [cell.strip() for cell in line.split("\t")]) for at, line in enumerate(lines, 1)
        ]
    return found


def read_rows(
    rows: Collection[RawRow], products: Mapping[str, Collection[int]], decimal_mark: str
) -> tuple[list[FoundRow], list[BadRow]]:
    """Rows that can become lines, and every cell that stands in the way of one.

    `products` are keys by article number and by name, in lower case. An empty quantity is one.
    """
    found: list[FoundRow] = []
    bad: list[BadRow] = []
    for row in rows:
        wrong: list[BadRow] = []
        keys = products.get(row.article.casefold(), ())
        if len(keys) != 1:
            expected = (
                "an article number; several products have this name"
                if keys
                else "the number or name of a product that is offered"
            )
            wrong.append(BadRow(row.number, "article", row.article[:60], expected))
        if row.too_much:
            expected = said(
                "at most %(most)s columns, where the first row does not name them", most=len(USUAL)
            )
            wrong.append(BadRow(row.number, "row", row.too_much[:60], expected))
        quantity = _quantity(row, decimal_mark, wrong)
        bps = _discount(row, decimal_mark, wrong)
        asked = _asked(row, decimal_mark, wrong)
        if len(row.cells.get("name", "")) > LONGEST_NAME:
            expected = said("%(least)s to %(most)s characters", least=1, most=LONGEST_NAME)
            wrong.append(BadRow(row.number, "name", row.cells["name"][:60], expected))
        if wrong:
            bad += wrong
        else:
            name = row.cells.get("name", "")
            found.append(FoundRow(row.number, next(iter(keys)), quantity, bps, name, asked))
    return found, bad


def _quantity(row: RawRow, decimal_mark: str, wrong: list[BadRow]) -> Decimal:
    given = row.cells.get("quantity", "")
    if not given:
        return Decimal(1)
    try:
        value = parse_localized_decimal(given, decimal_mark, max_digits=18, scale=6)
        if value > 0:
            return value
    except Invalid:
        pass
    expected = "a number above zero with at most 6 decimals"
    wrong.append(BadRow(row.number, "quantity", given[:60], _marked(given, decimal_mark, expected)))
    return Decimal(1)


def _discount(row: RawRow, decimal_mark: str, wrong: list[BadRow]) -> int:
    given = row.cells.get("discount", "")
    text = given.removesuffix("%").strip().removeprefix("−")
    if not text:
        return 0
    try:
        value = parse_localized_decimal(
            text, decimal_mark, max_digits=5, scale=2, minimum=0, maximum=100
        )
        return int(value * 100)
    except Invalid:
        expected = _marked(given, decimal_mark, "0 to 100 %")
        wrong.append(BadRow(row.number, "discount", given[:60], expected))
        return 0


def _asked(row: RawRow, decimal_mark: str, wrong: list[BadRow]) -> dict[str, Any]:
    asked: dict[str, Any] = {}
    for column, way in WAYS.items():
        amount = _amount(row, column, decimal_mark, wrong)
        if amount is not None:
            price = {"price": plain(amount)}
            asked = {"override": price} if way == "override" else {"manual": {way: plain(amount)}}
    reason = " ".join(row.cells.get("reason", "").split())
    if len(reason) > LONGEST_REASON:
        expected = said("1 to %(longest_reason)s letters", longest_reason=LONGEST_REASON)
        wrong.append(BadRow(row.number, "reason", reason[:60], expected))
    elif asked and reason:
        asked["reason"] = reason
    return asked | _term(row, wrong)


def _amount(row: RawRow, column: str, decimal_mark: str, wrong: list[BadRow]) -> Decimal | None:
    given = row.cells.get(column, "")
    if not given:
        return None
    try:
        value = parse_localized_decimal(given, decimal_mark, max_digits=18, scale=6, minimum=0)
        if value < MOST_AMOUNT:
            return value
    except Invalid:
        pass
    expected = _marked(given, decimal_mark, "an amount from zero")
    wrong.append(BadRow(row.number, column, given[:60], expected))
    return None


def _marked(given: str, decimal_mark: str, expected: str) -> str:
    """What is expected; of digits with the mark of another language, which mark it is here."""
    other = "," if decimal_mark == "." else "."
    if other in given and not given.strip("0123456789.,'’ \xa0\u202f%−"):
        return said("a number with “%(mark)s” before the decimals", mark=decimal_mark)
    return expected


def _term(row: RawRow, wrong: list[BadRow]) -> dict[str, Any]:
    start, end = row.cells.get("start", ""), row.cells.get("end", "")
    column, given = "start", f"{start} {end}".strip()
    if row.cells.get("term"):
        column, given = "term", row.cells["term"]
        start, _, end = given.replace("–", "-", 1).partition(" - ")
    if not given:
        return {}
    try:
        text = f"{_day(start)}/{_day(end)}"
        asked = with_price_field("term", canonical_price_field("term", text), "one_time", {})[1]
        del asked["price_months"]  # as the price book says
        return asked
    except (Unreadable, Invalid):
        wrong.append(BadRow(row.number, column, given[:60], _TERM))
        return {}


def _day(text: str) -> str:
    """A day as 2026-04-01, 01.04.26 or 4/30/2026, in its one form, a spreadsheet's midnight left
    out. What could be two days is none. Raises Invalid."""
    plain_text = text.strip().removesuffix(" 00:00:00").removesuffix(" 00:00")
    for mark in "./":
        parts = [part.strip() for part in plain_text.split(mark)]
        if len(parts) == 3 and all(part.isascii() and part.isdigit() for part in parts):
            first, second, year = parts
            if mark == "/" and int(second) > 12:
                first, second = second, first
            elif mark == "/" and int(first) <= 12 and int(first) != int(second):
                break
            year = f"20{year}" if len(year) == 2 else year
            return parse_date(f"{year}-{second:0>2}-{first:0>2}").isoformat()
    return parse_date(plain_text).isoformat()
