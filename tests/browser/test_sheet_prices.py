"""The sheet's columns for time and price by hand in a real browser: shown, typed, filled, pasted,
changed for many, undone; lines copied, found, and what was refused tried again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from handsel.bid.quote.models import QuoteLine, QuoteVersion
from tests.browser.test_pages_are_accessible import wrong
from tests.browser.test_quote_sheet import cell, kept, opened, pick, saved
from tests.browser.visitor import PHONE, Visitor
from tests.integration.quote.test_fees import FREIGHT, shelf_with
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.world import World, make_world

Visit = Callable[..., Visitor]


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def asked(version: QuoteVersion) -> list[dict[str, object]]:
    rows = QuoteLine.objects.filter(version=version).order_by("position")
    return list(rows.values_list("asked", flat=True))


def show(page: Page, *names: str) -> None:
    page.get_by_role("button", name="Columns").click()
    for name in names:
        page.get_by_role("dialog").get_by_label(name, exact=True).check()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()


def answer_why(page: Page, reason: str) -> None:
    dialog = page.get_by_role("dialog", name="Why is the price set by hand?")
    dialog.get_by_label("Reason").fill(reason)
    page.keyboard.press("Enter")
    saved(page)


def test_a_price_and_a_term_are_typed_filled_down_and_undone(
    world: World, shelf: Shelf, visit: Visit
) -> None:
    version = make_quote(world, shelf)
    rep = visit(world.users["sales_rep"])
    page = opened(rep, version.quote_id)
    assert page.locator(".qg-head .qg-own_price").count() == 0  # seven columns, unless one asks
    show(page, "Own price", "Term", "How it is paid", "Reason")
    pick(page, 0, "own_price")
    page.keyboard.type("120")
    page.keyboard.press("Enter")
    answer_why(page, "the price of last year")
    assert cell(page, 0, "own_price") == "120.00"
    assert cell(page, 0, "reason") == "the price of last year"
    assert "327.60" in cell(page, 0, "amount")  # 3 × 120.00 less 9 %
    pick(page, 0, "own_price")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+d")
    saved(page)
    assert [one["override"] for one in asked(version)] == [{"price": "120"}] * 2
    pick(page, 1, "term")
    page.keyboard.type("1 Apr 2026 36")
    page.keyboard.press("Enter")
    saved(page)
    assert cell(page, 1, "term") == "1 Apr 2026 – 31 Mar 2029"
    pick(page, 1, "paid")
    page.keyboard.type("recurring, y")
    page.keyboard.press("Enter")
    saved(page)
    assert asked(version)[1]["periods"] == "3"
    pick(page, 1, "term")
    page.keyboard.type("4/5/2026 12")
    page.keyboard.press("Enter")
    expect(page.locator(".qg-editor")).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Escape")
    page.reload()
    expect(page.locator(".qg-line").first).to_be_visible()
    assert cell(page, 1, "paid") == "Recurring, yearly"  # the columns are as they were left
    assert wrong(page) == []
    kept(page, "prices")
    assert rep.complaints() == []


def test_many_are_changed_with_a_preview_and_one_undo_takes_it_back(
    world: World, shelf: Shelf, visit: Visit
) -> None:
    version = make_quote(world, shelf)
    page = opened(visit(world.users["sales_rep"]), version.quote_id)
    before = QuoteVersion.objects.get(pk=version.pk).net_minor
    page.locator(".qg-frame").focus()
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Change selected").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What").select_option(label="Set the wanted amount of each line to")
    dialog.get_by_label("Value").fill("100")
    dialog.get_by_label("Reason").fill("a bundle")
    dialog.get_by_role("button", name="Check").click()
    expect(dialog.locator(".qg-said")).to_contain_text("2 lines change")
    assert QuoteVersion.objects.get(pk=version.pk).net_minor == before
    dialog.get_by_role("button", name="Apply").click()
    saved(page)
    assert QuoteVersion.objects.get(pk=version.pk).net_minor == 20_000
    page.keyboard.press("Control+z")
    saved(page)
    assert asked(version) == [{}, {}]
    assert QuoteVersion.objects.get(pk=version.pk).net_minor == before


def test_lines_are_copied_found_and_taken_out_by_cutting(
    world: World, shelf: Shelf, visit: Visit
) -> None:
    version = make_quote(world, shelf)
    page = opened(visit(world.users["sales_rep"]), version.quote_id)
    pick(page, 1, "name")
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")
    saved(page)
    assert QuoteLine.objects.filter(version=version, product=shelf.stand).count() == 2
    page.keyboard.press("Control+f")
    page.keyboard.type("belt")
    expect(page.locator(".qg-count")).to_have_text("1 of 1")
    expect(page.locator('[data-index="0"] .is-active')).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+ArrowLeft")
    page.keyboard.press("Control+x")
    saved(page)
    assert not QuoteLine.objects.filter(version=version, product=shelf.belt).exists()
    page.keyboard.press("Control+z")
    saved(page)
    page.keyboard.press("Control+z")
    saved(page)
    rows = QuoteLine.objects.filter(version=version).order_by("position")
    assert [row.product_id for row in rows] == [shelf.belt.pk, shelf.stand.pk]


def test_a_range_with_decimal_commas_is_pasted_and_what_is_unclear_is_named(
    world: World, shelf: Shelf, visit: Visit
) -> None:
    version = make_quote(world, shelf)
    user = world.users["sales_rep"]
    user.language = "de"
    user.save(update_fields=["language"])
    page = visit(user).see(f"/quote/{version.quote_id}/")
    expect(page.locator(".qg-line").first).to_be_visible()
    pick(page, 0, "quantity")
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData('text/plain', text);
            const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true});
            document.querySelector('.qg-frame').dispatchEvent(event);
        }""",
        "2,5\t\t7,5 %\r\n1.234\t\t3\r\n",
    )
    expect(page.locator(".qg-failed")).to_contain_text("Unverändert blieben: Zeile 2, Menge: 1.234")
    expect(page.locator(".qg-state")).not_to_have_text("Wird gespeichert …")
    expect(page.locator('[data-index="1"] .qg-discount_bps')).to_contain_text("3")
    lines = QuoteLine.objects.filter(version=version).order_by("position")
    found = [(one.quantity, one.discount_bps) for one in lines]
    assert found == [(2.5, 750), (2, 300)]


