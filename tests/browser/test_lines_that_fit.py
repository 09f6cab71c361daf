"""A quote whose lines do not fit: told on its page, mended in one click, and told again while the
next product is configured for it; sent at the end.

Pictures go to `.handsel/pictures/`, or where HANDSEL_PICTURES says.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from handsel.bid.quote.models import Quote
from tests.browser.visitor import PHONE, Visitor
from tests.support.fitting import configured, line_of, make_belts, publish_laws, quoted
from tests.support.world import World, make_world

PROJECT = Path(__file__).parents[2]
PICTURES = Path(os.environ.get("HANDSEL_PICTURES") or PROJECT / ".handsel" / "pictures")
SENTENCE = "The next belt is at least as fast."
Visit = Callable[..., Visitor]

pytestmark = pytest.mark.browser


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(PICTURES / f"{name}.png"), full_page=True)


def test_a_quote_is_told_mended_and_sent(world: World, visit: Visit) -> None:
    belts = make_belts(world)
    publish_laws(world)
    lines = [line_of(configured(world, belts.belt, speed=one)) for one in ("30", "20")]
    version = quoted(world, lines)
    rep = visit(world.users["sales_rep"])
    page = rep.see(f"/quote/{version.quote_id}/")
    panel = page.locator("#quote-fitting")
    expect(panel).to_contain_text(SENTENCE)
    mend = panel.get_by_role("button", name="Line 2: Speed: 30 m/min instead of 20 m/min")
    expect(mend).to_be_visible()
    picture(page, "fitting-told")
    phone = visit(world.users["sales_rep"], viewport=PHONE, color_scheme="dark")
    expect(phone.see(f"/quote/{version.quote_id}/").locator("#quote-fitting")).to_contain_text(
        "instead of"
    )
    picture(phone.page, "fitting-told-phone")
    mend.click()
    page.wait_for_load_state("networkidle")
    expect(panel).not_to_contain_text(SENTENCE)
    # The next belt for this quote is slow at first; the page says so while one chooses.
    rep.see(f"/configure/?quote={version.quote_id}")
    rep.follow("main button:has-text('Belt')")
    around = page.locator("#configuration-around")
    expect(around).to_contain_text(SENTENCE)
    expect(around).to_contain_text("as proposed")
    component = page.locator("handsel-configurator")
    component.get_by_role("radio", name="20").first.click()
    expect(around).to_contain_text("This product – Speed: 20 m/min")
    expect(around).not_to_contain_text("as proposed")
    picture(page, "fitting-while-configuring")
    component.get_by_role("radio", name="30").first.click()
    expect(around).not_to_contain_text(SENTENCE)
    # The command and the page it leads to are counted as one visit.
    assert [one for one in rep.complaints() if "/mend/" not in one] == []
    assert Quote.objects.get(pk=version.quote_id).state == "draft"
