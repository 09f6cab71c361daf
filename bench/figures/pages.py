"""Pages as people get them: in a browser, and over HTTP while many others ask too."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterable
from functools import lru_cache

from bench.registry import figure
from bench.workbench import Measured, Workbench

RATE = 50
SECONDS = float(os.environ.get("HANDSEL_BENCH_SECONDS", "20"))


@figure("page_warm", about="pages ready, warm (median)", unit="wall ms", target=300, group="pages")
def page_warm(bench: Workbench) -> Measured:
    """Ten pages, seen before: from the click until loaded and the main thread idle."""
    from bench.work.looking import looked

    return _wall(looked().warm_ms.values())


@figure("page_cold", about="pages ready, cold (median)", unit="wall ms", target=600, group="pages")
def page_cold(bench: Workbench) -> Measured:
    """The same with nothing in the browser's cache."""
    from bench.work.looking import looked

    return _wall(looked().cold_ms.values())


@figure("page_cold_worst", about="the slowest of them, cold", unit="wall ms", group="pages")
def page_cold_worst(bench: Workbench) -> Measured:
    """A single visit: moves with the machine's neighbours."""
    from bench.work.looking import looked

    return _wall([max(looked().cold_ms.values())])


@figure(
    "page_requests", about="requests of the busiest page", unit="requests", target=10, peer=17,
    group="pages",
)  # fmt: skip
def page_requests(bench: Workbench) -> Measured:
    """The document and all it loads, with an empty cache."""
    from bench.work.looking import looked

    return _count(max(looked().requests.values()), len(looked().requests))


@figure(
    "page_code", about="script and style of the heaviest page, unpacked", unit="bytes",
    target=150_000, peer=5_600_000, group="pages",
)  # fmt: skip
def page_code(bench: Workbench) -> Measured:
    """As the browser has to read it."""
    from bench.work.looking import looked

    return _count(max(looked().bytes.values()), len(looked().bytes))


@figure(
    "page_findings", about="serious findings of axe on all of them", unit="findings", target=0,
    group="pages",
)  # fmt: skip
def page_findings(bench: Workbench) -> Measured:
    """Serious and critical ones; pages are looked at only where axe-core is installed."""
    from bench.work.looking import looked

    found = looked().findings
    if not found:
        raise AssertionError("axe-core is not installed: run `npm ci` in frontend/")
    return _count(sum(len(one) for one in found.values()), len(found))


@figure(
    "http_p95", about=f"pages under {RATE} requests/s for {SECONDS:.0f} s, p95", unit="wall ms",
    target=150, group="http",
)  # fmt: skip
def http_p95(bench: Workbench) -> Measured:
    """Lists over 100,000 deals and records, by a client in a process of its own."""
    times = [one for one in _pressed() if one >= 0] or [0.0]
    p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return Measured(0.0, p95, runs=len(times))


@figure("http_errors", about="of these, failed", unit="requests", target=0, group="http")
def http_errors(bench: Workbench) -> Measured:
    """Anything but a page with status 200."""
    times = _pressed()
    return _count(sum(one < 0 for one in times), len(times))


@figure(
    "serve_start", about="second start of `serve` to its first page", unit="wall ms",
    target=5000, group="http",
)  # fmt: skip
def serve_start(bench: Workbench) -> Measured:
    """From typing the command; it starts its own PostgreSQL too."""
    from bench.work import house

    environ = house.installation()
    house.start_to_first_page(environ)
    times = [house.start_to_first_page(environ) * 1000 for _run in range(3)]
    return Measured(0.0, statistics.median(times), runs=len(times))


@lru_cache(maxsize=1)
def _pressed() -> list[float]:
    from bench.work import house

    pages, cookie = list(house.pages().values()), house.session_key()
    with house.served() as base:
        orders = {"base": base, "cookie": cookie, "pages": pages, "rate": RATE}
        warm_up = {**orders, "rate": 10, "seconds": 4}
        press(warm_up)
        return press({**orders, "seconds": SECONDS})


def press(orders: dict[str, object]) -> list[float]:
    """Let a client of its own ask as ordered; milliseconds of each request, below zero failed."""
    command = [sys.executable, "-m", "bench.work.pressure"]
    done = subprocess.run(
        command, input=json.dumps(orders), capture_output=True, text=True, check=True
    )
    return [float(one) for one in json.loads(done.stdout)]


def _wall(times: Iterable[float]) -> Measured:
    taken = sorted(times)
    return Measured(0.0, statistics.median(taken), runs=len(taken))


def _count(value: float, runs: int) -> Measured:
    return Measured(0.0, 0.0, runs=runs, value=float(value))
