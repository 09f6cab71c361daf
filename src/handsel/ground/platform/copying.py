"""Many new rows with one COPY: about eight times less work than inserting instances.

Keys are taken from the table's own sequence first, so that rows can point at each other before
they are written. Constraints, foreign keys and triggers hold as they do for any insert. PostgreSQL
refuses COPY into a table with row security; rows of such a table go by INSERT, many at a time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, cast

import psycopg
from django.db import connection, models, transaction
from psycopg import sql
from psycopg.types.json import Jsonb

# Rows of one INSERT: few statements, and no huge ones.
ROWS_AT_ONCE: Final = 5_000


def take_keys(model: type[models.Model], count: int) -> list[int]:
    """`count` fresh primary keys of a table, in rising order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [f'"{model._meta.db_table}"', count],
        )
        return [int(key) for (key,) in cursor.fetchall()]


def copy_in(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Write rows given as tuples in the order of `columns` (fields' attribute names).

    Must run inside a transaction. A field left out takes its default, so only fields whose default
    is a plain value may be left out. A primary key left out is given by the database; name it where
    other rows are to point at these (see `take_keys`).
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("rows are copied inside a transaction")
    if not rows:
        return
    plan = _plan(model, tuple(columns))
    connection.ensure_connection()
    raw = cast("psycopg.Connection[Any]", connection.connection)
    with raw.cursor() as cursor:
        if _has_row_security(model._meta.db_table):
            _insert(cursor, plan, rows)
            return
        ready = [_prepared(field)(value) for field, value in plan.fixed]
        prepare = [_prepared(field) for field in plan.given]
        made = ([make(v) for make, v in zip(prepare, row, strict=True)] + ready for row in rows)
        with cursor.copy(plan.copy) as copy:
            for row in made:
                copy.write_row(row)


@dataclass(frozen=True, slots=True)
class _Plan:
    """How rows of a table and a set of columns are written: worked out once."""

    copy: sql.Composed
    insert: str
    given: tuple[models.Field[Any, Any], ...]
    fixed: tuple[tuple[models.Field[Any, Any], Any], ...]


@lru_cache(maxsize=256)
def _plan(model: type[models.Model], columns: tuple[str, ...]) -> _Plan:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    absent = [
        field for name, field in fields.items() if name not in columns and not field.primary_key
    ]
    every = [fields[name] for name in columns] + absent
    into = sql.SQL("{} ({})").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in every),
    )
    arrays = [sql.SQL("%s::{}[]").format(sql.SQL(_element(field))) for field in every]
    names = [sql.Identifier(f"c{place}") for place in range(len(every))]
    taken = [
        sql.SQL("{}::jsonb").format(name) if isinstance(field, models.JSONField) else name
        for name, field in zip(names, every, strict=True)
    ]
    comma = sql.SQL(", ")
    # One array a column: the statement is the same however many rows there are.
    insert = sql.SQL("INSERT INTO {} SELECT {} FROM unnest({}) AS given ({})").format(
        into, comma.join(taken), comma.join(arrays), comma.join(names)
    )
    return _Plan(
        copy=sql.SQL("COPY {} FROM STDIN").format(into),
        insert=insert.as_string(None),
        given=tuple(fields[name] for name in columns),
        fixed=tuple((field, field.get_default()) for field in absent),
    )


@lru_cache(maxsize=256)
def _has_row_security(table: str) -> bool:
    """Asked of the table, not of the role: a superuser may COPY, but tests should do as we do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", [table])
        return bool(cursor.fetchone()[0])


def _insert(cursor: psycopg.Cursor[Any], plan: _Plan, rows: Sequence[Sequence[Any]]) -> None:
    fields = [*plan.given, *(field for field, _ in plan.fixed)]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        part = rows[start : start + ROWS_AT_ONCE]
        columns = [list(column) for column in zip(*part, strict=True)]
        columns += [[value] * len(part) for _, value in plan.fixed]
        cursor.execute(
            plan.insert, [_as_text(field, c) for field, c in zip(fields, columns, strict=True)]
        )


def _element(field: models.Field[Any, Any]) -> str:
    """The type of an array's elements: JSON travels as text."""
    if isinstance(field, models.JSONField):
        return "text"
    return (field.db_type(connection) or "text").partition("(")[0]


def _as_text(field: models.Field[Any, Any], column: list[Any]) -> list[Any]:
    if not isinstance(field, models.JSONField):
        return column
    return [None if value is None else json.dumps(value) for value in column]


def _prepared(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    if isinstance(field, models.JSONField):
        return Jsonb
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
