"""Opportunities over the JSON API."""

from __future__ import annotations

import pytest

from handsel.attract.opportunity.models import Opportunity
from tests.support.calls import Api, api_of
from tests.support.lead import make_lead
from tests.support.opportunity import make_deal, stage
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def api(world: World) -> Api:
    return api_of(world, "sales_rep")


EUR = {"amount": "12000.50", "currency": "EUR"}


def test_the_whole_way_of_a_deal(api: Api, world: World) -> None:
    status, made = api.post("/opportunity/", name="Line 3", amount=EUR)
    assert (status, made["amount"], made["owner_id"]) == (201, EUR, world.users["sales_rep"].pk)
    here = f"/opportunity/{made['id']}"
    assert api.post(f"{here}/move", stage_id=stage("Offer").pk)[1]["stage_id"] == stage("Offer").pk
    assert api.post(f"{here}/move", stage_id=stage("Lost").pk)[0] == 409
    status, step = api.post(
        f"{here}/activities", kind="call", subject="Ask", due_at="2026-03-09T09:00:00Z"
    )
    assert status == 201
    assert api.post(f"{here}/activities/{step['id']}/complete", outcome="Yes")[1]["done_at"]
    _, seat = api.post(f"{here}/committee", person_id=world.buyer.pk, role="user")
    _, seat = api.post(f"{here}/committee/{seat['id']}", role="champion", sentiment="neutral")
    assert (seat["role"], seat["sentiment"]) == ("champion", "neutral")
    revised = api.post(f"{here}/revise", expected_close_on="2026-06-30", owner_id=None)[1]
    assert (revised["expected_close_on"], revised["owner_id"], revised["name"]) == (
        "2026-06-30",
        None,
        "Line 3",
    )
    _, record = api.get(here)
    assert [visit["stage_id"] for visit in record["history"]] == [
        stage("Qualified").pk,
        stage("Offer").pk,
    ]
    assert len(record["activities"]) == len(record["committee"]) == 1
    assert api.post(f"{here}/committee/{seat['id']}/remove")[0] == 200
    assert api.post(f"{here}/lose", reason="price", lost_to="Transnova")[1]["state"] == "lost"
    assert api.post(f"{here}/revise", name="Too late")[0] == 409
    assert api.post(f"{here}/reopen")[1]["state"] == "open"
    assert api.post(f"{here}/win", amount={"amount": "1.00", "currency": "EUR"})[1]["closed_at"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "X", "amount": 12.5},
        {"name": "X", "amount": {"amount": "1e5", "currency": "EUR"}},
        {"name": "X", "amount": {"amount": "NaN", "currency": "EUR"}},
        {"name": "X", "amount": {"amount": "-1", "currency": "EUR"}},
        {"name": "X", "amount": {"amount": "1.005", "currency": "EUR"}},
        {"name": "X", "amount": {"amount": "1", "currency": "XXQ"}},
        {"name": "X", "expected_close_on": "31.12.2026"},
        {"name": "X", "total": "1"},
        {"name": "X", "organization_id": 0},
    ],
)
def test_what_cannot_be_is_refused(api: Api, body: dict[str, object]) -> None:
    status, problem = api.post("/opportunity/", **body)
    assert status == 422
    assert problem["detail"]
    assert not Opportunity.objects.exists()


def test_foreign_keys_are_missing_ones(api: Api, world: World) -> None:
    body = {"name": "X", "organization_id": 10**9}
    assert api.post("/opportunity/", **body)[0] == 404
    assert api.post("/opportunity/", name="X", seller_id=world.foreign_seller.pk)[0] == 404
    deal = make_deal(world)
    other = api_of(world, "production")
    assert other.get(f"/opportunity/{deal.pk}")[0] == 403


def test_a_lead_is_converted_once_over_the_api_too(api: Api, world: World) -> None:
    lead = make_lead(world, company_name="Vogel Druck")
    where = f"/opportunity/of-lead/{lead.pk}"
    status, made = api.post(where, key="convert-1", amount=EUR)
    assert (status, made["lead_id"]) == (201, lead.pk)
    assert api.post(where, key="convert-1", amount=EUR) == (201, made)
    assert api.post(where, amount=EUR)[0] == 409
    assert Opportunity.objects.count() == 1


def test_lists_boards_pipelines_and_the_past(api: Api, world: World) -> None:
    keys = [make_deal(world, name=f"Deal {n}", amount="10.00").pk for n in range(5)]
    make_deal(world, amount="7.00", currency="USD")
    seen: list[int] = []
    cursor = ""
    while True:
        _, page = api.get("/opportunity/", limit=2, cursor=cursor, q="deal")
        seen += [row["id"] for row in page["rows"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert seen == sorted(keys, reverse=True)
    _, pipelines = api.get("/opportunity/pipelines")
    assert [one["name"] for one in pipelines[0]["stages"]][:2] == ["Qualified", "Needs understood"]
    _, columns = api.get("/opportunity/board")
    assert columns[0]["totals"] == [
        {"amount": "50.00", "currency": "EUR"},
        {"amount": "7.00", "currency": "USD"},
    ]
    _, past = api.get("/opportunity/past", as_of="2026-03-02T09:00:00Z")
    assert len(past) == 6
    assert api.get("/opportunity/past", as_of="2026-03-01T09:00:00Z") == (200, [])
    assert api.get("/opportunity/past", as_of="yesterday")[0] == 422
    assert api.get("/opportunity/", cursor="x_1")[0] == 422


def test_outcomes(world: World) -> None:
    api = api_of(world, "sales_manager")
    body = {
        "content": "id,won\n1,2026-02-01\n",
        "source": "shop",
        "mapping": {"id": "external_id", "won": "won_at"},
    }
    status, done = api.post("/opportunity/outcomes", **body, dry_run=True)
    assert (status, done["won"], done["refused"][0]["row_number"]) == (200, 0, 2)
    assert api_of(world, "sales_rep").post("/opportunity/outcomes", **body)[0] == 403
