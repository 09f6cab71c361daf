"""Who a lead may be: proposed, decided by a person, undone; never merged."""

from __future__ import annotations

import pytest

from handsel.attract.lead import actions, queries
from handsel.attract.lead.errors import RecognitionSettled
from handsel.attract.lead.models import Lead, Recognition
from handsel.ground.kernel.errors import NotFound
from handsel.ground.party import actions as party
from tests.support.lead import make_lead
from tests.support.world import World, make_customer, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def proposals(lead: Lead) -> dict[str, Recognition]:
    return {row.kind: row for row in queries.recognitions(lead)}


def decide(world: World, row: Recognition, state: str) -> Lead:
    actions.decide_recognition(
        actor=world.actor("sales_rep"),
        now=world.now,
        lead_id=row.lead_id,
        recognition_id=row.pk,
        state=state,
    )
    return Lead.objects.get(pk=row.lead_id)


def test_the_same_address_is_the_same_person_and_his_organization(world: World) -> None:
    found = proposals(make_lead(world, email="KIM@Brandt.example"))
    assert set(found) == {"email", "domain"}
    assert found["email"].person_id == world.buyer.pk
    assert found["domain"].organization_id == world.customer.pk


def test_a_private_address_leads_to_where_the_person_works(world: World) -> None:
    party.add_contact_point(
        actor=world.system,
        now=world.now,
        kind="email",
        value="kim@gmail.com",
        person_id=world.buyer.pk,
    )
    found = proposals(make_lead(world, email="kim@gmail.com"))
    assert set(found) == {"email", "affiliation"}
    assert found["affiliation"].organization_id == world.customer.pk


def test_the_domain_is_the_organization_but_not_a_freemail_one(world: World) -> None:
    assert set(proposals(make_lead(world, email="new@brandt.example"))) == {"domain"}
    assert proposals(make_lead(world, email="kim.brandt@gmail.com")) == {}


def test_the_same_number_however_it_is_written(world: World) -> None:
    party.add_contact_point(
        actor=world.system,
        now=world.now,
        kind="phone",
        value="030 / 123 45 67",
        person_id=world.buyer.pk,
        country="DE",
    )
    lead = make_lead(world, email="", phone="+49 30 1234567")
    assert proposals(lead)["phone"].person_id == world.buyer.pk


def test_a_similar_name_is_a_hint_only(world: World) -> None:
    lead = make_lead(world, company_name="BRANDT Lebensmittel AG")
    found = proposals(lead)
    assert set(found) == {"company_name"}
    assert int(found["company_name"].reason) >= 85
    assert proposals(make_lead(world, company_name="Brandner Logistik")).keys() <= {"earlier_lead"}


def test_who_asked_before_is_shown(world: World) -> None:
    first = make_lead(world)
    again = make_lead(world)
    assert proposals(again)["earlier_lead"].other_lead_id == first.pk


def test_nothing_happens_until_somebody_decides_and_it_can_be_undone(world: World) -> None:
    lead = make_lead(world, email="kim@brandt.example", company_name="Brandt Lebensmittel")
    assert (lead.person_id, lead.organization_id) == (None, None)
    found = proposals(lead)
    assert decide(world, found["email"], "same").person_id == world.buyer.pk
    assert decide(world, found["domain"], "same").organization_id == world.customer.pk
    assert decide(world, found["domain"], "distinct").organization_id is None
    assert decide(world, found["email"], "proposed").person_id is None


def test_taking_one_decision_back_keeps_what_another_one_says(world: World) -> None:
    party.add_contact_point(
        actor=world.system,
        now=world.now,
        kind="phone",
        value="+49 30 1234567",
        person_id=world.buyer.pk,
    )
    lead = make_lead(world, email="kim@brandt.example", phone="+49 30 1234567")
    found = proposals(lead)
    decide(world, found["email"], "same")
    decide(world, found["phone"], "same")
    assert decide(world, found["email"], "proposed").person_id == world.buyer.pk
    assert decide(world, found["phone"], "proposed").person_id is None


def test_a_lead_is_one_organization_only(world: World) -> None:
    other, _ = make_customer(
        world.system, world.now, name="Brandt Lebensmittel SE", domain="b.example"
    )
    lead = make_lead(world, email="new@brandt.example", company_name="Brandt Lebensmittel SE")
    found = proposals(lead)
    assert found["company_name"].organization_id == other.pk
    decide(world, found["domain"], "same")
    with pytest.raises(RecognitionSettled):
        decide(world, found["company_name"], "same")


def test_a_proposal_is_reached_through_its_own_lead_only(world: World) -> None:
    lead, other = make_lead(world, email="kim@brandt.example"), make_lead(world)
    row = proposals(lead)["email"]
    with pytest.raises(NotFound):
        actions.decide_recognition(
            actor=world.system,
            now=world.now,
            lead_id=other.pk,
            recognition_id=row.pk,
            state="same",
        )
