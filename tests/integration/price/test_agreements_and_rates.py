"""Agreed prices along the organization tree, and exchange rates: acts, pages, API, command line."""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from handsel.bid.price import actions
from handsel.bid.price.errors import AgreementNotFound, BadBook, BadRates, NoRate
from handsel.bid.price.models import ContractedPrice, ExchangeRate
from handsel.bid.price.queries import agreements as queries
from handsel.bid.price.queries.explaining import explain_price
from handsel.bid.quote import actions as quotes
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.queries import lines_of
from handsel.ground.kernel.clock import FixedClock
from handsel.ground.kernel.errors import Forbidden
from handsel.ground.party import actions as party
from handsel.ground.party.models import Organization
from handsel.site import middleware
from handsel.site.cli.output import Output
from handsel.site.cli.rate_import import bring_in_rates
from tests.support.api import ApiClient
from tests.support.bid import Shelf, make_book, make_shelf
from tests.support.pages import sign_in, submit, text_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = make_world()
    monkeypatch.setattr(middleware, "clock", FixedClock(made.now))
    return made


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def plant_of(world: World) -> Organization:
    """An organization below the customer."""
    made = party.create_organization(
        actor=world.system, now=world.now, name="Brandt plant 2", country="DE", currency="EUR"
    )
    Organization.objects.filter(pk=made.pk).update(parent_id=world.customer.pk)
    return made


def agree(world: World, organization: Organization, **what: object) -> ContractedPrice:
    values = {"currency": "EUR", "valid_from": date(2026, 1, 1), **what}
    return actions.agree_price(
        actor=world.system,
        now=world.now,
        organization_id=organization.pk,
        **values,  # type: ignore[arg-type]
    )


def test_what_is_told_is_what_is_priced(world: World, shelf: Shelf) -> None:
    plant = plant_of(world)
    above = agree(world, world.customer, product_id=shelf.belt.pk, discount_bps=1200)
    nearer = agree(world, plant, product_group="belts", discount_bps=500)
    standing = queries.standing_for(world.system, plant.pk, on=DAY)
    assert [(one.agreement.pk, one.depth) for one in standing] == [(nearer.pk, 0), (above.pk, 1)]
    assert standing[1].behind == nearer
    reach = {one.organization.pk: one.agreement.pk for one in queries.reach_of(above, on=DAY)}
    assert reach == {world.customer.pk: above.pk, plant.pk: nearer.pk}
    version = quotes.draft_quote(
        actor=world.actor("sales_rep"),
        now=world.now,
        organization_id=plant.pk,
        title="",
        lines=[NewLine(product_id=shelf.belt.pk, quantity=Decimal(10))],
    )
    assert lines_of(version.pk)[0].net_minor == 1_287_25  # 1,355.00 less 5 %


def test_a_change_ends_the_old_agreement_where_the_new_begins(world: World, shelf: Shelf) -> None:
    old = agree(world, world.customer, product_id=shelf.belt.pk, unit_price=Decimal(120))
    new = actions.change_agreement(
        actor=world.actor("sales_manager"),
        now=world.now,
        agreement_id=old.pk,
        valid_from=date(2026, 4, 1),
        unit_price=Decimal(118),
    )
    old.refresh_from_db()
    assert old.valid_until == new.valid_from == date(2026, 4, 1)
    assert (new.product_id, new.currency, new.unit_price) == (shelf.belt.pk, "EUR", 118)
    with pytest.raises(BadBook, match="ended before"):
        actions.change_agreement(
            actor=world.system,
            now=world.now,
            agreement_id=old.pk,
            valid_from=date(2026, 5, 1),
            unit_price=Decimal(1),
        )
    with pytest.raises(AgreementNotFound):
        actions.end_agreement(actor=world.system, now=world.now, agreement_id=9**9, until=DAY)


def test_what_has_not_begun_is_taken_back_what_holds_is_not(world: World, shelf: Shelf) -> None:
    later = agree(world, world.customer, discount_bps=500, valid_from=date(2026, 9, 1))
    holds = agree(world, world.customer, discount_bps=300)
    client = sign_in(world, "sales_manager")
    assert "Take it back" in text_of(client.get(f"/price/agreements/{later.pk}/"))
    of_customer = f"/price/agreements/of/{world.customer.pk}/"
    assert of_customer in text_of(client.get(f"/party/{world.customer.pk}/"))
    submit(client, f"/price/agreements/{later.pk}/take-back/")
    assert list(ContractedPrice.objects.all()) == [holds]
    assert "Take it back" not in text_of(client.get(f"/price/agreements/{holds.pk}/"))
    status, answer = ApiClient(world, "sales_manager").post(
        f"/price/agreements/{holds.pk}/take-back"
    )
    assert (status, answer["code"]) == (409, "agreed_price_begun")


