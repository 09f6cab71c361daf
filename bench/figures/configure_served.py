"""Decisions over HTTP, by people with configurations of their own; and reasons and repairs."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from functools import lru_cache
from typing import Any

from bench.registry import figure
from bench.work.configure import DATA
from bench.workbench import Measured, Workbench

PEOPLE = 200
PACE_S = 4.0
# Decisions of each.
STEPS = int(os.environ.get("HANDSEL_BENCH_DECISIONS", "6"))


@lru_cache(maxsize=1)
def _decided() -> dict[str, list[float]]:
    from bench.work import configure_house, house

    alone, together = configure_house.richmond(), configure_house.conveyors(PEOPLE, STEPS)
    orders = {"cookie": configure_house.session_key()}
    with house.served() as base:
        orders["base"] = base
        first = ([alone[0][0]], [alone[1][0]])
        _press(orders, *first)
        rest = (alone[0][1:], alone[1][1:])
        return {
            "alone": _press(orders, *rest),
            "together": _press(orders, *together, pace_s=PACE_S),
        }


def _press(
    orders: dict[str, str], configurations: list[int], walks: list[Any], pace_s: float = 0.0
) -> list[float]:
    asked = {**orders, "configurations": configurations, "walks": walks, "pace_s": pace_s}
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
        """Each decides every four seconds; a decision's time runs from when it was due."""
        times = _decided()["together"]
        return Measured(0.0, statistics.quantiles(times, n=20)[-1], runs=len(times))

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
