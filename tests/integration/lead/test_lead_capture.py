"""Taking in an inquiry, and everything that is kept of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handsel.attract.lead import actions, queries
from handsel.attract.lead.errors import LeadInvalid, LeadMissing
from handsel.attract.lead.models import Interaction, Lead, Touch
from handsel.ground.kernel.errors import NotFound
from handsel.ground.party import actions as party
from handsel.ground.platform import log
from tests.support.lead import make_lead
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def types(lead: Lead) -> list[str]:
    return [event.type for event in reversed(log.timeline(("lead", lead.pk)))]


def test_a_lead_has_a_number_a_first_touch_and_a_first_contact(world: World) -> None:
    lead = make_lead(world, source="fair", interest="Belt conveyor", message="How soon?")
    assert (lead.number, lead.state, lead.source) == ("L-2026-00001", "new", "fair")
    touch = queries.first_touch(lead)
    assert touch is not None
    assert (touch.source, touch.occurred_at) == ("fair", world.now)
    contact = queries.interactions(lead).get()
    assert (contact.direction, contact.body, contact.is_by_person) == ("in", "How soon?", True)
    assert types(lead) == ["lead.lead.captured", "lead.interaction.logged"]


def test_the_number_belongs_to_the_year_of_the_sellers_zone(world: World) -> None:
    new_year = world.now.replace(month=12, day=31, hour=23, minute=30)
    assert make_lead(world, now=new_year).number == "L-2027-00001"


def test_the_clock_starts_with_the_customers_act(world: World) -> None:
    asked = world.now - timedelta(hours=3)
    lead = make_lead(world, around=actions.Circumstances(asked_at=asked))
    assert (lead.asked_at, lead.captured_at) == (asked, world.now)
    assert queries.response_of(lead, now=world.now).seconds == 3 * 3600


def test_a_question_in_the_future_is_refused(world: World) -> None:
    around = actions.Circumstances(asked_at=world.now + timedelta(hours=1))
    with pytest.raises(LeadInvalid) as refused:
        make_lead(world, around=around)
    assert "asked_at" in refused.value.fields


def test_an_external_id_makes_one_lead(world: World) -> None:
    around = actions.Circumstances(external_source="shop", external_id="4711")
    first = make_lead(world, around=around)
    again = make_lead(world, around=around, person_name="Somebody else")
    assert first.pk == again.pk
    assert Lead.objects.count() == 1


def test_the_first_touch_never_changes(world: World) -> None:
    lead = make_lead(world, source="fair")
    from django.db import Error, transaction

    with pytest.raises(Error), transaction.atomic():
        Touch.objects.filter(lead=lead).update(source="other")


def test_a_call_that_a_rep_took_is_answered_and_his_to_work(world: World) -> None:
    rep = world.actor("sales_rep")
    around = actions.Circumstances(channel="call", taken_live=True, owner_id=rep.user_id)
    lead = make_lead(world, actor=rep, around=around)
    assert lead.state == "working"
    assert queries.response_of(lead, now=world.now).state == "live"
    assert "lead.lead.answered" in types(lead)


def test_a_lead_of_a_known_customer_goes_to_who_cares_for_it(world: World) -> None:
    rep = world.users["sales_rep"]
    party.revise_organization(
        actor=world.system,
        now=world.now,
        organization_id=world.customer.pk,
        facts={"owner_id": rep.pk},
    )
    lead = make_lead(world, email="purchasing@brandt.example")
    assert lead.owner_id == rep.pk
    (assigned,) = [e for e in log.timeline(("lead", lead.pk)) if e.type == "lead.lead.assigned"]
    assert assigned.payload["reason"] == "owner_of_organization"


def test_the_owner_must_work_for_the_seller(world: World) -> None:
    with pytest.raises(LeadInvalid):
        make_lead(world, around=actions.Circumstances(owner_id=10**9))
    lead = make_lead(world)
    with pytest.raises(LeadInvalid):
        actions.assign(actor=world.system, now=world.now, lead_id=lead.pk, owner_id=10**9)


def test_assigning_is_announced_once(world: World) -> None:
    lead = make_lead(world)
    manager = world.actor("sales_manager")
    for _ in range(2):
        actions.assign(
            actor=manager, now=world.now, lead_id=lead.pk, owner_id=world.users["sales_rep"].pk
        )
    assert types(lead).count("lead.lead.assigned") == 1


def test_others_do_not_see_it(world: World) -> None:
    lead = make_lead(world)
    with pytest.raises(LeadMissing):
        queries.get_lead(world.stranger, lead.pk)
    with pytest.raises(NotFound):
        actions.disqualify(actor=world.stranger, now=world.now, lead_id=lead.pk, reason="no_need")
    assert not queries.leads(world.stranger).exists()


def test_no_contact_is_lost_when_a_listener_fails(world: World) -> None:
    from handsel.attract.lead.events import LeadCaptured
    from handsel.ground.platform import dispatch

    def refuse(event: LeadCaptured, *, actor: object, now: object) -> None:
        raise RuntimeError("a later room failed")

    dispatch.listener(LeadCaptured)(refuse)
    try:
        with pytest.raises(RuntimeError):
            make_lead(world)
    finally:
        dispatch._listeners[LeadCaptured].clear()
    assert not Lead.objects.exists()
    assert not Interaction.objects.exists()
    assert make_lead(world).number == "L-2026-00001"
