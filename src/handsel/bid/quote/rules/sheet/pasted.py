"""Rows from a spreadsheet: article number or name, quantity, discount; tabs between them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_localized_decimal


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it was pasted; `number` counts from 1."""

    number: int
    article: str
    quantity: str
    discount: str


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A row that can become a line."""

    number: int
    product_id: int
    quantity: Decimal
    discount_bps: int


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


def raw_rows(text: str) -> list[RawRow]:
    """The rows that are not empty, with the numbers they have in the text."""
    rows = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        cells = [cell.replace("\x00", "").strip() for cell in line.split("\t")]
        if any(cells):
            article, quantity, discount, *_ = [*cells, "", "", ""]
            rows.append(RawRow(number, article, quantity, discount))
    return rows


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
        quantity = _quantity(row, decimal_mark, wrong)
        bps = _discount(row, decimal_mark, wrong)
        if wrong:
            bad += wrong
        else:
            found.append(FoundRow(row.number, next(iter(keys)), quantity, bps))
    return found, bad


def _quantity(row: RawRow, decimal_mark: str, wrong: list[BadRow]) -> Decimal:
    if not row.quantity:
        return Decimal(1)
    try:
        value = parse_localized_decimal(row.quantity, decimal_mark, max_digits=18, scale=6)
        if value > 0:
            return value
    except Invalid:
        pass
    expected = "a number above zero with at most 6 decimals"
    wrong.append(BadRow(row.number, "quantity", row.quantity[:60], expected))
    return Decimal(1)


def _discount(row: RawRow, decimal_mark: str, wrong: list[BadRow]) -> int:
    text = row.discount.removesuffix("%").strip()
    if not text:
        return 0
    try:
        value = parse_localized_decimal(
            text, decimal_mark, max_digits=5, scale=2, minimum=0, maximum=100
        )
        return int(value * 100)
    except Invalid:
        wrong.append(BadRow(row.number, "discount", row.discount[:60], "0 to 100 %"))
        return 0
