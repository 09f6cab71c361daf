"""Somebody in front of a real browser, who notices what a person would complain about."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from playwright.sync_api import Browser, Page, Request

from handsel.ground.identity.models import User

BACKEND = "handsel.site.signed_in.Backend"
MOST_REQUESTS = 10
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@dataclass
class Visit:
    """One page as it was asked for, and everything it asked for until it stood still."""

    address: str
    is_loaded: bool = False
    requests: list[str] = field(default_factory=list)


class Visitor:
    """A page of a browser context of its own. `complaints()` says what was wrong on its way."""

    def __init__(
        self, browser: Browser, home: str, user: User | None = None, **context: Any
    ) -> None:
        self.home = home
        self.clicks: list[str] = []
        self.visits: list[Visit] = []
        self._heard: list[str] = []
        wanted = {"viewport": DESK, "color_scheme": "light"} | context
        self.context = browser.new_context(**wanted)
        if user is not None:
            self.context.add_cookies([session_cookie(user, home)])
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self._listen(self.page)

    def see(self, address: str) -> Page:
        """Open an address of ours and wait until nothing moves any more."""
        target = address if address.startswith("http") else self.home + address
        answer = self.page.goto(target, wait_until="networkidle")
        self.visits[-1].is_loaded = True
        if answer is not None and answer.status >= 400:
            self._heard.append(f"{address} answered {answer.status}")
        return self.page

    def follow(self, selector: str) -> Page:
        """Click something that leads to another page."""
        with self.page.expect_navigation(wait_until="networkidle"):
            self.page.locator(selector).first.click()
        self.visits[-1].is_loaded = True
        return self.page

    def decide(self, name: str) -> Page:
        """Press the page's first button whose name begins so: a click that is counted."""
        self.clicks.append(name)
        button = self.page.get_by_role("button", name=re.compile(f"^{re.escape(name)}"))
        with self.page.expect_navigation(wait_until="networkidle"):
            button.first.click()
        self.visits[-1].is_loaded = True
        return self.page

    def words(self) -> str:
        """What the page says, with white space folded."""
        said = self.page.locator("body").inner_text().replace("\N{NO-BREAK SPACE}", " ")
        return " ".join(said.replace("\N{NARROW NO-BREAK SPACE}", " ").split())

    def complaints(self) -> list[str]:
        """Errors in the console, requests to elsewhere, pages that asked for too much."""
        many = [
            f"{visit.address} made {len(visit.requests)} requests"
            for visit in self.visits
            if len(visit.requests) > MOST_REQUESTS
        ]
        return self._heard + many

    def _listen(self, page: Page) -> None:
        heard = self._heard
        page.on("pageerror", lambda failure: heard.append(f"{page.url}: {failure}"))
        page.on(
            "console",
            lambda said: (
                heard.append(f"{page.url}: {said.text}")
                if said.type in ("error", "warning")
                else None
            ),
        )
        page.on("request", self._note)

    def _note(self, asked: Request) -> None:
        parts = urlsplit(asked.url)
        if parts.scheme in ("data", "blob"):
            return
        if f"{parts.scheme}://{parts.netloc}" != self.home:
            self._heard.append(f"left the house: {asked.url}")
        begins = asked.is_navigation_request() and asked.redirected_from is None
        if begins or not self.visits:
            self.visits.append(Visit(parts.path))
        # What others changed is asked again and again while a sheet is open.
        is_again = parts.path.endswith("/sheet/since/")
        if not self.visits[-1].is_loaded and not is_again:
            self.visits[-1].requests.append(asked.url)


def session_cookie(user: User, home: str) -> Any:
    """The cookie of a user who has signed in."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": home}
