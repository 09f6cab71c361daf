"""A quote's sheet in a real browser: rows pasted, edited by keyboard, undone, grouped, dragged;
two people in it at once; a phone."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.models import QuoteGroup, QuoteLine, QuoteVersion
from tests.browser.test_pages_are_accessible import wrong
from tests.browser.visitor import PHONE, Visitor
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.world import World, make_world

Visit = Callable[..., Visitor]
PICTURES = Path(__file__).parents[2] / ".handsel" / "pictures"


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def opened(visitor: Visitor, quote_id: int) -> Page:
    page = visitor.see(f"/quote/{quote_id}/")
    expect(page.locator(".qg-line").first).to_be_visible()
    return page


def saved(page: Page) -> None:
    """Until everything that was done is with the server."""
    expect(page.locator(".qg-state")).to_have_text("Saved")


def cell(page: Page, row: int, name: str) -> str:
    return page.locator(f'[data-index="{row}"] .qg-{name}').inner_text().replace("\xa0", " ")


def pick(page: Page, row: int, name: str) -> None:
    page.locator(f'[data-index="{row}"] .qg-{name}').click(position={"x": 4, "y": 10})


def kept(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"sheet-{name}.png")


def test_three_hundred_rows_are_pasted_edited_undone_and_grouped(
    world: World, shelf: Shelf, visit: Visit
) -> None:
    version = make_quote(world, shelf)
    rep = visit(world.users["sales_rep"])
    page = opened(rep, version.quote_id)

    page.get_by_role("button", name="Paste rows").click()
    rows = [f"STAND-900\t{1 + at % 9}\t5" for at in range(300)] + ["NONE-1\t1\t", "VISIT\tmany"]
    page.get_by_role("dialog").locator("textarea").fill("\n".join(rows))
    page.get_by_role("dialog").get_by_role("button", name="Check").click()
    expect(page.locator(".qg-said")).to_have_text("300 of 302 rows found")
    expect(page.get_by_role("dialog")).to_contain_text("Row 301")
    kept(page, "pasted")
    page.get_by_role("button", name="Add 300 lines").click()
    expect(page.locator(".qg-frame")).to_have_attribute("aria-rowcount", "303")
    saved(page)
    assert page.locator(".qg-line").count() < 60  # only what is on screen is drawn

    pick(page, 1, "quantity")
    page.keyboard.type("7")
    page.keyboard.press("Tab")
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    saved(page)
    assert cell(page, 1, "quantity") == "7"
    assert cell(page, 1, "discount_bps") == "−10%"
    assert "1,827.00" in cell(page, 1, "amount")
    page.keyboard.press("Control+z")
    saved(page)
    page.keyboard.press("Control+z")
    saved(page)
    assert cell(page, 1, "quantity") == "2"
    page.keyboard.press("Control+y")
    saved(page)
    assert cell(page, 1, "quantity") == "7"

    fill_and_group(page, version.pk)
    page.keyboard.press("Control+End")
    expect(page.locator(".qg-line.qg-row").last).to_contain_text("302")
    kept(page, "grouped")
    page.keyboard.press("Alt+ArrowUp")
    saved(page)
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowDown")
    pick(page, 0, "name")
    page.keyboard.press("Delete")
    saved(page)
    assert QuoteLine.objects.filter(version=version).count() == 301
    page.keyboard.press("Control+z")
    saved(page)
    assert QuoteLine.objects.filter(version=version).count() == 302
    assert cell(page, 0, "name").startswith("Conveyor belt")
    expect(page.locator("#quote-totals")).to_contain_text(
        f"{Decimal(QuoteVersion.objects.get(pk=version.pk).net_minor) / 100:,.2f}"
    )
    assert rep.complaints() == []


def fill_and_group(page: Page, version_id: int) -> None:
    """Fill a quantity down three lines and put them into a group."""
    pick(page, 2, "quantity")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+d")
    saved(page)
    assert [cell(page, row, "quantity") for row in (2, 3, 4)] == ["1", "1", "1"]

    page.get_by_role("button", name="Group").click()
    page.get_by_label("Title of the group").fill("Hall 4")
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    saved(page)
    group = QuoteGroup.objects.get(version_id=version_id)
    assert QuoteLine.objects.filter(version_id=version_id, group_key=group.group_key).count() == 3


def test_two_people_see_each_others_edits_and_lose_none(
    world: World, shelf: Shelf, visit: Visit
) -> None:
    version = make_quote(world, shelf)
    rep = opened(visit(world.users["sales_rep"]), version.quote_id)
    boss = opened(visit(world.users["sales_manager"]), version.quote_id)
    pick(rep, 0, "quantity")
    rep.keyboard.type("5")
    rep.keyboard.press("Enter")
    saved(rep)
    pick(boss, 0, "quantity")
    boss.keyboard.type("9")
    boss.keyboard.press("Enter")
    expect(boss.locator(".qg-conflicts")).to_contain_text("yours 9, now 5")
    expect(boss.locator(".qg-conflicts")).to_contain_text(world.users["sales_rep"].name)
    kept(boss, "conflict")
    boss.get_by_role("button", name="Use mine").click()
    saved(boss)
    expect(boss.locator(".qg-conflicts")).to_be_hidden()
    assert QuoteLine.objects.filter(version=version).order_by("position")[0].quantity == 9


def test_a_line_is_edited_with_a_thumb(world: World, shelf: Shelf, visit: Visit) -> None:
    version = make_quote(world, shelf)
    visitor = visit(world.users["sales_rep"], viewport=PHONE, is_mobile=True, has_touch=True)
    page = opened(visitor, version.quote_id)
    page.locator('[data-index="1"] .qg-name').tap()
    page.get_by_role("dialog").get_by_label("Quantity").fill("4")
    kept(page, "phone-line")
    page.get_by_role("dialog").get_by_role("button", name="Apply").tap()
    saved(page)
    assert cell(page, 1, "quantity") == "4"
    page.locator(".qg-scroll").scroll_into_view_if_needed()
    kept(page, "phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_of_five_thousand_lines_only_those_on_screen_are_drawn_before_and_after_an_edit(
    world: World, shelf: Shelf, visit: Visit
) -> None:
    lines = [NewLine(product_id=shelf.stand.pk, quantity=Decimal(1)) for _ in range(5_000)]
    version = make_quote(world, shelf, lines=lines)
    visitor = visit(world.users["sales_rep"])
    page = opened(visitor, version.quote_id)
    assert page.locator(".qg-line").count() < 60
    pick(page, 3, "quantity")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    saved(page)
    assert cell(page, 3, "quantity") == "2"
    assert "580.00" in cell(page, 3, "amount")
    assert page.locator(".qg-line").count() < 60


def test_axe_finds_nothing_serious_in_a_sheet_with_groups_and_conflicts(
    world: World, shelf: Shelf, visit: Visit
) -> None:
    version = make_quote(world, shelf)
    for context in ({}, {"viewport": PHONE, "color_scheme": "dark"}):
        page = opened(visit(world.users["sales_rep"], **context), version.quote_id)
        page.get_by_role("button", name="Group").click()
        page.get_by_label("Title of the group").fill("Hall")
        assert wrong(page) == []
        page.keyboard.press("Enter")
        saved(page)
        QuoteLine.objects.filter(version=version).update(quantity=8)
        if not context:
            page.locator(".qg-line .qg-quantity").first.click()
            page.keyboard.type("5")
            page.keyboard.press("Enter")
            expect(page.locator(".qg-conflicts")).to_be_visible()
        assert wrong(page) == []
