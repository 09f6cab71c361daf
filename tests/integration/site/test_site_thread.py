"""The thread through real records, what it costs, and the first page and the search beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handsel.attract.lead import actions as leads
from handsel.attract.lead.actions import Circumstances
from handsel.attract.lead.rules.inquiry import Inquiry, Origin
from handsel.attract.opportunity import actions as opportunities
from handsel.attract.opportunity.actions import Parties
from handsel.bid.quote import actions as quotes
from handsel.bid.quote.actions import NewLine, Signature
from handsel.commit.order import actions as orders
from handsel.commit.order.models import Order
from handsel.deliver.fulfillment import actions as fulfillment
from handsel.deliver.fulfillment.models import Shipment
from handsel.earn.billing.models import Invoice
from handsel.ground.kernel.money import Money
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.thread import thread_of
from handsel.site import search
from handsel.site.addresses import address_of
from handsel.site.roles import ROLES, permissions_of
from handsel.site.shell import navigation
from tests.support.bid import make_shelf
from tests.support.signed_in import session_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STAGES = ["lead", "opportunity", "quote", "order", "delivery", "invoice", "cash", "ledger"]


@pytest.fixture
def world() -> World:
    return make_world(now=START)


@pytest.fixture
def deal(world: World) -> dict[str, int]:
    """Lead, opportunity, quote, order, shipment and draft invoice of one deal, by their types."""
    rep, desk = world.actor("sales_rep"), world.actor("order_desk")
    shelf = make_shelf(world.system, START)
    lead = leads.capture_lead(
        actor=world.system,
        now=START,
        seller_id=world.seller.pk,
        inquiry=Inquiry(person_name="Kim Brandt", email="kim@brandt.example", message="A visit"),
        origin=Origin(source="organic_search"),
        circumstances=Circumstances(channel="form", owner_id=rep.user_id),
    ).lead
    opportunity = opportunities.convert_lead(
        actor=rep,
        now=START + timedelta(days=1),
        lead_id=lead.pk,
        parties=Parties(organization_id=world.customer.pk, person_id=world.buyer.pk),
        name="A visit for line 4",
        amount=Money.parse("392.00", "EUR"),
        expected_close_on=date(2026, 3, 31),
    )
    version = quotes.draft_quote(
        actor=rep,
        now=START + timedelta(days=1),
        opportunity_id=opportunity.pk,
        lines=[NewLine(product_id=shelf.visit.pk, quantity=Decimal(4))],
    )
    presented = quotes.present_quote(
        actor=rep, now=START + timedelta(days=2), quote_id=version.quote_id, to="kim@brandt.example"
    )
    quotes.accept_quote(
        now=START + timedelta(days=20),
        token=presented.link.rstrip("/").rpartition("/")[2],
        content_hash=presented.version.content_hash,
        signature=Signature(name="Kim Brandt", email="kim@brandt.example", purchase_order="PO-77"),
    )
    order = Order.objects.get(quote_version=presented.version)
    orders.release_order(actor=desk, now=START + timedelta(days=21), order_id=order.pk)
    fulfillment.ship(actor=desk, now=START + timedelta(days=22), order_id=order.pk)
    return {
        "lead": lead.pk,
        "opportunity": opportunity.pk,
        "quote": version.quote_id,
        "order": order.pk,
        "shipment": Shipment.objects.get(order=order).pk,
        "invoice": Invoice.objects.get(order=order).pk,
    }


def everything(world: World) -> Actor:
    """Somebody with every permission at the seller."""
    return Actor("user", "All", None, permissions_of(ROLES), frozenset({world.seller.pk}))


def test_every_record_of_a_deal_shows_the_same_track(world: World, deal: dict[str, int]) -> None:
    actor = everything(world)
    tracks = {}
    for kind, key in deal.items():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            tracks[kind] = thread_of(kind, key, actor)["steps"]
        assert len(asked) <= 15, f"{kind} costs {len(asked)} statements"
    facts = {
        kind: [(s["stage"], s.get("number"), s.get("url")) for s in steps]
        for kind, steps in tracks.items()
    }
    assert len({tuple(one) for one in facts.values()}) == 1
    assert [stage for stage, _, _ in facts["lead"]] == STAGES
    shown = [stage for stage, number, _ in facts["lead"] if number]
    assert shown == STAGES[:6]
    for kind, steps in tracks.items():
        here = [s["stage"] for s in steps if s["current"]]
        assert here == ["delivery" if kind == "shipment" else kind]


def test_a_long_pause_stands_on_the_track(world: World, deal: dict[str, int]) -> None:
    steps = {s["stage"]: s for s in thread_of("order", deal["order"], everything(world))["steps"]}
    assert steps["order"]["gap"] == "18 days"
    assert "gap" not in steps["quote"]


def test_steps_lead_only_where_one_may_go(world: World, deal: dict[str, int]) -> None:
    warehouse = world.actor("production")
    steps = thread_of("order", deal["order"], warehouse)["steps"]
    links = {s["stage"]: s.get("url", "") for s in steps}
    assert links["order"] and links["delivery"]
    assert not any(links[stage] for stage in ("lead", "opportunity", "quote", "invoice", "cash"))


def test_a_stranger_sees_no_thread(world: World, deal: dict[str, int]) -> None:
    for kind, key in deal.items():
        steps = thread_of(kind, key, world.stranger)["steps"]
        assert not [s for s in steps if s.get("number")], f"{kind} of another seller is shown"


def test_a_record_that_does_not_exist_has_an_empty_track(world: World) -> None:
    steps = thread_of("invoice", 999_999, everything(world))["steps"]
    assert [s["stage"] for s in steps] == STAGES
    assert not [s for s in steps if s.get("number")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("brandt", "organization"),
        ("kim@brandt", "lead"),
        ("visit for line", "opportunity"),
        ("q-2026", "quote"),
        ("PO-77", "order"),
        ("o-2026-0000", "order"),
        ("s-2026", "shipment"),
        ("brandt", "invoice"),
    ],
)
def test_records_are_found_by_number_and_name(
    world: World, deal: dict[str, int], text: str, kind: str
) -> None:
    keys = {**deal, "organization": world.customer.pk}
    groups = navigation.find(everything(world), text)
    found = [hit.url for group in groups for hit in group["hits"]]
    assert address_of(kind, keys[kind]) in found


def test_search_keeps_to_ones_own_sellers(world: World, deal: dict[str, int]) -> None:
    for _room, _label, find, _permission in search._SEARCHES:
        for text in ("brandt", "2026", "Q-", "O-", "S-", "L-", "visit"):
            found = {hit.url for hit in find(actor=world.stranger, text=text, limit=25)}
            own = {address_of(kind, key) for kind, key in deal.items()}
            assert not found & own


@pytest.mark.parametrize("text", ["%", "_", "\\", "'", "🙂", "x" * 500, "Q-2026-%"])
def test_strange_words_are_searched_for_as_they_are(world: World, text: str) -> None:
    for _room, _label, find, _permission in search._SEARCHES:
        assert isinstance(list(find(actor=everything(world), text=text, limit=6)), list)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_the_first_page_asks_at_most_fifteen_questions(
    world: World, deal: dict[str, int], role: str
) -> None:
    client = session_of(world.users[role])
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/")
    assert answer.status_code == 200
    assert len(asked) <= 15, [query["sql"][:90] for query in asked]


def queues_on(client: Any) -> set[str]:
    """The keys of the queues with rows on the first page."""
    return {task["id"] for task in client.get("/").context["tasks"]}


def test_the_first_page_shows_each_what_waits_for_him(world: World, deal: dict[str, int]) -> None:
    leads.capture_lead(
        actor=world.system,
        now=START,
        seller_id=world.seller.pk,
        inquiry=Inquiry(person_name="Eva", email="eva@new.example", message="Hello"),
        origin=Origin(source="direct"),
        circumstances=Circumstances(channel="form"),
    )
    assert "leads" in queues_on(session_of(world.users["sales_rep"]))
    assert queues_on(session_of(world.users["accountant"])) == {"drafts"}
    assert queues_on(session_of(world.users["production"])) == set()