def test_what_was_refused_is_kept_to_be_tried_again(
    world: World, shelf: Shelf, visit: Visit
) -> None:
    version = make_quote(world, shelf)
    page = opened(visit(world.users["sales_rep"]), version.quote_id)
    QuoteVersion.objects.filter(pk=version.pk).update(state="presented")
    pick(page, 0, "quantity")
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    expect(page.locator(".qg-failed")).to_contain_text("Not saved")
    QuoteVersion.objects.filter(pk=version.pk).update(state="draft")
    page.get_by_role("button", name="Try again").click()
    saved(page)
    assert cell(page, 0, "quantity") == "8"
    assert QuoteLine.objects.filter(version=version).order_by("position")[0].quantity == 8


def test_a_price_by_hand_is_given_with_a_thumb(world: World, shelf: Shelf, visit: Visit) -> None:
    version = make_quote(world, shelf)
    visitor = visit(world.users["sales_rep"], viewport=PHONE, is_mobile=True, has_touch=True)
    page = opened(visitor, version.quote_id)
    page.locator('[data-index="1"] .qg-name').tap()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Term and price by hand").tap()
    dialog.get_by_label("Own price").fill("200")
    dialog.get_by_role("button", name="Apply").tap()
    expect(dialog.get_by_label("Reason")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("Reason").fill("a friend of the house")
    kept(page, "phone-price")
    dialog.get_by_role("button", name="Apply").tap()
    saved(page)
    assert asked(version)[1]["override"] == {"price": "200"}
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_fee_is_waived_from_the_foot_of_the_sheet(world: World, visit: Visit) -> None:
    shelf = shelf_with(world, FREIGHT)
    version = make_quote(world, shelf)
    rep = visit(world.users["sales_rep"])
    page = opened(rep, version.quote_id)
    page.get_by_role("button", name="Waive: Freight").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Fee")).to_contain_text("Freight · 45.00")
    dialog.get_by_label("Reason").fill("late last time")
    kept(page, "fee")
    dialog.get_by_role("button", name="Price the quote so").click()
    expect(page.locator(".qg-foot")).to_contain_text("waived")
    page.get_by_role("button", name="Charge it: Freight").click()
    assert wrong(page) == []
    page.get_by_role("dialog").get_by_role("button", name="Price the quote so").click()
    expect(page.get_by_role("button", name="Waive: Freight")).to_be_visible()
    assert QuoteVersion.objects.get(pk=version.pk).pricing == {}
    # The dialogs' own requests count with the page they were opened on.
    assert [one for one in rep.complaints() if "requests" not in one] == []
