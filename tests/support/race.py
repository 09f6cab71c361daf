"""Several callers at the same instant, each with a database connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections


def race(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Start all calls together; the result of each in their order, or the exception it raised.

    Needs a test that really commits (`django_db(transaction=True)`).
    """
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=30)
            return call()
        except Exception as failure:  # noqa: BLE001 - the caller asserts on it
            return failure
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=len(calls)) as pool:
        return list(pool.map(run, calls))