def test_only_who_may_change_prices_agrees_them(world: World, shelf: Shelf) -> None:
    with pytest.raises(Forbidden):
        actions.agree_price(
            actor=world.actor("sales_rep"),
            now=world.now,
            organization_id=world.customer.pk,
            currency="EUR",
            valid_from=DAY,
            discount_bps=9_000,
        )


def test_an_agreement_is_made_changed_and_ended_on_pages(world: World, shelf: Shelf) -> None:
    client = sign_in(world, "sales_manager")
    assert "No agreed prices" in text_of(client.get("/price/agreements/"))
    found = text_of(client.get("/price/agreements/new/", {"customer": "Brandt"}))
    assert f"?organization={world.customer.pk}" in found
    values = {
        "organization": str(world.customer.pk),
        "scope": "belt",
        "currency": "EUR",
        "unit_price": "1.240,50",
        "valid_from": "2026-03-01",
        "label": "Frame 2026",
    }
    refused = submit(client, "/price/agreements/new/", **values)
    assert refused.status_code == 422
    assert 'value="1.240,50"' in text_of(refused)
    wrong_scope = submit(client, "/price/agreements/new/", **{**values, "unit_price": "124.50"})
    assert "no product and no group “belt”" in text_of(wrong_scope)
    made = submit(
        client, "/price/agreements/new/", **{**values, "unit_price": "124.50", "scope": "belts"}
    )
    assert "Frame 2026" in text_of(made)
    assert "Applies" in text_of(made)
    changed = submit(
        client, f"{made.address}change/", discount="7.5", valid_from="2026-03-20", label="New"
    )
    assert "−7.5 %" in text_of(changed) or "−7.5%" in text_of(changed)
    early = submit(client, f"{changed.address}end/", last_day="2026-03-01")
    assert early.status_code == 422
    ended = submit(client, f"{changed.address}end/", last_day="2026-03-25")
    assert ended.status_code == 200
    assert list(ContractedPrice.objects.order_by("pk").values_list("valid_until", flat=True)) == [
        date(2026, 3, 20),
        date(2026, 3, 26),
    ]
    assert "Frame 2026" in text_of(client.get(f"/price/agreements/of/{world.customer.pk}/"))
    assert client.get("/price/agreements/", {"q": "Frame", "holds": "today"}).status_code == 200
    assert sign_in(world, "sales_rep").get("/price/agreements/new/").status_code == 403


def test_agreements_over_the_api(world: World, shelf: Shelf) -> None:
    manager = ApiClient(world, "sales_manager")
    body = {
        "organization_id": world.customer.pk,
        "currency": "EUR",
        "product_id": shelf.belt.pk,
        "valid_from": "2026-01-01",
        "unit_price": "120.00",
    }
    status, made = manager.post("/price/agreements", body)
    assert (status, made["unit_price"], made["valid_until"]) == (201, "120", None)
    both = {**body, "discount_bps": 100}
    assert manager.post("/price/agreements", both)[1]["code"] == "bad_price"
    address = f"/price/agreements/{made['id']}"
    assert manager.get(f"{address}/reach", on="2026-03-02")[1][0]["agreement_id"] == made["id"]
    assert (
        manager.get(f"/price/agreements/of/{world.customer.pk}", on="2026-03-02")[1][0]["behind"]
        is None
    )
    status, changed = manager.post(
        f"{address}/change", {"valid_from": "2026-06-01", "discount_bps": 900}
    )
    assert (status, changed["discount_bps"]) == (201, 900)
    assert manager.get(address)[1]["valid_until"] == "2026-06-01"
    ended = manager.post(f"/price/agreements/{changed['id']}/end", {"until": "2026-09-01"})[1]
    assert ended["valid_until"] == "2026-09-01"
    rows = manager.get("/price/agreements", q="Brandt", holds_on="2026-03-02")[1]["rows"]
    assert [row["id"] for row in rows] == [made["id"]]


LIST = """date,base,currency,rate
2026-03-01,EUR,USD,1.2
2026-03-01,EUR,GBP,0.86
2026-03-01,EUR,EUR,1
2026-02-30,EUR,JPY,160
2026-03-01,EUR,CHF,"0,95"
2026-03-01,EUR,SEK,NaN
2026-03-01,EUR,NOK,0
2026-03-01,EUR
"""


