"""Opening, moving, revising, winning, losing, opening again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from handsel.attract.opportunity import actions, queries
from handsel.attract.opportunity.errors import (
    ActivityEnded,
    OpportunityClosed,
    OpportunityInvalid,
    ReasonNeeded,
    SeatTaken,
    StageMissing,
)
from handsel.attract.opportunity.models import Opportunity, Pipeline, Stage, StageChange
from handsel.ground.kernel.errors import NotFound
from handsel.ground.kernel.money import Money
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from tests.support.opportunity import make_deal, stage
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def rep(world: World) -> Actor:
    return world.actor("sales_rep")


def types(deal: Opportunity) -> list[str]:
    events = reversed(log.timeline(("opportunity", deal.pk)))
    return [event.type.removeprefix("opportunity.") for event in events]


def test_a_deal_begins_in_the_first_stage_and_belongs_to_who_opened_it(
    world: World, rep: Actor
) -> None:
    deal = make_deal(world, expected_close_on=date(2026, 6, 30))
    assert (deal.stage.name, deal.state, deal.owner_id) == ("Qualified", "open", rep.user_id)
    (change,) = queries.changes(deal)
    assert (change.from_stage, change.to_stage.name) == (None, "Qualified")
    assert types(deal) == ["opportunity.opened"]


def test_without_an_amount_it_is_worth_nothing_in_the_customers_currency(world: World) -> None:
    deal = actions.open_opportunity(
        actor=world.system, now=world.now, seller_id=world.seller.pk, name="Idea"
    )
    assert (deal.amount_minor, deal.currency, deal.owner_id) == (0, "EUR", None)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"amount": "-1.00"}, "amount"),
        ({"owner_id": 10**9}, "owner_id"),
        ({"lead_id": 10**9}, "lead_id"),
    ],
)
def test_a_deal_that_cannot_be_is_refused(world: World, facts: dict[str, str], field: str) -> None:
    with pytest.raises(OpportunityInvalid) as refused:
        make_deal(world, **facts)  # type: ignore[arg-type]  # wrong on purpose
    assert list(refused.value.fields) == [field]


def test_moving_leaves_rows_and_events_and_staying_none(world: World, rep: Actor) -> None:
    deal = make_deal(world)
    for hours, name in ((1, "Offer"), (2, "Offer"), (5, "Needs understood")):
        actions.move(
            actor=rep,
            now=world.now + timedelta(hours=hours),
            opportunity_id=deal.pk,
            stage_id=stage(name).pk,
        )
    seen = queries.stage_visits(deal, now=world.now + timedelta(hours=9))
    assert [(change.to_stage.name, visit.seconds // 3600) for change, visit in seen] == [
        ("Qualified", 1),
        ("Offer", 4),
        ("Needs understood", 4),
    ]
    assert types(deal) == ["opportunity.opened", "opportunity.moved", "opportunity.moved"]


def test_history_cannot_be_rewritten(world: World) -> None:
    from django.db import Error, transaction

    deal = make_deal(world)
    with pytest.raises(Error), transaction.atomic():
        StageChange.objects.filter(opportunity=deal).update(cause="never")


def test_a_stage_of_another_pipeline_is_not_there(world: World, rep: Actor) -> None:
    other = actions.set_up_pipeline("Service")
    foreign = Stage.objects.filter(pipeline=other).first()
    assert foreign is not None
    deal = make_deal(world)
    with pytest.raises(StageMissing):
        actions.move(actor=rep, now=world.now, opportunity_id=deal.pk, stage_id=foreign.pk)
    assert Pipeline.objects.count() == 2


def test_revising_announces_what_changed_once(world: World, rep: Actor) -> None:
    deal = make_deal(world)
    for _ in range(2):
        actions.revise_amount(
            actor=rep, now=world.now, opportunity_id=deal.pk, amount=Money(500, "USD")
        )
    deal.refresh_from_db()
    assert (deal.amount_minor, deal.currency) == (500, "USD")
    assert types(deal).count("opportunity.revised") == 1
    actions.revise(
        actor=rep,
        now=world.now,
        opportunity_id=deal.pk,
        facts={"expected_close_on": date(2026, 5, 1), "owner_id": None, "name": " New  name "},
    )
    deal.refresh_from_db()
    assert (deal.name, deal.owner_id) == ("New name", None)
    with pytest.raises(OpportunityInvalid):
        actions.revise(actor=rep, now=world.now, opportunity_id=deal.pk, facts={"state": "won"})


def test_winning_is_for_an_amount_and_happens_once(world: World, rep: Actor) -> None:
    deal = make_deal(world)
    for amount in ("11500.00", "99.00"):
        actions.win(
            actor=rep,
            now=world.now,
            opportunity_id=deal.pk,
            amount=Money.parse(amount, "EUR"),
        )
    deal.refresh_from_db()
    assert (deal.state, deal.stage.name, deal.amount_minor) == ("won", "Won", 1150000)
    assert deal.closed_at == world.now
    assert types(deal) == ["opportunity.opened", "opportunity.won"]


def test_the_won_stage_wins_and_the_lost_stage_asks_why(world: World, rep: Actor) -> None:
    deal, other = make_deal(world), make_deal(world)
    actions.move(actor=rep, now=world.now, opportunity_id=deal.pk, stage_id=stage("Won").pk)
    deal.refresh_from_db()
    assert deal.state == "won"
    with pytest.raises(ReasonNeeded):
        actions.move(actor=rep, now=world.now, opportunity_id=other.pk, stage_id=stage("Lost").pk)


@pytest.mark.parametrize(
    ("reason", "lost_to", "field"),
    [
        ("", "", "reason"),
        ("mood", "", "reason"),
        ("competitor", " ", "lost_to"),
        ("no_decision", "Transnova", "lost_to"),
        ("price", "x" * 101, "lost_to"),
    ],
)
def test_losing_needs_a_reason_that_makes_sense(
    world: World, rep: Actor, reason: str, lost_to: str, field: str
) -> None:
    deal = make_deal(world)
    with pytest.raises(OpportunityInvalid) as refused:
        actions.lose(
            actor=rep, now=world.now, opportunity_id=deal.pk, reason=reason, lost_to=lost_to
        )
    assert list(refused.value.fields) == [field]


def test_lost_with_the_stage_it_was_lost_in_and_opened_again_there(
    world: World, rep: Actor
) -> None:
    deal = make_deal(world)
    actions.move(actor=rep, now=world.now, opportunity_id=deal.pk, stage_id=stage("Offer").pk)
    actions.lose(
        actor=rep,
        now=world.now,
        opportunity_id=deal.pk,
        reason="competitor",
        lost_to="Transnova",
    )
    deal.refresh_from_db()
    assert (deal.state, deal.lost_reason, deal.lost_to) == ("lost", "competitor", "Transnova")
    last = queries.changes(deal)[-1]
    assert last.from_stage is not None
    assert last.from_stage.name == "Offer"
    with pytest.raises(OpportunityClosed):
        actions.lose(actor=rep, now=world.now, opportunity_id=deal.pk, reason="price")
    with pytest.raises(OpportunityClosed):
        actions.revise_amount(
            actor=rep, now=world.now, opportunity_id=deal.pk, amount=Money(1, "EUR")
        )
    actions.reopen(actor=rep, now=world.now, opportunity_id=deal.pk)
    deal.refresh_from_db()
    assert (deal.state, deal.stage.name, deal.lost_reason, deal.closed_at) == (
        "open",
        "Offer",
        "",
        None,
    )
    with pytest.raises(OpportunityClosed):
        actions.reopen(actor=rep, now=world.now, opportunity_id=deal.pk)


def test_a_lost_deal_may_be_won_after_all(world: World, rep: Actor) -> None:
    deal = make_deal(world)
    actions.lose(actor=rep, now=world.now, opportunity_id=deal.pk, reason="timing")
    actions.win(actor=rep, now=world.now, opportunity_id=deal.pk)
    deal.refresh_from_db()
    assert (deal.state, deal.lost_reason) == ("won", "")


def test_steps_are_planned_taken_once_and_their_lack_is_seen(world: World, rep: Actor) -> None:
    deal = make_deal(world)
    bare = queries.filtered(rep, {"step": "none"}, today=world.now.date())
    assert list(bare) == [deal]
    step = actions.plan_activity(
        actor=rep,
        now=world.now,
        opportunity_id=deal.pk,
        kind="call",
        subject="Ask for the drawing",
        due_at=world.now + timedelta(days=1),
    )
    assert step.owner_id == deal.owner_id
    assert not bare.all().exists()
    later = world.now.date() + timedelta(days=3)
    assert list(queries.filtered(rep, {"step": "late"}, today=later)) == [deal]
    (row,), _more = queries.page(queries.opportunities(rep), sort="name")
    assert (row["next_subject"], row["next_due_at"]) == (step.subject, step.due_at)
    actions.complete_activity(
        actor=rep, now=world.now, opportunity_id=deal.pk, activity_id=step.pk, outcome="Got it"
    )
    with pytest.raises(ActivityEnded):
        actions.complete_activity(
            actor=rep, now=world.now, opportunity_id=deal.pk, activity_id=step.pk
        )
    assert list(bare.all()) == [deal]
    assert types(deal)[1:] == ["activity.planned", "activity.done"]
    with pytest.raises(OpportunityInvalid):
        actions.plan_activity(
            actor=rep, now=world.now, opportunity_id=deal.pk, kind="pigeon", subject=" "
        )


def test_the_committee_has_one_seat_a_person(world: World, rep: Actor) -> None:
    deal = make_deal(world)
    seat = actions.seat_member(
        actor=rep,
        now=world.now,
        opportunity_id=deal.pk,
        person_id=world.buyer.pk,
        role="decision_maker",
    )
    with pytest.raises(SeatTaken):
        actions.seat_member(
            actor=rep,
            now=world.now,
            opportunity_id=deal.pk,
            person_id=world.buyer.pk,
            role="user",
        )
    actions.change_member(
        actor=rep,
        now=world.now,
        opportunity_id=deal.pk,
        member_id=seat.pk,
        role="champion",
        sentiment="supportive",
    )
    assert queries.committee(deal).get().sentiment == "supportive"
    other = make_deal(world)
    with pytest.raises(NotFound):
        actions.remove_member(actor=rep, now=world.now, opportunity_id=other.pk, member_id=seat.pk)
    actions.remove_member(actor=rep, now=world.now, opportunity_id=deal.pk, member_id=seat.pk)
    assert not queries.committee(deal).exists()
    assert types(deal)[1:] == ["committee.changed"] * 3


def test_others_do_not_see_it(world: World) -> None:
    deal = make_deal(world)
    with pytest.raises(NotFound):
        queries.get_opportunity(world.stranger, deal.pk)
    with pytest.raises(NotFound):
        actions.win(actor=world.stranger, now=world.now, opportunity_id=deal.pk)
    assert not queries.opportunities(world.stranger).exists()
