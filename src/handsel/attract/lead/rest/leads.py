"""One lead at a time, and lists of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Query

from handsel.attract.lead import actions, queries
from handsel.attract.lead.models import Lead
from handsel.attract.lead.rest.routing import router
from handsel.attract.lead.rest.schemas import (
    AssignIn,
    CaptureIn,
    ContactIn,
    ContactOut,
    DecisionIn,
    DisqualifyIn,
    FindingIn,
    FindingOut,
    KeyInPath,
    LeadCapturedOut,
    LeadListOut,
    LeadOut,
    LeadRecordOut,
    LeadRowOut,
    RecognitionOut,
    ReplyIn,
    ResponseOut,
    VerdictOut,
    storable,
)
from handsel.attract.lead.rules.inquiry import inquiry, origin
from handsel.attract.lead.rules.qualification import verdict as verdict_of
from handsel.ground.identity.access import Request
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_instant
from handsel.ground.party.queries import default_seller_id

Page = Annotated[int, Query(ge=1, le=200)]


@router.get("/", permission="lead.view", response=LeadListOut, summary="List leads, newest first")
def list_leads(
    request: Request,
    state: Annotated[str, Query(max_length=20)] = "",
    source: Annotated[str, Query(max_length=100)] = "",
    q: Annotated[str, Query(max_length=100)] = "",
    waiting: bool = False,
    cursor: Annotated[str, Query(max_length=80)] = "",
    limit: Page = 50,
) -> Any:
    """Filters as on the page; `cursor` is the `next_cursor` of the page before."""
    filters = {"state": state, "source": source, "q": q, "waiting": "1" if waiting else ""}
    rows = queries.filtered(request.actor, {k: storable(v) for k, v in filters.items()})
    if cursor:
        rows = queries.after(rows, *_position(cursor))
    found, more = queries.page(rows, sort="-asked_at", limit=limit)
    last = found[-1] if more else None
    return LeadListOut(
        rows=[_row(row, request.now) for row in found],
        next_cursor=f"{last['asked_at'].isoformat()}_{last['id']}" if last else "",
    )


def _position(cursor: str) -> tuple[datetime, int]:
    instant, _, key = cursor.rpartition("_")
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        raise Invalid("this cursor was not given out here", fields={"cursor": "a next_cursor"})
    return parse_instant(instant), int(key)


def _row(row: dict[str, Any], now: datetime) -> LeadRowOut:
    clock = queries.response_of_row(row, now=now)
    names = ("id", "number", "state", "person_name", "company_name", "source", "asked_at")
    return LeadRowOut(**{name: row[name] for name in names}, response=_clock(clock))


def _clock(found: Any) -> ResponseOut:
    return ResponseOut(**{name: getattr(found, name) for name in ResponseOut.model_fields})


@router.post(
    "/", permission="lead.edit", response=LeadCapturedOut, summary="Capture a lead", status=201
)
def capture(request: Request, body: CaptureIn) -> LeadCapturedOut:
    """Once for an Idempotency-Key, and once for a pair of external source and id."""
    said = body.model_dump()
    seller_id = body.seller_id or default_seller_id(request.actor)
    captured = actions.capture_lead(
        actor=request.actor,
        now=request.now,
        seller_id=seller_id,
        inquiry=inquiry(said, need_contact=not body.external_id),
        origin=origin(said),
        circumstances=actions.Circumstances(
            channel=body.channel,
            asked_at=parse_instant(body.asked_at) if body.asked_at else None,
            external_source=storable(body.external_source),
            external_id=storable(body.external_id),
            owner_id=body.owner_id,
            taken_live=body.taken_live,
        ),
    )
    return LeadCapturedOut(lead=LeadOut.of(captured.lead), is_new=captured.is_new)


@router.get("/{lead_id}", permission="lead.view", response=LeadRecordOut, summary="Get a lead")
def get(request: Request, lead_id: KeyInPath) -> LeadRecordOut:
    """With its clock, contacts, findings and proposals."""
    lead = queries.get_lead(request.actor, lead_id)
    return _record(lead, request.now)


def _record(lead: Lead, now: datetime) -> LeadRecordOut:
    findings = queries.latest_findings(lead)
    verdict = verdict_of({name: row.grade for name, row in findings.items()})
    return LeadRecordOut(
        lead=LeadOut.of(lead),
        response=_clock(queries.response_of(lead, now=now)),
        contacts=[ContactOut.of(row) for row in queries.interactions(lead)],
        findings=[FindingOut.of(row) for row in findings.values()],
        verdict=VerdictOut(
            state=verdict.state,
            points=verdict.points,
            missing=list(verdict.missing),
            weak=list(verdict.weak),
            refuted=list(verdict.refuted),
        ),
        recognitions=[RecognitionOut.of(row) for row in queries.recognitions(lead)],
    )


@router.post(
    "/{lead_id}/contacts",
    permission="lead.edit",
    response=ContactOut,
    summary="Log a contact",
    status=201,
)
def log_contact(request: Request, lead_id: KeyInPath, body: ContactIn) -> ContactOut:
    """The first outbound one that reached the customer stops the response clock."""
    row = actions.log_interaction(
        actor=request.actor,
        now=request.now,
        lead_id=lead_id,
        direction=body.direction,
        channel=body.channel,
        reached=body.reached,
        subject=body.subject,
        body=body.body,
        occurred_at=parse_instant(body.occurred_at) if body.occurred_at else None,
    )
    return ContactOut.of(row)


@router.post(
    "/{lead_id}/reply",
    permission="lead.edit",
    response=ContactOut,
    summary="Answer a lead by mail",
    status=201,
)
def reply(request: Request, lead_id: KeyInPath, body: ReplyIn) -> ContactOut:
    """Sent from the outbox; stops the response clock."""
    row = actions.reply(
        actor=request.actor,
        now=request.now,
        lead_id=lead_id,
        subject=body.subject,
        body=body.body,
    )
    return ContactOut.of(row)


@router.post(
    "/{lead_id}/findings",
    permission="lead.edit",
    response=LeadRecordOut,
    summary="Qualify a lead on one question",
    status=201,
)
def qualify(request: Request, lead_id: KeyInPath, body: FindingIn) -> LeadRecordOut:
    """The latest finding on a question counts; the lead's state follows."""
    actions.qualify(
        actor=request.actor,
        now=request.now,
        lead_id=lead_id,
        dimension=body.dimension,
        grade=body.grade,
        evidence=body.evidence,
    )
    return _record(queries.get_lead(request.actor, lead_id), request.now)


