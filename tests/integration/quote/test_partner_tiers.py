"""The tier of a reseller: the organization's own, taken by its quotes, changed with a trace."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from handsel.bid.price import actions as price
from handsel.bid.price.rules.stored import NewTerm
from handsel.bid.quote import actions, queries
from handsel.ground.kernel.errors import Forbidden, Invalid
from handsel.ground.party import actions as party
from handsel.ground.party.models import Organization
from handsel.ground.platform import log
from tests.support.bid import Shelf, make_products, make_quote
from tests.support.calls import api_of
from tests.support.pages import submit, text_of
from tests.support.signed_in import session_of
from tests.support.world import World, make_customer, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    """Everything at 100; resellers of gold 20 % less, of silver 10 %."""
    belt, stand, visit = make_products(world.system, world.now)
    book = price.draft_book(
        actor=world.system,
        now=world.now,
        name="Trade",
        currency="EUR",
        segment="",
        valid_from=date(2026, 1, 1),
    )
    prices = dict.fromkeys((belt.pk, stand.pk, visit.pk), Decimal(100))
    price.set_entries(actor=world.system, now=world.now, book_id=book.pk, prices=prices)
    terms = [
        NewTerm(kind="partners", definition={"tier": "gold", "percent": "20"}),
        NewTerm(kind="partners", definition={"tier": "silver", "percent": "10"}),
    ]
    price.add_terms(actor=world.system, now=world.now, book_id=book.pk, terms=terms)
    price.publish_book(actor=world.system, now=world.now, book_id=book.pk)
    return Shelf(belt, stand, visit, book)


def make_gold(world: World, tier: str = "gold", role: str = "sales_manager") -> Organization:
    return party.revise_organization(
        actor=world.actor(role),
        now=world.now,
        organization_id=world.customer.pk,
        facts={"partner_tier": tier},
    )


def test_a_quote_takes_the_tier_of_its_buyer_and_keeps_it(world: World, shelf: Shelf) -> None:
    assert make_quote(world, shelf).pricing == {}
    make_gold(world)
    version = make_quote(world, shelf)
    assert version.pricing == {"partner": "gold"}
    assert queries.lines_of(version.pk)[1].net_minor == 160_00  # two at 80
    make_gold(world, "silver")
    rep = world.actor("sales_rep")
    again = actions.reprice(actor=rep, now=world.now, quote_id=version.quote_id)
    assert again.pricing == {"partner": "gold"}  # what was begun stays as it was begun


def test_whoever_changes_the_tier_on_a_quote_is_told(world: World, shelf: Shelf) -> None:
    make_gold(world)
    version = make_quote(world, shelf)
    rep = world.actor("sales_rep")
    act = {"actor": rep, "now": world.now, "quote_id": version.quote_id}
    actions.set_pricing(**act, codes=["SPRING"])  # says nothing of the tier
    assert actions.set_pricing(**act, partner="silver").pricing == {"partner": "silver"}
    told = [
        event
        for event in log.timeline(("quote", version.quote_id), limit=20)
        if event.type == "quote.version.partner_tier_set"
    ]
    assert [(one.actor_label, one.payload["was"], one.payload["tier"]) for one in told] == [
        (rep.label, "gold", "silver")
    ]
    page = text_of(session_of(world.users["sales_rep"]).get(f"/quote/{version.quote_id}/"))
    assert "Tier of the reseller: “silver” instead of “gold”" in page


def test_a_copy_for_another_customer_takes_his_tier(world: World, shelf: Shelf) -> None:
    make_gold(world)
    version = make_quote(world, shelf)
    other, _person = make_customer(
        world.system, world.now, name="Direkt GmbH", domain="direkt.example", vat_id=""
    )
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    actions.set_pricing(**act, codes=["SPRING"])
    assert actions.copy_quote(**act).pricing == {"partner": "gold", "codes": ["SPRING"]}
    copied = actions.copy_quote(**act, organization_id=other.pk)
    assert copied.pricing == {"codes": ["SPRING"]}


def test_a_tier_makes_prices_and_needs_that_right(world: World) -> None:
    with pytest.raises(Forbidden):
        make_gold(world, role="sales_rep")
    with pytest.raises(Invalid):
        make_gold(world, "g" * 41)
    client = session_of(world.users["sales_manager"])
    address = f"/party/{world.customer.pk}/edit/"
    facts: dict[str, Any] = {
        "name": "Brandt",
        "country": "DE",
        "currency": "EUR",
        "language": "de",
        "payment_days": "30",
    }
    assert 'name="partner_tier"' in client.get(address).content.decode()
    submit(client, address, **facts, partner_tier="gold")
    page = text_of(client.get(f"/party/{world.customer.pk}/"))
    assert "Partner tier" in page
    assert "gold" in page
    assert page.count("Partner tier") == 2  # among the facts, and in the history
    rep = session_of(world.users["sales_rep"])
    assert 'name="partner_tier"' not in rep.get(address).content.decode()
    submit(rep, address, **facts, partner_tier="")
    assert Organization.objects.get(pk=world.customer.pk).partner_tier == "gold"


def test_programs_read_and_set_it(world: World) -> None:
    manager, rep = api_of(world, "sales_manager"), api_of(world, "sales_rep")
    address = f"/party/organizations/{world.customer.pk}"
    status, answer = manager.post(f"{address}/revise", partner_tier="gold", price_segment="trade")
    assert (status, answer["partner_tier"], answer["price_segment"]) == (200, "gold", "trade")
    assert rep.get(address)[1]["partner_tier"] == "gold"
    assert rep.post(f"{address}/revise", partner_tier="silver")[0] == 403
    assert rep.post(f"{address}/revise", website="brandt.example")[1]["partner_tier"] == "gold"
    assert rep.post(f"{address}/revise", tier="x")[0] == 422
