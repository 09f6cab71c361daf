"""From a lead to organization, person and deal."""

from __future__ import annotations

import pytest

from handsel.attract.lead import actions as lead_actions
from handsel.attract.lead import queries as lead_queries
from handsel.attract.lead.errors import LeadNotOpen
from handsel.attract.lead.models import Lead
from handsel.attract.opportunity import actions, queries
from handsel.attract.opportunity.models import Opportunity
from handsel.ground.kernel.errors import NotFound
from handsel.ground.kernel.money import Money
from handsel.ground.party.models import Organization, Person
from handsel.ground.party.queries import contact_point, organization_by_domain, person_by_email
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from tests.support.lead import make_lead
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def rep(world: World) -> Actor:
    return world.actor("sales_rep")


def convert(world: World, rep: Actor, lead: Lead, **more: object) -> Opportunity:
    return actions.convert_lead(
        actor=rep,
        now=world.now,
        lead_id=lead.pk,
        **more,  # type: ignore[arg-type]  # named in the test
    )


def test_a_stranger_becomes_a_new_customer(world: World, rep: Actor) -> None:
    lead = make_lead(
        world, company_name="Vogel Druck GmbH", interest="Belt", phone="+49 30 1234567"
    )
    deal = convert(world, rep, lead, amount=Money.parse("9000.00", "EUR"))
    lead.refresh_from_db()
    assert (lead.state, lead.converted_at) == ("converted", world.now)
    assert (lead.organization_id, lead.person_id) == (deal.organization_id, deal.person_id)
    assert deal.name == "Vogel Druck GmbH: Belt"
    assert (deal.lead_id, deal.owner_id, deal.amount_minor) == (lead.pk, rep.user_id, 900000)
    found = organization_by_domain("vogel-druck.example")
    assert found is not None
    assert found.pk == deal.organization_id
    person = person_by_email("mara@vogel-druck.example")
    assert person is not None
    assert person.pk == deal.person_id
    assert contact_point(kind="phone", person_id=person.pk) == "+49 30 1234567"
    assert queries.committee(deal).get().person_id == person.pk
    kinds = {event.type for event in log.timeline(("lead", lead.pk))}
    assert {"lead.lead.converted", "opportunity.opportunity.opened"} <= kinds


def test_decisions_on_the_lead_are_followed_proposals_are_not(world: World, rep: Actor) -> None:
    decided = make_lead(world, email="kim@brandt.example", company_name="Brandt")
    for row in lead_queries.recognitions(decided):
        if row.kind in ("email", "domain"):
            lead_actions.decide_recognition(
                actor=rep,
                now=world.now,
                lead_id=decided.pk,
                recognition_id=row.pk,
                state="same",
            )
    undecided = make_lead(world, email="kim@brandt.example", company_name="Brandt")
    deal = convert(world, rep, decided)
    assert (deal.organization_id, deal.person_id) == (world.customer.pk, world.buyer.pk)
    assert convert(world, rep, undecided).organization_id != world.customer.pk


def test_a_choice_made_at_conversion_counts(world: World, rep: Actor) -> None:
    lead = make_lead(world, phone="+49 711 99887766")
    parties = actions.Parties(organization_id=world.customer.pk, person_id=world.buyer.pk)
    deal = convert(world, rep, lead, parties=parties)
    assert (deal.organization_id, deal.person_id) == (world.customer.pk, world.buyer.pk)
    assert Organization.objects.count() == 1
    known = person_by_email("mara@vogel-druck.example")
    assert known is not None
    assert known.pk == world.buyer.pk
    new = actions.Parties(organization_name="Vogel KG", person_name="M. Vogel", country="AT")
    deal = convert(world, rep, make_lead(world, company_name="Something else"), parties=new)
    assert deal.organization is not None
    assert (deal.organization.name, deal.organization.country) == ("Vogel KG", "AT")


def test_a_private_address_claims_no_domain(world: World, rep: Actor) -> None:
    lead = make_lead(world, email="mara@gmail.com", company_name="Vogel Druck")
    convert(world, rep, lead)
    assert organization_by_domain("gmail.com") is None


def test_a_domain_that_stands_for_another_stays_there(world: World, rep: Actor) -> None:
    lead = make_lead(world, email="new@brandt.example", company_name="Brandt Logistik")
    deal = convert(world, rep, lead)
    assert deal.organization_id != world.customer.pk
    found = organization_by_domain("brandt.example")
    assert found is not None
    assert found.pk == world.customer.pk


def test_a_lead_is_converted_once_and_nothing_is_left_of_a_second_try(
    world: World, rep: Actor
) -> None:
    lead = make_lead(world)
    convert(world, rep, lead)
    before = (Opportunity.objects.count(), Organization.objects.count(), Person.objects.count())
    with pytest.raises(LeadNotOpen):
        convert(world, rep, lead)
    after = (Opportunity.objects.count(), Organization.objects.count(), Person.objects.count())
    assert after == before


def test_a_lead_of_another_house_is_not_there(world: World) -> None:
    lead = make_lead(world)
    with pytest.raises(NotFound):
        actions.convert_lead(actor=world.stranger, now=world.now, lead_id=lead.pk)
    assert queries.of_lead(world.system, lead.pk) is None
