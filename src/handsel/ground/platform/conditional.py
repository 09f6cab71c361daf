"""State changes as one conditional statement: the transition happens once or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

from django.db import connection, models

from handsel.ground.kernel.errors import Refused
from handsel.ground.kernel.said import said

Transitions = Mapping[str, frozenset[str]]


def change_state(
    model: type[models.Model],
    pk: int,
    *,
    to: str,
    allowed: Transitions,
    code: str,
    **also: Any,
) -> None:
    """Move one row to state `to` if its present state allows it, and set `also` with it.

    `allowed` maps a state to the states it may be left for. Raises Refused (409) naming the
    present state when the row is elsewhere.
    """
    sources = [state for state, targets in allowed.items() if to in targets]
    rows = _write(model, pk, sources, {"state": to, **also})
    if rows != 1:
        present = model._default_manager.filter(pk=pk).values_list("state", flat=True).first()
        raise Refused(
            said(
                "%(verbose_name)s is %(present)s; it cannot become %(to)s",
                verbose_name=model._meta.verbose_name,
                present=present,
                to=to,
            ),
            code=code,
            state=present,
            to=to,
        )


def _write(
    model: type[models.Model], pk: int, sources: list[str], values: Mapping[str, Any]
) -> int:
    """The conditional UPDATE; every move to one state is the same statement."""
    fields: list[Any] = [model._meta.get_field(name) for name in values]
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(model, tuple(values)),
            [
                *(
                    field.get_db_prep_save(getattr(value, "pk", value), connection)
                    for field, value in zip(fields, values.values(), strict=True)
                ),
                pk,
                sources,
            ],
        )
        return int(cursor.rowcount)


@lru_cache(maxsize=500)
def _statement(model: type[models.Model], names: tuple[str, ...]) -> str:
    quote, facts = connection.ops.quote_name, cast("Any", model._meta)
    columns = ", ".join(f"{quote(facts.get_field(name).column)} = %s" for name in names)
    key, table = quote(facts.pk.column), quote(facts.db_table)
    where = f"{key} = %s AND state = ANY(%s::text[])"
    return f"UPDATE {table} SET {columns} WHERE {where}"  # noqa: S608  # names of our models
