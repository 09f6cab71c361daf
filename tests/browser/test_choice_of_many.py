"""A customer found by typing, where there are more than a list can show."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from handsel.attract.opportunity.models import Opportunity
from handsel.ground.party.models import Organization
from handsel.ground.party.queries import MOST_OPTIONS
from tests.browser.visitor import Visitor
from tests.support.world import World, make_world

Visit = Callable[..., Visitor]


@pytest.fixture
def world(transactional_db: None) -> World:
    world = make_world()
    Organization.objects.bulk_create(
        Organization(
            name=f"Kunde {at:04}", number=f"K-{at:04}", currency="EUR", created_at=world.now
        )
        for at in range(MOST_OPTIONS + 20)
    )
    return world


def test_a_customer_beyond_the_list_is_found_by_typing(world: World, visit: Visit) -> None:
    rep = visit(world.users["sales_rep"])
    page = rep.see("/opportunity/new/")
    page.get_by_label("What is it about?").fill("Filling hall")
    chosen = page.locator("select[name=organization_id]")
    expect(chosen.locator("option:checked")).to_have_text("None yet")
    page.get_by_label("Find: Customer").press_sequentially("K-0213")
    expect(chosen.locator("option:checked")).to_have_text("Kunde 0213")
    rep.decide("Open opportunity")
    deal = Opportunity.objects.get()
    assert deal.organization is not None and deal.organization.name == "Kunde 0213"
    assert rep.complaints() == []
