"""Statements are written once per shape of a query and kept; later ones bring only their values.

Django writes the SQL of every query anew, which costs more of the program's time than sending it.
Two queries of one shape differ in values alone: same model, columns, joins, conditions, order and
limits. The conditions are still compiled each time, because their text is part of the shape and
their values are all the values there are; what else the statement says is taken from the first.
Queries with annotations, aggregates, sub-selects of their own or the like are written as usual.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, cast
from uuid import UUID

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import models
from django.db.backends.postgresql import compiler as postgresql
from django.db.models.expressions import Col
from django.db.models.sql.query import Query

SQLAggregateCompiler = postgresql.SQLAggregateCompiler
SQLDeleteCompiler = postgresql.SQLDeleteCompiler
SQLUpdateCompiler = postgresql.SQLUpdateCompiler

# Shapes vary with the length of IN lists too; when so many are kept, all are forgotten.
MOST_KEPT: Final = 5_000


@dataclass(slots=True)
class _Statement:
    """A statement and what is needed to read its rows."""

    sql: str
    select: Any
    klass_info: Any
    annotation_col_map: Any
    col_count: int | None
    has_extra_select: bool
    converters: dict[int, Any] | None = None


_kept: dict[Hashable, _Statement] = {}


class SQLCompiler(postgresql.SQLCompiler):
    """Writes the statement of a query, or takes the one kept for its shape."""

    _statement: _Statement | None = None

    def as_sql(
        self, with_limits: bool = True, with_col_aliases: bool = False
    ) -> tuple[str, tuple[Any, ...]]:
        """The statement and its values."""
        if with_col_aliases or not with_limits or not _is_plain(self):
            return super().as_sql(with_limits, with_col_aliases)
        try:
            where, values = self.compile(cast("Any", self.query.where))
        except FullResultSet:
            where, values = "", ()
        except EmptyResultSet:
            # Nothing can be found; whoever asked still wants to know what the rows would be.
            return super().as_sql()
        shape = _shape(self.query, where)
        kept = _kept.get(shape)
        if kept is not None:
            self._statement = kept
            self.select, self.klass_info = kept.select, kept.klass_info
            self.annotation_col_map, self.col_count = kept.annotation_col_map, kept.col_count
            self.has_extra_select = kept.has_extra_select
            return kept.sql, tuple(values)
        sql, params = super().as_sql()
        if tuple(params) == tuple(values):
            self._keep(shape, sql)
        return sql, params

    def _keep(self, shape: Hashable, sql: str) -> None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        self._statement = _kept[shape] = _Statement(
            sql,
            self.select,
            self.klass_info,
            self.annotation_col_map,
            self.col_count,
            self.has_extra_select,
        )

    def get_converters(self, expressions: Any) -> dict[int, Any]:
        """What makes a column's value ours, by its place."""
        kept = self._statement
        if kept is None or len(expressions) != kept.col_count:
            return super().get_converters(expressions)
        if kept.converters is None:
            kept.converters = super().get_converters(expressions)
        return kept.converters


def _is_plain(compiler: SQLCompiler) -> bool:
    """Whether all values of the query stand in its conditions, and `_shape` tells all the rest."""
    query = cast("Any", compiler.query)  # much that is asked here is Django's own business
    return (
        type(query) is Query
        and getattr(compiler, "elide_empty", False)
        and not query.annotations
        and not query.extra
        and not query.extra_tables
        and not query.extra_order_by
        and not query.combinator
        and not query.subquery
        and not query.distinct_fields
        and not query.external_aliases
        and not getattr(query, "_filtered_relations", None)
        and query.group_by is None
        and query.explain_info is None
        and all(type(one) is str for one in query.order_by)
        and all(type(col) is Col and col.output_field is col.target for col in query.select)
        and not (query.select_for_update and compiler.connection.get_autocommit())
        and not query.where.contains_aggregate
        and not query.where.contains_over_clause
    )


