"""A CSV file of products, read strictly: every row is kept or refused with a reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from handsel.bid.catalog.errors import BadProductFile
from handsel.bid.catalog.rules.facts import ProductFacts, problems_of
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_integer
from handsel.ground.kernel.said import expectations, said, strung

COLUMNS: Final = tuple(ProductFacts.__dataclass_fields__)
REQUIRED: Final = ("sku", "name")
MOST_ROWS: Final = 200_000
_TRUE, _FALSE = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0", ""})


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not kept: its line in the file, what stood there, and why."""

    line_no: int
    cells: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ProductFile:
    """What a file says: the products, and the rows refused."""

    columns: tuple[str, ...]
    products: tuple[ProductFacts, ...]
    refused: tuple[RefusedRow, ...]


def read_products(content: bytes) -> ProductFile:
    """Read a CSV file (UTF-8, comma or semicolon, first row names the columns).

    Columns are those of `COLUMNS`; `sku` and `name` must be there. An article number that comes
    twice is refused the second time. Raises BadProductFile when nothing can be read.
    """
    reader = csv.reader(io.StringIO(_decoded(content), newline=""), delimiter=_mark(content))
    try:
        header = tuple(cell.strip().lower() for cell in next(reader, []))
        _check_header(header)
        products: dict[str, ProductFacts] = {}
        refused: list[RefusedRow] = []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(products) + len(refused) >= MOST_ROWS:
                raise BadProductFile(
                    said("More than %(most_rows)s rows; split the file.", most_rows=MOST_ROWS)
                )
            facts, reason = _row(header, cells, products)
            if facts is None:
                refused.append(RefusedRow(reader.line_num, tuple(cells), reason))
            else:
                products[facts.sku] = facts
    except csv.Error as error:
        raise BadProductFile(
            said("Line %(line_num)s is not CSV: %(error)s.", line_num=reader.line_num, error=error)
        ) from None
    return ProductFile(header, tuple(products.values()), tuple(refused))


def refused_csv(read: ProductFile) -> bytes:
    """The refused rows as they were, with the reason as last column."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*read.columns, "reason"])
    for row in read.refused:
        writer.writerow([*(_harmless(cell) for cell in row.cells), row.reason])
    return out.getvalue().encode()


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadProductFile("The file is not UTF-8; save it as CSV UTF-8.") from None


def _mark(content: bytes) -> str:
    first = content.split(b"\n", 1)[0]
    return ";" if first.count(b";") > first.count(b",") else ","


def _check_header(header: tuple[str, ...]) -> None:
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise BadProductFile(
            said(
                "The first row must name the columns; %(listed)s missing.",
                listed=", ".join(missing),
            )
        )
    unknown = [name for name in header if name not in COLUMNS]
    if unknown or len(set(header)) != len(header):
        wrong = ", ".join(unknown) or said("a name stands there twice")
        raise BadProductFile(
            said(
                "Unknown columns: %(wrong)s. Known are %(listed)s.",
                wrong=wrong,
                listed=", ".join(COLUMNS),
            )
        )


def _row(
    header: tuple[str, ...], cells: list[str], seen: Mapping[str, ProductFacts]
) -> tuple[ProductFacts | None, str]:
    if len(cells) != len(header):
        return None, said(
            "%(count)s cells where %(count2)s were expected", count=len(cells), count2=len(header)
        )
    values = dict(zip(header, (cell.strip() for cell in cells), strict=True))
    try:
        facts = _facts(values)
    except Invalid as error:
        return None, error.message
    problems = problems_of(facts)
    if problems:
        return None, strung(expectations(problems))
    if facts.sku in seen:
        return None, said("%(sku)s stands in the file twice", sku=facts.sku)
    return facts, ""


def _facts(values: Mapping[str, str]) -> ProductFacts:
    given = {name: text for name, text in values.items() if text}
    weight = given.pop("weight_g", "")
    stocked = values.get("is_stocked", "").lower()
    given.pop("is_stocked", None)
    if stocked not in _TRUE | _FALSE:
        raise Invalid("is_stocked: expected yes or no", code="bad_product")
    return ProductFacts(
        **{"sku": "", "name": "", **given},
        is_stocked=stocked in _TRUE,
        weight_g=parse_integer(weight, minimum=0) if weight else None,
    )


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula."""
    return f"'{cell}" if cell.lstrip()[:1] in ("=", "+", "-", "@") else cell
