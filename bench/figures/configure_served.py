"""Decisions over HTTP, by people with configurations of their own; and reasons and repairs."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from functools import lru_cache
from typing import Any

from bench.registry import figure
from bench.work.configure import DATA
from bench.workbench import Measured, Workbench

PEOPLE = 200
# Everybody decides once in so many seconds: reads what changed, thinks, chooses. People take five
# to ten seconds, so 200 of them ask 20 to 40 times a second; here 33 times.
PACE_S = 6.0
# How many decisions a second there can be is measured by a few who never think.
HURRIED, HURRIED_STEPS = 24, 12
# Decisions of each.
STEPS = int(os.environ.get("HANDSEL_BENCH_DECISIONS", "6"))


@lru_cache(maxsize=1)
def _decided() -> dict[str, list[float]]:
    from bench.work import configure_house, house

    alone, together = configure_house.richmond(), configure_house.conveyors(PEOPLE, STEPS)
    hurried = configure_house.conveyors(HURRIED, HURRIED_STEPS, first=PEOPLE)
    orders = {"cookie": configure_house.session_key()}
    with house.served() as base:
        orders["base"] = base
        first = ([alone[0][0]], [alone[1][0]])
        _press(orders, *first)
        rest = (alone[0][1:], alone[1][1:])
        return {
            "alone": _press(orders, *rest),
            "together": _press(orders, *together, pace_s=PACE_S),
            "hurried": [_hurry(orders, *hurried)],
        }


def _hurry(orders: dict[str, str], configurations: list[int], walks: list[Any]) -> float:
    """Decisions a second when every answer is followed by the next decision at once."""
    begin = time.perf_counter()
    times = _press(orders, configurations, walks, at_once=HURRIED)
    return len(times) / (time.perf_counter() - begin)


def _press(
    orders: dict[str, str],
    configurations: list[int],
    walks: list[Any],
    *,
    pace_s: float = 0.0,
    at_once: int = 1,
) -> list[float]:
    asked: dict[str, Any] = {**orders, "configurations": configurations, "walks": walks}
    asked |= {"pace_s": pace_s, "at_once": at_once}
    done = subprocess.run(
        [sys.executable, "-m", "bench.work.deciding"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    times = [float(one) for one in json.loads(done.stdout)]
    failed = sum(one < 0 for one in times)
    if failed:
        raise AssertionError(f"{failed} of {len(times)} decisions failed:\n{done.stderr[-600:]}")
    return times


if (DATA / "sessions").exists():

    @figure(
        "configure_http_p50", about="a decision over HTTP on pc-richmond, p50", unit="wall ms",
        target=8, group="configure_http",
    )  # fmt: skip
    def http_p50(bench: Workbench) -> Measured:
        """One after another, what changed as the answer; kept durably like all that is written."""
        times = _decided()["alone"]
        return Measured(0.0, statistics.median(times), runs=len(times))

    @figure(
        "configure_crowd_p95", about=f"{PEOPLE} people on the conveyor, p95", unit="wall ms",
        target=100, group="configure_http",
    )  # fmt: skip
    def crowd_p95(bench: Workbench) -> Measured:
        """Each in a priced configuration of his own, decides every six seconds; a decision's
        time runs from when it was due, so that waiting counts."""
        times = _decided()["together"]
        return Measured(0.0, statistics.quantiles(times, n=20)[-1], runs=len(times))

    @figure(
        "configure_crowd_limit", about="decisions on the conveyor, as many as can be",
        unit="1/s", group="configure_http",
    )  # fmt: skip
    def crowd_limit(bench: Workbench) -> Measured:
        """By people who never think; the client shares the machine."""
        limit = _decided()["hurried"][0]
        return Measured(limit, limit, runs=HURRIED * HURRIED_STEPS)

    def _worst(kind: str) -> Measured:
        """The slowest model's."""
        from bench.work.configure_reasons import percentile, told

        lists = [getattr(one, kind) for one in told().values()]
        worst = max(percentile(times, 0.95) for times in lists)
        return Measured(worst, worst, runs=sum(map(len, lists)))

    @figure(
        "configure_reason_p95", about="a minimal explanation, slowest model's p95", target=5,
        group="configure_reasons",
    )  # fmt: skip
    def reason_p95(bench: Workbench) -> Measured:
        """Why an option cannot be had after each stored decision."""
        return _worst("reasons_ms")

    @figure(
        "configure_repair_p95", about="all smallest repairs, slowest model's p95", target=20,
        group="configure_reasons",
    )  # fmt: skip
    def repair_p95(bench: Workbench) -> Measured:
        """Of the same wishes."""
        return _worst("repairs_ms")
