"""Three proposals compared and one taken, the variants counted, and a dealer's own prices.

Pictures go to `.handsel/pictures/`, or where HANDSEL_PICTURES says.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from handsel.bid.configure import actions, queries
from handsel.bid.configure.models import Configuration
from handsel.bid.configure.queries.states import seen
from handsel.bid.price import actions as price
from handsel.ground.kernel.clock import FixedClock
from tests.browser.visitor import PHONE, Visitor
from tests.support.halden_prices import CASE_A, make_conveyors
from tests.support.world import World, make_world

PROJECT = Path(__file__).parents[2]
PICTURES = Path(os.environ.get("HANDSEL_PICTURES") or PROJECT / ".handsel" / "pictures")
SLOW_MS = 30_000  # without the kernel proposals and counts take seconds
Visit = Callable[..., Visitor]

pytestmark = pytest.mark.browser


@pytest.fixture
def world(transactional_db: None) -> World:
    world = make_world()
    make_conveyors(world.system, world.now)
    return world


@pytest.fixture
def conveyor(world: World) -> Configuration:
    """A food incline with the needs decided and the rest open."""
    rep = world.actor("sales_rep")
    made = actions.begin_configuration(
        actor=rep, now=world.now, model_id=queries.published_models().get().pk
    )
    for key in ("industry", "environment", "region", "load_type", "incline", "length_mm"):
        actions.decide(
            actor=rep,
            now=world.now,
            configuration_id=made.pk,
            variable=key,
            value=CASE_A[key],
        )
    made.refresh_from_db()
    # The first look makes the model ready, which takes longer than a browser waits.
    assert seen(made, language="en", currency="EUR", on=world.now.date()).price is not None
    return made


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(PICTURES / f"{name}.png"))


def amount(text: str) -> int:
    """An amount as it is shown, in cents."""
    return int(re.sub(r"[^0-9]", "", text))


def test_three_proposals_are_compared_and_one_is_taken(
    world: World, conveyor: Configuration, visit: Visit, clock: FixedClock
) -> None:
    rep = visit(world.users["sales_rep"])
    page = rep.see(f"/configure/{conveyor.pk}/")
    component = page.locator("handsel-configurator")
    component.get_by_role("button", name="Compare proposals").click()
    dialog = component.locator("dialog")
    expect(dialog.get_by_role("columnheader")).to_have_text(
        ["", "Good", "Better", "Best"], timeout=SLOW_MS
    )
    prices = [
        amount(one) for one in dialog.locator("tbody tr").first.locator("td").all_inner_texts()
    ]
    better = dialog.locator("tbody tr").first.locator("td").nth(1).inner_text()
    assert len(set(prices)) == 3 and prices == sorted(prices)
    assert dialog.locator("tbody tr").count() > 3  # what differs, and nothing else
    for row in dialog.locator("tbody tr").all()[2:]:
        assert len(set(row.locator("td").all_inner_texts())) > 1
    picture(page, "configurator-proposals-1280-light")

    dialog.get_by_role("button", name="Take this one").nth(1).click()
    expect(dialog).not_to_be_visible()
    expect(component.locator(".total")).to_have_text(better)
    conveyor.refresh_from_db()
    decided = {key for key, _operator, _value in conveyor.decisions}
    assert len(decided) == 48
    # What was decided before stays as it was.
    assert ["incline", "=", "20"] in conveyor.decisions
    expect(component.get_by_role("status").filter(has_text="variant")).to_have_text(
        "1 variant", timeout=SLOW_MS
    )
    component.get_by_role("button", name="Undo").click()
    expect(component.locator('[data-variable="frame"]')).not_to_have_attribute("data-origin", "you")
    assert rep.complaints() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_dealer_sees_his_price_on_a_phone(
    world: World, conveyor: Configuration, visit: Visit, clock: FixedClock, scheme: str
) -> None:
    price.agree_price(
        actor=world.system,
        now=world.now,
        organization_id=world.customer.pk,
        currency="EUR",
        valid_from=date(2026, 1, 1),
        product_group="conveyors",
        discount_bps=2400,
        label="Dealer tier 2",
    )
    token = actions.share_configuration(
        actor=world.actor("sales_rep"),
        now=world.now,
        configuration_id=conveyor.pk,
        recipient="Dealer",
        may_decide=True,
        prices="own",
        organization_id=world.customer.pk,
    )
    dealer = visit(
        viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True, color_scheme=scheme
    )
    page = dealer.see(f"/configuration/{token}/")
    component = page.locator("handsel-configurator")
    expect(component.get_by_role("heading", name="Your price")).to_be_attached()
    expect(component.locator(".card").filter(has_text="Your price")).to_contain_text("Your terms")
    picture(page, f"configurator-dealer-390-{scheme}")
    component.get_by_role("button", name="Compare proposals").tap()
    expect(component.locator("dialog")).to_be_visible(timeout=SLOW_MS)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    picture(page, f"configurator-proposals-390-{scheme}")
    assert dealer.complaints() == []


def test_a_dealer_finishes_and_the_house_goes_on(
    world: World, conveyor: Configuration, visit: Visit, clock: FixedClock
) -> None:
    token = actions.share_configuration(
        actor=world.actor("sales_rep"),
        now=world.now,
        configuration_id=conveyor.pk,
        recipient="Dealer",
        may_decide=True,
        prices="none",
    )
    dealer = visit(viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True)
    page = dealer.see(f"/configuration/{token}/")
    with page.expect_navigation(wait_until="networkidle"):
        page.locator("handsel-configurator").get_by_role("button", name="Done").tap()
    expect(page.locator("main")).to_contain_text("This is what was put together")
    assert "EUR" not in page.content()
    picture(page, "configurator-finished-390-light")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert dealer.complaints() == []

    rep = visit(world.users["sales_rep"])
    page = rep.see(f"/configure/{conveyor.pk}/")
    expect(page.locator("main")).to_contain_text("List price")
    expect(page.get_by_role("link", name="Into a quote")).to_be_visible()
    picture(page, "configurator-finished-1280-light")
    assert rep.complaints() == []
