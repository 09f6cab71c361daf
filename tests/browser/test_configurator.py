"""The Halden conveyor configured in a real browser, by keyboard alone, and on a phone.

A food processor's incline: the reasons and repairs a rep is told, the origin of every value, and a
finished product. Pictures go to `.handsel/pictures/`, or where HANDSEL_PICTURES says.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from handsel.bid.configure import actions, queries
from handsel.bid.configure.models import Configuration
from handsel.bid.configure.queries.states import seen
from handsel.bid.quote.actions import draft_quote
from handsel.bid.quote.models import QuoteLine
from handsel.ground.kernel.clock import FixedClock
from tests.browser.visitor import PHONE, Visitor
from tests.support.halden_prices import make_conveyors
from tests.support.world import World, make_world

PROJECT = Path(__file__).parents[2]
PICTURES = Path(os.environ.get("HANDSEL_PICTURES") or PROJECT / ".handsel" / "pictures")
AXE = PROJECT / "frontend/node_modules/axe-core/axe.min.js"
Visit = Callable[..., Visitor]

pytestmark = pytest.mark.browser

FOOD_INCLINE = {
    "industry": "Food",
    "environment": "Washed down",
    "load_type": "Unpacked food",
    "incline": "20",
    "belt_width": "600",
}


@pytest.fixture
def world(transactional_db: None) -> World:
    world = make_world()
    make_conveyors(world.system, world.now, ("SP-BELT", "82.40"))
    return world


@pytest.fixture
def conveyor(world: World) -> Configuration:
    model = queries.published_models().get()
    made = actions.begin_configuration(
        actor=world.actor("sales_rep"), now=world.now, model_id=model.pk
    )
    # The first look makes the model ready, which takes longer than a browser waits.
    assert seen(made, language="en", currency="EUR", on=world.now.date()).price is not None
    return made


def component(page: Page) -> Locator:
    """The configurator, once it has drawn its variables."""
    found = page.locator("handsel-configurator")
    expect(found.locator(".variable").first).to_be_visible()
    return found


def value_of(page: Page, variable: str, title: str) -> Locator:
    """The choice of a value by its words."""
    section = component(page).locator(f'[data-variable="{variable}"]')
    return section.locator(".value").filter(has_text=title).first


def press(page: Page, variable: str, title: str) -> None:
    """Move to a value with the arrow keys and choose it with the space bar."""
    target = value_of(page, variable, title)
    target.evaluate("element => element.parentElement.querySelector('[tabindex=\"0\"]').focus()")
    wanted = int(target.get_attribute("data-index") or 0)
    focused = "element => element.getRootNode().activeElement?.dataset.index ?? '-1'"
    for _ in range(20):
        if int(target.evaluate(focused)) == wanted:
            break
        page.keyboard.press("ArrowRight")
    with page.expect_response(lambda answer: "/data/" in answer.url):
        page.keyboard.press("Space")


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(PICTURES / f"{name}.png"), full_page=True)


def test_a_food_incline_is_configured_by_keyboard_alone(
    world: World, conveyor: Configuration, visit: Visit, clock: FixedClock
) -> None:
    draft_quote(
        actor=world.actor("sales_rep"),
        now=world.now,
        organization_id=world.customer.pk,
        title="Line 4",
    )
    rep = visit(world.users["sales_rep"])
    page = rep.see(f"/configure/{conveyor.pk}/")
    for variable, title in FOOD_INCLINE.items():
        press(page, variable, title)
        expect(value_of(page, variable, title)).to_have_attribute("aria-checked", "true")
    blocked = value_of(page, "belt", "PVC, black")
    expect(blocked).to_have_attribute("aria-disabled", "true")
    picture(page, "configurator-1280-light")

    blocked.focus()
    page.keyboard.press("?")
    reason = component(page).locator(".why-card")
    expect(reason).to_contain_text("Food and pharma plants need a belt approved for food")
    picture(page, "configurator-why-1280-light")
    assert _findings(page) == []

    value_of(page, "surface", "Smooth").focus()
    page.keyboard.press("?")
    expect(reason).to_contain_text("Incline: 20")
    page.keyboard.press("Enter")  # the first repair has the focus
    expect(value_of(page, "surface", "Smooth")).to_have_attribute("aria-checked", "true")
    conveyor.refresh_from_db()
    assert ["surface", "=", "smooth"] in conveyor.decisions
    assert not any(one[0] == "incline" for one in conveyor.decisions)

    finish = component(page).get_by_role("button", name="Finish")
    finish.focus()
    with page.expect_navigation(wait_until="networkidle"):
        page.keyboard.press("Enter")
    conveyor.refresh_from_db()
    assert conveyor.state == "complete"
    _into_the_draft(world, page, conveyor)
    assert rep.complaints() == []


def _into_the_draft(world: World, page: Page, conveyor: Configuration) -> None:
    """From the finished product to a line of the rep's draft, by keyboard."""
    page.get_by_role("link", name="Into a quote").focus()
    with page.expect_navigation(wait_until="networkidle"):
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Line 4").focus()
    with page.expect_navigation(wait_until="networkidle"):
        page.keyboard.press("Enter")
    line = QuoteLine.objects.select_related("configuration").get(configuration=conveyor)
    assert line.net_minor > 100_000
    short = conveyor.fingerprint[:8]
    expect(page.locator("main")).to_contain_text(f"{short} · Belt conveyor, version 1")
    picture(page, "configurator-quote-line-1280-light")
    page.goto(page.url.rstrip("/") + f"/1/why/{line.line_key}/")
    expect(page.locator("main")).to_contain_text("Deck")
    picture(page, "configurator-waterfall-1280-light")


def test_it_works_on_a_phone_and_by_link(
    world: World, conveyor: Configuration, visit: Visit, clock: FixedClock
) -> None:
    token = actions.share_configuration(
        actor=world.actor("sales_rep"),
        now=world.now,
        configuration_id=conveyor.pk,
        recipient="Buyer",
        may_decide=True,
    )
    buyer = visit(
        viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True, color_scheme="dark"
    )
    page = buyer.see(f"/configuration/{token}/")
    value_of(page, "industry", "Food").tap()
    expect(value_of(page, "industry", "Food")).to_have_attribute("aria-checked", "true")
    # A blocked value says so to everybody, and still answers a finger with the reason.
    value_of(page, "belt", "PVC, black").tap(force=True)
    expect(component(page).locator(".why-card")).to_contain_text("approved for food")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    picture(page, "configurator-390-dark")
    assert buyer.complaints() == []


def _findings(page: Page) -> list[Any]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        (one["id"], one["nodes"][0]["html"][:120])
        for one in result["violations"]
        if one["impact"] in ("serious", "critical")
    ]
