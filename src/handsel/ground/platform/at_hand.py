"""What an announcer has just read or written under its lock, while its listeners run.

A listener mostly needs the very rows that the announcing action holds; reading them again costs a
statement each and finds the same. Whoever announces lays them out, whoever reads may ask here
first. Nothing is kept beyond the call, so nothing grows old: an inner announcement lays out its
own, and after the last listener the table is as it was before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)

_rows: ContextVar[tuple[models.Model, ...]] = ContextVar("_rows", default=())


@contextmanager
def laid_out(rows: Sequence[models.Model]) -> Iterator[None]:
    """Lay rows out for what is called inside; they must be locked, or new, and as they stand."""
    before = _rows.set(tuple(rows))
    try:
        yield
    finally:
        _rows.reset(before)


def one(kind: type[M], pk: int) -> M | None:
    """The row of this key if it is at hand."""
    for row in _rows.get():
        if type(row) is kind and row.pk == pk:
            return row
    return None


def every(kind: type[M], field: str, value: int) -> list[M]:
    """All rows at hand of which `field` has this value, in the order they were laid out.

    Whoever lays out one row of several that belong together lays out all of them.
    """
    return [row for row in _rows.get() if type(row) is kind and getattr(row, field) == value]
