"""Qualifying with evidence, giving up with a reason, opening again."""

from __future__ import annotations

from typing import Any

import pytest

from handsel.attract.lead import actions, queries
from handsel.attract.lead.errors import LeadInvalid, LeadNotOpen
from handsel.attract.lead.models import Lead
from handsel.attract.lead.rules.qualification import DIMENSIONS
from handsel.ground.kernel.errors import Invalid, Refused
from handsel.ground.platform import log
from tests.support.lead import make_lead
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def find(world: World, lead: Lead, dimension: str, grade: int, evidence: str = "he said") -> str:
    actions.qualify(
        actor=world.actor("sales_rep"),
        now=world.now,
        lead_id=lead.pk,
        dimension=dimension,
        grade=grade,
        evidence=evidence,
    )
    return Lead.objects.get(pk=lead.pk).state


def test_the_state_follows_the_findings_and_back(world: World) -> None:
    lead = make_lead(world)
    assert [find(world, lead, name, 2) for name in DIMENSIONS] == [
        "working",
        "working",
        "working",
        "qualified",
    ]
    assert find(world, lead, "timing", 0) == "working"
    assert queries.verdict_of(lead).refuted == ("timing",)
    assert find(world, lead, "timing", 3) == "qualified"
    assert queries.latest_findings(lead)["timing"].grade == 3


def test_no_grade_without_evidence(world: World) -> None:
    lead = make_lead(world)
    with pytest.raises(LeadInvalid) as refused:
        find(world, lead, "taste", 7, "  ")
    assert set(refused.value.fields) == {"dimension", "grade", "evidence"}


@pytest.mark.parametrize("reason", ["spam", "test", "duplicate"])
def test_who_asked_nothing_is_left_out_of_the_figures(world: World, reason: str) -> None:
    lead = make_lead(world)
    rep = world.actor("sales_rep")
    actions.disqualify(actor=rep, now=world.now, lead_id=lead.pk, reason=reason)
    lead.refresh_from_db()
    assert (lead.state, lead.excluded_from_response) == ("disqualified", reason)
    actions.reopen_lead(actor=rep, now=world.now, lead_id=lead.pk)
    lead.refresh_from_db()
    assert (lead.state, lead.excluded_from_response, lead.disqualified_at) == ("working", "", None)


def test_who_has_no_budget_still_asked(world: World) -> None:
    lead = make_lead(world)
    actions.disqualify(
        actor=world.system, now=world.now, lead_id=lead.pk, reason="no_budget", note="next year"
    )
    lead.refresh_from_db()
    assert (lead.excluded_from_response, lead.disqualified_note) == ("", "next year")
    (event,) = [e for e in log.timeline(("lead", lead.pk)) if e.type == "lead.lead.disqualified"]
    assert event.payload["reason"] == "no_budget"


def test_words_that_are_too_long_are_refused_and_not_cut_off(world: World) -> None:
    lead, rep = make_lead(world), world.actor("sales_rep")
    act: dict[str, Any] = {"actor": rep, "now": world.now, "lead_id": lead.pk}
    with pytest.raises(Invalid) as refused:
        actions.disqualify(**act, reason="no_budget", note="x" * 301)
    assert set(refused.value.fields) == {"note"}
    with pytest.raises(Invalid) as refused:
        actions.reply(**act, subject="x" * 201, body="Hello")
    assert set(refused.value.fields) == {"subject"}
    lead.refresh_from_db()
    assert lead.state == "new"


def test_a_closed_lead_is_not_qualified_nor_closed_twice(world: World) -> None:
    lead = make_lead(world)
    actions.disqualify(actor=world.system, now=world.now, lead_id=lead.pk, reason="no_need")
    with pytest.raises(LeadNotOpen):
        find(world, lead, "fit", 3)
    with pytest.raises(Refused):
        actions.disqualify(actor=world.system, now=world.now, lead_id=lead.pk, reason="spam")
    with pytest.raises(LeadInvalid):
        actions.disqualify(actor=world.system, now=world.now, lead_id=lead.pk, reason="mood")


def test_only_a_lead_that_was_given_up_is_opened_again(world: World) -> None:
    with pytest.raises(LeadNotOpen):
        actions.reopen_lead(actor=world.system, now=world.now, lead_id=make_lead(world).pk)
