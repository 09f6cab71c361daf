"""Rules of a book, mass changes and trials over the API; and what hides our costs there."""

from __future__ import annotations

from typing import Any

import pytest

from handsel.bid.price import actions as price
from handsel.bid.price.models import BookTerm, PriceBook, PriceEntry
from handsel.ground.kernel.clock import FixedClock
from handsel.site import middleware
from tests.support.api import ApiClient
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
TIERS = {
    "label": "Care",
    "first": 1,
    "steps": [{"from": "1", "price": "38"}, {"from": "11", "price": "31"}],
}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = make_world()
    monkeypatch.setattr(middleware, "clock", FixedClock(made.now))
    return made


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


@pytest.fixture
def draft(world: World, shelf: Shelf) -> PriceBook:
    day = world.now.date().replace(month=4)
    return price.copy_book(actor=world.system, now=world.now, book_id=shelf.book.pk, valid_from=day)


def term(shelf: Shelf, kind: str = "tiers", **definition: Any) -> dict[str, Any]:
    return {"kind": kind, "product_id": shelf.visit.pk, "definition": definition or TIERS}


def test_rules_are_added_changed_and_taken_out_with_warnings(
    world: World, shelf: Shelf, draft: PriceBook
) -> None:
    manager, address = ApiClient(world, "sales_manager"), f"/price/books/{draft.pk}/terms"
    status, answer = manager.post(address, {"terms": [term(shelf)]})
    assert status == 201
    told = "Care: more costs less in all: 10 cost 380, 11 cost 341."
    assert answer["findings"][0]["message"] == told
    term_id = answer["terms"][0]["id"]
    slab = {**TIERS, "kind": "slab"}
    status, answer = manager.post(f"{address}/{term_id}", {**term(shelf), "definition": slab})
    assert (status, answer["findings"], BookTerm.objects.count()) == (200, [], 1)
    assert manager.get(address)[1]["terms"][0]["definition"]["kind"] == "slab"
    assert manager.post(f"{address}/{term_id}/remove")[1]["terms"] == []
    assert manager.post(f"{address}/{term_id}/remove")[0] == 404


@pytest.mark.parametrize(
    ("definition", "path"),
    [
        ({"steps": [{"from": "NaN", "percent": "1"}]}, "tiers[0].steps[0].from"),
        ({"steps": [{"from": "1", "percent": "1e400"}]}, "tiers[0].steps[0].percent"),
        ({"steps": [{"from": True, "percent": "1"}]}, "tiers[0].steps[0].from"),
        ({"steps": [{"from": "1", "percent": "1"}], "kinds": "slab"}, "kinds"),
    ],
)
def test_a_rule_that_cannot_be_read_is_refused_by_its_path(
    world: World, shelf: Shelf, draft: PriceBook, definition: dict[str, Any], path: str
) -> None:
    manager = ApiClient(world, "sales_manager")
    body = {"terms": [term(shelf, **definition)]}
    status, answer = manager.post(f"/price/books/{draft.pk}/terms", body)
    assert status == 422
    assert path in answer["detail"]
    assert not BookTerm.objects.exists()


def test_rules_on_our_costs_are_for_who_may_see_them(
    world: World, shelf: Shelf, draft: PriceBook
) -> None:
    address = f"/price/books/{draft.pk}/terms"
    plus = term(shelf, "cost_plus", basis="markup", percent="35")
    floor = term(shelf, "limits", floor="10")
    assert ApiClient(world, "sales_manager").post(address, {"terms": [plus, floor]})[0] == 201
    told = {
        role: [one["definition"] for one in ApiClient(world, role).get(address)[1]["terms"]]
        for role in ("sales_rep", "product_modeller")
    }
    assert told["sales_rep"] == [None, {"floor": "10"}]
    assert told["product_modeller"][0] == {"basis": "markup", "percent": "35"}


def test_a_mass_change_is_previewed_with_the_open_quotes_it_touches(
    world: World, shelf: Shelf, draft: PriceBook
) -> None:
    quote = make_quote(world, shelf)  # 369.91 of belts, 580.00 of stands
    manager, address = ApiClient(world, "sales_manager"), f"/price/books/{draft.pk}/change"
    change = {"percent_bps": 1000, "product_group": "belts"}
    status, seen = manager.post(f"{address}/preview", change)
    assert status == 200
    assert [(one["sku"], one["after"]) for one in seen["prices"]] == [("BELT-PU-600", "149.05")]
    (touched,) = seen["quotes"]
    assert (touched["quote_id"], touched["change"]["amount"]) == (quote.quote_id, "37.00")
    assert PriceEntry.objects.get(book=draft, product=shelf.belt).unit_price == 135.5
    nothing = manager.post(f"{address}/preview", {"percent_bps": 500, "product_group": "none"})
    assert nothing[1] == {"prices": [], "quotes": []}
    done = manager.post(address, change)
    assert done[1]["prices"][0]["after"] == "149.05", done
    tried = manager.get(f"/price/books/{draft.pk}/trial")[1]
    assert tried[0]["change"] == touched["change"]
    assert manager.get(f"/price/books/{draft.pk}/trial", on="quarter")[1] == []
    below = manager.post(address, {"amount": "-1000"})
    assert below[0] == 422


def test_a_number_is_kept_as_it_was_written(world: World, shelf: Shelf, draft: PriceBook) -> None:
    steps = [{"from": 1.5, "percent": 7}]
    body = {"terms": [term(shelf, steps=steps)]}
    answer = ApiClient(world, "sales_manager").post(f"/price/books/{draft.pk}/terms", body)[1]
    assert answer["terms"][0]["definition"] == {"steps": [{"from": "1.5", "percent": 7}]}


@pytest.mark.parametrize(
    ("policy", "net"),
    [("", "247.95"), ("best", "261.00"), ("worst", "275.50"), ("stack_add", "246.50")],
)
def test_a_book_says_how_its_promotions_combine(
    world: World, shelf: Shelf, draft: PriceBook, policy: str, net: str
) -> None:
    terms = [
        {"kind": "promotions", "definition": {"percent": percent, "label": f"{percent} %"}}
        for percent in ("5", "10")
    ]
    if policy:
        terms.append({"kind": "combination", "definition": {"policy": policy}})
    manager = ApiClient(world, "sales_manager")
    assert manager.post(f"/price/books/{draft.pk}/terms", {"terms": terms})[0] == 201
    asked = {"product_id": shelf.stand.pk, "quantity": "1", "book_id": draft.pk}
    assert manager.get("/price/explain", **asked)[1]["net"]["amount"] == net
