"""What products cost us: kept, converted, asked by rules, and shown to nobody who may not know."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from handsel.bid.catalog import actions as catalog
from handsel.bid.catalog.errors import BadCost
from handsel.bid.catalog.queries import costs_on
from handsel.bid.catalog.rules.costs import NewCost
from handsel.bid.price import actions as price
from handsel.bid.price.models import PriceBook
from handsel.bid.price.queries.costs import unit_costs
from handsel.bid.price.queries.explaining import explain_price
from handsel.bid.price.rules.stored import NewTerm
from handsel.bid.quote import actions
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.models import ApprovalAsk, QuoteVersion
from handsel.bid.quote.queries import lines_of
from handsel.bid.quote.queries.costs import line_costs
from handsel.bid.quote.queries.sheet import sheet_rows
from handsel.ground.document.models import Mail
from handsel.ground.kernel.clock import FixedClock
from handsel.ground.kernel.errors import Forbidden
from handsel.ground.platform import store
from handsel.site import middleware
from handsel.site.roles import PERMISSIONS, ROLES
from tests.support.api import ApiClient
from tests.support.bid import Shelf, make_quote, make_shelf, set_costs
from tests.support.signed_in import session_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

THIN = {"fact": "margin", "op": "<", "value": "40"}
DAY = date(2026, 3, 2)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = make_world()
    monkeypatch.setattr(middleware, "clock", FixedClock(made.now))
    return made


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


@pytest.fixture
def costed(world: World, shelf: Shelf) -> QuoteVersion:
    """10 m of belt at 135.50 less 10 %: 1,219.50 net, which cost 873.10."""
    set_costs(world, {shelf.belt.pk: "87.31"})
    line = NewLine(product_id=shelf.belt.pk, quantity=Decimal(10), discount_bps=1000)
    return make_quote(world, shelf, lines=[line])


def thin_margin_rule(world: World) -> None:
    actions.set_rule(
        actor=world.system,
        now=world.now,
        seller_id=world.seller.pk,
        name="Thin",
        condition=THIN,
        steps=[{"approvers": [{"role": "sales_manager"}, {"role": "order_desk"}], "quorum": 1}],
    )


def test_the_newest_cost_of_a_day_holds(world: World, shelf: Shelf) -> None:
    key = shelf.belt.pk

    def on(day: date, currency: str = "EUR") -> Any:
        return costs_on([key], currency=currency, on=day).get(key)

    set_costs(world, {key: "100"})
    summer = NewCost(
        product_id=key, valid_from=date(2026, 7, 1), unit_cost=Decimal(108), currency="EUR"
    )
    share = NewCost(product_id=key, valid_from=date(2026, 10, 1), list_share_bps=4600)
    catalog.set_costs(actor=world.system, now=world.now, costs=[summer, share])
    assert on(date(2025, 12, 31)) is None
    assert on(date(2026, 6, 30)).per_unit.value == 100
    assert on(date(2026, 7, 1)).per_unit.value == 108
    assert on(date(2026, 10, 1)).of_line(Decimal(3), 100_05, "EUR") == 46_02  # 46.023
    assert on(date(2026, 7, 1), "USD").per_unit.currency == "EUR"


def test_a_cost_in_another_currency_goes_by_the_rate_of_the_day(world: World, shelf: Shelf) -> None:
    key = shelf.belt.pk
    set_costs(world, {key: "100"})
    assert unit_costs([key], currency="GBP", on=DAY) == {}
    rates = [("EUR", "GBP", Decimal("0.86"))]
    price.record_rates(actor=world.system, now=world.now, dated_on=DAY, rates=rates)
    (cost,) = unit_costs([key], currency="GBP", on=DAY).values()
    assert cost.of_line(Decimal(2), 0, "GBP") == 172_00


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"unit_cost": Decimal(1), "currency": "EUR", "list_share_bps": 1},
        {"unit_cost": Decimal(-1), "currency": "EUR"},
        {"unit_cost": Decimal("NaN"), "currency": "EUR"},
        {"unit_cost": Decimal(1)},
        {"unit_cost": Decimal(1), "currency": "EURO"},
        {"list_share_bps": 100_001},
        {"list_share_bps": 10, "currency": "EUR"},
    ],
)
def test_what_is_no_cost_is_refused(world: World, shelf: Shelf, wrong: dict[str, Any]) -> None:
    cost = NewCost(product_id=shelf.belt.pk, valid_from=DAY, **wrong)
    with pytest.raises(BadCost) as refused:
        catalog.set_costs(actor=world.system, now=world.now, costs=[cost])
    assert refused.value.fields


def test_only_who_may_sets_and_sees_costs(world: World, shelf: Shelf) -> None:
    cost = NewCost(product_id=shelf.belt.pk, valid_from=DAY, list_share_bps=1)
    with pytest.raises(Forbidden):
        catalog.set_costs(actor=world.actor("sales_manager"), now=world.now, costs=[cost])
    catalog.set_costs(actor=world.actor("product_modeller"), now=world.now, costs=[cost])


def test_costs_are_set_and_taken_away_on_the_products_page(world: World, shelf: Shelf) -> None:
    modeller = session_of(world.users["product_modeller"])
    page = f"/catalog/{shelf.belt.pk}/"
    modeller.post(
        f"{page}costs/", {"unit_cost": "61.20", "currency": "EUR", "valid_from": "2026-01-01"}
    )
    assert "61.20" in modeller.get(page).content.decode()
    refused = modeller.post(
        f"{page}costs/", {"unit_cost": "61,20", "currency": "EUR", "valid_from": "2026-01-01"}
    )
    assert refused.status_code == 422
    assert 'value="61,20"' in refused.content.decode()
    for role in set(ROLES) - set(PERMISSIONS["cost.view"]):
        assert "61.20" not in session_of(world.users[role]).get(page).content.decode(), role
    (cost_id,) = [row["id"] for row in ApiClient(world, "accountant").get(api_costs(shelf))[1]]
    modeller.post(f"{page}costs/{cost_id}/remove/")
    assert ApiClient(world, "accountant").get(api_costs(shelf)) == (200, [])


def api_costs(shelf: Shelf) -> str:
    return f"/catalog/{shelf.belt.pk}/costs"


def test_costs_over_the_api(world: World, shelf: Shelf) -> None:
    body = {
        "costs": [
            {
                "product_id": shelf.belt.pk,
                "valid_from": "2026-01-01",
                "unit_cost": "61.2",
                "currency": "EUR",
            }
        ]
    }
    assert ApiClient(world, "sales_rep").post("/catalog/costs", body)[0] == 403
    assert ApiClient(world, "product_modeller").post("/catalog/costs", body) == (200, {"kept": 1})
    status, rows = ApiClient(world, "sales_manager").get(api_costs(shelf))
    assert (status, rows[0]["unit_cost"], rows[0]["currency"]) == (200, "61.2", "EUR")
    assert ApiClient(world, "sales_rep").get(api_costs(shelf))[0] == 403
    gone = f"{api_costs(shelf)}/{rows[0]['id']}/remove"
    assert ApiClient(world, "product_modeller").post(gone) == (200, {"costs": []})
    assert ApiClient(world, "product_modeller").post(gone)[0] == 404


def test_a_thin_margin_asks_the_manager(world: World, costed: QuoteVersion) -> None:
    thin_margin_rule(world)
    request = actions.request_approval(
        actor=world.actor("sales_rep"), now=world.now, quote_id=costed.quote_id
    )
    (ask,) = ApprovalAsk.objects.filter(request=request)
    assert ask.reasons[0]["found"][0]["value"] == 2840  # 346.40 of 1,219.50


@pytest.mark.parametrize(
    ("charge", "asked", "net", "cost"),
    [
        # Three years in advance cost us three years, a month of a year a twelfth of it.
        ("one_time", {"term": {"start_on": "2026-04-01", "end_on": "2029-03-31",
                               "convention": "ANNIV"}}, 3_658_50, 2_619_30),
        ("recurring", {"multiplier": "1/12", "charge_months": "1", "periods": "36"}, 101_62, 72_76),
        ("one_time", {"multiplier": "2", "uplift": {"percent": "10", "years": "1"}},
         2_682_90, 1_746_20),
    ],
)  # fmt: skip
def test_over_a_term_costs_are_due_as_often_as_prices(
    world: World,
    costed: QuoteVersion,
    charge: str,
    asked: dict[str, Any],
    net: int,
    cost: int,
) -> None:
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": costed.quote_id}
    (line,) = lines_of(costed.pk)
    actions.set_line_price(**act, line_key=line.key, asked=asked, charge=charge)  # type: ignore[arg-type]
    (line,) = lines_of(costed.pk)
    about: dict[str, Any] = {"currency": "EUR", "on": costed.priced_on, "book": costed.price_book}
    found = line_costs([line], **about)
    assert (line.net_minor, found[line.key]) == (net, cost)
    assert line_costs(sheet_rows(costed.pk), **about) == found


def test_a_cost_is_for_as_long_as_the_price_of_the_book(world: World, costed: QuoteVersion) -> None:
    """A price for a month, counted by anniversaries: two years are 24 prices and 24 costs."""
    (line,) = lines_of(costed.pk)
    PriceBook.objects.filter(pk=costed.price_book_id).update(state="draft")
    convention = {"convention": "ANNIV", "price_months": 1}
    price.add_terms(
        actor=world.system,
        now=world.now,
        book_id=costed.price_book_id or 0,
        terms=[NewTerm(kind="conventions", definition=convention, product_id=line.product_id)],
    )
    PriceBook.objects.filter(pk=costed.price_book_id).update(state="published")
    days = {"start_on": "2026-04-01", "end_on": "2028-03-31"}
    about: dict[str, Any] = {"currency": "EUR", "on": costed.priced_on}
    book = PriceBook.objects.get(pk=costed.price_book_id)
    once = line_costs([line], **about, book=book)[line.key]
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": costed.quote_id}
    actions.set_line_price(**act, line_key=line.key, asked={"term": days}, charge="one_time")
    (after,) = lines_of(costed.pk)
    assert after.net_minor == 24 * line.net_minor
    assert line_costs([after], **about, book=book)[line.key] == 24 * once


def test_cost_plus_and_a_margin_floor_take_the_products_cost(world: World, shelf: Shelf) -> None:
    draft = price.copy_book(
        actor=world.system, now=world.now, book_id=shelf.book.pk, valid_from=date(2026, 3, 1)
    )
    terms = [
        NewTerm(
            kind="cost_plus",
            definition={"basis": "markup", "percent": "35"},
            product_id=shelf.visit.pk,
        ),
        NewTerm(kind="limits", definition={"margin_percent": "20"}, product_id=shelf.belt.pk),
        NewTerm(kind="limits", definition={"margin_percent": "20"}, product_id=shelf.stand.pk),
    ]
    price.add_terms(actor=world.system, now=world.now, book_id=draft.pk, terms=terms)
    price.publish_book(actor=world.system, now=world.now, book_id=draft.pk, end_previous=True)
    set_costs(world, {shelf.visit.pk: "80", shelf.belt.pk: "100"})
    share = NewCost(product_id=shelf.stand.pk, valid_from=DAY, list_share_bps=7000)
    catalog.set_costs(actor=world.system, now=world.now, costs=[share])
    lines = [
        NewLine(product_id=shelf.visit.pk, quantity=Decimal(2)),
        NewLine(product_id=shelf.belt.pk, quantity=Decimal(10), discount_bps=2000),
        NewLine(product_id=shelf.stand.pk, quantity=Decimal(1), discount_bps=2000),
    ]
    visit, belt, stand = lines_of(make_quote(world, shelf, lines=lines).pk)
    assert visit.net_minor == 216_00  # 80 and 35 % on it is 108
    assert belt.net_minor == 1_250_00  # 108.40 would leave less than 20 %: 100 / 0.8
    assert stand.net_minor == 253_75  # 290 at 70 % is 203; 203 / 0.8


SECRETS = re.compile(r"(?<![\w.,])(873\.10?|87310|87\.31|346\.40?|34640|28\.40?|2840)(?![\w])")


def secrets_in(text: str) -> list[str]:
    """Cost and margin of the quote, in any writing."""
    return SECRETS.findall(text)


@pytest.mark.parametrize("role", ROLES)
def test_margins_are_told_to_those_who_may_see_costs_only(
    role: str, world: World, costed: QuoteVersion
) -> None:
    thin_margin_rule(world)
    actions.request_approval(
        actor=world.actor("sales_rep"), now=world.now, quote_id=costed.quote_id
    )
    ask = ApprovalAsk.objects.get()
    quote = f"/quote/{costed.quote_id}"
    client, sees = session_of(world.users[role]), role in PERMISSIONS["cost.view"]
    reads = [
        f"{quote}/",
        f"{quote}/sheet/rows/",
        f"{quote}/sheet/around/",
        f"{quote}/approval/",
        f"/quote/approvals/{ask.pk}/",
        f"/api{quote}",
        f"/api{quote}/approval",
        f"/api{quote}/approval/preview",
        f"/api{quote}/sheet",
        "/api/quote/approvals/waiting",
    ]
    told = {}
    for address in reads:
        response = client.get(address)
        if response.status_code == 200:
            told[address] = secrets_in(response.content.decode())
    if not sees:
        assert not any(told.values()), told
    elif role == "sales_manager":
        assert told[f"{quote}/sheet/rows/"]
        assert told[f"/quote/approvals/{ask.pk}/"]
        assert told[f"/api{quote}/approval"]


def test_the_mail_tells_a_margin_to_whom_it_may(world: World, costed: QuoteVersion) -> None:
    thin_margin_rule(world)
    actions.request_approval(
        actor=world.actor("sales_rep"), now=world.now, quote_id=costed.quote_id
    )
    told = {one.to[0]: f"{one.subject} {one.body_text}" for one in Mail.objects.all()}
    assert secrets_in(told["sales_manager@halden.example"]) == ["28.4", "28.4"]
    assert secrets_in(told["order_desk@halden.example"]) == []
    assert "Margin\n" in told["order_desk@halden.example"]
    assert not re.search(r"\b40\b", told["order_desk@halden.example"])


@pytest.mark.parametrize("role", ["sales_rep", "order_desk", "sales_manager"])
def test_what_is_just_enough_is_told_to_who_may_see_costs(
    role: str, world: World, costed: QuoteVersion
) -> None:
    """10 m at 135.50 cost 873.10: with a limit of 40 % told, a discount of 0 % would tell it."""
    thin_margin_rule(world)
    client, sees = session_of(world.users[role]), role in PERMISSIONS["cost.view"]
    page = client.get(f"/quote/{costed.quote_id}/").content.decode()
    over_api = client.get(f"/api/quote/{costed.quote_id}/approval/preview").json()
    (found,) = over_api["asks"][0]["reasons"][0]["found"]
    assert ("less than 40%" in page) is sees
    assert ("A limit on our costs asks" in page) is not sees
    assert (found["limit"] is None) is not sees
    assert sees or over_api["nearest"] == []
    assert "Thin" in page and over_api["asks"]


def test_a_change_that_is_just_enough_is_found_but_not_told(world: World, shelf: Shelf) -> None:
    """10 m of belt at 135.50 less 30 %: 22.04 % would leave 20 %. A limit on discounts is told."""
    set_costs(world, {shelf.belt.pk: "84.5"})
    line = NewLine(product_id=shelf.belt.pk, quantity=Decimal(10), discount_bps=3000)
    version = make_quote(world, shelf, lines=[line])
    url = f"/quote/{version.quote_id}/approval/preview"

    def nearest(role: str) -> list[Any]:
        found: list[Any] = ApiClient(world, role).get(url)[1]["nearest"]
        return found

    discounts = {"fact": "header_discount", "op": ">", "value": "5"}
    for name, condition in (("Thin", THIN | {"value": "20"}), ("Header", discounts)):
        actions.set_rule(
            actor=world.system,
            now=world.now,
            seller_id=world.seller.pk,
            name=name,
            condition=condition,
            steps=[{"approvers": [{"role": "sales_manager"}]}],
        )
    assert nearest("sales_manager") and nearest("sales_rep") == []
    act = {"actor": world.system, "now": world.now, "quote_id": version.quote_id}
    actions.set_line(**act, line_key=lines_of(version.pk)[0].key, discount_bps=0)
    actions.set_terms(**act, changes={"discount_bps": 1000})
    assert nearest("sales_manager") == nearest("sales_rep") != []


def test_a_mail_that_tells_a_margin_is_read_by_who_may(world: World, costed: QuoteVersion) -> None:
    thin_margin_rule(world)
    actions.request_approval(
        actor=world.actor("sales_rep"), now=world.now, quote_id=costed.quote_id
    )
    mail = next(one for one in Mail.objects.all() if one.to == ["sales_manager@halden.example"])
    for role in ("sales_rep", "sales_manager"):
        shown = (
            session_of(world.users[role])
            .get(reverse("document:record", args=[mail.pk]))
            .content.decode()
        )
        assert bool(secrets_in(shown)) is (role == "sales_manager")
        assert mail.subject in shown


def test_neither_buyer_nor_paper_hears_of_costs(world: World, costed: QuoteVersion) -> None:
    presented = actions.present_quote(
        actor=world.actor("sales_rep"), now=world.now, quote_id=costed.quote_id
    )
    page = Client().get(f"/offer/{presented.link.rsplit('/', 2)[-2]}/")
    assert page.status_code == 200
    assert secrets_in(page.content.decode()) == []
    version = QuoteVersion.objects.get(pk=costed.pk)
    assert secrets_in(json.dumps(json.loads(store.read(version.content_id)))) == []


def test_a_price_from_cost_is_explained(world: World, shelf: Shelf) -> None:
    draft = price.copy_book(
        actor=world.system, now=world.now, book_id=shelf.book.pk, valid_from=date(2026, 4, 1)
    )
    plus = {"basis": "margin", "percent": "35"}
    terms = [NewTerm(kind="cost_plus", definition=plus, product_id=shelf.visit.pk)]
    price.add_terms(actor=world.system, now=world.now, book_id=draft.pk, terms=terms)
    draft.refresh_from_db()
    set_costs(world, {shelf.visit.pk: "80"})
    asked = {"book": draft, "product_id": shelf.visit.pk, "quantity": Decimal(1), "on": DAY}
    assert explain_price(**asked).line.amount_minor == 123_08  # P-14
