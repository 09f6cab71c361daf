"""Rows by their key or a condition, with a statement written once.

`Model.objects.filter(pk=…).first()` builds a query, compiles its conditions and makes an iterator
for one row; an act reads a handful of rows by key, and that was an eighth of its program's time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeVar

from django.db import connection, models
from psycopg import sql

M = TypeVar("M", bound=models.Model)
Reader = Callable[[Any, Any, Any], Any]

_PAST_ALL_KEYS: Final = 2**63


@dataclass(frozen=True, slots=True)
class _Columns:
    names: tuple[str, ...]
    text: sql.Composed
    readers: tuple[tuple[int, Any, tuple[Reader, ...]], ...]


def row_by_key(
    model: type[M],
    key: int,
    *,
    sellers: Collection[int] | None = None,
    lock: bool = False,
) -> M | None:
    """The row of a table by its primary key, as the model's own query would give it.

    `sellers` narrows to rows of these sellers; None narrows nothing.
    With `lock`, the row is locked until the transaction ends. None where there is no such row.
    """
    if not 0 < key < _PAST_ALL_KEYS:  # an address may name any number; a bigint holds fewer
        return None
    columns = _columns(model)
    values: list[Any] = [key]
    if sellers is not None:
        values.append(sorted(sellers))
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, sellers is not None, lock), values)
        found = cursor.fetchone()
    return None if found is None else _read(model, columns, found)


def first_row(model: type[M], condition: str, values: Sequence[Any], *, lock: str = "") -> M | None:
    """The first row of a table that meets a condition, as `all_rows` reads them."""
    found = all_rows(model, f"{condition} LIMIT 1", values, lock=lock)
    return found[0] if found else None


def all_rows(model: type[M], condition: str, values: Sequence[Any], *, lock: str = "") -> list[M]:
    """The rows of a table that meet a condition, which may end in an order.

    `condition` and `lock` (such as FOR NO KEY UPDATE) are texts of the program, never of a user:
    what the condition compares with are `values`.
    """
    columns = _columns(model)
    with connection.cursor() as cursor:
        cursor.execute(_chosen(model, condition, lock), values)
        return [_read(model, columns, found) for found in cursor.fetchall()]


def _read(model: type[M], columns: _Columns, found: Sequence[Any]) -> M:
    row = list(found)
    for place, expression, readers in columns.readers:
        for read in readers:
            row[place] = read(row[place], expression, connection)
    return model.from_db(connection.alias, columns.names, row)


@lru_cache(maxsize=256)
def _chosen(model: type[models.Model], condition: str, lock: str) -> str:
    statement = sql.SQL("SELECT {} FROM {} WHERE {} {}").format(
        _columns(model).text,
        sql.Identifier(model._meta.db_table),
        sql.SQL(condition),
        sql.SQL(lock),
    )
    return statement.as_string(None)


@lru_cache(maxsize=256)
def _columns(model: type[models.Model]) -> _Columns:
    fields = model._meta.concrete_fields
    readers = []
    for place, field in enumerate(fields):
        expression = field.get_col(model._meta.db_table)
        made = [
            *connection.ops.get_db_converters(expression),
            *expression.get_db_converters(connection),
        ]
        if made:
            readers.append((place, expression, tuple(made)))
    names = sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields)
    return _Columns(tuple(field.attname for field in fields), names, tuple(readers))


@lru_cache(maxsize=512)
def _statement(model: type[models.Model], of_sellers: bool, lock: bool) -> str:
    statement = sql.SQL("SELECT {} FROM {} WHERE {} = %s{}{}").format(
        _columns(model).text,
        sql.Identifier(model._meta.db_table),
        sql.Identifier(str(model._meta.pk.column)),
        sql.SQL(" AND seller_id = ANY(%s::bigint[])" if of_sellers else ""),
        sql.SQL(" FOR UPDATE" if lock else ""),
    )
    return statement.as_string(None)
