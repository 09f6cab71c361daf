"""Pages and API of KPIs: figures lead to exactly the rows they count, nobody sees foreign ones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from handsel.attract.lead import actions as leads
from handsel.attract.lead.models import Lead
from handsel.attract.opportunity import actions as opportunities
from handsel.bid.quote import actions as quotes
from handsel.bid.quote.actions import NewLine, Signature
from handsel.commit.order import actions as orders
from handsel.commit.order.models import Order
from handsel.follow.insight import queries
from handsel.follow.insight.rules.wanted import Wanted
from handsel.ground.kernel.clock import SystemClock
from handsel.ground.kernel.money import Money
from tests.support.api import ApiClient
from tests.support.bid import make_shelf
from tests.support.lead import make_lead
from tests.support.opportunity import make_deal, stage
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
MARCH = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = datetime(2026, 4, 4, 9, tzinfo=UTC)
KPIS = ("lead_response", "lead_conversion", "pipeline_value")


@pytest.fixture
def world() -> World:
    """Two leads (one answered), three deals in two currencies, one of them overdue."""
    world = make_world(now=MARCH)
    rep = world.actor("sales_rep")
    answered = make_lead(world, now=MARCH, source="fair")
    make_lead(world, now=MARCH, email="kim@other.example")
    leads.log_interaction(
        actor=rep,
        now=MARCH + timedelta(minutes=12),
        lead_id=answered.pk,
        direction="out",
        channel="call",
        reached=True,
        subject="Called back",
        body="",
    )
    won = opportunities.convert_lead(
        actor=rep, now=MARCH + timedelta(days=2), lead_id=answered.pk, amount=Money(5000, "EUR")
    )
    opportunities.win(actor=rep, now=MARCH + timedelta(days=9), opportunity_id=won.pk)
    make_deal(world, amount="1000.00", expected_close_on=date(2026, 3, 31))
    dollars = make_deal(world, amount="400.00", currency="USD")
    opportunities.move(
        actor=rep,
        now=MARCH + timedelta(days=30),
        opportunity_id=dollars.pk,
        stage_id=stage("Negotiation").pk,
    )
    return world


def client_of(world: World, role: str) -> Client:
    """A browser signed in as a role."""
    client = Client()
    client.force_login(world.users[role])
    return client


def test_every_page_opens_and_every_figure_leads_to_its_rows(world: World) -> None:
    client = client_of(world, "sales_manager")
    assert client.get("/insight/").status_code == 200
    actor = world.actor("sales_manager")
    for key in KPIS:
        assert client.get(f"/insight/{key}/").status_code == 200
        report = queries.kpi_report(actor, key, wanted=Wanted(), now=SystemClock().now())
        for figure in report.figures:
            if figure.unit != "count" or not figure.bucket:
                continue
            answer = client.get(f"/insight/{key}/rows/", {"bucket": figure.bucket})
            assert answer.status_code == 200
            assert len(answer.context["table"]["rows"]) == figure.value
        csv = client.get(f"/insight/{key}/rows.csv")
        assert csv.getvalue().decode("utf-8-sig").startswith("id,name,")


def test_an_unknown_kpi_and_a_wrong_filter_are_told(world: World) -> None:
    client = client_of(world, "sales_manager")
    assert client.get("/insight/nothing/").status_code == 404
    wrong = client.get("/insight/lead_response/", {"from": "31.3.2026"})
    assert wrong.status_code == 200 and "a day such as" in wrong.content.decode()
    assert client.get("/insight/lead_response/rows/", {"target": "x"}).status_code == 422


def test_who_may_look(world: World) -> None:
    assert client_of(world, "accountant").get("/insight/").status_code == 200
    assert client_of(world, "production").get("/insight/").status_code == 403
    assert ApiClient(world, "production").get("/insight/kpis")[0] == 403


def test_other_sellers_figures_are_not_seen(world: World) -> None:
    for report in queries.overview(world.stranger, now=SystemClock().now()):
        assert report.members == ()


def test_the_pipeline_is_rebuilt_for_any_day(world: World) -> None:
    actor = world.actor("sales_manager")
    now = datetime(2026, 5, 4, 9, tzinfo=UTC)

    def seen(on: date | None) -> dict[str, object]:
        report = queries.kpi_report(actor, "pipeline_value", wanted=Wanted(as_of_on=on), now=now)
        return {figure.key: figure.value for figure in report.figures}

    early = seen(date(2026, 3, 4))
    assert (early["deals"], early["open_EUR"]) == (3, Money(105_000, "EUR"))
    assert early["weighted_USD"] == Money(4_000, "USD")
    today = seen(None)
    assert (today["deals"], today["open_EUR"]) == (2, Money(100_000, "EUR"))
    assert today["weighted_USD"] == Money(30_000, "USD")
    assert (early["overdue_EUR"], today["overdue_EUR"]) == (Money(0, "EUR"), Money(100_000, "EUR"))
    assert seen(date(2026, 3, 1))["deals"] == 0


def test_a_deal_whose_orders_were_all_cancelled_is_not_converted(world: World) -> None:
    def converted() -> tuple[int | None, int | None]:
        report = queries.kpi_report(
            world.actor("sales_manager"), "lead_conversion", wanted=Wanted(), now=LATER
        )
        return report.figure("converted").part, report.figure("converted").whole

    assert converted() == (1, 2)
    rep, desk = world.actor("sales_rep"), world.actor("order_desk")
    shelf = make_shelf(world.system, MARCH)
    waiting = Lead.objects.get(state="new")
    deal = opportunities.convert_lead(actor=rep, now=LATER, lead_id=waiting.pk)
    version = quotes.draft_quote(
        actor=rep,
        now=LATER,
        opportunity_id=deal.pk,
        lines=[NewLine(product_id=shelf.visit.pk, quantity=Decimal(1))],
    )
    quotes.present_quote(actor=rep, now=LATER, quote_id=version.quote_id, to="kim@other.example")
    quotes.accept_for_buyer(
        actor=desk,
        now=LATER,
        quote_id=version.quote_id,
        signature=Signature(name="Kim", email="kim@other.example", evidence="by mail"),
    )
    assert converted() == (2, 2)
    order = Order.objects.get(quote_version__quote_id=version.quote_id)
    orders.cancel_order(actor=desk, now=LATER, order_id=order.pk, reason="changed their mind")
    assert converted() == (1, 2)


def test_the_api_tells_figures_definitions_and_rows(world: World) -> None:
    api = ApiClient(world, "sales_manager")
    status, kpis = api.get("/insight/kpis")
    assert status == 200
    assert [one["key"] for one in kpis["items"]] == list(KPIS)
    status, one = api.get("/insight/kpis/lead_response", bucket="answered")
    assert status == 200
    figures = {figure["key"]: figure for figure in one["figures"]}
    assert figures["median"]["value"] == 720
    assert [row["name"] for row in one["rows"]] == ["L-2026-00001"]
    assert one["rows"][0]["facts"]["seconds"] == 720
    status, one = api.get("/insight/kpis/pipeline_value", currency="USD")
    amounts = {f["key"]: f["amount"] for f in one["figures"] if f["amount"]}
    assert amounts["open_USD"] == {"amount": "400.00", "currency": "USD"}
    assert "open_EUR" not in amounts
    assert api.get("/insight/kpis/nothing")[0] == 404
    assert api.get("/insight/kpis/lead_response", from_on="soon")[0] == 422
