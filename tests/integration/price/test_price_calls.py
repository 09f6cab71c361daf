"""Programs ask what lines cost: against a book, or by a case of their own. Nothing is kept."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from handsel.bid.price import actions
from handsel.bid.price.rules.case.answer import price_case
from handsel.bid.quote.models import QuoteLine
from handsel.ground.platform.models import BusinessEvent
from handsel.site import demo
from handsel.site.cli.price import load_case
from tests.support.bid import BOOK_FROM, Shelf, make_shelf
from tests.support.calls import Api, api_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
CASES = Path(demo.__file__).parent / "prices"


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


@pytest.fixture
def api(world: World) -> Api:
    return api_of(world, "sales_rep")


def asked(**more: Any) -> dict[str, Any]:
    lines = [
        {"key": "belt", "product": "BELT-PU-600", "quantity": "3", "discount_percent": "9"},
        {"key": "stands", "product": "STAND-900", "quantity": "10"},
    ]
    return {"currency": "EUR", "on": "2026-03-02", "lines": lines} | more


def test_lines_come_back_with_their_waterfalls(world: World, shelf: Shelf, api: Api) -> None:
    before = BusinessEvent.objects.count()
    status, told = api.post("/price/lines", **asked())
    assert status == 200
    belt, stands = told["lines"]
    assert (belt["key"], belt["product"], belt["net"]) == ("belt", "BELT-PU-600", "369.91")
    assert [(row["stage"], row["amount"]) for row in belt["rows"]] == [
        ("base", "406.50"),
        ("manual", "-36.59"),
    ]
    assert stands["net"] == "2755.00"
    assert told["totals"]["net"] == "3124.91"
    assert "tax" not in told["totals"] and "gross" not in belt
    assert told["book"] == {"name": "List 2026", "version": 1}
    assert BusinessEvent.objects.count() == before
    assert not QuoteLine.objects.exists()


def test_a_customer_a_book_and_a_discount_on_all_of_it(
    world: World, shelf: Shelf, api: Api
) -> None:
    actions.agree_price(
        actor=world.system,
        now=world.now,
        organization_id=world.customer.pk,
        currency="EUR",
        product_id=shelf.belt.pk,
        unit_price=Decimal(100),
        label="Frame",
        valid_from=BOOK_FROM,
    )
    status, told = api.post(
        "/price/lines",
        book_id=shelf.book.pk,
        organization_id=world.customer.pk,
        discount_percent="10",
        lines=[{"product": "BELT-PU-600", "quantity": "2"}],
    )
    assert status == 200
    assert told["lines"][0]["rows"][0]["label"] == "Frame"
    assert told["totals"]["header"] == "-20.00"
    assert told["totals"]["net"] == "180.00"


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        (asked(lines=[{"product": "NONE"}]), "product_missing", "NONE"),
        (asked(lines=[{"product": "VISIT", "quantity": "1e400"}]), "price_case", "lines[0]"),
        (asked(lines=[{"product": "VISIT", "quantitiy": "1"}]), "price_case", "quantity"),
        (asked(lines=[{"product": "VISIT", "quantity": "１２"}]), "price_case", "lines[0]"),
        (asked(lines=[]), "", "lines"),
        (asked(currency="CHF"), "no_price_book", "CHF"),
        (asked(book_id=1), "", "currency"),
        (asked(discount_percent="101"), "price_case", "discount_percent"),
        (asked(margin="1"), "", "margin"),
    ],
)
def test_what_cannot_be_priced_is_refused_with_its_place(
    world: World, shelf: Shelf, api: Api, body: dict[str, Any], code: str, said: str
) -> None:
    status, told = api.post("/price/lines", **body)
    assert status in (404, 409, 422)
    assert code in ("", told["code"])
    assert said in json.dumps(told, ensure_ascii=False)


def test_numbers_are_read_as_they_are_written(world: World, shelf: Shelf, api: Api) -> None:
    body = json.dumps(asked(lines=[{"product": "VISIT", "quantity": "@"}]))
    status = api.raw("/price/lines", body.replace('"@"', "0.1")).json()
    assert status["lines"][0]["quantity"] == "0.1"
    for wrong in ("NaN", "1e400", "1_0"):
        assert api.raw("/price/lines", body.replace('"@"', wrong)).status_code in (400, 422)


def test_a_case_is_answered_as_from_a_file(world: World, api: Api) -> None:
    case = load_case(CASES / "halden-case-a.json")
    status, told = api.post("/price/case", **{name: case[name] for name in ("context", "lines")})
    assert status == 200
    assert told == price_case(case)
    assert api.post("/price/case", context={}, lines=[], extends="x.json")[0] == 422
    assert api.post("/price/case", context={"date": "2026-03-01"}, lines=[])[0] == 422


def test_only_who_may_see_prices_may_ask(world: World, shelf: Shelf) -> None:
    assert api_of(world, "service_agent").post("/price/lines", **asked())[0] == 403
