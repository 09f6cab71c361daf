"""The pages of one deal: axe finds nothing serious, nothing is cut off, pictures are kept.

Looked at with axe in light colours at 1280 px and in dark ones at 390 px; pictured in both colours
at both widths. The pictures go to `.handsel/pictures/`, or where HANDSEL_PICTURES says.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from handsel.attract.lead import actions as leads
from handsel.bid.quote import actions as quotes
from handsel.ground.identity.models import User
from handsel.ground.kernel.clock import FixedClock
from tests.browser.visitor import DESK, PHONE, Visitor
from tests.support.deal import Keys, walk_deal
from tests.support.world import World, make_world

PROJECT = Path(__file__).parents[2]
PICTURES = Path(os.environ.get("HANDSEL_PICTURES") or PROJECT / ".handsel" / "pictures")
AXE = PROJECT / "frontend/node_modules/axe-core/axe.min.js"
NO_AXE = "axe-core is not installed: run `npm ci` in frontend/"
SERIOUS = "axe.run(document, {resultTypes: ['violations']})"
Visit = Callable[..., Visitor]

STAFF = {
    "today": "/",
    "leads": "/lead/",
    "lead": "/lead/{lead_id}/",
    "opportunities": "/opportunity/",
    "board": "/opportunity/board/",
    "opportunity": "/opportunity/{opportunity_id}/",
    "product": "/catalog/{product_id}/",
    "price-rules": "/price/{book_id}/terms/",
    "agreed-prices": "/price/agreements/",
    "agreed-price": "/price/agreements/{agreement_id}/",
    "exchange-rates": "/price/rates/",
    "quotes": "/quote/",
    "quote": "/quote/{quote_id}/",
    "quote-draft": "/quote/{draft_id}/",
    "orders": "/order/",
    "order": "/order/{order_id}/",
    "shipping-desk": "/fulfillment/",
    "shipment": "/fulfillment/{shipment_id}/",
    "invoices": "/billing/",
    "invoice": "/billing/invoices/{invoice_id}/",
    "statements": "/cash/",
    "payment": "/cash/payments/{payment_id}/",
    "receivables": "/cash/receivables/",
    "trial-balance": "/ledger/",
    "entry": "/ledger/entries/{entry_id}/",
    "insight": "/insight/",
}
OUTSIDERS = {"inquiry": "/form/ask-us/", "offer": "{offer}", "sign-in": "/sign-in/login/"}


@pytest.fixture
def world(transactional_db: None) -> World:
    """The house; its accountant may do everything, so that one person sees all pages."""
    return make_world()


@pytest.fixture
def keys(world: World, clock: FixedClock, visit: Visit) -> Keys:
    """One deal walked to its end, another that is only drafted, a third that is offered."""
    found = walk_deal(world)
    clock.advance(timedelta(days=2))
    rep = world.actor("sales_rep")
    draft, offered = (
        quotes.draft_quote(
            actor=rep,
            now=world.now,
            organization_id=world.customer.pk,
            person_id=world.buyer.pk,
            title=title,
            lines=[quotes.NewLine(product_id=int(found["product_id"]), quantity=Decimal(7))],
        )
        for title in ("Stands for line 5", "Stands for line 6")
    )
    presented = quotes.present_quote(
        actor=rep, now=world.now, quote_id=offered.quote_id, to="kim@brandt.example"
    )
    leads.create_form(
        actor=world.system,
        now=world.now,
        seller_id=world.seller.pk,
        key="ask-us",
        title="Ask us",
        intro="We answer within a working day.",
    )
    return found | {"draft_id": draft.quote_id, "offer": presented.link}


@pytest.fixture
def everybody(world: World) -> User:
    """Somebody with all roles."""
    from handsel.ground.identity import actions as identity
    from handsel.ground.party import actions as party
    from handsel.site.roles import ROLES

    user = identity.create_user(
        actor=world.system,
        now=world.now,
        email="all@halden.example",
        name="Ines Halvorsen",
        password=None,
        roles=list(ROLES),
    )
    party.add_seller_member(
        actor=world.system, now=world.now, seller_id=world.seller.pk, user_id=user.pk
    )
    return user


def test_pages_are_accessible_at_both_widths(
    keys: Keys, everybody: User, visit: Visit, capsys: pytest.CaptureFixture[str]
) -> None:
    if not AXE.exists():
        pytest.skip(NO_AXE)
    PICTURES.mkdir(parents=True, exist_ok=True)
    found: list[str] = []
    for look, checked in (({"viewport": DESK}, "light"), ({"viewport": PHONE}, "dark")):
        for user, pages in ((everybody, STAFF), (None, OUTSIDERS)):
            visitor = visit(user, **look)
            for name, address in pages.items():
                visitor.page.emulate_media(color_scheme=checked)  # type: ignore[arg-type]
                page = visitor.see(address.format(**keys))
                found += [f"{name} {look}: {one}" for one in wrong(page)]
                take_pictures(page, name)
            found += visitor.complaints()
    with capsys.disabled():
        print(f"\npictures of {len(STAFF) + len(OUTSIDERS)} pages are in {PICTURES}")
    assert found == []


def wrong(page: Page) -> list[str]:
    """What axe calls serious or critical, and what is wider than the window."""
    page.evaluate(AXE.read_text("utf-8"))
    result: dict[str, Any] = page.evaluate(SERIOUS)
    bad = [one for one in result["violations"] if one["impact"] in ("serious", "critical")]
    said = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in bad]
    size = page.viewport_size
    if size and page.evaluate("document.documentElement.scrollWidth") > size["width"]:
        said.append("wider than the window")
    return said


def take_pictures(page: Page, name: str) -> None:
    """The page in both colours, at the width it has."""
    size = page.viewport_size
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
        path = PICTURES / f"{name}-{size['width'] if size else 0}-{colours}.png"
        page.screenshot(path=path, full_page=True, animations="disabled")
