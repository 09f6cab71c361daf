"""What was bought before counts where a tier says so: over all orders, under an agreement."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from handsel.bid.price import actions as price
from handsel.bid.price.rules.stored import NewTerm
from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine, Signature
from handsel.commit.order import actions as orders
from handsel.commit.order.models import Order
from handsel.ground.party import actions as party
from handsel.ground.party.models import Organization
from tests.support.bid import Shelf, make_products
from tests.support.calls import api_of
from tests.support.world import World, make_customer, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def shelf_with(world: World, **table: Any) -> Shelf:
    """Belts at 100, from the 10th on 20 % less."""
    belt, stand, visit = make_products(world.system, world.now)
    book = price.draft_book(
        actor=world.system,
        now=world.now,
        name="Volume",
        currency="EUR",
        segment="",
        valid_from=date(2026, 1, 1),
    )
    prices = dict.fromkeys((belt.pk, stand.pk, visit.pk), Decimal(100))
    price.set_entries(actor=world.system, now=world.now, book_id=book.pk, prices=prices)
    steps = [{"from": "0", "percent": "0"}, {"from": "10", "percent": "20"}]
    definition = {"label": "Volume", "steps": steps, "cumulative": True, **table}
    about = definition.pop("about", {"product_id": belt.pk})
    terms = [NewTerm(kind="tiers", definition=definition, **about)]
    price.add_terms(actor=world.system, now=world.now, book_id=book.pk, terms=terms)
    price.publish_book(actor=world.system, now=world.now, book_id=book.pk)
    return Shelf(belt, stand, visit, book)


def quoted(world: World, shelf: Shelf, who: Organization, quantity: int) -> Any:
    return actions.draft_quote(
        actor=world.actor("sales_rep"),
        now=world.now,
        organization_id=who.pk,
        lines=[NewLine(product_id=shelf.belt.pk, quantity=Decimal(quantity))],
    )


def ordered(world: World, shelf: Shelf, who: Organization, quantity: int, days: int = 5) -> Order:
    """An order of so many days ago."""
    version = quoted(world, shelf, who, quantity)
    act = {
        "actor": world.actor("sales_rep"),
        "now": world.now - timedelta(days=days),
        "quote_id": version.quote_id,
    }
    actions.present_quote(**act, mail=False)
    signed = Signature(name="Ada", email="ada@example.com", evidence="by phone")
    actions.accept_for_buyer(**act, signature=signed)
    return Order.objects.get(quote_version__quote_id=version.quote_id)


def agree(world: World, who: Organization, valid_from: date, **about: Any) -> None:
    price.agree_price(
        actor=world.system,
        now=world.now,
        organization_id=who.pk,
        currency="EUR",
        discount_bps=0,
        valid_from=valid_from,
        **about,
    )


def below(world: World, name: str, domain: str) -> Organization:
    """Another organization that belongs to the world's customer."""
    child, _person = make_customer(world.system, world.now, name=name, domain=domain, vat_id="")
    party.revise_organization(
        actor=world.system,
        now=world.now,
        organization_id=child.pk,
        facts={"parent_id": world.customer.pk},
    )
    return Organization.objects.get(pk=child.pk)


def test_all_orders_count_but_cancelled_ones_and_those_of_today(world: World) -> None:
    shelf = shelf_with(world, scope="orders")
    customer = world.customer
    ordered(world, shelf, customer, 6, days=200)
    assert quoted(world, shelf, customer, 3).net_minor == 300_00
    ordered(world, shelf, customer, 2, days=0)
    assert quoted(world, shelf, customer, 3).net_minor == 300_00
    gone = ordered(world, shelf, customer, 5)
    assert quoted(world, shelf, customer, 3).net_minor == 240_00
    orders.cancel_order(
        actor=world.actor("order_desk"), now=world.now, order_id=gone.pk, reason="changed"
    )
    assert quoted(world, shelf, customer, 3).net_minor == 300_00


def test_under_a_contract_counts_what_was_ordered_since_the_agreement_began(world: World) -> None:
    shelf = shelf_with(world, scope="contract")
    customer = world.customer
    ordered(world, shelf, customer, 9, days=30)
    assert quoted(world, shelf, customer, 3).net_minor == 300_00  # nothing is agreed
    agree(world, customer, date(2026, 2, 20), product_id=shelf.stand.pk)
    assert quoted(world, shelf, customer, 3).net_minor == 300_00  # about something else
    agree(world, customer, date(2026, 2, 20), product_id=shelf.belt.pk)
    assert quoted(world, shelf, customer, 3).net_minor == 300_00  # ordered before it began
    ordered(world, shelf, customer, 7)
    assert quoted(world, shelf, customer, 2).net_minor == 200_00
    assert quoted(world, shelf, customer, 3).net_minor == 240_00


def test_an_agreement_counts_the_orders_of_all_it_holds_for(world: World) -> None:
    shelf = shelf_with(world, scope="contract")
    north, south = below(world, "Brandt Nord", "n.example"), below(world, "Brandt Süd", "s.example")
    agree(world, world.customer, date(2026, 1, 1), product_group="belts")
    ordered(world, shelf, north, 7)
    assert quoted(world, shelf, south, 3).net_minor == 240_00
    agree(world, south, date(2026, 1, 1), product_id=shelf.belt.pk)  # its own goes before
    assert quoted(world, shelf, south, 3).net_minor == 300_00


def test_an_edit_counts_what_was_ordered_meanwhile(world: World) -> None:
    shelf = shelf_with(world, scope="orders")
    version = quoted(world, shelf, world.customer, 3)
    ordered(world, shelf, world.customer, 7)
    rep = world.actor("sales_rep")
    key = queries.lines_of(version.pk)[0].key
    version = actions.set_line(
        actor=rep, now=world.now, quote_id=version.quote_id, line_key=key, quantity=Decimal(4)
    )
    assert version.net_minor == 320_00


def test_amounts_count_at_list_prices_and_attributes_never(world: World) -> None:
    steps = [{"from": "0", "percent": "0"}, {"from": "1000", "percent": "20"}]
    shelf = shelf_with(world, scope="orders", basis="amount", steps=steps, about={})
    ordered(world, shelf, world.customer, 7)
    assert quoted(world, shelf, world.customer, 2).net_minor == 200_00
    assert quoted(world, shelf, world.customer, 3).net_minor == 240_00


def test_the_price_call_counts_it_for_the_callers_sellers(world: World) -> None:
    shelf = shelf_with(world, scope="orders")
    ordered(world, shelf, world.customer, 7)
    body = {
        "currency": "EUR",
        "on": "2026-03-02",
        "organization_id": world.customer.pk,
        "lines": [{"product": shelf.belt.sku, "quantity": "3"}],
    }
    status, answer = api_of(world, "sales_rep").post("/price/lines", **body)
    assert (status, answer["totals"]["net"]) == (200, "240.00")
