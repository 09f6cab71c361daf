"""A quote of 5,000 lines in its sheet: edited through the program below the socket, and by keyboard
in a real Chromium on a served house."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import count
from typing import Any

from django.test import Client

from bench.work import house
from bench.work.yardstick import NOW, yardstick
from handsel.bid.price import actions as price
from handsel.bid.price.rules.stored import NewTerm
from handsel.bid.quote import actions
from handsel.bid.quote.models import QuoteVersion
from handsel.site.cli.codes import CouldNotRun

LINES = 5_000
EDITS = 15
_number = count(1)
# From the key that ends an edit until the amount of its row was painted anew.
WATCH = """row => {
    const amount = () => document.querySelector(`[data-index="${row}"] .qg-net`)?.textContent;
    const before = amount();
    window.took = new Promise(done => {
        let begun = 0;
        addEventListener('keydown', event => {
            if (event.key === 'Enter') begun = performance.now();
        }, {capture: true});
        const seen = new MutationObserver(() => {
            const now = amount();
            if (!begun || now === before || now === undefined) return;
            seen.disconnect();
            requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
        });
        seen.observe(document.querySelector('.qg-body'), {childList: true, subtree: true});
    });
}"""
PAINTED = "performance.getEntriesByName('quotegrid:painted')[0].duration"


def long_quote(header_bps: int = 0, currency: str = "") -> QuoteVersion:
    """A draft of 5,000 lines of the yardstick, with a discount on the whole where one is named."""
    stick = yardstick()
    actor = stick.world.actor("sales_rep")
    version = actions.draft_quote(
        actor=actor,
        now=NOW,
        organization_id=stick.world.customer.pk,
        currency=currency,
        lines=stick.lines(next(_number), LINES),
    )
    if header_bps:
        changes = {"discount_bps": header_bps}
        actions.set_terms(actor=actor, now=NOW, quote_id=version.quote_id, changes=changes)
    return version


@lru_cache(maxsize=1)
def counting_together() -> str:
    """The currency of a book in which lines count together: a discount by all pieces of a quote."""
    stick = yardstick()
    system, currency = stick.world.system, "USD"
    book = price.draft_book(
        actor=system,
        now=NOW,
        name="Counted together",
        currency=currency,
        segment="",
        valid_from=date(2026, 1, 1),
    )
    prices = {key: Decimal(10 + place % 90) for place, key in enumerate(stick.products)}
    price.set_entries(actor=system, now=NOW, book_id=book.pk, prices=prices)
    steps = [{"from": "0", "percent": "2"}, {"from": "10000000", "percent": "3"}]
    volume = NewTerm(kind="tiers", definition={"scope": "quote", "steps": steps})
    price.add_terms(actor=system, now=NOW, book_id=book.pk, terms=[volume])
    price.publish_book(actor=system, now=NOW, book_id=book.pk)
    return currency


def previewing(version: QuoteVersion) -> Callable[[], None]:
    """Each call asks what another discount on 500 of the lines would do, as the sheet asks."""
    client = Client()
    client.force_login(yardstick().world.users["sales_rep"])
    source = f"/quote/{version.quote_id}/sheet/"
    lines = client.get(f"{source}rows/").json()["rows"][:500]
    edit = {"kind": "set", "field": "discount_bps", "was": "0"}
    percents = count(100)

    def preview() -> None:
        now = str(next(percents))
        body = {"edits": [edit | {"line_key": line[0], "now": now} for line in lines]}
        answer = client.post(
            f"{source}preview/", json.dumps(body), content_type="application/json"
        ).json()
        if answer["changed"] < len(lines) or answer["refused"] or answer["conflicts"]:
            raise AssertionError(f"the preview does not show the change: {answer}")

    return preview


def editing(version: QuoteVersion) -> Callable[[], None]:
    """Each call edits the quantity of the next line, as the sheet asks for it."""
    client = Client()
    client.force_login(yardstick().world.users["sales_rep"])
    source = f"/quote/{version.quote_id}/sheet/"
    whole = client.get(f"{source}rows/").json()
    lines = iter(whole["rows"])
    lock = whole["lock"]

    def edit() -> None:
        nonlocal lock
        key, quantity = (line := next(lines))[0], line[4]
        edit = {"kind": "set", "line_key": key, "field": "quantity", "was": quantity}
        body = {"key": f"bench-{key}", "lock": lock, "edits": [edit | {"now": f"{quantity}1"}]}
        answer = client.post(
            f"{source}edits/", json.dumps(body), content_type="application/json"
        ).json()
        if answer["applied"] != [0] or answer["is_whole"]:
            raise AssertionError(f"the edit did not come back by itself: {answer}")
        lock = answer["lock"]

    return edit


@dataclass(frozen=True)
class Seen:
    """What somebody in front of the sheet waits for, in milliseconds."""

    painted_ms: float
    edits_ms: list[float]


@lru_cache(maxsize=1)
def seen() -> Seen:
    """Open the sheet and edit quantities by keyboard, one after the other."""
    version, key = long_quote(), house.session_key()
    program = importlib.import_module("tests.support.chromium").chromium_path()
    if program is None:
        raise CouldNotRun("The sheet is measured in Chromium, and there is none on PATH.")
    from playwright.sync_api import sync_playwright

    with house.served() as base, sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": key, "url": base}])
        page = context.new_page()
        page.goto(f"{base}/quote/{version.quote_id}/", wait_until="load")
        page.locator(".qg-line").first.wait_for()
        page.reload(wait_until="load")  # the first visit starts the server's processes
        page.locator(".qg-line").first.wait_for()
        painted = float(page.evaluate(PAINTED))
        times = [_edited(page, row) for row in range(EDITS + 1)]
        browser.close()
    return Seen(painted, times[1:])


def _edited(page: Any, row: int) -> float:
    cell = page.locator(f'[data-index="{row}"] .qg-quantity')
    cell.click(position={"x": 4, "y": 10})
    page.keyboard.type("77")
    page.evaluate(WATCH, row)
    page.keyboard.press("Enter")
    took = float(page.evaluate("window.took"))
    page.wait_for_timeout(700)  # what else the page shows of the quote comes by itself
    return took
