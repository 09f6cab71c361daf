"""Approvals: preview, ask, recall, inbox, answer; rules and absences."""

from __future__ import annotations

from handsel.bid.quote import actions, queries
from handsel.bid.quote.models import ApprovalRequest
from handsel.bid.quote.queries.approval import listed_rules, picture_of
from handsel.bid.quote.queries.approval_asks import asks_of, decisions_of, inbox, requests_of
from handsel.bid.quote.queries.approvers import absences
from handsel.bid.quote.queries.costs import SEES_COSTS
from handsel.bid.quote.rest.approval_schemas import (
    AbsenceIn,
    AbsenceOut,
    AskIn,
    AskInPath,
    DecisionIn,
    DecisionOut,
    EndRuleIn,
    FactOut,
    PreviewOut,
    RecallIn,
    RequestOut,
    RuleIn,
    RuleOut,
    WaitingOut,
)
from handsel.bid.quote.rest.routing import router
from handsel.bid.quote.rest.schemas import KeyInPath
from handsel.bid.quote.rules.approval.fact_types import FACTS
from handsel.ground.identity.access import Request
from handsel.ground.kernel.grammar import parse_instant


@router.get(
    "/approvals/waiting",
    permission="quote.approve",
    response=list[WaitingOut],
    summary="List the questions that wait for your answer, the most urgent first",
)
def waiting(request: Request) -> list[WaitingOut]:
    """Yours, and those of whom you stand in for."""
    sees_costs = request.actor.may(SEES_COSTS)
    return [WaitingOut.of(one, sees_costs) for one in inbox(request.actor, now=request.now)]


@router.post(
    "/approvals/{ask_id}/decide",
    permission="quote.approve",
    response=DecisionOut,
    summary="Approve or reject",
)
def decide(request: Request, ask_id: AskInPath, body: DecisionIn) -> DecisionOut:
    """Once; a decision never changes."""
    decision = actions.decide(
        actor=request.actor,
        now=request.now,
        ask_id=ask_id,
        verdict=body.verdict,
        comment=body.comment,
        content_hash=body.content_hash,
        identified=actions.Identified("api", ip_address=request.META.get("REMOTE_ADDR") or None),
    )
    return DecisionOut.of(decision)


@router.get(
    "/approvals/facts",
    permission="quote.approval_rules",
    response=list[FactOut],
    summary="List the facts that conditions can ask about",
)
def facts(request: Request) -> list[FactOut]:
    """Name, kind and title of each."""
    return [FactOut(name=fact.name, kind=fact.kind, title=fact.title) for fact in FACTS.values()]


@router.get(
    "/approvals/rules",
    permission="quote.approval_rules",
    response=list[RuleOut],
    summary="List the rules of approval in all their versions",
)
def rules(request: Request) -> list[RuleOut]:
    """Those without `ended_at` hold."""
    return [RuleOut.of(rule) for rule in listed_rules(request.actor)]


@router.post(
    "/approvals/rules",
    permission="quote.approval_rules",
    response=RuleOut,
    summary="Make a rule, or a new version of one",
    status=201,
)
def set_rule(request: Request, body: RuleIn) -> RuleOut:
    """Holds for what is asked from now on."""
    rule = actions.set_rule(
        actor=request.actor,
        now=request.now,
        seller_id=body.seller_id,
        name=body.name,
        condition=body.condition,
        steps=body.steps,
        key=body.key,
    )
    return RuleOut.of(rule)


@router.post(
    "/approvals/rules/end",
    permission="quote.approval_rules",
    response=RuleOut,
    summary="End a rule",
)
def end_rule(request: Request, body: EndRuleIn) -> RuleOut:
    """It then asks nobody any more."""
    rule = actions.end_rule(actor=request.actor, now=request.now, key=body.key)
    rule.refresh_from_db()
    return RuleOut.of(rule)


@router.get(
    "/approvals/absences",
    permission="quote.approve",
    response=list[AbsenceOut],
    summary="List absences and delegations that are not over",
)
def list_absences(request: Request) -> list[AbsenceOut]:
    """The earliest first."""
    return [AbsenceOut.of(one) for one in absences(now=request.now)]


@router.post(
    "/approvals/absences",
    permission="quote.approve",
    response=AbsenceOut,
    summary="Let a user be represented for a while",
    status=201,
)
def set_absence(request: Request, body: AbsenceIn) -> AbsenceOut:
    """Yourself; who keeps the rules arranges it for everybody."""
    absence = actions.set_absence(
        actor=request.actor,
        now=request.now,
        user_id=body.user_id,
        away_from=parse_instant(body.away_from),
        away_until=parse_instant(body.away_until),
        delegate_id=body.delegate_id,
        is_absent=body.is_absent,
    )
    return AbsenceOut.of(absence)


@router.get(
    "/{quote_id}/approval/preview",
    permission="quote.view",
    response=PreviewOut,
    summary="Preview who would be asked for approval, why, and what would need nobody",
)
def preview(request: Request, quote_id: KeyInPath) -> PreviewOut:
    """The same plan as the real run."""
    version = queries.get_version(request.actor, quote_id)
    version.quote = queries.get_quote(request.actor, quote_id)
    picture = picture_of(version, now=request.now, requester_id=request.actor.user_id)
    return PreviewOut.of(picture, request.actor.may(SEES_COSTS))


@router.get(
    "/{quote_id}/approval",
    permission="quote.view",
    response=list[RequestOut],
    summary="List the requests for approval of a quote, newest first",
)
def list_requests(request: Request, quote_id: KeyInPath) -> list[RequestOut]:
    """With all questions and answers."""
    queries.get_quote(request.actor, quote_id)
    return _told(request, requests_of(quote_id))


@router.post(
    "/{quote_id}/approval",
    permission="quote.edit",
    response=RequestOut,
    summary="Ask for approval of the draft",
    status=201,
)
def ask(request: Request, quote_id: KeyInPath, body: AskIn) -> RequestOut:
    """Those of the first stage get a mail with a link each."""
    made = actions.request_approval(
        actor=request.actor,
        now=request.now,
        quote_id=quote_id,
        lock_no=body.lock_no,
        comment=body.comment,
    )
    return _told(request, [made])[0]


@router.post(
    "/{quote_id}/approval/recall",
    permission="quote.edit",
    response=RequestOut,
    summary="Take the question back",
)
def recall(request: Request, quote_id: KeyInPath, body: RecallIn) -> RequestOut:
    """Nobody is asked any more."""
    closed = actions.recall_approval(
        actor=request.actor, now=request.now, quote_id=quote_id, reason=body.reason
    )
    return _told(request, [closed])[0]


def _told(request: Request, requests: list[ApprovalRequest]) -> list[RequestOut]:
    sees_costs = request.actor.may(SEES_COSTS)
    asks = asks_of([one.pk for one in requests])
    decisions = decisions_of([one.pk for one in asks])
    return [RequestOut.of(one, asks, decisions, sees_costs) for one in requests]
