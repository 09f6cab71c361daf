"""An approval in a real browser: previewed and asked by the rep, given on a phone by the mail's
link, and what the approver finds when he signs in. Pictures of all pages are kept."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from handsel.ground.kernel.clock import FixedClock
from tests.browser.test_pages_are_accessible import (
    AXE,
    NO_AXE,
    PICTURES,
    take_pictures,
    wrong,
)
from tests.browser.visitor import DESK, PHONE, Visitor
from tests.support.approval import (
    ACCOUNTANT,
    HEADER_10,
    LINE_15,
    LONG_TERM,
    MANAGER,
    REP,
    Approvals,
    asks,
    role,
    state_of,
    token_for,
)
from tests.support.bid import make_shelf
from tests.support.world import World, make_world

Visit = Callable[..., Visitor]


@pytest.fixture
def world(transactional_db: None) -> World:
    """The house."""
    return make_world()


@pytest.fixture
def house(world: World) -> Approvals:
    """Three rules; the accountant is away and represented for the first of them."""
    made = Approvals(world, make_shelf(world.system, world.now))
    made.rule("More than 15 % on a line", LINE_15, role(MANAGER, hours=8), role(ACCOUNTANT))
    made.rule("More than 10 % on the whole quote", HEADER_10, role(MANAGER, hours=8))
    made.rule("More than 60 days to pay", LONG_TERM, role(ACCOUNTANT, hours=8))
    return made


def test_an_approval_is_asked_and_given(house: Approvals, visit: Visit, clock: FixedClock) -> None:
    version = house.quote(0, 1800, header=200)
    rep = visit(house.world.users[REP])
    page = rep.see(f"/quote/{version.quote_id}/")
    assert "15% instead of 18% on line 2" in rep.words()
    send = page.get_by_role("button", name=re.compile("^Present and send"))
    assert send.count() == 0 or send.first.is_disabled()
    page.get_by_role("link", name="Ask for approval").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Sales manager")
    dialog.get_by_label("What they should know").fill("A year’s quantity.")
    with page.expect_navigation(wait_until="networkidle"):
        dialog.get_by_role("button", name="Ask for approval").click()
    assert "Waiting for approval" in rep.words()

    phone = visit(viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True)
    phone.see(f"/approval/{token_for(MANAGER)}/")
    assert "A year’s quantity." in phone.words()
    phone.decide("Approve")
    assert "Your answer is kept" in phone.words()

    desk = visit(house.world.users[ACCOUNTANT])
    desk.see("/quote/approvals/")
    desk.follow("a:has-text('Line 4')")
    desk.decide("Approve")
    rep.see(f"/quote/{version.quote_id}/")
    rep.decide("Present and send")
    assert "With the customer" in rep.words()
    assert rep.complaints() + phone.complaints() + desk.complaints() == []


def test_pages_of_approvals_are_accessible_at_both_widths(
    house: Approvals, visit: Visit, clock: FixedClock
) -> None:
    if not AXE.exists():
        pytest.skip(NO_AXE)
    PICTURES.mkdir(parents=True, exist_ok=True)
    before = house.quote(0, 2400, 1800, header=1200, payment_days=75)
    asked = house.quote(0, 2000, header=1100)
    request = house.ask(asked, comment="They take a whole year’s quantity at once.")
    (first, _second) = asks(request)
    rejected = house.quote(2500)
    no = house.ask(rejected)
    house.decide(asks(no)[0], MANAGER, "reject", "At most 20 %.")
    assert state_of(no) == "rejected"
    pages = {
        "approval-preview": (REP, f"/quote/{before.quote_id}/"),
        "approval-form": (REP, f"/quote/{before.quote_id}/approval/ask/"),
        "approval-waiting": (REP, f"/quote/{asked.quote_id}/"),
        "approval-rejected": (REP, f"/quote/{rejected.quote_id}/"),
        "approval-inbox": (MANAGER, "/quote/approvals/"),
        "approval-ask": (MANAGER, f"/quote/approvals/{first.pk}/"),
        "approval-rules": (MANAGER, "/quote/approvals/rules/"),
        "approval-rule": (MANAGER, "/quote/approvals/rules/new/"),
        "approval-people": (MANAGER, "/quote/approvals/people/"),
        "approval-link": (None, f"/approval/{token_for(MANAGER, 0)}/"),
    }
    found: list[str] = []
    for look, checked in (({"viewport": DESK}, "light"), ({"viewport": PHONE}, "dark")):
        for name, (who, address) in pages.items():
            visitor = visit(house.world.users[who] if who else None, **look)
            visitor.page.emulate_media(color_scheme=checked)  # type: ignore[arg-type]
            page = visitor.see(address)
            found += [f"{name} {look}: {one}" for one in wrong(page)]
            take_pictures(page, name)
            found += visitor.complaints()
    assert found == []
