"""A large quote in a real browser: 300 rows pasted, a conveyor configured in it, brought to a
target, its price explained, approved by the mail's link, a version compared, the proposal read."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from handsel.bid.configure import queries
from handsel.bid.quote import actions
from handsel.bid.quote.models import Quote, QuoteLine, QuoteVersion
from handsel.ground.kernel.clock import FixedClock
from tests.browser.test_configurator import component, value_of
from tests.browser.test_quote_sheet import cell, pick, saved
from tests.browser.visitor import Visitor
from tests.support.approval import HEADER_10, MANAGER, REP, role, token_for
from tests.support.halden_prices import make_conveyors
from tests.support.world import World, make_world

Visit = Callable[..., Visitor]
PROJECT = Path(__file__).parents[2]
PICTURES = Path(os.environ.get("HANDSEL_PICTURES") or PROJECT / ".handsel" / "pictures")


@pytest.fixture
def world(transactional_db: None) -> World:
    """The house with conveyors, spare parts, and a rule: the manager is asked past 10 %."""
    world = make_world()
    make_conveyors(world.system, world.now, ("SP-BELT", "82.40"), ("SP-LEG", "140.00"))
    actions.set_rule(
        actor=world.system,
        now=world.now,
        seller_id=world.seller.pk,
        name="More than 10 % on the whole quote",
        condition=HEADER_10,
        steps=[role(MANAGER, hours=8)],
    )
    return world


@pytest.fixture
def draft(world: World) -> Quote:
    """The rep's empty draft; the model is made ready before a browser waits for it."""
    from handsel.bid.configure.actions import begin_configuration
    from handsel.bid.configure.queries.states import seen

    rep, model = world.actor(REP), queries.published_models().get()
    warm = begin_configuration(actor=rep, now=world.now, model_id=model.pk)
    assert seen(warm, language="en", currency="EUR", on=world.now.date()).price is not None
    return actions.draft_quote(
        actor=rep,
        now=world.now,
        organization_id=world.customer.pk,
        person_id=world.buyer.pk,
        title="Filling hall",
    ).quote


def kept(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"large-quote-{name}.png")


def net(quote: Quote) -> Decimal:
    version = QuoteVersion.objects.filter(quote=quote).latest("version_no")
    return Decimal(version.net_minor) / 100


def test_a_large_quote_from_paste_to_an_approved_proposal(
    world: World, draft: Quote, visit: Visit, clock: FixedClock
) -> None:
    rep = visit(world.users[REP])
    paste(opened_empty(rep, draft))
    assert net(draft) == Decimal("54360.00")
    conveyor = configure_in_it(rep, draft)
    assert net(draft) == Decimal("54360.00") + conveyor
    explain(rep, draft)
    bring_to_target(rep, draft)
    ask(rep, draft)
    approve(visit)
    send(rep, draft)
    compare(rep, draft)
    read_back(rep, draft, conveyor)
    assert rep.complaints() == []


def opened_empty(rep: Visitor, draft: Quote) -> Page:
    page = rep.see(f"/quote/{draft.pk}/")
    expect(page.get_by_role("button", name="Paste rows")).to_be_visible()
    return page


def paste(page: Page) -> None:
    """150 belts of one piece and 150 legs of two, in turn."""
    page.get_by_role("button", name="Paste rows").click()
    rows = [f"{('SP-BELT', 'SP-LEG')[at % 2]}\t{1 + at % 2}\t" for at in range(300)]
    page.get_by_role("dialog").locator("textarea").fill("\n".join(rows))
    page.get_by_role("dialog").get_by_role("button", name="Check").click()
    expect(page.locator(".qg-said")).to_have_text("300 of 300 rows found")
    page.get_by_role("button", name="Add 300 lines").click()
    expect(page.locator(".qg-frame")).to_have_attribute("aria-rowcount", "301")
    saved(page)
    kept(page, "pasted")


