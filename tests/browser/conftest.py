"""The whole program behind a real address, a clock one can move, a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from handsel.ground.kernel.clock import FixedClock
from handsel.site import middleware
from handsel.site.shell import built
from tests.browser.visitor import Visitor
from tests.support.world import NOW

NOT_BUILT = "the front end is not built: run `npm ci && npm run build` in frontend/"
Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def browser(chromium_program: str) -> Iterator[Browser]:
    """One Chromium for the tests of a module; each visitor has a context of his own."""
    if not (built.BUILT / "manifest.json").exists():
        pytest.skip(NOT_BUILT)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium_program,
            args=["--no-sandbox", "--disable-background-networking"],
        )
        yield opened
        opened.close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FixedClock:
    """The time that all requests of the test are made at."""
    standing = FixedClock(NOW)
    monkeypatch.setattr(middleware, "clock", standing)
    return standing


@pytest.fixture
def visit(
    transactional_db: None, live_server: Any, browser: Browser, clock: FixedClock, settings: Any
) -> Iterator[Visit]:
    """Let somebody in: `visit()` a stranger, `visit(user)` somebody signed in."""
    settings.PUBLIC_BASE_URL = live_server.url
    came: list[Visitor] = []

    def come(user: Any = None, **context: Any) -> Visitor:
        came.append(Visitor(browser, live_server.url, user, **context))
        return came[-1]

    yield come
    for visitor in came:
        visitor.context.close()
