"""One price reckoned on its page: on a day, for a customer, with attributes, and by which rules."""

from datetime import date
from decimal import Decimal

import pytest

from handsel.bid.price import actions
from handsel.bid.price.models import BookTerm, ContractedPrice, PriceBook
from handsel.bid.price.queries.explaining import explain_price
from handsel.bid.price.rules.stored import NewTerm
from tests.support.bid import Shelf, make_shelf
from tests.support.pages import sign_in, text_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
MATRIX = {
    "axes": [
        {"attribute": "length", "unit": "m", "reading": "linear", "points": ["1", "2", "4"]},
        {"attribute": "thickness", "unit": "mm", "reading": "step", "points": ["5", "10"]},
    ],
    "cells": [["10", "18"], ["20", "34"], ["36", "60"]],
}
ALLOY = {"key": "ni", "formula": "max(nickel - 15, 0) * mass / 1 kg", "market": True}


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


@pytest.fixture
def steel(world: World, shelf: Shelf) -> PriceBook:
    """A draft from 1 July 2027: beams by length and thickness, with a surcharge for nickel."""
    book = actions.draft_book(
        actor=world.system,
        now=world.now,
        name="Steel",
        currency="EUR",
        valid_from=date(2027, 7, 1),
    )
    act = {"actor": world.system, "now": world.now, "book_id": book.pk}
    actions.set_entries(**act, prices={shelf.belt.pk: Decimal(78), shelf.stand.pk: Decimal(100)})
    steps = [("1", "10"), ("10", "20"), ("20", "30")]
    slab = {
        "kind": "slab",
        "first": 1,
        "steps": [{"from": start, "percent": percent} for start, percent in steps],
    }
    actions.add_terms(
        **act,
        terms=[
            NewTerm(kind="matrices", definition=MATRIX, product_id=shelf.belt.pk),
            NewTerm(kind="market", definition={"nickel": "18.4"}),
            NewTerm(kind="elements", definition=ALLOY, product_id=shelf.belt.pk),
            NewTerm(kind="tiers", definition=slab, product_id=shelf.stand.pk),
        ],
    )
    book.refresh_from_db()
    return book


def asked(world: World, book: PriceBook, **query: object) -> str:
    client = sign_in(world, "sales_manager")
    return text_of(client.get("/price/why/", {"book": book.pk, **query}))


def test_attributes_are_typed_as_formulas_name_them(
    world: World, shelf: Shelf, steel: PriceBook
) -> None:
    """1.5 m of 5 mm lie between 10.00 and 20.00; (18.40 − 15) × 7.85 kg are 26.69: 2 × 41.69."""
    about = {"product": shelf.belt.pk, "quantity": "2"}
    typed = "length = 1.5 m; thickness = 5 mm; mass = 7.85 kg"
    page = asked(world, steel, **about, attributes=typed)
    for amount in ("30.00", "53.38", "83.38"):
        assert amount in page
    for term in BookTerm.objects.filter(kind__in=["matrices", "elements"]):
        assert f"price_term:{term.pk} v1" in page
    assert f'value="{typed}"' in page
    assert "15.00 EUR × 2" in page, "the surcharge is a step of its own"
    assert "names “mass”" in asked(world, steel, **about)
    for wrong, told in [
        ("length", "says no attribute"),
        ("length = 3 parsec", "is not a unit"),
        ("length = NaN", "is not a number with a unit"),
        ("length = 1e400 m", "notice notice-bad"),
    ]:
        page = asked(world, steel, **about, attributes=wrong)
        assert told in page
        assert f'value="{wrong}"' in page


def test_a_book_of_the_future_is_asked_on_its_first_day(
    world: World, shelf: Shelf, steel: PriceBook
) -> None:
    promotion = {"percent": "5", "label": "July", "valid_until": "2027-08-01"}
    act = {"actor": world.system, "now": world.now, "book_id": steel.pk}
    actions.add_terms(**act, terms=[NewTerm(kind="promotions", definition=promotion)])
    about = {"product": shelf.stand.pk, "quantity": "1"}
    assert "85.50" in asked(world, steel, **about)  # 100 − 10 % − 5 %
    assert "90.00" in asked(world, steel, **about, day="2027-08-01")
    assert "notice notice-bad" in asked(world, steel, **about, day="2027-02-30")


def test_what_was_agreed_with_the_customer_counts(world: World, shelf: Shelf) -> None:
    actions.agree_price(
        actor=world.system,
        now=world.now,
        organization_id=world.customer.pk,
        currency="EUR",
        product_id=shelf.stand.pk,
        unit_price=Decimal("271.5"),
        valid_from=date(2026, 1, 1),
    )
    agreed = ContractedPrice.objects.get()
    about = {"product": shelf.stand.pk, "quantity": "1"}
    page = asked(world, shelf.book, **about, customer=world.customer.number)
    assert "271.50" in page
    assert f"contracted_price:{agreed.pk}" in page
    assert "271.50" not in asked(world, shelf.book, **about)
    assert "there is no organization" in asked(world, shelf.book, **about, customer="nobody")


def test_of_slabs_every_one_reached_applies(shelf: Shelf, steel: PriceBook) -> None:
    found = explain_price(
        book=steel, product_id=shelf.stand.pk, quantity=Decimal(15), on=date(2027, 7, 1)
    )
    # 9 at 10 %, 6 at 20 %: 1,500 − 90 − 120.
    assert found.line.amount_minor == 1_290_00
    assert [one.verdict for one in found.candidates] == [
        "quantity_not_reached",
        "applied",
        "applied",
    ]
