"""The page of a book's rules: warnings, a mass change with preview, the trial on quotes."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from handsel.bid.price import actions
from handsel.bid.price.models import BookTerm, PriceBook, PriceEntry
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


@pytest.fixture
def book(world: World, shelf: Shelf) -> PriceBook:
    """A draft, the next version of the shelf's book."""
    return actions.copy_book(
        actor=world.system, now=world.now, book_id=shelf.book.pk, valid_from=date(2026, 7, 1)
    )


def browser(world: World, role: str = "product_modeller") -> Client:
    client = Client()
    client.force_login(world.users[role])
    return client


def test_a_rule_is_added_and_the_publisher_is_warned(
    world: World, shelf: Shelf, book: PriceBook
) -> None:
    client = browser(world)
    steps = [{"to": "10", "price": "38"}, {"price": "31"}]
    rule = {"kind": "tiers", "scope": "belts", "definition": json.dumps({"steps": steps})}
    client.post(f"/price/{book.pk}/terms/add/", rule)
    term = BookTerm.objects.get(book=book)
    assert (term.kind, term.product_group) == ("tiers", "belts")
    for address in (f"/price/{book.pk}/", f"/price/{book.pk}/terms/"):
        body = client.get(address).content.decode()
        assert "10 cost 380, 11 cost 341." in body
    wrong = rule | {"definition": '{"steps": [{"from": "NaN"}]}'}
    after = client.post(f"/price/{book.pk}/terms/add/", wrong)["Location"]
    assert "tiers[0].steps[0].from" in client.get(after).content.decode()
    assert BookTerm.objects.count() == 1
    client.post(f"/price/{book.pk}/terms/{term.pk}/remove/")
    assert not BookTerm.objects.exists()
    assert browser(world, "sales_rep").post(f"/price/{book.pk}/terms/add/", rule).status_code == 403


def test_a_mass_change_is_shown_before_it_is_made(
    world: World, shelf: Shelf, book: PriceBook
) -> None:
    client = browser(world)
    body = client.get(f"/price/{book.pk}/terms/", {"percent": "10"}).content.decode()
    assert "149.05" in body
    entry = PriceEntry.objects.filter(book=book, product=shelf.belt)
    assert entry.get().unit_price == Decimal("135.50")
    client.post(f"/price/{book.pk}/change/", {"percent": "10"})
    assert entry.get().unit_price == Decimal("149.05")
    body = client.get(f"/price/{book.pk}/terms/", {"percent": "1e9"}).content.decode()
    assert "1e9" in body


def test_the_book_is_tried_on_open_quotes(world: World, shelf: Shelf, book: PriceBook) -> None:
    make_quote(world, shelf)
    client = browser(world, "sales_manager")
    client.post(f"/price/{book.pk}/change/", {"percent": "10"})
    body = client.get(f"/price/{book.pk}/terms/", {"on": "open"}).content.decode()
    assert "1,044.91" in body
    assert "95.00" in body
    body = client.get(f"/price/{book.pk}/terms/", {"on": "quarter"}).content.decode()
    assert "No quotes in this currency" in body
