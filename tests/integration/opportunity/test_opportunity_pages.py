"""Pages of opportunities: list, board, record, conversion, outcomes."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from handsel.attract.lead.models import Lead
from handsel.attract.opportunity import actions, queries
from handsel.attract.opportunity.models import Activity, Opportunity, SavedView
from tests.support.lead import make_lead
from tests.support.opportunity import make_deal, stage
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def rep(client: Client, world: World) -> Client:
    client.force_login(world.users["sales_rep"])
    return client


def post(client: Client, address: str, **values: object) -> HttpResponse:
    body = {"idempotency_key": str(uuid4()), **values}
    return client.post(address, body)  # type: ignore[arg-type,return-value]


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def counted(page: str) -> str:
    """What the foot of the list says, when it says how many there are."""
    (foot,) = re.findall(r'<footer class="pages"><p>(.*?)</p>', page)
    plain = re.sub(r"<[^>]+>", "", foot).strip()
    return plain if "of" in plain else ""


def test_the_list_filters_sorts_and_counts_only_when_asked(rep: Client, world: World) -> None:
    for n in range(53):
        make_deal(world, name=f"Deal {n:02d}", expected_close_on=date(2026, 4, 1))
    dear = make_deal(world, name="Dearest", amount="999999.00")
    page = text(rep, "/opportunity/")
    assert "1–50" in page
    assert counted(page) == ""
    assert counted(text(rep, "/opportunity/?count=1")) == "1–50 of 54"
    assert "51–54" in text(rep, "/opportunity/?from=50")
    by_amount = text(rep, "/opportunity/?sort=-amount")
    assert by_amount.index("Dearest") < by_amount.index("Deal 50")
    assert "Deal 07" not in text(rep, "/opportunity/?q=dearest")
    assert "Brandt" in text(rep, "/opportunity/?q=brandt lebens")
    assert "no next step" in text(rep, "/opportunity/?step=none")
    actions.win(actor=world.system, now=world.now, opportunity_id=dear.pk)
    assert "Dearest" not in text(rep, "/opportunity/?state=open")
    assert "Dearest" in text(rep, f"/opportunity/?stage={stage('Won').pk}")


@pytest.mark.parametrize(
    "query", ["stage=x", "owner=1e9", "sort=seller__iban", "from=x", "closing=never", "q=%25_%00"]
)
def test_odd_filters_break_nothing(rep: Client, world: World, query: str) -> None:
    make_deal(world)
    text(rep, f"/opportunity/?{query}")


def test_a_list_page_is_a_few_statements(
    rep: Client, world: World, django_assert_max_num_queries: object
) -> None:
    for n in range(20):
        make_deal(world, name=f"Deal {n}")
    text(rep, "/opportunity/")
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        text(rep, "/opportunity/")


def test_the_export_holds_amounts_as_numbers(rep: Client, world: World) -> None:
    make_deal(world, name="=1+1", amount="12.50")
    answer = rep.get("/opportunity/export.csv?state=open")
    body = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    (row,) = csv.DictReader(io.StringIO(body, newline=""))
    assert (row["name"], row["amount"], row["currency"]) == ("'=1+1", "12.50", "EUR")


def test_a_view_is_kept_under_a_name_and_forgotten(rep: Client, world: World) -> None:
    query = "state=open&owner=me&evil=1"
    answer = post(rep, "/opportunity/views/save/", name="My open ones", query=query)
    view = SavedView.objects.get()
    assert view.query == "state=open&owner=me"
    assert answer.headers["Location"].endswith("?state=open&owner=me")
    page = text(rep, "/opportunity/?state=open&owner=me")
    assert "My open ones" in page
    assert "Forget this view" in page
    post(rep, f"/opportunity/views/{view.pk}/delete/")
    assert not SavedView.objects.exists()
    assert post(rep, "/opportunity/views/save/", name=" ", query="").status_code == 422


def test_the_board_adds_up_by_currency_and_a_card_moves(rep: Client, world: World) -> None:
    first, second = make_deal(world, amount="100.00"), make_deal(world, amount="50.00")
    make_deal(world, amount="70.00", currency="USD")
    page = text(rep, "/opportunity/board/")
    totals = re.findall(r'kanban-total">(.*?)</p>', page)
    assert "150.00" in totals[0]
    assert "70.00" in totals[0]
    assert "220" not in page
    body = {"idempotency_key": "k-1", "card": first.pk, "column": stage("Offer").pk}
    answer = rep.post("/opportunity/board/move/", body, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.content.decode().count("data-kanban") == 1
    first.refresh_from_db()
    assert first.stage.name == "Offer"
    body = {"idempotency_key": "k-2", "card": second.pk, "column": stage("Lost").pk}
    answer = rep.post("/opportunity/board/move/", body, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "say why the deal is lost" in answer.content.decode()
    assert post(rep, "/opportunity/board/move/", card="x", column="1").status_code == 404


def test_a_deal_is_opened_by_hand(rep: Client, world: World) -> None:
    page = text(rep, f"/opportunity/new/?organization={world.customer.pk}")
    assert "Brandt Lebensmittel GmbH" in page
    post(
        rep,
        "/opportunity/new/",
        name="Two conveyors",
        organization_id=world.customer.pk,
        amount="12,500.50",
        currency="USD",
        expected_close_on="2026-07-01",
    )
    deal = Opportunity.objects.get()
    assert (deal.amount_minor, deal.currency) == (1250050, "USD")
    assert deal.expected_close_on == date(2026, 7, 1)
    answer = post(rep, "/opportunity/new/", name="X", amount="1.2.3", currency="EUR")
    assert answer.status_code == 422
    assert Opportunity.objects.count() == 1


def test_the_record_and_every_command_on_it(rep: Client, world: World) -> None:
    deal = make_deal(world)
    here = f"/opportunity/{deal.pk}"
    page = text(rep, f"{here}/")
    assert "no next step" in page
    assert "hangs on one person" in page
    post(rep, f"{here}/move/", stage=stage("Offer").pk)
    post(rep, f"{here}/plan/", kind="call", subject="Ask for the drawing", due_on="2026-03-09")
    step = Activity.objects.get()
    assert step.due_at is not None
    assert step.due_at.isoformat() == "2026-03-09T17:00:00+00:00"
    post(
        rep,
        f"{here}/step/{step.pk}/done/",
        outcome="Has it",
        next_subject="Send the offer",
        next_due_on="2026-03-12",
    )
    assert Activity.objects.filter(done_at=None).get().subject == "Send the offer"
    post(
        rep,
        f"{here}/committee/",
        person_id=world.buyer.pk,
        role="decision_maker",
        sentiment="neutral",
    )
    seat = queries.committee(deal).get()
    post(rep, f"{here}/committee/{seat.pk}/", role="champion", sentiment="supportive")
    assert queries.committee(deal).get().role == "champion"
    post(rep, f"{here}/committee/{seat.pk}/", remove="1")
    assert not queries.committee(deal).exists()
    post(
        rep,
        f"{here}/edit/",
        name="New name",
        amount="9000",
        currency="EUR",
        organization_id=world.customer.pk,
    )
    deal.refresh_from_db()
    assert (deal.name, deal.amount_minor, deal.stage.name) == ("New name", 900000, "Offer")
    assert "Reason" in text(rep, f"{here}/lose/")
    assert post(rep, f"{here}/lose/", reason="competitor").status_code == 422
    post(rep, f"{here}/lose/", reason="competitor", lost_to="Transnova")
    page = text(rep, f"{here}/")
    assert "Transnova" in page
    assert "Open again" in page
    post(rep, f"{here}/reopen/")
    post(rep, f"{here}/win/")
    deal.refresh_from_db()
    assert deal.state == "won"
    assert "Won for" in text(rep, f"{here}/")


def test_a_lead_is_converted_by_choice(rep: Client, world: World) -> None:
    lead = make_lead(world, email="kim@brandt.example", company_name="Brandt", interest="Belt")
    here = f"/opportunity/convert/{lead.pk}/"
    page = text(rep, here)
    assert f'value="{world.customer.pk}" checked' in page
    assert f'value="{world.buyer.pk}" checked' in page
    assert "Lebensmittel" in text(rep, f"{here}?find=lebens")
    answer = post(
        rep,
        here,
        organization=world.customer.pk,
        person="new",
        person_name="Kim B.",
        organization_name="ignored",
        amount="1000",
        currency="EUR",
    )
    deal = Opportunity.objects.get()
    assert answer.headers["Location"] == f"/opportunity/{deal.pk}/"
    assert deal.organization_id == world.customer.pk
    assert deal.person is not None
    assert (deal.person.name, deal.amount_minor) == ("Kim B.", 100000)
    assert rep.get(here).status_code == 303
    assert rep.get(f"/opportunity/of-lead/{lead.pk}/").status_code == 302
    assert "Open the opportunity" in text(rep, f"/lead/{lead.pk}/")


def test_converting_without_a_word_takes_what_the_lead_says(rep: Client, world: World) -> None:
    lead = make_lead(world, company_name="Vogel Druck")
    post(rep, f"/opportunity/convert/{lead.pk}/")
    deal = Opportunity.objects.get()
    assert deal.organization is not None
    assert deal.organization.name == "Vogel Druck"
    assert Lead.objects.get().state == "converted"


def test_outcomes_are_looked_at_then_entered(client: Client, world: World) -> None:
    from handsel.attract.lead.actions import Circumstances

    client.force_login(world.users["sales_manager"])
    make_lead(world, around=Circumstances(external_source="shop", external_id="1"))

    def send(**more: str) -> str:
        sent = io.BytesIO(b"id;won\n1;2026-03-01\n9;2026-03-01\n")
        sent.name = "won.csv"
        answer = post(
            client,
            "/opportunity/outcomes/",
            file=sent,
            source="shop",
            **{"map-external_id": "id", "map-won_at": "won"},
            **more,
        )
        return answer.content.decode()

    assert "What would happen" in send(look="1")
    assert not Opportunity.objects.exists()
    page = send()
    assert "there is no lead 9" in page
    assert Opportunity.objects.get().state == "won"


@pytest.mark.parametrize("place", ["", "board/", "new/", "{deal}/", "convert/{lead}/"])
def test_other_roles_and_other_houses(client: Client, world: World, place: str) -> None:
    from handsel.ground.party.models import SellerMember

    deal, lead = make_deal(world), make_lead(world)
    address = "/opportunity/" + place.format(deal=deal.pk, lead=lead.pk)
    assert client.get(address).status_code == 302
    client.force_login(world.users["production"])
    assert client.get(address).status_code == 403
    user = world.users["sales_rep"]
    SellerMember.objects.filter(user=user).update(seller=world.foreign_seller)
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == (404 if "{" in place else 200)
    assert deal.name not in answer.content.decode()
