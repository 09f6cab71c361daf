"""Two people in one quote at once: each sees the other and what he does, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from handsel.bid.quote.actions import present_quote
from handsel.bid.quote.models import QuoteLine, QuotePresence, QuoteVersion
from tests.browser.test_quote_sheet import cell, kept, opened, pick, saved
from tests.browser.visitor import Visitor
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
def version(world: World, shelf: Shelf) -> QuoteVersion:
    return make_quote(world, shelf)


@pytest.fixture
def both(world: World, version: QuoteVersion, visit: Visit) -> tuple[Page, Page]:
    """The sheet of the sales representative and of the manager."""
    rep = opened(visit(world.users["sales_rep"]), version.quote_id)
    return rep, opened(visit(world.users["sales_manager"]), version.quote_id)


def look(page: Page) -> None:
    """Come back to the tab, which asks at once what is new instead of in a few seconds."""
    with page.expect_response("**/sheet/since/"):
        page.evaluate("window.dispatchEvent(new Event('focus'))")


def put(page: Page, row: int, name: str, value: str) -> None:
    pick(page, row, name)
    page.keyboard.type(value)
    page.keyboard.press("Enter")
    saved(page)


def test_each_sees_who_is_here_where_and_what_he_changed(
    world: World, both: tuple[Page, Page]
) -> None:
    rep, boss = both
    name = world.users["sales_rep"].name
    pick(rep, 1, "quantity")
    look(rep)
    look(boss)
    expect(boss.locator(".qg-here .qg-who")).to_have_accessible_name(f"{name} is at Stand 900")
    expect(boss.locator('[data-index="1"]')).to_have_class("qg-row qg-line is-here")
    put(rep, 0, "quantity", "5")
    look(boss)
    expect(boss.locator('[data-index="0"] .qg-quantity')).to_have_text("5")
    expect(boss.locator('[data-index="0"] .qg-quantity')).to_have_attribute(
        "title", f"{name}: 3 → 5"
    )
    expect(boss.locator(".qg-state")).to_have_text(f"{name} changed one line")
    kept(boss, "two-people")
    # The page around it follows too, and nobody is asked anything.
    expect(boss.locator("#quote-totals")).to_contain_text("1,196.52")
    expect(boss.locator(".qg-conflicts")).to_be_hidden()
    rep.goto("about:blank")
    look(boss)
    expect(boss.locator(".qg-here")).to_be_hidden()
    assert QuotePresence.objects.count() == 1


def test_what_is_being_typed_stays_where_it_is_while_rows_come_above(
    world: World, shelf: Shelf, version: QuoteVersion, both: tuple[Page, Page]
) -> None:
    rep, boss = both
    pick(boss, 1, "quantity")
    boss.keyboard.type("8")
    pick(rep, 0, "name")
    rep.get_by_role("button", name="Paste rows").click()
    rep.get_by_role("dialog").locator("textarea").fill("VISIT\t1\nVISIT\t2")
    rep.get_by_role("dialog").get_by_role("button", name="Check").click()
    rep.get_by_role("button", name="Add 2 lines").click()
    saved(rep)
    rep.keyboard.press("Control+End")
    pick(rep, 3, "name")
    rep.keyboard.press("Alt+ArrowUp")
    rep.keyboard.press("Alt+ArrowUp")
    saved(rep)
    look(boss)
    expect(boss.locator(".qg-frame")).to_have_attribute("aria-rowcount", "5")
    expect(boss.locator(".qg-editor")).to_be_focused()
    expect(boss.locator(".qg-editor")).to_have_value("8")
    boss.keyboard.type("0")
    boss.keyboard.press("Enter")
    saved(boss)
    assert QuoteLine.objects.get(version=version, product=shelf.stand).quantity == 80
    assert QuoteLine.objects.filter(version=version, product=shelf.visit).count() == 2


def test_the_cell_i_am_in_changed_meanwhile_and_i_am_asked(
    world: World, shelf: Shelf, version: QuoteVersion, both: tuple[Page, Page]
) -> None:
    rep, boss = both
    pick(boss, 0, "quantity")
    boss.keyboard.type("9")
    put(rep, 0, "quantity", "5")
    look(boss)
    boss.keyboard.press("Enter")
    expect(boss.locator(".qg-conflicts")).to_contain_text("yours 9, now 5")
    boss.get_by_role("button", name="Use mine").click()
    saved(boss)
    look(rep)
    assert cell(rep, 0, "quantity") == "9"
    # What was mine and became another's is not undone over his head.
    rep.locator(".qg-frame").focus()
    rep.keyboard.press("Control+z")
    expect(rep.locator(".qg-conflicts")).to_contain_text("yours 3, now 9")
    assert QuoteLine.objects.get(version=version, product=shelf.belt).quantity == 9


def test_a_line_taken_out_under_my_hands_keeps_what_i_typed(
    shelf: Shelf, version: QuoteVersion, both: tuple[Page, Page]
) -> None:
    rep, boss = both
    pick(boss, 0, "quantity")
    boss.keyboard.type("9")
    pick(rep, 0, "name")
    rep.keyboard.press("Delete")
    saved(rep)
    look(boss)
    boss.keyboard.press("Enter")
    expect(boss.locator(".qg-conflicts")).to_contain_text("yours 9, now the line is gone")
    # What follows has its place now, and nothing of what was typed.
    assert QuoteLine.objects.get(version=version).quantity == 2


def test_a_preview_of_many_lines_that_is_old_is_looked_at_again(
    version: QuoteVersion, both: tuple[Page, Page]
) -> None:
    rep, boss = both
    pick(boss, 0, "discount_bps")
    boss.keyboard.press("Control+a")
    boss.get_by_role("button", name="Change selected").click()
    dialog = boss.get_by_role("dialog")
    dialog.get_by_label("Value").fill("20")
    dialog.get_by_role("button", name="Check").click()
    expect(dialog.locator(".qg-said")).to_contain_text("2 lines change")
    put(rep, 0, "discount_bps", "30")
    look(boss)
    dialog.get_by_role("button", name="Apply").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Somebody changed these lines meanwhile")
    assert list(discounts(version)) == [3000, 0]
    dialog.get_by_role("button", name="Apply").click()
    saved(boss)
    assert list(discounts(version)) == [2000, 2000]


def discounts(version: QuoteVersion) -> list[int]:
    lines = QuoteLine.objects.filter(version=version).order_by("position")
    return list(lines.values_list("discount_bps", flat=True))


def test_two_paste_five_hundred_rows_each_and_a_thousand_are_there(
    version: QuoteVersion, both: tuple[Page, Page]
) -> None:
    for page in both:
        page.get_by_role("button", name="Paste rows").click()
        page.get_by_role("dialog").locator("textarea").fill("STAND-900\t1\n" * 500)
        page.get_by_role("dialog").get_by_role("button", name="Check").click()
        expect(page.get_by_role("button", name="Add 500 lines")).to_be_visible()
    for page in both:
        page.get_by_role("button", name="Add 500 lines").click()
    for page in both:
        saved(page)
        look(page)
        expect(page.locator(".qg-frame")).to_have_attribute("aria-rowcount", "1003")
    assert QuoteLine.objects.filter(version=version).count() == 1002
    both[0].keyboard.press("Control+z")
    saved(both[0])
    look(both[1])
    expect(both[1].locator(".qg-frame")).to_have_attribute("aria-rowcount", "503")


def test_a_draft_that_was_presented_says_so_to_who_has_it_open(
    world: World, version: QuoteVersion, both: tuple[Page, Page]
) -> None:
    _rep, boss = both
    present_quote(
        actor=world.actor("sales_rep"),
        now=world.now,
        quote_id=version.quote_id,
        mail=False,
    )
    look(boss)
    expect(boss.locator(".qg-conflicts")).to_contain_text("no longer the draft it was")
