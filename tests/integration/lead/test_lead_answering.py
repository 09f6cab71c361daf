"""Answering a lead: what stops its clock, in the database as in the rules."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handsel.attract.lead import actions, queries
from handsel.attract.lead.errors import LeadInvalid
from handsel.attract.lead.models import Lead
from handsel.ground.document.models import Mail
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from tests.support.lead import make_form, make_lead
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def rep(world: World) -> Actor:
    return world.actor("sales_rep")


def call(world: World, rep: Actor, lead: Lead, minutes: int, *, reached: bool = True) -> None:
    actions.log_interaction(
        actor=rep,
        now=world.now + timedelta(minutes=minutes),
        lead_id=lead.pk,
        direction="out",
        channel="call",
        reached=reached,
    )


def answered_events(lead: Lead) -> list[int]:
    events = log.timeline(("lead", lead.pk))
    return [e.payload["seconds"] for e in events if e.type == "lead.lead.answered"]


def test_a_mail_from_the_page_is_queued_and_stops_the_clock(world: World, rep: Actor) -> None:
    lead = make_lead(world, language="de")
    later = world.now + timedelta(minutes=12)
    row = actions.reply(actor=rep, now=later, lead_id=lead.pk, subject="Re: Band", body="Gern.")
    mail = Mail.objects.get(pk=row.mail_id)
    assert (mail.to, mail.by_user_id) == (["mara@vogel-druck.example"], rep.user_id)
    assert mail.about == [{"type": "lead", "id": lead.pk}]
    assert answered_events(lead) == [12 * 60]
    lead.refresh_from_db()
    assert lead.state == "working"


def test_a_mail_that_came_back_answered_nobody(world: World, rep: Actor) -> None:
    lead = make_lead(world)
    row = actions.reply(actor=rep, now=world.now, lead_id=lead.pk, subject="Hello", body="There")
    Mail.objects.filter(pk=row.mail_id).update(state="failed")
    assert queries.response_of(lead, now=world.now).state == "waiting"
    assert lead in queries.unanswered(queries.leads(rep))
    call(world, rep, lead, 90)
    assert queries.response_of(lead, now=world.now).seconds == 90 * 60


def test_dials_nobody_took_are_attempts(world: World, rep: Actor) -> None:
    lead = make_lead(world)
    call(world, rep, lead, 5, reached=False)
    call(world, rep, lead, 9, reached=False)
    found = queries.response_of(lead, now=world.now + timedelta(hours=1))
    assert (found.state, found.attempts) == ("waiting", 2)
    call(world, rep, lead, 30)
    call(world, rep, lead, 40)
    assert answered_events(lead) == [30 * 60]


def test_an_acknowledgement_stops_nothing(world: World) -> None:
    from handsel.attract.lead.rules.inquiry import inquiry, origin

    form = make_form(world)
    captured = actions.capture_from_form(
        form=form,
        now=world.now,
        inquiry=inquiry({"person_name": "Mara", "email": "m@v.example"}),
        origin=origin({}),
        consented=False,
    )
    assert Mail.objects.get().template == "inquiry_acknowledged"
    assert captured.lead.number in Mail.objects.get().body_text
    assert queries.response_of(captured.lead, now=world.now).state == "waiting"
    assert captured.lead in queries.unanswered(queries.leads(world.system))


def test_asking_again_opens_another_clock(world: World, rep: Actor) -> None:
    first = make_lead(world)
    call(world, rep, first, 10)
    again = make_lead(world, now=world.now + timedelta(days=3))
    assert again.pk != first.pk
    assert queries.response_of(again, now=world.now + timedelta(days=4)).state == "waiting"


def test_the_list_and_the_rules_agree(world: World, rep: Actor) -> None:
    live = actions.Circumstances(channel="visit", taken_live=True)
    leads = [make_lead(world) for _ in range(4)]
    leads.append(make_lead(world, actor=rep, around=live))
    call(world, rep, leads[0], 20)
    call(world, rep, leads[1], 20, reached=False)
    actions.disqualify(actor=rep, now=world.now, lead_id=leads[2].pk, reason="spam")
    now = world.now + timedelta(hours=2)
    rows, more = queries.page(queries.leads(rep), sort="-asked_at")
    listed = {row["id"]: queries.response_of_row(row, now=now).state for row in rows}
    told = {lead.pk: queries.response_of(lead, now=now) for lead in queries.leads(rep)}
    assert listed == {key: found.state for key, found in told.items()}
    assert not more
    assert {lead.pk for lead in queries.unanswered(queries.leads(rep))} == {
        leads[1].pk,
        leads[3].pk,
    }


def test_response_rows_keep_everybody_and_say_who_is_left_out(world: World, rep: Actor) -> None:
    kept, spam = make_lead(world), make_lead(world)
    actions.disqualify(actor=rep, now=world.now, lead_id=spam.pk, reason="spam")
    rows = queries.response_rows(
        rep, asked_from=world.now, asked_until=world.now + timedelta(days=1)
    )
    assert {row["id"]: row["excluded"] for row in rows} == {kept.pk: "", spam.pk: "spam"}


def test_an_answer_needs_words_and_an_address(world: World, rep: Actor) -> None:
    lead = make_lead(world, email="", phone="+49 30 1234567")
    with pytest.raises(LeadInvalid) as refused:
        actions.reply(actor=rep, now=world.now, lead_id=lead.pk, subject=" ", body="")
    assert set(refused.value.fields) == {"subject", "body", "email"}


def test_a_contact_in_the_future_or_by_an_unknown_way_is_refused(world: World, rep: Actor) -> None:
    lead = make_lead(world)
    with pytest.raises(LeadInvalid) as refused:
        actions.log_interaction(
            actor=rep,
            now=world.now,
            lead_id=lead.pk,
            direction="up",
            channel="pigeon",
            occurred_at=world.now + timedelta(seconds=1),
        )
    assert set(refused.value.fields) == {"direction", "channel", "occurred_at"}
