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
    rule = {"on": "belts", "definition": json.dumps({"steps": steps})}
    page = f"/price/{book.pk}/terms/new/tiers/?as=written"
    client.post(page, rule)
    term = BookTerm.objects.get(book=book)
    assert (term.kind, term.product_group) == ("tiers", "belts")
    for address in (f"/price/{book.pk}/", f"/price/{book.pk}/terms/"):
        body = client.get(address).content.decode()
        assert "10 cost 380, 11 cost 341." in body
    wrong = rule | {"definition": '{"steps": [{"from": "NaN"}]}'}
    refused = client.post(page, wrong)
    assert refused.status_code == 422
    assert "tiers[0].steps[0].from" in refused.content.decode()
    assert "NaN" in refused.content.decode()
    assert BookTerm.objects.count() == 1
    client.post(f"/price/{book.pk}/terms/{term.pk}/remove/")
    assert not BookTerm.objects.exists()
    assert browser(world, "sales_rep").post(page, rule).status_code == 403


def test_a_mass_change_is_shown_before_it_is_made(
    world: World, shelf: Shelf, book: PriceBook
) -> None:
    client = browser(world)
    body = client.get(f"/price/{book.pk}/terms/", {"percent": "10"}).content.decode()
    assert "149.05" in body
    entry = PriceEntry.objects.filter(book=book, product=shelf.belt)
    assert entry.get().unit_price == Decimal("135.50")
    assert "touches no open quote" in body
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


def test_tiers_are_typed_in_a_grid(world: World, shelf: Shelf, book: PriceBook) -> None:
    client = browser(world)
    page = f"/price/{book.pk}/terms/new/tiers/"
    assert "All units at the step" in client.get(page).content.decode()
    typed = {
        "on": "belts",
        "label": "Metres",
        "kind": "slab",
        "scope": "quote",
        "basis": "quantity",
        "cumulative": "on",
        "from_0": "0",
        "percent_0": "2.5",
        "from_1": "50",
        "percent_1": "five",
    }
    refused = client.post(page, typed)
    body = refused.content.decode()
    assert refused.status_code == 422
    assert 'value="five"' in body
    assert 'id="percent_1-error"' in body
    more = client.post(page, {**typed, "more": "1", "rows": "5"}).content.decode()
    assert 'name="from_9"' in more
    assert 'value="five"' in more
    backwards = client.post(page, {**typed, "percent_1": "5", "from_1": "0"}).content.decode()
    assert 'id="from_1-error"' in backwards
    client.post(page, {**typed, "percent_1": "5"})
    term = BookTerm.objects.get(book=book)
    assert term.definition == {
        "label": "Metres",
        "kind": "slab",
        "scope": "quote",
        "cumulative": True,
        "steps": [{"from": "0", "percent": "2.5"}, {"from": "50", "percent": "5"}],
    }
    listed = client.get(f"/price/{book.pk}/terms/").content.decode()
    assert "Each slab at its own price" in listed
    assert "from 50: 5 %" in listed
    edit = f"/price/{book.pk}/terms/{term.pk}/"
    assert 'value="2.5"' in client.get(edit).content.decode()
    client.post(edit, {**typed, "percent_1": "6", "kind": "all_units"})
    term.refresh_from_db()
    assert term.definition["steps"][1]["percent"] == "6"
    assert "kind" not in term.definition
    assert "written" in client.get(edit, {"as": "written"}).content.decode()


def test_promotions_surcharges_limits_and_endings_have_forms(
    world: World, shelf: Shelf, book: PriceBook
) -> None:
    client = browser(world)

    def made(kind: str, **typed: str) -> dict[str, object]:
        response = client.post(f"/price/{book.pk}/terms/new/{kind}/", typed)
        assert response.status_code in (302, 303), response.content.decode()
        return dict(BookTerm.objects.filter(book=book).order_by("-pk")[0].definition)

    autumn = made("promotions", label="Autumn", percent="5", last_day="", valid_until="2026-10-31")
    assert autumn == {"label": "Autumn", "percent": "5", "valid_until": "2026-11-01"}
    assert made("combination", policy="best") == {"policy": "best"}
    metre = {"way": "per_unit_of", "rate": "196", "attribute": "length", "unit": "m"}
    assert made("elements", key="deck", **metre)["formula"] == "196 * length / 1 m"
    alloy = {"way": "alloy", "index": "steel", "base": "2.15", "attribute": "mass", "unit": "kg"}
    found = made("elements", key="alloy", market="on", **alloy)
    assert found["formula"] == "max(steel - 2.15, 0) * mass / 1 kg"
    assert made("market", name_0="steel", value_0="2.31") == {"steel": "2.31"}
    assert (
        'value="alloy"'
        in client.get(f"/price/{book.pk}/terms/new/elements/", {"way": "alloy"}).content.decode()
    )
    assert made("limits", floor="820", margin_percent="25")["margin_percent"] == "25"
    assert made("endings", step="1", offset="-0.05", direction="up")["offset"] == "-0.05"
    body = client.get(f"/price/{book.pk}/terms/").content.decode()
    assert "the best for the customer" in body
    assert "steel = 2.31" in body
    for kind, typed in (
        ("promotions", {"percent": "1e9"}),
        ("elements", {"key": "bad", "way": "formula", "formula": "1 / 0 +"}),
        ("endings", {"step": "", "direction": "up"}),
        ("limits", {"floor": "NaN"}),
        ("combination", {"policy": "luck"}),
    ):
        refused = client.post(f"/price/{book.pk}/terms/new/{kind}/", typed)
        assert refused.status_code == 422, kind
    assert client.get(f"/price/{book.pk}/terms/new/nonsense/").status_code == 404


def test_rules_on_costs_are_seen_by_who_may_see_costs(
    world: World, shelf: Shelf, book: PriceBook
) -> None:
    client = browser(world)
    page = f"/price/{book.pk}/terms/new/cost_plus/"
    client.post(page, {"basis": "markup", "percent": "35"})
    address = f"/price/{book.pk}/terms/"
    assert "Markup on the cost" in client.get(address).content.decode()
    rep = browser(world, "sales_rep").get(address).content.decode()
    assert "Only for those who may see costs." in rep
    assert "markup" not in rep


def test_a_mass_change_names_the_open_quotes(world: World, shelf: Shelf, book: PriceBook) -> None:
    quote = make_quote(world, shelf)
    client = browser(world, "sales_manager")
    asked = {"percent": "10", "group": "belts", "ending": "five"}
    body = client.get(f"/price/{book.pk}/terms/", asked).content.decode()
    assert f"/quote/{quote.quote_id}/" in body
    assert "150.00" in body  # 149.05 to the nearest 5
    assert "Change 1 price" in body
    client.post(f"/price/{book.pk}/change/", asked)
    assert PriceEntry.objects.get(book=book, product=shelf.belt).unit_price == 150