def test_a_list_is_kept_or_refused_row_by_row(world: World) -> None:
    manager = world.actor("sales_manager")
    tried = actions.import_rates(actor=manager, now=world.now, text=LIST, is_trial=True)
    assert (len(tried.new), ExchangeRate.objects.count()) == (2, 0)
    assert [one.line_no for one in tried.refused] == [4, 5, 6, 7, 8, 9]
    done = actions.import_rates(
        actor=manager, now=world.now, text=LIST, both_ways=True, source="ECB"
    )
    assert len(done.new) == 4
    back = ExchangeRate.objects.get(base="USD", currency="EUR")
    assert (back.rate, back.source) == (Decimal("0.833333333333"), "ECB")
    again = actions.import_rates(actor=manager, now=world.now, text=LIST, both_ways=True)
    assert (len(again.new), again.known) == (0, 4)
    other = LIST.replace("1.2\n", "1.21\n")
    assert (
        "is 1.2 USD on 2026-03-01 already"
        in [
            one.reason
            for one in actions.import_rates(actor=manager, now=world.now, text=other).refused
        ][-1]
    )


@pytest.mark.parametrize("text", ["", "a,b\n1,2", "date,base,currency\n", "date,date,base,rate"])
def test_what_is_no_list_is_refused_as_a_whole(world: World, text: str) -> None:
    with pytest.raises(BadRates):
        actions.import_rates(actor=world.system, now=world.now, text=text)


def test_a_currency_without_a_rate_is_refused_by_name(world: World, shelf: Shelf) -> None:
    dollars = make_book(world.system, world.now, {shelf.stand.pk: Decimal(1)}, currency="USD")
    asked = {"book": dollars, "product_id": shelf.belt.pk, "quantity": Decimal(1), "on": DAY}
    with pytest.raises(NoRate, match="no rate from EUR to USD on 2026-03-02; add the rate"):
        explain_price(**asked)  # type: ignore[arg-type]
    client = sign_in(world, "sales_manager")
    assert "EUR → USD" in text_of(client.get("/price/rates/"))
    submit(
        client,
        "/price/rates/add/",
        base="eur",
        currency="usd",
        rate="1.2",
        dated_on="2026-03-01",
    )
    assert explain_price(**asked).line.amount_minor == 162_60  # type: ignore[arg-type]
    twice = submit(
        client, "/price/rates/add/", base="EUR", currency="USD", rate="1.3", dated_on="2026-03-01"
    )
    assert twice.status_code == 422
    assert "EUR → USD" not in text_of(client.get("/price/rates/"))


def test_a_list_is_looked_into_on_the_page_before_it_is_kept(world: World) -> None:
    client = sign_in(world, "sales_manager")
    page = "/price/rates/import/"
    assert client.get(page).status_code == 200
    looked = text_of(submit(client, page, text=LIST))
    assert "Keep 2 rates" in looked
    assert "2026-02-30" in looked
    assert ExchangeRate.objects.count() == 0
    submit(client, page, text=LIST, sure="1")
    assert ExchangeRate.objects.count() == 2
    nothing = submit(client, page, text="date;base")
    assert nothing.status_code == 422
    assert "date;base" in text_of(nothing)


def test_rates_over_the_api_and_the_command_line(world: World, tmp_path: Path) -> None:
    manager = ApiClient(world, "sales_manager")
    body = {
        "dated_on": "2026-03-01",
        "rates": [{"base": "EUR", "currency": "KWD", "rate": "0.3071"}],
    }
    assert manager.post("/price/rates", body) == (201, {"new": 1})
    assert manager.post("/price/rates", body) == (201, {"new": 0})
    assert manager.get("/price/rates", base="EUR")[1][0]["rate"] == "0.3071"
    answer = manager.post("/price/rates/import", {"text": LIST, "is_trial": True})[1]
    assert (answer["new"], len(answer["refused"])) == (2, 6)
    arguments = Namespace(both_ways=False, source="ECB", preview=False)
    path = tmp_path / "rates.csv"
    assert bring_in_rates(LIST.encode(), path, arguments, Output()) == 1
    good = "\n".join(LIST.splitlines()[:3])
    assert bring_in_rates(good.encode(), path, arguments, Output()) == 0
    assert bring_in_rates(b"\xff\xfe", path, arguments, Output()) == 1
    assert ExchangeRate.objects.count() == 3