@router.post(
    "/{lead_id}/disqualify", permission="lead.edit", response=LeadOut, summary="Give a lead up"
)
def disqualify(request: Request, lead_id: KeyInPath, body: DisqualifyIn) -> LeadOut:
    """Spam, tests and duplicates are left out of response figures."""
    lead = actions.disqualify(
        actor=request.actor,
        now=request.now,
        lead_id=lead_id,
        reason=body.reason,
        note=body.note,
    )
    return LeadOut.of(lead)


@router.post(
    "/{lead_id}/reopen", permission="lead.edit", response=LeadOut, summary="Open a lead again"
)
def reopen(request: Request, lead_id: KeyInPath) -> LeadOut:
    """Pursue a lead that was given up."""
    return LeadOut.of(actions.reopen_lead(actor=request.actor, now=request.now, lead_id=lead_id))


@router.post(
    "/{lead_id}/assign", permission="lead.edit", response=LeadOut, summary="Give a lead an owner"
)
def assign(request: Request, lead_id: KeyInPath, body: AssignIn) -> LeadOut:
    """Somebody who works for the lead's seller, or nobody."""
    lead = actions.assign(
        actor=request.actor, now=request.now, lead_id=lead_id, owner_id=body.owner_id
    )
    return LeadOut.of(lead)


@router.post(
    "/{lead_id}/recognitions/{recognition_id}",
    permission="lead.edit",
    response=RecognitionOut,
    summary="Decide who a lead is",
)
def decide(
    request: Request, lead_id: KeyInPath, recognition_id: KeyInPath, body: DecisionIn
) -> RecognitionOut:
    """Same, distinct, or undecided again. Nothing is merged."""
    row = actions.decide_recognition(
        actor=request.actor,
        now=request.now,
        lead_id=lead_id,
        recognition_id=recognition_id,
        state=body.state,
    )
    return RecognitionOut.of(row)
