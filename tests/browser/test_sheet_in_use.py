"""A quote's sheet as it is used for hours: signed out on the way, the network gone, dragged farther
than the screen, over the whole window, by keyboard as any spreadsheet, on a phone."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Route, expect

from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.models import QuoteLine, QuoteVersion
from tests.browser.test_quote_sheet import cell, kept, opened, pick, saved
from tests.browser.visitor import PHONE, Visitor, session_cookie
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.world import World, make_world

Visit = Callable[..., Visitor]


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


@pytest.fixture
def rep(world: World, visit: Visit) -> Visitor:
    return visit(world.users["sales_rep"])


def quote_of(world: World, shelf: Shelf, count: int) -> QuoteVersion:
    """A quote of stands, the n-th of which is called n and counts n."""
    lines = [
        NewLine(product_id=shelf.stand.pk, quantity=Decimal(at), name=f"Stand {at}")
        for at in range(1, count + 1)
    ]
    return make_quote(world, shelf, lines=lines)


def quantities(version: QuoteVersion) -> list[int]:
    rows = QuoteLine.objects.filter(version=version).order_by("position")
    return [int(quantity) for quantity in rows.values_list("quantity", flat=True)]


def names(version: QuoteVersion) -> list[str]:
    rows = QuoteLine.objects.filter(version=version).order_by("position")
    return list(rows.values_list("name", flat=True))


def typed(page: Page, row: int, name: str, value: str) -> None:
    pick(page, row, name)
    page.keyboard.type(value)
    page.keyboard.press("Enter")


def test_edits_of_somebody_signed_out_are_sent_when_he_has_signed_in_elsewhere(
    world: World, shelf: Shelf, rep: Visitor
) -> None:
    version = quote_of(world, shelf, 3)
    page = opened(rep, version.quote_id)
    Session.objects.all().delete()
    typed(page, 0, "quantity", "11")
    expect(page.locator(".qg-conflicts")).to_contain_text("You are signed out")
    typed(page, 1, "quantity", "12")
    typed(page, 2, "discount_bps", "5")
    expect(page.locator(".qg-state")).to_contain_text("Not saved")
    kept(page, "signed-out")
    assert quantities(version) == [1, 2, 3]
    rep.context.add_cookies([session_cookie(world.users["sales_rep"], rep.home)])
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    saved(page)
    expect(page.locator(".qg-conflicts")).to_be_hidden()
    assert quantities(version) == [11, 12, 3]
    assert cell(page, 2, "discount_bps") == "−5%"


def test_edits_of_somebody_signed_out_are_still_there_after_signing_in_in_the_same_tab(
    world: World, shelf: Shelf, rep: Visitor
) -> None:
    version = quote_of(world, shelf, 2)
    page = opened(rep, version.quote_id)
    page.on("dialog", lambda asked: asked.accept())
    Session.objects.all().delete()
    typed(page, 0, "quantity", "11")
    expect(page.locator(".qg-conflicts")).to_contain_text("You are signed out")
    typed(page, 1, "quantity", "12")
    page.reload()
    expect(page.locator("input[name=password]")).to_be_visible()
    rep.context.add_cookies([session_cookie(world.users["sales_rep"], rep.home)])
    page = opened(rep, version.quote_id)
    expect(page.locator(".qg-conflicts")).to_contain_text("2 edits were made here")
    page.get_by_role("button", name="Try again").click()
    saved(page)
    assert quantities(version) == [11, 12]
    page = opened(rep, version.quote_id)
    expect(page.locator(".qg-conflicts")).to_be_hidden()
    # Whoever signs in after him finds none of it.
    Session.objects.all().delete()
    typed(page, 0, "quantity", "13")
    expect(page.locator(".qg-conflicts")).to_contain_text("You are signed out")
    rep.context.add_cookies([session_cookie(world.users["sales_manager"], rep.home)])
    page = opened(rep, version.quote_id)
    expect(page.locator(".qg-conflicts")).to_be_hidden()
    assert cell(page, 0, "quantity") == "11"


def test_a_save_whose_answer_was_lost_is_done_once(
    world: World, shelf: Shelf, rep: Visitor
) -> None:
    version = quote_of(world, shelf, 2)
    page = opened(rep, version.quote_id)
    cut: list[str] = []

    def lose(route: Route) -> None:
        if not cut:
            route.fetch()  # it arrives and is done; nobody hears of it
        cut.append(route.request.post_data or "")
        route.abort() if len(cut) < 3 else route.continue_()

    page.route("**/sheet/edits/", lose)
    page.locator("#qg-add").fill("VISIT")
    expect(page.locator("#qg-found [role=option]")).to_have_count(1)
    page.locator("#qg-add").press("Enter")
    expect(page.locator(".qg-state")).to_contain_text("cannot be reached")
    typed(page, 0, "quantity", "11")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    saved(page)
    expect(page.locator(".qg-frame")).to_have_attribute("aria-rowcount", "4")
    assert quantities(version) == [11, 2, 1]
    assert cut[0] == cut[1]


def test_lines_are_dragged_farther_than_the_screen_shows(
    world: World, shelf: Shelf, rep: Visitor
) -> None:
    version = quote_of(world, shelf, 120)
    page = opened(rep, version.quote_id)
    pick(page, 0, "name")
    page.locator('[data-index="1"] .qg-name').click(modifiers=["Shift"], position={"x": 4, "y": 10})
    handle = page.locator('[data-index="0"] .qg-handle').bounding_box()
    sheet = page.locator(".qg-scroll").bounding_box()
    assert handle is not None and sheet is not None
    page.mouse.move(handle["x"] + 2, handle["y"] + 4)
    page.mouse.down()
    page.mouse.move(sheet["x"] + 60, sheet["y"] + sheet["height"] + 20, steps=4)
    expect(page.locator('[data-index="119"]')).to_be_attached()  # held there, it goes on by itself
    page.wait_for_function(
        "s => { const e = document.querySelector(s); "
        "return e.scrollTop + e.clientHeight >= e.scrollHeight - 1 }",
        arg=".qg-scroll",
    )
    last = page.locator('[data-index="119"]').bounding_box()
    assert last is not None
    page.mouse.move(last["x"] + 60, last["y"] + 4)
    page.mouse.up()
    saved(page)
    assert names(version)[-3:] == ["Stand 1", "Stand 2", "Stand 120"]
    # They are what is selected, and the way back is one step.
    assert cell(page, 117, "position").endswith("118")
    expect(page.locator('[data-index="118"] .qg-name')).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Control+z")
    saved(page)
    assert names(version)[:3] == ["Stand 1", "Stand 2", "Stand 3"]


def test_the_sheet_fills_the_window_and_goes_back(world: World, shelf: Shelf, rep: Visitor) -> None:
    version = quote_of(world, shelf, 60)
    page = opened(rep, version.quote_id)
    before = page.locator(".qg-line").count()
    page.get_by_role("button", name="Whole window").click()
    box = page.locator("handsel-quotegrid").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 1280, "height": 900}
    assert page.locator(".qg-line").count() >= before
    typed(page, 4, "quantity", "50")
    saved(page)
    page.get_by_role("button", name="Paste rows").click()  # a dialog lies over it
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    page.keyboard.press("Control+End")
    expect(page.locator('[data-index="59"] .qg-amount')).to_be_in_viewport()
    expect(page.locator(".qg-foot")).to_be_in_viewport()
    kept(page, "whole-window")
    page.get_by_role("button", name="Back to the page").click()
    expect(page.locator("#quote-totals")).to_be_visible()
    assert quantities(version)[4] == 50


def test_groups_move_with_all_that_lies_in_them(world: World, shelf: Shelf, rep: Visitor) -> None:
    version = quote_of(world, shelf, 6)
    page = opened(rep, version.quote_id)
    for title, row in (("North", 0), ("South", 0)):
        pick(page, row, "name")
        page.keyboard.press("Shift+ArrowDown")
        page.get_by_role("button", name="Group").click()
        page.get_by_label("Title of the group").fill(title)
        page.get_by_role("dialog").get_by_role("button", name="Apply").click()
        saved(page)
    assert names(version) == [f"Stand {at}" for at in (5, 6, 1, 2, 3, 4)]
    page.locator(".qg-group", has_text="South").locator(".qg-name").click()
    page.keyboard.press("Alt+ArrowUp")
    saved(page)
    assert names(version) == [f"Stand {at}" for at in (5, 6, 3, 4, 1, 2)]
    page.keyboard.press("Alt+ArrowDown")
    saved(page)
    assert names(version) == [f"Stand {at}" for at in (5, 6, 1, 2, 3, 4)]
    handle = page.locator(".qg-group", has_text="South").locator(".qg-handle")
    handle.drag_to(page.locator(".qg-group", has_text="North"), target_position={"x": 60, "y": 4})
    saved(page)
    assert names(version) == [f"Stand {at}" for at in (5, 6, 3, 4, 1, 2)]
    page.keyboard.press("Control+z")
    saved(page)
    assert names(version) == [f"Stand {at}" for at in (5, 6, 1, 2, 3, 4)]


def at(page: Page) -> tuple[int, str]:
    """The row and the column that are active."""
    active = page.locator(".qg-body .is-active")
    row = active.locator("xpath=..").get_attribute("data-index")
    name = (active.get_attribute("class") or "").split()[0].removeprefix("qg-")
    return int(row or -1), name


def test_the_keys_of_a_spreadsheet_move(world: World, shelf: Shelf, rep: Visitor) -> None:
    page = opened(rep, quote_of(world, shelf, 40).quote_id)
    pick(page, 0, "quantity")
    for key, expected in (
        ("Tab", (0, "discount_bps")),
        ("Shift+Tab", (0, "quantity")),
        ("ArrowDown", (1, "quantity")),
        ("End", (1, "amount")),
        ("Home", (1, "position")),
        ("Control+End", (39, "amount")),
        ("PageUp", (39 - page_rows(page), "amount")),
        ("Control+Home", (0, "name")),
        ("Control+ArrowRight", (0, "amount")),
        ("Control+ArrowDown", (39, "amount")),
        ("Control+ArrowUp", (0, "amount")),
    ):
        page.keyboard.press(key)
        assert at(page) == expected, key
    assert rep.complaints() == []


def test_the_keys_of_a_spreadsheet_type(world: World, shelf: Shelf, rep: Visitor) -> None:
    version = quote_of(world, shelf, 40)
    page = opened(rep, version.quote_id)
    # F2 goes on with what stands there, typing begins anew, Escape leaves it as it was.
    pick(page, 2, "quantity")
    page.keyboard.press("F2")
    expect(page.locator(".qg-editor")).to_have_value("3")
    page.keyboard.type("77")
    page.keyboard.press("Escape")
    assert (cell(page, 2, "quantity"), at(page)) == ("3", (2, "quantity"))
    # Typed, an arrow keeps it and goes on; after a row by Tab, Enter goes back to its first cell.
    page.keyboard.type("33")
    page.keyboard.press("ArrowDown")
    assert at(page) == (3, "quantity")
    page.keyboard.type("44")
    page.keyboard.press("Tab")
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    assert at(page) == (4, "quantity")
    saved(page)
    assert quantities(version)[2:5] == [33, 44, 5]
    assert rep.complaints() == []


def test_cells_are_filled_cleared_and_left_by_keys(
    world: World, shelf: Shelf, rep: Visitor
) -> None:
    version = quote_of(world, shelf, 9)
    page = opened(rep, version.quote_id)
    pick(page, 4, "quantity")
    # All that is selected at once, filled down, cleared, and each is one step back.
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.type("9")
    page.keyboard.press("Control+Enter")
    saved(page)
    assert quantities(version)[4:8] == [9, 9, 9, 8]
    page.keyboard.press("Control+z")
    saved(page)
    assert quantities(version)[4:8] == [5, 6, 7, 8]
    typed(page, 3, "discount_bps", "10")
    pick(page, 3, "discount_bps")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+d")
    saved(page)
    assert cell(page, 4, "discount_bps") == "−10%"
    page.keyboard.press("Delete")
    saved(page)
    assert "−" not in cell(page, 3, "discount_bps") + cell(page, 4, "discount_bps")
    page.keyboard.press("Control+z")
    saved(page)
    page.keyboard.press("Control+Shift+z")
    saved(page)
    assert "−" not in cell(page, 3, "discount_bps")
    # Whoever only passes by, or has pressed Escape, leaves the sheet by Tab.
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.locator(".qg-frame")).not_to_be_focused()
    assert rep.complaints() == []


def page_rows(page: Page) -> int:
    """How far Page Up goes: as many rows as are on screen, but for one."""
    height: int = page.evaluate(
        "document.querySelector('.qg-scroll').clientHeight"
        " - document.querySelector('.qg-head').offsetHeight"
    )
    return height // 44 - 1


def test_a_phone_reads_changes_a_quantity_adds_a_line_and_sees_the_total(
    world: World, shelf: Shelf, visit: Visit
) -> None:
    version = quote_of(world, shelf, 30)
    visitor = visit(world.users["sales_rep"], viewport=PHONE, is_mobile=True, has_touch=True)
    page = opened(visitor, version.quote_id)
    page.locator('[data-index="1"] .qg-name').tap()
    page.get_by_role("dialog").get_by_label("Quantity").fill("40")
    page.get_by_role("dialog").get_by_role("button", name="Apply").tap()
    saved(page)
    assert "11,600.00" in cell(page, 1, "amount")
    page.locator("#qg-add").fill("VISIT")
    page.locator("#qg-found [role=option]").first.tap()
    saved(page)
    expect(page.locator(".qg-frame")).to_have_attribute("aria-rowcount", "32")
    page.locator(".qg-foot").scroll_into_view_if_needed()
    net = QuoteVersion.objects.get(pk=version.pk).net_minor
    expect(page.locator(".qg-foot .qg-sum")).to_contain_text(f"{Decimal(net) / 100:,.2f}")
    kept(page, "phone-total")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert (len(quantities(version)), quantities(version)[1]) == (31, 40)
