"""Next steps and the buying committee: what keeps a deal moving, and who decides."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from handsel.attract.opportunity import queries
from handsel.attract.opportunity.actions.opening import check_owner
from handsel.attract.opportunity.errors import ActivityEnded, OpportunityInvalid, SeatTaken
from handsel.attract.opportunity.events import ActivityDone, ActivityPlanned, CommitteeChanged
from handsel.attract.opportunity.models import Activity, CommitteeMember
from handsel.attract.opportunity.rules import states
from handsel.ground.kernel.free_text import free_text
from handsel.ground.kernel.said import said
from handsel.ground.party.queries import get_person
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor


@transaction.atomic
def plan_activity(
    *,
    actor: Actor,
    now: datetime,
    opportunity_id: int,
    kind: str,
    subject: str,
    due_at: datetime | None = None,
    owner_id: int | None = None,
) -> Activity:
    """Plan the next step of a deal: call, meeting, mail or task, by whom and until when."""
    deal = queries.locked_opportunity(actor, opportunity_id)
    clean = " ".join(subject.replace("\x00", "").split())
    wrong: dict[str, str] = {}
    if kind not in states.ACTIVITY_KINDS:
        wrong["kind"] = said(
            "one of %(activity_kinds)s", activity_kinds=", ".join(states.ACTIVITY_KINDS)
        )
    if not clean or len(clean) > 200:
        wrong["subject"] = "what is to be done, in at most 200 characters"
    if wrong:
        raise OpportunityInvalid("this step cannot be planned", fields=wrong)
    owner = owner_id if owner_id is not None else deal.owner_id
    row = Activity.objects.create(
        opportunity=deal,
        kind=kind,
        subject=clean,
        due_at=due_at,
        owner_id=check_owner(deal.seller_id, owner),
        created_at=now,
    )
    event = ActivityPlanned(activity_id=row.pk, opportunity_id=deal.pk)
    log.announce(event, actor=actor, now=now)
    return row


@transaction.atomic
def complete_activity(
    *, actor: Actor, now: datetime, opportunity_id: int, activity_id: int, outcome: str = ""
) -> Activity:
    """Note that a step was taken, and what came of it. Once only."""
    deal = queries.locked_opportunity(actor, opportunity_id)
    row = queries.get_activity(deal, activity_id)
    said = free_text(outcome, field="outcome", longest=5000)
    taken = Activity.objects.filter(pk=row.pk, done_at=None).update(done_at=now, outcome=said)
    if not taken:
        raise ActivityEnded("this step was taken already")
    event = ActivityDone(activity_id=row.pk, opportunity_id=deal.pk)
    log.announce(event, actor=actor, now=now)
    row.done_at, row.outcome = now, said
    return row


@transaction.atomic
def seat_member(
    *,
    actor: Actor,
    now: datetime,
    opportunity_id: int,
    person_id: int,
    role: str,
    sentiment: str = "unknown",
    note: str = "",
) -> CommitteeMember:
    """Note that a person has a part in the customer's decision. One seat a person."""
    deal = queries.locked_opportunity(actor, opportunity_id)
    get_person(person_id)
    _check_seat(role, sentiment, note)
    try:
        with transaction.atomic():
            row = CommitteeMember.objects.create(
                opportunity=deal, person_id=person_id, role=role, sentiment=sentiment, note=note
            )
    except IntegrityError as clash:
        raise SeatTaken("this person has a part in the decision already; change it") from clash
    _announce_change(row, "seated", actor=actor, now=now)
    return row


@transaction.atomic
def change_member(
    *,
    actor: Actor,
    now: datetime,
    opportunity_id: int,
    member_id: int,
    role: str,
    sentiment: str,
    note: str = "",
) -> CommitteeMember:
    """Change a person's part, or what he thinks of the deal."""
    deal = queries.locked_opportunity(actor, opportunity_id)
    row = queries.get_member(deal, member_id)
    _check_seat(role, sentiment, note)
    row.role, row.sentiment, row.note = role, sentiment, note
    row.save(update_fields=["role", "sentiment", "note"])
    _announce_change(row, "changed", actor=actor, now=now)
    return row


@transaction.atomic
def remove_member(*, actor: Actor, now: datetime, opportunity_id: int, member_id: int) -> None:
    """Note that a person has no part in the decision any more; the log keeps that he had."""
    deal = queries.locked_opportunity(actor, opportunity_id)
    row = queries.get_member(deal, member_id)
    _announce_change(row, "removed", actor=actor, now=now)
    row.delete()


def _check_seat(role: str, sentiment: str, note: str) -> None:
    wrong: dict[str, str] = {}
    if role not in states.COMMITTEE_ROLES:
        wrong["role"] = said(
            "one of %(committee_roles)s", committee_roles=", ".join(states.COMMITTEE_ROLES)
        )
    if sentiment not in states.SENTIMENTS:
        wrong["sentiment"] = said("one of %(sentiments)s", sentiments=", ".join(states.SENTIMENTS))
    if len(note) > 300 or "\x00" in note:
        wrong["note"] = "at most 300 characters"
    if wrong:
        raise OpportunityInvalid("this part in the decision cannot be kept", fields=wrong)


def _announce_change(row: CommitteeMember, change: str, *, actor: Actor, now: datetime) -> None:
    event = CommitteeChanged(
        opportunity_id=row.opportunity_id,
        person_id=row.person_id,
        change=change,
        role=row.role,
        sentiment=row.sentiment,
    )
    log.announce(event, actor=actor, now=now)
