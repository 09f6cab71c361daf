"""Grids of cells in a real browser: pasted from a spreadsheet, marked where wrong, kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from handsel.bid.price import actions as price
from handsel.bid.price.models import BookTerm, PriceBook
from handsel.bid.quote.queries import lines_of
from tests.browser.test_pages_are_accessible import wrong
from tests.browser.visitor import PHONE, Visitor
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.world import World, make_world

Visit = Callable[..., Visitor]
PASTE = """(input, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  input.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
}"""


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


@pytest.fixture
def book(world: World, shelf: Shelf) -> PriceBook:
    return price.copy_book(
        actor=world.system, now=world.now, book_id=shelf.book.pk, valid_from=date(2026, 7, 1)
    )


def cell(page: Page, row: int, column: int) -> Locator:
    return page.locator(f'handsel-cells [data-at="{row},{column}"]')


def test_a_matrix_is_pasted_marked_and_kept(world: World, book: PriceBook, visit: Visit) -> None:
    modeller = visit(world.users["product_modeller"])
    page = modeller.see(f"/price/{book.pk}/terms/new/matrices/")
    page.get_by_label("Product number or group").fill("belts")
    page.get_by_label("Down: attribute").fill("height")
    page.get_by_label("Across: attribute").fill("width")
    cell(page, 0, 0).evaluate(PASTE, "\t600\t800\nlow\t100\tmuch\nhigh\t130\t140")
    expect(cell(page, 2, 2)).to_have_value("140")
    page.get_by_role("button", name="Keep the rule").click()
    expect(cell(page, 1, 2)).to_have_attribute("aria-invalid", "true")
    expect(page.locator("handsel-cells .field-error")).to_contain_text("Row 2, column 3")
    assert wrong(page) == []
    cell(page, 1, 1).press("ArrowDown")
    expect(cell(page, 2, 1)).to_be_focused()
    cell(page, 1, 2).fill("120.50")
    cell(page, 3, 0).fill("higher")  # the last row grows another one below it
    expect(cell(page, 4, 0)).to_be_visible()
    page.get_by_role("button", name="Remove row 4").click()
    page.get_by_role("button", name="Keep the rule").click()
    page.wait_for_url(f"**/price/{book.pk}/terms/")
    term = BookTerm.objects.get(book=book, kind="matrices")
    assert term.definition["cells"] == [["100", "120.50"], ["130", "140"]]
    assert [axis["points"] for axis in term.definition["axes"]] == [["low", "high"], ["600", "800"]]


def test_periods_of_a_line_are_rows_in_a_dialog_on_a_phone(
    world: World, shelf: Shelf, visit: Visit
) -> None:
    version = make_quote(world, shelf)
    key = lines_of(version.pk)[0].key
    rep = visit(world.users["sales_rep"], viewport=PHONE, color_scheme="dark")
    page = rep.see(f"/quote/{version.quote_id}/lines/{key}/ramp/")
    page.get_by_label("First day").fill("2026-04-01")
    cell(page, 0, 0).evaluate(PASTE, "12\t3\t\n12\t6\t5")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert wrong(page) == []
    page.get_by_role("button", name="Save the periods").click()
    page.wait_for_url(f"**/quote/{version.quote_id}/")
    found = [(str(line.quantity.normalize()), line.discount_bps) for line in lines_of(version.pk)]
    assert found[:2] == [("3", 0), ("6", 500)]
