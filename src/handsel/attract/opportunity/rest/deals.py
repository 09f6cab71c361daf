"""One deal: open, get, move, win, lose, open again, revise; and a lead that becomes one."""

from __future__ import annotations

from datetime import datetime

from handsel.attract.opportunity import actions, queries
from handsel.attract.opportunity.models import Opportunity
from handsel.attract.opportunity.rest.routing import router
from handsel.attract.opportunity.rest.schemas import (
    ActivityOut,
    ConvertIn,
    KeyInPath,
    LoseIn,
    MemberOut,
    MoveIn,
    OpenIn,
    OpportunityOut,
    OpportunityRecordOut,
    ReopenIn,
    ReviseIn,
    VisitOut,
    WinIn,
    day,
)
from handsel.ground.identity.access import Request
from handsel.ground.party.queries import default_seller_id


@router.post(
    "/",
    permission="opportunity.edit",
    response=OpportunityOut,
    summary="Open an opportunity",
    status=201,
)
def open_deal(request: Request, body: OpenIn) -> OpportunityOut:
    """In the first stage, unless an open stage is given."""
    deal = actions.open_opportunity(
        actor=request.actor,
        now=request.now,
        seller_id=body.seller_id or default_seller_id(request.actor),
        name=body.name,
        amount=body.amount.money() if body.amount else None,
        organization_id=body.organization_id,
        person_id=body.person_id,
        lead_id=body.lead_id,
        owner_id=body.owner_id,
        expected_close_on=day(body.expected_close_on),
        pipeline_id=body.pipeline_id,
        stage_id=body.stage_id,
    )
    return OpportunityOut.of(deal)


@router.post(
    "/of-lead/{lead_id}",
    permission="opportunity.edit",
    response=OpportunityOut,
    summary="Convert a lead to organization, person and opportunity",
    status=201,
)
def convert(request: Request, lead_id: KeyInPath, body: ConvertIn) -> OpportunityOut:
    """Once. Decisions about who the lead is are followed unless the body says otherwise."""
    deal = actions.convert_lead(
        actor=request.actor,
        now=request.now,
        lead_id=lead_id,
        parties=actions.Parties(
            organization_id=body.organization_id,
            organization_name=body.organization_name,
            country=body.country,
            person_id=body.person_id,
            person_name=body.person_name,
        ),
        name=body.name,
        amount=body.amount.money() if body.amount else None,
        expected_close_on=day(body.expected_close_on),
        owner_id=body.owner_id,
    )
    return OpportunityOut.of(deal)


@router.get(
    "/{opportunity_id}",
    permission="opportunity.view",
    response=OpportunityRecordOut,
    summary="Get an opportunity",
)
def get(request: Request, opportunity_id: KeyInPath) -> OpportunityRecordOut:
    """With its stage history, steps and buying committee."""
    deal = queries.get_opportunity(request.actor, opportunity_id)
    return _record(deal, request.now)


def _record(deal: Opportunity, now: datetime) -> OpportunityRecordOut:
    return OpportunityRecordOut(
        opportunity=OpportunityOut.of(deal),
        history=[VisitOut.of(visit) for _, visit in queries.stage_visits(deal, now=now)],
        activities=[ActivityOut.of(row) for row in queries.activities(deal)],
        committee=[MemberOut.of(row) for row in queries.committee(deal)],
    )


@router.post(
    "/{opportunity_id}/move",
    permission="opportunity.edit",
    response=OpportunityOut,
    summary="Move an opportunity to another stage",
)
def move(request: Request, opportunity_id: KeyInPath, body: MoveIn) -> OpportunityOut:
    """The won stage wins it; the lost stage is refused, because losing needs a reason."""
    deal = actions.move(
        actor=request.actor,
        now=request.now,
        opportunity_id=opportunity_id,
        stage_id=body.stage_id,
        cause=body.cause,
    )
    return OpportunityOut.of(deal)


@router.post(
    "/{opportunity_id}/win",
    permission="opportunity.edit",
    response=OpportunityOut,
    summary="Win an opportunity",
)
def win(request: Request, opportunity_id: KeyInPath, body: WinIn) -> OpportunityOut:
    """A won one stays as it is."""
    deal = actions.win(
        actor=request.actor,
        now=request.now,
        opportunity_id=opportunity_id,
        amount=body.amount.money() if body.amount else None,
    )
    return OpportunityOut.of(deal)


@router.post(
    "/{opportunity_id}/lose",
    permission="opportunity.edit",
    response=OpportunityOut,
    summary="Lose an opportunity, for a reason",
)
def lose(request: Request, opportunity_id: KeyInPath, body: LoseIn) -> OpportunityOut:
    """No decision is lost too, but to nobody."""
    deal = actions.lose(
        actor=request.actor,
        now=request.now,
        opportunity_id=opportunity_id,
        reason=body.reason,
        lost_to=body.lost_to,
    )
    return OpportunityOut.of(deal)


@router.post(
    "/{opportunity_id}/reopen",
    permission="opportunity.edit",
    response=OpportunityOut,
    summary="Open a closed opportunity again",
)
def reopen(request: Request, opportunity_id: KeyInPath, body: ReopenIn) -> OpportunityOut:
    """In the stage it was closed from, unless another open one is given."""
    deal = actions.reopen(
        actor=request.actor,
        now=request.now,
        opportunity_id=opportunity_id,
        stage_id=body.stage_id,
        cause=body.cause,
    )
    return OpportunityOut.of(deal)


@router.post(
    "/{opportunity_id}/revise",
    permission="opportunity.edit",
    response=OpportunityOut,
    summary="Change what is known about an open opportunity",
)
def revise(request: Request, opportunity_id: KeyInPath, body: ReviseIn) -> OpportunityOut:
    """What is left out stays; null empties."""
    facts = body.model_dump(exclude_unset=True)
    facts = {name: value for name, value in facts.items() if value is not None or name in _EMPTY}
    if body.amount is not None:
        facts["amount"] = body.amount.money()
    if "expected_close_on" in facts:
        facts["expected_close_on"] = day(body.expected_close_on)
    deal = actions.revise(
        actor=request.actor, now=request.now, opportunity_id=opportunity_id, facts=facts
    )
    return OpportunityOut.of(deal)


# What may be emptied; name and amount may only be changed.
_EMPTY = frozenset({"expected_close_on", "owner_id", "organization_id", "person_id"})
