"""Pages opened in a real Chromium: when they are ready, what they fetch, what axe says."""

from __future__ import annotations

import importlib
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from bench.work import house
from handsel.site.cli import surroundings
from handsel.site.cli.codes import CouldNotRun

AXE = surroundings.PROJECT / "frontend/node_modules/axe-core/axe.min.js"
WARM_VISITS = 3
# Ready: everything loaded, and the main thread has nothing to do.
READY = "() => new Promise(done => requestIdleCallback(() => done(performance.now())))"
FETCHED = """() => performance.getEntriesByType('resource').map(one => [
    one.name, one.decodedBodySize])"""
SERIOUS = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
    .filter(one => ['serious', 'critical'].includes(one.impact)).map(one => one.id)"""


@dataclass
class Looked:
    """What was seen of each page, by its name."""

    cold_ms: dict[str, float] = field(default_factory=dict)
    warm_ms: dict[str, float] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=dict)
    findings: dict[str, list[str]] = field(default_factory=dict)


@lru_cache(maxsize=1)
def looked() -> Looked:
    """Look at all pages once for all figures of a run."""
    pages, key = house.pages(), house.session_key()
    program = importlib.import_module("tests.support.chromium").chromium_path()
    if program is None:
        raise CouldNotRun("The pages are measured in Chromium, and there is none on PATH.")
    from playwright.sync_api import sync_playwright

    with house.served() as base, sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        seen = Looked()
        cookie = {"name": "sessionid", "value": key, "url": base}
        _look(browser, base, cookie, {"unmeasured": "/"}, Looked())
        _look(browser, base, cookie, pages, seen)
        browser.close()
    return seen


def _look(
    browser: Any, base: str, cookie: Mapping[str, str], pages: Mapping[str, str], seen: Looked
) -> None:
    for name, address in pages.items():
        context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=False)
        context.add_cookies([cookie])
        page = context.new_page()
        seen.cold_ms[name] = _ready(page, base + address)
        fetched = page.evaluate(FETCHED)
        seen.requests[name] = len(fetched) + 1
        code = [size for url, size in fetched if url.split("?")[0].endswith((".js", ".css"))]
        seen.bytes[name] = sum(code)
        warm = [_ready(page, base + address) for _visit in range(WARM_VISITS)]
        seen.warm_ms[name] = statistics.median(warm)
        if AXE.exists():
            page.evaluate(AXE.read_text("utf-8"))
            seen.findings[name] = page.evaluate(SERIOUS)
        context.close()


def _ready(page: Any, address: str) -> float:
    answer = page.goto(address, wait_until="load")
    if answer is None or answer.status != 200:
        raise AssertionError(f"{address} answered {answer and answer.status}")
    return float(page.evaluate(READY))
