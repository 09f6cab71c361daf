"""Tables as they come from a spreadsheet: rows of cells apart by tabs or "|"."""

from __future__ import annotations

import re

from handsel.bid.configure.rules.language.lines import LineReader
from handsel.bid.configure.rules.language.problems import Place, fault
from handsel.bid.configure.rules.language.source import RowSource
from handsel.ground.kernel.said import said

MOST_ROWS = 250_000
_RULE = re.compile(r"[|\s:+-]*-[|\s:+-]*")


def read_rows(reader: LineReader, *, indent: int) -> list[RowSource]:
    """The rows under a `rows` line: those indented deeper than it."""
    found: list[RowSource] = []
    while reader.indent() > indent:
        number, text = reader.take_raw()
        _append(found, number, text, reader.file)
    return found


def read_fenced_rows(reader: LineReader, place: Place) -> list[RowSource]:
    """The rows between `rows <<<` and a line `>>>`, however they are indented."""
    found: list[RowSource] = []
    while not reader.at_end():
        number, text = reader.take_raw()
        if text.strip() == ">>>":
            return found
        if text.strip():
            _append(found, number, text, reader.file)
    raise fault(place, "The rows do not end.", "a line “>>>”")


def rows_of_paste(text: str, *, file: str = "paste", first_line: int = 1) -> list[RowSource]:
    """Rows of a pasted text, the first naming the variables; LanguageFault past 250,000 rows."""
    found: list[RowSource] = []
    for number, line in enumerate(text.split("\n"), start=first_line):
        if line.strip():
            _append(found, number, line.rstrip("\r"), file)
    return found


def _append(rows: list[RowSource], number: int, text: str, file: str) -> None:
    if len(rows) > MOST_ROWS:
        raise fault(
            Place(file, number, 1),
            "The table is too long.",
            said("at most %(most)s rows", most=f"{MOST_ROWS:,}"),
        )
    if not _RULE.fullmatch(text):
        rows.append(_row(number, text))


def _row(number: int, text: str) -> RowSource:
    separator = "\t" if "\t" in text else "|"
    at = len(text) - len(text.lstrip(" "))
    body = text.strip(" ")
    if separator == "|" and body.startswith("|"):
        body, at = body[1:], at + 1
    if separator == "|" and body.endswith("|"):
        body = body[:-1]
    cells, columns = [], []
    for cell in body.split(separator):
        columns.append(at + 1 + len(cell) - len(cell.lstrip()))
        cells.append(cell.strip())
        at += len(cell) + 1
    return RowSource(tuple(cells), number, tuple(columns))
