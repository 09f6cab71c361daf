"""Written tables to laws: unknown values, contradictions and gaps are named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import product
from math import prod

from handsel.bid.configure.rules.expressions import Value, evaluate, keys_of
from handsel.bid.configure.rules.language.domains import TRUTHS, scaled, shown_value, told
from handsel.bid.configure.rules.language.expression_parser import parse_expression
from handsel.bid.configure.rules.language.problems import (
    LanguageFault,
    Place,
    Problem,
    did_you_mean,
    fault,
)
from handsel.bid.configure.rules.language.references import Context, variable_of
from handsel.bid.configure.rules.language.scopes import Scope, VariableEntity
from handsel.bid.configure.rules.language.source import RowSource, TableSource
from handsel.bid.configure.rules.language.syntax import Name
from handsel.bid.configure.rules.language.table_text import MOST_ROWS
from handsel.bid.configure.rules.model import TableLaw
from handsel.ground.kernel.said import said

ANY = "*"
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,9})?")
MOST_TOLD = 20
MOST_CHECKED = 50_000
Row = tuple[Value, ...]


def lowered_table(source: TableSource, scope: Scope, problems: list[Problem]) -> TableLaw | None:
    """The table as a law, rows of values that do not hold left out; None when it has faults."""
    try:
        columns = [_column(source, scope, at) for at in range(len(source.header.cells))]
    except LanguageFault as found:
        problems.extend(found.problems)
        return None
    before = len(problems)
    reading = _Reading(source, columns, problems)
    rows = reading.rows()
    if any(problem.severity == "error" for problem in problems[before:]):
        return None
    kept = tuple(row for row in rows if _holds(row, columns))
    keys = tuple(column.key for column in columns)
    if scope.presence:
        try:
            keys, kept = _with_absence(source, scope, columns, kept)
        except LanguageFault as found:
            problems.extend(found.problems)
            return None
    return TableLaw(scope.prefix + source.key, keys, kept, dict(source.texts), source.place.line)


def _holds(row: Row, columns: list[VariableEntity]) -> bool:
    return all(value in column.values for value, column in zip(row, columns, strict=True))


def _with_absence(
    source: TableSource, scope: Scope, columns: list[VariableEntity], rows: tuple[Row, ...]
) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    # The rows hold where the part is there; where it is not, its variables have their first
    # values. So the counts that decide about it become columns too.
    counts = list(dict.fromkeys(key for one in scope.presence for key in keys_of(one)))
    entities = [_count_entity(scope, key) for key in counts]
    absent = tuple(column.values[0] for column in columns)
    found: list[Row] = []
    for numbers in product(*(entity.values for entity in entities)):
        given = dict(zip(counts, numbers, strict=True))
        is_there = all(evaluate(one, given) for one in scope.presence)
        if len(found) + len(rows) > MOST_ROWS:
            raise fault(
                source.place,
                "The table has too many rows over all instances.",
                said("at most %(most)s", most=f"{MOST_ROWS:,}"),
            )
        found += [(*numbers, *row) for row in (rows if is_there else (absent,))]
    return (*counts, *(column.key for column in columns)), tuple(found)


def _count_entity(scope: Scope, key: str) -> VariableEntity:
    here: Scope | None = scope
    while here is not None:
        count = None if here.component is None else here.component.count
        if count is not None and count.key == key:
            return count
        here = here.parent
    raise KeyError(key)


def _column(source: TableSource, scope: Scope, at: int) -> VariableEntity:
    header = source.header
    name = Name(header.cells[at], _place(source, header, at))
    found = variable_of(name, Context(scope))
    if found is None and not name.key.isidentifier():
        path = parse_expression(
            name.key, file=name.place.file, line=name.place.line, column=name.place.column
        )
        found = variable_of(path, Context(scope))
    if found is None:
        raise scope.unknown(name)
    if header.cells.index(header.cells[at]) != at:
        raise fault(
            name.place, said("Column “%(key)s” is there twice.", key=name.key), "each variable once"
        )
    return found


def _place(source: TableSource, row: RowSource, at: int) -> Place:
    column = row.columns[at] if at < len(row.columns) else 1
    return Place(source.place.file, row.line, column)


class _Reading:
    def __init__(
        self, source: TableSource, columns: list[VariableEntity], problems: list[Problem]
    ) -> None:
        self._source = source
        self._columns = columns
        self._problems = problems
        self._rows: dict[Row, int] = {}
        self._told = 0

    def rows(self) -> list[Row]:
        """All rows written out; stops at the limits."""
        for row in self._source.rows:
            try:
                self._read(row)
            except LanguageFault as found:
                self._problems.extend(found.problems)
                self._told += 1
                if self._told >= MOST_TOLD:
                    break
        if not self._told:
            # Gaps of rows that could not be read would mislead.
            self._check_keys()
            self._check_gaps()
        return list(self._rows)

    def _read(self, row: RowSource) -> None:
        if len(row.cells) != len(self._columns):
            raise fault(
                _place(self._source, row, 0),
                said("The row has %(count)s cells.", count=len(row.cells)),
                said("%(count)s, one a column", count=len(self._columns)),
            )
        cells = [self._cell(row, at) for at in range(len(row.cells))]
        if len(self._rows) + prod(map(len, cells)) > MOST_ROWS:
            raise fault(
                _place(self._source, row, 0),
                "The table has too many rows when written out.",
                said("at most %(most)s", most=f"{MOST_ROWS:,}"),
            )
        for values in product(*cells):
            if values in self._rows:
                self._warn(
                    row,
                    said("This row is there already, in line %(line)s.", line=self._rows[values]),
                )
            self._rows.setdefault(values, row.line)

    def _warn(self, row: RowSource, message: str) -> None:
        place = _place(self._source, row, 0)
        self._problems.append(Problem(place, message, severity="warning"))

    def _cell(self, row: RowSource, at: int) -> list[Value]:
        text, column = row.cells[at], self._columns[at]
        if text == ANY:
            return list(column.declared)
        found: dict[Value, None] = {}
        whole = _value(column, text)
        if whole is not None:
            return [whole]
        for piece in text.split(","):
            ends = piece.split("..")
            values = [_value(column, end.strip()) for end in ends]
            if len(values) > 2 or None in values:
                raise self._unknown(row, at, piece.strip())
            first, last = (
                column.declared.index(one) for one in (values[0], values[-1]) if one is not None
            )
            if len(values) == 2 and column.is_words and not column.is_ordered:
                raise self._unknown(row, at, piece.strip())
            found.update(dict.fromkeys(column.declared[first : last + 1]))
        return list(found)

    def _unknown(self, row: RowSource, at: int, shown: str) -> LanguageFault:
        column = self._columns[at]
        near = did_you_mean(shown, [one for one in column.declared if isinstance(one, str)])
        return fault(
            _place(self._source, row, at),
            said(
                "“%(key)s” cannot be “%(shown)s”.%(near)s", key=column.key, shown=shown, near=near
            ),
            said("one of %(values)s, a list, a range or %(any)s", values=told(column), any=ANY),
        )

    def _check_keys(self) -> None:
        names = [self._source.header.cells.index(name) for name in self._known_keys()]
        if not names:
            return
        seen: dict[Row, tuple[Row, int]] = {}
        for row, line in self._rows.items():
            key = tuple(row[at] for at in names)
            other = seen.setdefault(key, (row, line))
            if other[0] != row:
                shown = ", ".join(self._shown(at, row[at]) for at in names)
                place = Place(self._source.place.file, line, 1)
                message = (
                    said("This row says several things of %(shown)s.", shown=shown)
                    if other[1] == line
                    else said(
                        "This row contradicts line %(line)s: %(shown)s is there already.",
                        line=other[1],
                        shown=shown,
                    )
                )
                self._problems.append(Problem(place, message, "one row for these values"))
        self._check_combinations(names, seen)

    def _known_keys(self) -> Iterator[str]:
        for name in self._source.by:
            if name in self._source.header.cells:
                yield name
            else:
                near = did_you_mean(name, self._source.header.cells)
                message = said("“%(name)s” is not a column.%(near)s", name=name, near=near)
                self._problems.append(Problem(self._source.place, message, "a column's name"))

    def _shown(self, at: int, value: Value) -> str:
        column = self._columns[at]
        return f"{column.key} {shown_value(value, column.scale)}"

    def _check_combinations(self, names: list[int], seen: dict[Row, tuple[Row, int]]) -> None:
        domains = [self._columns[at].declared for at in names]
        if prod(map(len, domains)) > MOST_CHECKED:
            return
        missing = [key for key in product(*domains) if key not in seen]
        shown = [
            " with ".join(self._shown(at, one) for at, one in zip(names, key, strict=True))
            for key in missing[:5]
        ]
        if missing and len(names) > 1:
            self._gap(
                said(
                    "%(count)s combinations are in no row: %(listed)s.",
                    count=len(missing),
                    listed=_listed(shown, missing),
                )
            )

    def _check_gaps(self) -> None:
        for at, column in enumerate(self._columns):
            used = {row[at] for row in self._rows}
            missing = [one for one in column.declared if one not in used]
            if missing:
                shown = [shown_value(one, column.scale) for one in missing[:8]]
                self._gap(
                    said(
                        "“%(key)s” is in no row as %(listed)s.",
                        key=column.key,
                        listed=_listed(shown, missing),
                    )
                )

    def _gap(self, message: str) -> None:
        self._problems.append(Problem(self._source.place, message, severity="warning"))


def _listed(shown: list[str], of: Iterable[object]) -> str:
    return ", ".join(shown) + (", …" if len(list(of)) > len(shown) else "")


def _value(column: VariableEntity, text: str) -> Value | None:
    found: Value | None = None
    if column.is_words:
        found = text
    elif column.is_boolean:
        found = TRUTHS.get(text)
    else:
        found = scaled(Decimal(text), column.scale) if _NUMBER.fullmatch(text) else None
    return found if found in column.declared else None
