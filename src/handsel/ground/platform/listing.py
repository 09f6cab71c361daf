"""One page of a long list: its keys first, then what is shown of them.

A list sorts 100,000 rows and shows fifty. Names that are joined before the cut are looked up for
every row that matched; joined after it, for fifty, however badly the matches were estimated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, LiteralString

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from psycopg import sql

_PAGE = """
WITH page AS MATERIALIZED (
    SELECT keys.*, row_number() OVER () AS place FROM ({keys}) AS keys (id)
)
{shown}
ORDER BY page.place
"""


def page_of(
    rows: QuerySet[Any],
    *,
    order: Sequence[Any],
    shown: LiteralString,
    given: Sequence[Any] = (),
    offset: int = 0,
    limit: int = 50,
) -> tuple[list[dict[str, Any]], bool]:
    """Up to `limit` rows from `offset` on as dicts, and whether more follow them.

    `shown` is a SELECT from `page`, which has the key `id` of each row and its `place`; it has no
    ORDER BY of its own. `given` are the values of its placeholders.
    """
    cut = rows.order_by(*order).values("pk")[offset : offset + limit + 1]
    try:
        keys, parameters = cut.query.sql_with_params()
    except EmptyResultSet:  # a filter that nothing can meet
        return [], False
    statement = sql.SQL(_PAGE).format(keys=sql.SQL(keys), shown=sql.SQL(shown))
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, *given])
        names = [column[0] for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return found[:limit], len(found) > limit
