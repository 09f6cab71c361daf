"""A CSV file whose columns are fields: read strictly, every row kept or refused with a reason."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Generic, TypeVar

from django.utils.translation import gettext as _

from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_date, parse_localized_decimal
from handsel.ground.kernel.said import worded

MOST_ROWS: Final = 20_000
_DOTTED: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_YES, _NO = frozenset({"yes", "true", "1", "ja", "x"}), frozenset({"no", "false", "0", "nein", ""})
T = TypeVar("T")


class BadTable(Invalid):
    """A file that is no table of these fields."""

    default_code = "bad_table"


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row by its fields; `cells` are as they stood."""

    line_no: int
    cells: tuple[str, ...]
    values: Mapping[str, str]
    decimal_mark: str = "."

    def text(self, name: str) -> str:
        """What stands in a field; nothing where it is empty or has no column."""
        return self.values.get(name, "")

    def decimal(self, name: str) -> Decimal | None:
        """A number with the file's decimal mark. Raises Invalid."""
        text = self.text(name)
        return parse_localized_decimal(text, self.decimal_mark) if text else None

    def bps(self, name: str) -> int | None:
        """Per cent with at most two decimals, as basis points. Raises Invalid."""
        text = self.text(name).removesuffix("%").rstrip()
        return (
            int(parse_localized_decimal(text, self.decimal_mark, scale=2) * 100) if text else None
        )

    def day(self, name: str) -> date | None:
        """A day: 2026-03-31 or 31.3.2026. Raises Invalid."""
        text = self.text(name)
        if dotted := _DOTTED.fullmatch(text):
            day, month, year = dotted.groups()
            text = f"{year}-{month:0>2}-{day:0>2}"
        return parse_date(text) if text else None

    def flag(self, name: str) -> bool:
        """Yes or no; empty is no. Raises BadTable."""
        text = self.text(name).lower()
        if text not in _YES | _NO:
            raise BadTable(_("%(name)s: expected yes or no.") % {"name": name})
        return text in _YES


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not kept: its line, what stood there, why."""

    line_no: int
    cells: tuple[str, ...]
    reason: str


@dataclass(slots=True)
class Imported(Generic[T]):
    """What became of a file: what is `new`, what gave way to it (`changed`), how many stood there
    as they are, and the rows refused."""

    columns: tuple[str, ...] = ()
    new: list[T] = field(default_factory=list)
    changed: list[T] = field(default_factory=list)
    known: int = 0
    refused: list[RefusedRow] = field(default_factory=list)

    def refuse(self, row: TableRow, reason: str) -> None:
        """Keep a row out."""
        self.refused.append(RefusedRow(row.line_no, row.cells, reason))


def read_table(
    text: str,
    *,
    fields: Sequence[str],
    required: Sequence[str],
    mapping: Mapping[str, str] | None = None,
    decimal_mark: str = ".",
) -> tuple[tuple[str, ...], list[TableRow], list[RefusedRow]]:
    """The columns as they are called, the rows, and those with a cell too few or too many.

    The first row names the columns; comma, semicolon or tab between cells. `mapping` says which
    field a column holds; then columns that are called like none are left out. Raises BadTable
    where nothing can be read.
    """
    content = text.removeprefix("\ufeff")
    first = content.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=mark)
    rows: list[TableRow] = []
    refused: list[RefusedRow] = []
    try:
        columns = tuple(cell.strip() for cell in next(reader, []))
        places = _places(columns, fields, required, mapping or {})
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(rows) + len(refused) >= MOST_ROWS:
                raise BadTable(_("More than %(most)s rows; split the file.") % {"most": MOST_ROWS})
            kept = tuple(cells)
            if len(cells) != len(columns):
                reason = _("%(found)s cells where %(wanted)s were expected") % {
                    "found": len(cells),
                    "wanted": len(columns),
                }
                refused.append(RefusedRow(reader.line_num, kept, reason))
                continue
            values = {name: cells[place].strip() for name, place in places.items()}
            rows.append(TableRow(reader.line_num, kept, values, decimal_mark))
    except csv.Error as error:
        raise BadTable(
            _("Line %(line)s is not CSV: %(error)s.") % {"line": reader.line_num, "error": error}
        ) from None
    return columns, rows, refused


def decoded(content: bytes) -> str:
    """The file's text. Raises BadTable for what is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadTable(_("The file is not UTF-8; save it as CSV UTF-8.")) from None


def each(found: Imported[T], rows: Sequence[TableRow], take: Callable[[TableRow], None]) -> None:
    """Take every row; one that cannot be taken is refused with the reason."""
    for row in rows:
        try:
            take(row)
        except Invalid as wrong:
            named = "; ".join(f"{name}: {worded(what, _)}" for name, what in wrong.fields.items())
            found.refuse(row, named or worded(wrong.message, _))


def _places(
    columns: Sequence[str],
    fields: Sequence[str],
    required: Sequence[str],
    mapping: Mapping[str, str],
) -> dict[str, int]:
    unknown = sorted(set(mapping.values()) - set(fields))
    missing = sorted(set(mapping) - set(columns))
    if unknown or missing:
        raise BadTable(
            _("There is no %(names)s. Columns: %(columns)s. Fields: %(fields)s.")
            % {
                "names": ", ".join(unknown + missing),
                "columns": ", ".join(columns),
                "fields": ", ".join(fields),
            }
        )
    places: dict[str, int] = {}
    strange = []
    for place, column in enumerate(columns):
        name = mapping.get(column, column.lower())
        if name in places:
            raise BadTable(_("Two columns hold %(name)s.") % {"name": name})
        if name in fields:
            places[name] = place
        else:
            strange.append(column)
    if strange and not mapping:
        raise BadTable(
            _("Unknown columns: %(names)s. Known are %(fields)s.")
            % {"names": ", ".join(strange), "fields": ", ".join(fields)}
        )
    lacking = [name for name in required if name not in places]
    if lacking:
        raise BadTable(
            _("The first row must name the columns; %(names)s missing.")
            % {"names": ", ".join(lacking)}
        )
    return places
