"""Steps and the buying committee of one deal."""

from __future__ import annotations

from handsel.attract.opportunity import actions
from handsel.attract.opportunity.rest.routing import router
from handsel.attract.opportunity.rest.schemas import (
    ActivityIn,
    ActivityOut,
    DoneIn,
    KeyInPath,
    MemberChangeIn,
    MemberIn,
    MemberOut,
)
from handsel.ground.identity.access import Request
from handsel.ground.kernel.grammar import parse_instant
from handsel.ground.platform.api import ClosedSchema


class NothingIn(ClosedSchema):
    """A command that needs no words."""


class Removed(ClosedSchema):
    """What was taken away."""

    removed: int


@router.post(
    "/{opportunity_id}/activities",
    permission="opportunity.edit",
    response=ActivityOut,
    summary="Plan the next step",
    status=201,
)
def plan(request: Request, opportunity_id: KeyInPath, body: ActivityIn) -> ActivityOut:
    """By the deal's owner, unless somebody else is named."""
    row = actions.plan_activity(
        actor=request.actor,
        now=request.now,
        opportunity_id=opportunity_id,
        kind=body.kind,
        subject=body.subject,
        due_at=parse_instant(body.due_at) if body.due_at else None,
        owner_id=body.owner_id,
    )
    return ActivityOut.of(row)


@router.post(
    "/{opportunity_id}/activities/{activity_id}/complete",
    permission="opportunity.edit",
    response=ActivityOut,
    summary="Note that a step was taken",
)
def complete(
    request: Request, opportunity_id: KeyInPath, activity_id: KeyInPath, body: DoneIn
) -> ActivityOut:
    """Once only, with what came of it."""
    row = actions.complete_activity(
        actor=request.actor,
        now=request.now,
        opportunity_id=opportunity_id,
        activity_id=activity_id,
        outcome=body.outcome,
    )
    return ActivityOut.of(row)


@router.post(
    "/{opportunity_id}/committee",
    permission="opportunity.edit",
    response=MemberOut,
    summary="Note a person's part in the customer's decision",
    status=201,
)
def seat(request: Request, opportunity_id: KeyInPath, body: MemberIn) -> MemberOut:
    """One part a person."""
    row = actions.seat_member(
        actor=request.actor,
        now=request.now,
        opportunity_id=opportunity_id,
        person_id=body.person_id,
        role=body.role,
        sentiment=body.sentiment,
        note=body.note,
    )
    return MemberOut.of(row)


@router.post(
    "/{opportunity_id}/committee/{member_id}",
    permission="opportunity.edit",
    response=MemberOut,
    summary="Change a person's part, or what he thinks",
)
def change(
    request: Request, opportunity_id: KeyInPath, member_id: KeyInPath, body: MemberChangeIn
) -> MemberOut:
    """The log keeps what it was."""
    row = actions.change_member(
        actor=request.actor,
        now=request.now,
        opportunity_id=opportunity_id,
        member_id=member_id,
        role=body.role,
        sentiment=body.sentiment,
        note=body.note,
    )
    return MemberOut.of(row)


@router.post(
    "/{opportunity_id}/committee/{member_id}/remove",
    permission="opportunity.edit",
    response=Removed,
    summary="Take a person out of the committee",
)
def remove(
    request: Request, opportunity_id: KeyInPath, member_id: KeyInPath, body: NothingIn
) -> Removed:
    """The log keeps that he had a part."""
    actions.remove_member(
        actor=request.actor,
        now=request.now,
        opportunity_id=opportunity_id,
        member_id=member_id,
    )
    return Removed(removed=member_id)