def configure_in_it(rep: Visitor, draft: Quote) -> Decimal:
    """A conveyor begun from the quote comes back as its line; its net amount."""
    page = rep.page
    with page.expect_navigation(wait_until="networkidle"):
        page.get_by_role("link", name="Configure a product").first.click()
    rep.decide("Belt conveyor")
    for variable, title in {"industry": "Food", "environment": "Washed down"}.items():
        with page.expect_response(lambda answer: "/data/" in answer.url):
            value_of(page, variable, title).click()
    with page.expect_navigation(wait_until="networkidle"):
        component(page).get_by_role("button", name="Finish").click()
    kept(page, "configured")
    rep.decide("Into the quote")
    expect(page.locator(".qg-frame")).to_have_attribute("aria-rowcount", "302")
    line = QuoteLine.objects.select_related("configuration").get(
        version__quote=draft, configuration__isnull=False
    )
    assert line.configuration is not None and line.configuration.state == "complete"
    return Decimal(line.net_minor) / 100


def explain(rep: Visitor, draft: Quote) -> None:
    """The conveyor's price, opened from the sheet: its elements sum to it."""
    line = QuoteLine.objects.get(version__quote=draft, configuration__isnull=False)
    page = rep.see(f"/quote/{draft.pk}/1/why/{line.line_key}/")
    for element in ("Deck", "Frame", "Drip tray"):
        expect(page.locator("main")).to_contain_text(element)
    kept(page, "waterfall")


def bring_to_target(rep: Visitor, draft: Quote) -> None:
    """50,000.00 on the whole quote: every line carries its part, to the cent."""
    page = rep.see(f"/quote/{draft.pk}/target/")
    page.get_by_label("Net price that is wanted").fill("50000")
    page.get_by_label("Reason").fill("The customer takes both halls")
    kept(page, "target")
    page.get_by_label("Reason").press("Enter")
    expect(page.locator(".qg-line").first).to_be_visible()
    assert net(draft) == Decimal("50000.00")
    lines = QuoteLine.objects.filter(version__quote=draft)
    assert sum(line.net_minor for line in lines) == 5_000_000


def ask(rep: Visitor, draft: Quote) -> None:
    """Who will be asked is told before; then he is."""
    page = rep.see(f"/quote/{draft.pk}/")
    kept(page, "at-target")
    page.get_by_role("link", name="Ask for approval").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Sales manager")
    kept(page, "approval-preview")
    with page.expect_navigation(wait_until="networkidle"):
        dialog.get_by_role("button", name="Ask for approval").click()
    assert "Waiting for approval" in rep.words()


def approve(visit: Visit) -> None:
    """By the link of the mail, without signing in."""
    manager = visit()
    page = manager.see(f"/approval/{token_for(MANAGER)}/")
    expect(page.locator("main")).to_contain_text("50,000.00")
    kept(page, "approval-link")
    manager.decide("Approve")
    assert "Your answer is kept" in manager.words()
    assert manager.complaints() == []


def send(rep: Visitor, draft: Quote) -> None:
    rep.see(f"/quote/{draft.pk}/")
    rep.decide("Present and send")
    assert "With the customer" in rep.words()
    kept(rep.page, "presented")


def compare(rep: Visitor, draft: Quote) -> None:
    """A new version with one line changed, beside the one before."""
    page = rep.page
    page.get_by_role("button", name="New version").first.click()
    with page.expect_navigation(wait_until="networkidle"):
        page.get_by_role("dialog").get_by_role("button", name="New version").click()
    expect(page.locator(".qg-line").first).to_be_visible()
    pick(page, 1, "quantity")
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    saved(page)
    assert cell(page, 1, "quantity") == "9"
    page = rep.see(f"/quote/{draft.pk}/compare/?from=1&to=2")
    expect(page.locator("main")).to_contain_text("SP-LEG")
    kept(page, "compared")


def read_back(rep: Visitor, draft: Quote, conveyor: Decimal) -> None:
    """The proposal as the customer has it: every line is in it, and the total agreed."""
    answer = rep.page.request.get(f"{rep.home}/quote/{draft.pk}/1/pdf/")
    assert answer.ok
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.body())).pages]
    text = " ".join(" ".join(pages).split())
    assert text.count("SP-BELT") >= 150 and text.count("SP-LEG") >= 150
    assert "50,000.00" in text and "59,500.00" in text
    assert "Belt conveyor" in text
