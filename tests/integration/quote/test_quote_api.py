"""Products, prices and quotes over the JSON API: one call a step, totals never taken."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from handsel.bid.quote.models import Quote, QuoteVersion
from handsel.ground.identity import actions as identity
from handsel.ground.kernel.clock import FixedClock
from handsel.site import middleware
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = make_world()
    monkeypatch.setattr(middleware, "clock", FixedClock(made.now))
    yield made


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


class Api:
    """A program with a key of a role."""

    def __init__(self, world: World, role: str) -> None:
        user = world.users[role]
        _key, token = identity.create_api_key(
            actor=world.system, now=world.now, user_id=user.pk, label="test"
        )
        self.client = Client(headers={"Authorization": f"Bearer {token}"})
        self.calls = 0

    def get(self, path: str) -> Any:
        return self.client.get(f"/api{path}")

    def post(self, path: str, body: Any = None, key: str = "") -> Any:
        self.calls += 1
        return self.client.post(
            f"/api{path}",
            json.dumps(body) if body is not None else "{}",
            content_type="application/json",
            headers={"Idempotency-Key": key or f"api-test-{self.calls:04d}"},
        )


def test_a_quote_from_nothing_to_accepted(world: World, shelf: Shelf) -> None:
    rep, desk = Api(world, "sales_rep"), Api(world, "order_desk")
    body = {
        "organization_id": world.customer.pk,
        "person_id": world.buyer.pk,
        "title": "Line 4",
        "lines": [
            {"product_id": shelf.belt.pk, "quantity": "3", "discount_bps": 900},
            {"product_id": shelf.stand.pk, "quantity": "2"},
            {"product_id": shelf.visit.pk, "quantity": "1.5", "is_optional": True},
        ],
    }
    made = rep.post("/quote/", body, key="same-key-1")
    assert made.status_code == 201
    quote = made.json()
    assert quote["version"]["gross"] == {"amount": "1130.39", "currency": "EUR"}
    assert rep.post("/quote/", body, key="same-key-1").json() == quote
    assert Quote.objects.count() == 1
    path = f"/quote/{quote['id']}"
    lines = rep.get(path).json()["lines"]
    assert [step["stage"] for step in lines[0]["waterfall"]] == ["base", "manual", "tax"]
    edited = rep.post(f"{path}/lines/{lines[1]['key']}", {"quantity": "10", "lock_no": 1})
    assert edited.json()["version"]["net"]["amount"] == "3124.91"
    late = rep.post(f"{path}/lines/{lines[1]['key']}", {"quantity": "11", "lock_no": 1})
    assert (late.status_code, late.json()["code"]) == (409, "quote_changed_meanwhile")
    terms = {"billing_method": "shares", "billing_shares": [3000, 6000, 1000], "lock_no": 2}
    assert rep.post(f"{path}/terms", terms).json()["version"]["billing_shares"][0] == 3000
    shown = rep.post(f"{path}/present", {"message": "As discussed"})
    assert shown.json()["version"]["state"] == "presented"
    assert "link" not in json.dumps(shown.json())
    assert "/offer/" in rep.post(f"{path}/link").json()["link"]
    accepted = desk.post(
        f"{path}/accept",
        {
            "name": "Kim Brandt",
            "email": "kim@brandt.example",
            "evidence": "PO 4711 by mail",
            "chosen": [lines[2]["key"]],
        },
    )
    assert accepted.status_code == 200
    versions = rep.get(f"{path}/versions").json()
    assert [(one["version_no"], one["state"]) for one in versions] == [
        (2, "accepted"),
        (1, "superseded"),
    ]
    found = rep.get(f"{path}/compare/1/2").json()
    changed = {line["name"]: line["verdict"] for line in found["lines"]}
    assert changed == {
        "Conveyor belt PU 600": "same",
        "Stand 900": "same",
        "Service visit": "changed",
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"gross": "1.00"}, "gross"),
        ({"lines": [{"product_id": 1, "quantity": "1", "net": "1"}]}, "net"),
        ({"lines": [{"product_id": 1, "quantity": 1}]}, "quantity"),
        ({"lines": [{"product_id": 1, "quantity": "-1"}]}, "quantity"),
        ({"lines": [{"product_id": 1, "quantity": "1e3"}]}, "quantity"),
        ({"lines": [{"product_id": 1, "quantity": "NaN"}]}, "quantity"),
        ({"lines": [{"product_id": 1, "quantity": "1", "discount_bps": 10_001}]}, "discount"),
        ({"organization_id": 0}, "organization_id"),
        ({"currency": "eur"}, "currency"),
    ],
)
def test_what_no_quote_can_be_is_refused(
    world: World, shelf: Shelf, change: dict[str, Any], field: str
) -> None:
    body = {"organization_id": world.customer.pk} | change
    answer = Api(world, "sales_rep").post("/quote/", body)
    assert answer.status_code == 422
    assert any(field in name for name in answer.json()["fields"])
    assert not Quote.objects.exists()


def test_zero_and_unknown_products_are_refused_clearly(world: World, shelf: Shelf) -> None:
    rep = Api(world, "sales_rep")
    body = {"organization_id": world.customer.pk}
    zero = [{"product_id": shelf.belt.pk, "quantity": "0"}]
    assert rep.post("/quote/", body | {"lines": zero}).json()["code"] == "bad_quote"
    unknown = [{"product_id": 987_654, "quantity": "1"}]
    answer = rep.post("/quote/", body | {"lines": unknown})
    assert (answer.status_code, answer.json()["code"]) == (404, "product_missing")


def test_lists_turn_pages_and_hide_what_is_foreign(world: World, shelf: Shelf) -> None:
    for _ in range(5):
        make_quote(world, shelf)
    rep = Api(world, "sales_rep")
    first = rep.get("/quote/?limit=3").json()
    rest = rep.get(f"/quote/?limit=3&cursor={first['next_cursor'].replace('+', '%2B')}").json()
    ids = [row["id"] for row in (*first["rows"], *rest["rows"])]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == 5
    assert rest["next_cursor"] == ""
    Quote.objects.filter(pk=ids[0]).update(seller=world.foreign_seller)
    assert rep.get(f"/quote/{ids[0]}").status_code == 404
    assert len(rep.get("/quote/").json()["rows"]) == 4
    assert rep.get("/quote/?state=odd").status_code == 422


def test_products_and_prices_by_program(world: World, shelf: Shelf) -> None:
    maker = Api(world, "product_modeller")
    products = [{"sku": f"N-{place}", "name": f"New {place}"} for place in range(3)]
    assert maker.post("/catalog/import", {"products": products}).json()["added"] == 3
    rows = maker.get("/catalog/?q=N-&limit=2").json()
    assert rows["next_after"] == "N-1"
    ids = [row["id"] for row in rows["rows"]]
    book = maker.post(
        "/price/books", {"name": "Two", "currency": "EUR", "valid_from": "2026-04-01"}
    ).json()
    path = f"/price/books/{book['id']}"
    entries = [{"product_id": key, "unit_price": "12.5"} for key in ids]
    assert maker.post(f"{path}/entries", {"entries": entries}).status_code == 200
    rules = [{"discount_bps": 500, "min_quantity": "10"}]
    assert maker.post(f"{path}/rules", {"rules": rules}).status_code == 201
    refused = maker.post(f"{path}/publish", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "price_book_overlaps")
    published = maker.post(f"{path}/publish", {"end_previous": True})
    assert published.json()["state"] == "published"
    told = maker.get(f"/price/explain?product_id={ids[0]}&quantity=12&book_id={book['id']}")
    assert told.json()["net"]["amount"] == "142.50"
    assert told.json()["rules"][0]["verdict"] == "applied"


def test_the_draft_of_three_lines_is_one_call(world: World, shelf: Shelf) -> None:
    rep = Api(world, "sales_rep")
    lines = [{"product_id": shelf.stand.pk, "quantity": str(place)} for place in (1, 2, 3)]
    body = {"organization_id": world.customer.pk, "lines": lines}
    assert rep.post("/quote/", body).status_code == 201
    assert QuoteVersion.objects.get().net_minor == 6 * 290_00
