"""Price calls over HTTP: how long programs wait while many ask."""

from __future__ import annotations

import statistics
from functools import lru_cache

from bench.figures.pages import SECONDS, press
from bench.registry import figure
from bench.workbench import Measured, Workbench

A_MINUTE = 2_500


@figure(
    "price_call_p99", about=f"price calls of 20 lines at {A_MINUTE:,} a minute, p99",
    unit="wall ms", group="price", target=50,
)  # fmt: skip
def price_call_p99(bench: Workbench) -> Measured:
    """Each comes when it is due, whether the last was answered or not, and differs from it."""
    times = _called()
    if any(one < 0 for one in times):
        raise AssertionError(f"{sum(one < 0 for one in times)} of {len(times)} calls failed")
    return Measured(0.0, statistics.quantiles(times, n=100)[-1], runs=len(times))


@figure("price_call_p50", about="the same, p50", unit="wall ms", group="price")
def price_call_p50(bench: Workbench) -> Measured:
    """Half of them."""
    times = _called()
    return Measured(0.0, statistics.median(times), runs=len(times))


@figure("price_call", about="one price call of 20 lines, below the socket", group="price")
def price_call(bench: Workbench) -> Measured:
    """Key, body, queries, waterfalls, answer."""
    from itertools import cycle

    from django.test import Client

    from bench.work import price_calls

    client, bodies = Client(), cycle(price_calls.bodies())
    headers = {"Authorization": f"Bearer {price_calls.secret()}"}

    def call() -> None:
        answer = client.post(
            price_calls.ADDRESS, next(bodies), content_type="application/json", headers=headers
        )
        if answer.status_code != 200 or len(answer.json()["lines"]) != price_calls.LINES:
            raise AssertionError(answer.content[:300])

    return bench.measure(call, runs=60, warm_up=20)


@lru_cache(maxsize=1)
def _called() -> list[float]:
    from bench.work import house, price_calls

    with house.served() as base:
        orders = price_calls.orders(base)
        press({**orders, "rate": 20, "seconds": 5})
        return press({**orders, "rate": A_MINUTE / 60, "seconds": SECONDS})
