"""The gallery in a real Chromium: axe, keyboard, policy, widths, themes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[3] / "frontend/node_modules/axe-core/axe.min.js"
PAGES = ["/ui/", "/ui/record/", "/ui/public/", "/ui/error/404/", "/ui/search/?q=le"]


@pytest.fixture(scope="module")
def browser(chromium_program: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium_program,
            args=["--no-sandbox", "--disable-background-networking"],
        )
        yield opened
        opened.close()


def open_page(browser: Browser, width: int = 1280, theme: Any = "light") -> tuple[Page, list[str]]:
    """A page, and the list that its complaints and foreign requests go to."""
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=theme)
    page = context.new_page()
    page.set_default_timeout(10_000)
    heard: list[str] = []
    page.on("pageerror", lambda failure: heard.append(str(failure)))
    page.on(
        "console", lambda said: heard.append(said.text) if "Content Security" in said.text else None
    )
    page.on("request", lambda asked: None if "127.0.0.1" in asked.url else heard.append(asked.url))
    return page, heard


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    opened, heard = open_page(browser)
    opened.goto(f"{address}/ui/")
    yield opened
    opened.context.close()
    assert heard == []


def violations(page: Page) -> list[str]:
    """What axe finds, serious or not."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: run `npm ci` in frontend/")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_nothing_is_cut_off(
    browser: Browser, address: str, width: int, theme: str
) -> None:
    page, heard = open_page(browser, width, theme)
    for path in PAGES:
        page.goto(address + path)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.context.close()
    assert heard == []


def test_the_thread_shows_the_current_step_on_a_phone(browser: Browser, address: str) -> None:
    page, _heard = open_page(browser, 390)
    page.goto(f"{address}/ui/record/")
    box = page.locator(".thread .is-current").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.context.close()


def test_the_palette_opens_finds_and_goes(page: Page, address: str) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("quo")
    expect(page.locator(".palette-hit[aria-selected=true]")).to_contain_text("Quotes")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/quote/")


def test_rows_by_keyboard(page: Page, address: str) -> None:
    page.keyboard.press("j")
    expect(page.locator("#quotes .row-link").first).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("1")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/ui/record/")


def test_a_search_stays_in_the_address_and_after_a_reload(page: Page) -> None:
    page.keyboard.press("f")
    page.keyboard.type("nord")
    expect(page.locator("#quotes tbody tr")).to_have_count(1)
    expect(page.locator("#quotes-q")).to_be_focused()
    assert "q=nord" in page.url
    page.reload()
    expect(page.locator("#quotes tbody tr")).to_have_count(1)
    page.go_back()
    expect(page.locator("#quotes tbody tr")).to_have_count(6)


def test_cards_move_by_mouse_by_keyboard_and_by_dialog(page: Page) -> None:
    page.drag_and_drop("[data-card='11']", "[data-column='talks'] ol")
    expect(page.locator("[data-column='talks'] [data-card='11']")).to_be_visible()
    page.focus("[data-card='13'] .kanban-title")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#live")).to_have_text("Washdown line: Quoted")
    expect(page.locator("[data-card='13'] .kanban-title")).to_be_focused()
    page.click("[data-card='12'] [data-move]")
    page.click("dialog[open] button[value=won]")
    expect(page.locator("#toasts")).to_contain_text("won by an accepted quote")
    expect(page.locator("[data-column='new'] [data-card='12']")).to_be_visible()


def test_a_late_answer_takes_neither_the_next_move_nor_the_focus(page: Page) -> None:
    """Two cards in quick succession: sent one after the other, shown when both are answered."""
    held: list[Route] = []
    page.route("**/ui/board/", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/ui/board/"):
        page.drag_and_drop("[data-card='11']", "[data-column='talks'] ol")
    page.focus("[data-card='13'] .kanban-title")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-column='quoted'] [data-card='13'] .kanban-title")).to_be_focused()
    with page.expect_request("**/ui/board/") as second:
        held[0].continue_()
    assert "card=13" in (second.value.post_data or "")
    expect(page.locator("#live")).to_have_text("Washdown line: Quoted")
    expect(page.locator(".is-moving")).to_have_count(0)
    expect(page.locator("[data-column='quoted'] [data-card='13'] .kanban-title")).to_be_focused()


def test_the_grid_moves_like_a_spreadsheet(page: Page) -> None:
    first = page.locator("#quote-lines-1-quantity")
    first.click()
    page.keyboard.press("Enter")
    expect(page.locator("#quote-lines-2-quantity")).to_be_focused()
    page.keyboard.type("99")
    page.keyboard.press("Escape")
    expect(page.locator("#quote-lines-2-quantity")).to_have_value("12")
    page.fill("#quote-lines-add", "drip")
    expect(page.locator(".suggestion").first).to_contain_text("Drip tray")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Received")


def test_dialogs_open_on_their_first_field_and_leave_by_escape(page: Page) -> None:
    page.click("text=Record payment >> nth=0")
    expect(page.locator("#payment_amount")).to_be_focused()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#payment")).not_to_be_visible()


def test_a_dialog_shows_its_refusal_and_closes_when_done(page: Page) -> None:
    page.click("text=Record payment >> nth=0")
    page.fill("#payment_amount", "-5")
    page.click("#payment button.btn-primary")
    expect(page.locator("#payment")).to_contain_text("A payment is more than nothing.")
    page.fill("#payment_amount", "5")
    page.click("#payment button.btn-primary")
    expect(page.locator("#payment")).not_to_be_visible()
    expect(page.locator("#toasts")).to_contain_text("Received")


def test_a_changed_cell_is_sent_once_with_a_key(page: Page) -> None:
    page.fill("#quote-lines-1-quantity", "4")
    with page.expect_request("**/ui/echo/") as sent:
        page.keyboard.press("Tab")
    body = sent.value.post_data or ""
    assert "quantity=4&" in body
    assert "unit_price=6120.00" in body
    assert body.count("idempotency_key=") == 1


def test_what_cannot_be_undone_is_asked_first(page: Page) -> None:
    page.click(".page-header .menu-end summary >> nth=0")
    page.click("text=Cancel order")
    expect(page.locator("#ask")).to_contain_text("The customer is told by mail.")
    with page.expect_request("**/ui/echo/") as sent:
        page.click("#ask >> text=Cancel order >> nth=-1")
    assert "idempotency_key=" in (sent.value.post_data or "")


def test_the_theme_is_kept(page: Page) -> None:
    page.click(".user-menu-side summary")
    page.click(".user-menu-side [data-theme-choice=dark]")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_first_tab_leads_past_the_menu(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_few_requests_and_little_weight(browser: Browser, address: str) -> None:
    page, heard = open_page(browser)
    weights: list[int] = []
    page.on("response", lambda answer: weights.append(len(answer.body())))
    page.goto(f"{address}/ui/record/", wait_until="networkidle")
    assert len(weights) <= 10
    assert sum(weights) < 250_000
    page.context.close()
    assert heard == []