def _shape(query: Any, where: str) -> Hashable:
    return (
        query.model,
        where,
        tuple(_joins(query)),
        tuple((col.alias, col.target) for col in query.select),
        tuple(query.selected.items()) if query.selected is not None else None,
        query.values_select,
        query.default_cols,
        (frozenset(query.deferred_loading[0]), query.deferred_loading[1]),
        _tree(query.select_related),
        query.order_by,
        query.default_ordering,
        query.standard_ordering,
        query.distinct,
        query.low_mark,
        query.high_mark,
        query.select_for_update
        and (
            query.select_for_update_nowait,
            query.select_for_update_skip_locked,
            query.select_for_update_of,
            query.select_for_no_key_update,
        ),
    )


def _joins(query: Any) -> Iterator[Hashable]:
    for alias, join in query.alias_map.items():
        yield (
            alias,
            bool(query.alias_refcount[alias]),
            join.table_name,
            join.join_type,
            join.parent_alias,
            getattr(join, "join_field", None),
            getattr(join, "nullable", None),
        )


def _tree(related: bool | dict[str, Any]) -> Hashable:
    if isinstance(related, dict):
        return tuple((name, _tree(below)) for name, below in related.items())
    return related


# Values of these types go to the driver as they are, where the field is of the kind beside them;
# anything else is prepared by its field.
_AS_THEY_ARE: Final[dict[type[models.Field[Any, Any]], type]] = {
    models.CharField: str,
    models.TextField: str,
    models.BooleanField: bool,
    models.SmallIntegerField: int,
    models.IntegerField: int,
    models.BigIntegerField: int,
    models.BigAutoField: int,
    models.ForeignKey: int,
    models.DateField: date,
    models.DateTimeField: datetime,
    models.UUIDField: UUID,
}


@dataclass(frozen=True, slots=True)
class _Insert:
    """The INSERT of one row of a table, and where its values are found."""

    sql: str
    columns: tuple[tuple[str, type | None, Any], ...]

    def values(self, row: models.Model, compiler: SQLInsertCompiler) -> tuple[Any, ...] | None:
        """The row's values, or None where one of them is an expression."""
        found = []
        for name, plain, field in self.columns:
            value = getattr(row, name)
            as_it_is = plain is not None and (value is None or type(value) is plain)
            if not as_it_is or (plain is datetime and value is not None and not value.tzinfo):
                value = compiler.prepare_value(field, compiler.pre_save_val(field, row))
                if hasattr(value, "as_sql"):
                    return None
            found.append(value)
        return tuple(found)


_inserts: dict[Hashable, _Insert] = {}


class SQLInsertCompiler(postgresql.SQLInsertCompiler):
    """Writes the INSERT of one row once per table and set of columns."""

    def as_sql(self) -> list[tuple[str, tuple[Any, ...]]]:  # type: ignore[override]
        """The statements and their values."""
        query = cast("Any", self.query)
        if len(query.objs) != 1 or query.on_conflict is not None or not query.fields or query.raw:
            return super().as_sql()
        (row,) = query.objs
        shape = (query.model, tuple(query.fields), tuple(self.returning_fields or ()))
        kept = _inserts.get(shape)
        if kept is not None:
            values = kept.values(row, self)
            return super().as_sql() if values is None else [(kept.sql, values)]
        statements = super().as_sql()
        by_value = any(hasattr(field, "get_placeholder") for field in query.fields)
        if not by_value and len(statements) == 1:
            insert = _Insert(statements[0][0], tuple(map(_column, query.fields)))
            if insert.values(row, self) == tuple(statements[0][1]):
                _inserts[shape] = insert
        return statements


def _column(field: models.Field[Any, Any]) -> tuple[str, type | None, Any]:
    """(attribute, type of a value that needs no preparing, field)."""
    sets_itself = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return str(field.attname), None if sets_itself else _AS_THEY_ARE.get(type(field)), field
