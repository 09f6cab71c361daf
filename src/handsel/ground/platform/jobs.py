"""Background work: enqueued in the transaction, run after commit, by any number of workers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from procrastinate.contrib.django import app

P = ParamSpec("P")
R = TypeVar("R")


def job(name: str, *, queue: str = "default", retry: int = 5) -> Callable[[Callable[P, R]], Any]:
    """Declare a job. It must be idempotent: it may run again after a crash."""
    import procrastinate

    strategy = procrastinate.RetryStrategy(max_attempts=retry, exponential_wait=4)
    return app.task(name=name, queue=queue, retry=strategy)


def enqueue(
    name: str, *, run_at: datetime | None = None, lock: str | None = None, **kw: Any
) -> int:
    """Put a job into the queue inside the current transaction; returns the job's id."""
    deferrer = app.configure_task(name, schedule_at=run_at, lock=lock)
    return deferrer.defer(**kw)


def timer(name: str, *, cron: str) -> Callable[[Callable[[], None]], Any]:
    """Declare a job that the clock starts (UTC), once however many workers there are."""

    def declare(run: Callable[[], None]) -> Any:
        def at_its_time(timestamp: int) -> None:
            run()

        return app.periodic(cron=cron)(app.task(name=name)(at_its_time))

    return declare


@timer("platform.forget_idempotency_keys", cron="17 3 * * *")
def forget_idempotency_keys() -> None:
    """Drop the keys of commands nobody retries any more."""
    from handsel.ground.kernel.clock import SystemClock
    from handsel.ground.platform import idempotency

    idempotency.forget_old(now=SystemClock().now())
