"""What the JSON API of approvals takes and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Path
from pydantic import Field

from handsel.bid.quote.models import (
    ApprovalAsk,
    ApprovalDecision,
    ApprovalRequest,
    ApprovalRule,
    ApproverAbsence,
)
from handsel.bid.quote.queries.approval import Picture
from handsel.bid.quote.queries.approval_asks import Waiting
from handsel.bid.quote.rest.schemas import Key, LockNo
from handsel.bid.quote.rules.approval.nearest import Change
from handsel.bid.quote.rules.approval.plan import PlannedAsk, Reason
from handsel.bid.quote.rules.approval.wording import ENGLISH
from handsel.ground.kernel.names import texts_of
from handsel.ground.platform.api import AnswerSchema, ClosedSchema, MoneyOut, NameText, decimal_text

AskInPath = Annotated[int, Path(..., ge=1, le=2**63 - 1)]
Comment = Annotated[str, Field(max_length=1_000)]
Hash = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
InstantText = Annotated[str, Field(max_length=40, examples=["2026-07-01T00:00:00Z"])]


class AskIn(ClosedSchema):
    """A few words for those who are asked, and the state you saw."""

    comment: Comment = ""
    lock_no: LockNo = None


class RecallIn(ClosedSchema):
    """Why."""

    reason: Comment = ""


class DecisionIn(ClosedSchema):
    """Yes or no. A no needs a comment; the hash says which sheet you saw."""

    verdict: Literal["approve", "reject"]
    comment: Comment = ""
    content_hash: Hash = ""


class RuleIn(ClosedSchema):
    """A rule; with `key` the next version of one. Grammar: docs/reference/approval-rules.md."""

    name: NameText
    seller_id: Key
    condition: dict[str, Any]
    steps: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=10)]
    key: UUID | None = None


class EndRuleIn(ClosedSchema):
    """The rule's key."""

    key: UUID


class AbsenceIn(ClosedSchema):
    """Who answers for whom, from an instant to another."""

    user_id: Key
    away_from: InstantText
    away_until: InstantText
    delegate_id: Key | None = None
    is_absent: bool = True


class FindingOut(AnswerSchema):
    """A limit that was broken, in words and as values; of a margin both are null for who sees no
    costs."""

    fact: str
    op: str
    value: Any
    limit: Any
    line_key: str
    position: int
    text: str


class ReasonOut(AnswerSchema):
    """A rule that asks, with the worst of what it found."""

    rule_key: str
    rule_version: int
    rule_name: str
    rule_name_texts: dict[str, str] = {}
    found: list[FindingOut]

    @classmethod
    def of(cls, reason: Reason, currency: str, sees_costs: bool) -> ReasonOut:
        """From a plan or a kept question."""
        found = [
            FindingOut(
                fact=one.fact,
                op=one.op,
                value=told["value"],
                limit=told["limit"],
                line_key=one.line_key,
                position=one.position,
                text=ENGLISH.finding(one, currency),
            )
            for one, told in (
                (one, one.as_json())
                for one in (each.shown(sees_costs=sees_costs) for each in reason.found[:20])
            )
        ]
        return cls(
            rule_key=reason.rule_key,
            rule_version=reason.rule_version,
            rule_name=str(reason.rule_name),
            rule_name_texts=dict(texts_of(reason.rule_name)),
            found=found,
        )


class PlannedAskOut(AnswerSchema):
    """A question: who can answer, how many must, why."""

    stage: int
    quorum: int
    approvers: list[dict[str, Any]]
    user_ids: list[int]
    usual_hours: str | None
    can_be_answered: bool
    reasons: list[ReasonOut]

    @classmethod
    def of(cls, ask: PlannedAsk, picture: Picture, sees_costs: bool) -> PlannedAskOut:
        """From a plan."""
        hours = ask.usual_hours(picture.people)
        return cls(
            stage=ask.stage,
            quorum=ask.quorum,
            approvers=[spec.as_data() for spec in ask.step.approvers],
            user_ids=list(dict.fromkeys(user for seat in ask.seats for user in seat.users)),
            usual_hours=None if hours is None else decimal_text(hours),
            can_be_answered=ask.is_answerable,
            reasons=[
                ReasonOut.of(reason, picture.facts.currency, sees_costs) for reason in ask.reasons
            ],
        )


class ChangeOut(AnswerSchema):
    """A change after which nobody is asked; what is null stays."""

    header_bps: int | None
    line_bps: dict[str, int]
    payment_days: int | None
    valid_days: int | None
    gain: MoneyOut

    @classmethod
    def of(cls, change: Change, currency: str) -> ChangeOut:
        """From what the planner found."""
        return cls(
            header_bps=change.header_bps,
            line_bps=dict(change.line_bps),
            payment_days=change.payment_days,
            valid_days=change.valid_days,
            gain=MoneyOut.of(change.gain_minor, currency),
        )


class PreviewOut(AnswerSchema):
    """Who would be asked if approval were asked for now."""

    needs_nobody: bool
    asks: list[PlannedAskOut]
    kept: list[str]
    usual_hours: str | None
    nearest: list[ChangeOut]

    @classmethod
    def of(cls, picture: Picture, sees_costs: bool) -> PreviewOut:
        """From the same plan the real run uses."""
        hours = picture.plan.usual_hours(picture.people)
        currency = picture.facts.currency
        return cls(
            needs_nobody=picture.plan.needs_nobody,
            asks=[PlannedAskOut.of(ask, picture, sees_costs) for ask in picture.plan.asks],
            kept=list(dict.fromkeys(reason.rule_name for reason in picture.plan.kept)),
            usual_hours=None if hours is None else decimal_text(hours),
            nearest=[
                ChangeOut.of(change, currency)
                for change in picture.nearest_for(sees_costs=sees_costs)
            ],
        )


class DecisionOut(AnswerSchema):
    """Who answered, when, how, for whom, and the hash of what he was shown."""

    user_id: int
    on_behalf_of_id: int | None
    verdict: str
    comment: str
    decided_at: datetime
    channel: str
    is_signed_in: bool | None
    content_hash: str

    @classmethod
    def of(cls, one: ApprovalDecision) -> DecisionOut:
        """From the row."""
        return cls(**{name: getattr(one, name) for name in cls.model_fields})


class AskOut(AnswerSchema):
    """A question that was put, with its answers."""

    id: int
    stage: int
    state: str
    quorum: int
    approvers: list[dict[str, Any]]
    opened_at: datetime | None
    due_at: datetime | None
    reasons: list[ReasonOut]
    decisions: list[DecisionOut]

    @classmethod
    def of(cls, ask: ApprovalAsk, decisions: list[ApprovalDecision], sees_costs: bool) -> AskOut:
        """From the rows."""
        currency = ask.request.quote.currency
        return cls(
            id=ask.pk,
            stage=ask.stage,
            state=ask.state,
            quorum=ask.quorum,
            approvers=ask.step["approvers"],
            opened_at=ask.opened_at,
            due_at=ask.due_at,
            reasons=[
                ReasonOut.of(Reason.from_json(one), currency, sees_costs) for one in ask.reasons
            ],
            decisions=[DecisionOut.of(one) for one in decisions if one.ask_id == ask.pk],
        )


class RequestOut(AnswerSchema):
    """A request for approval with its questions."""

    id: int
    quote_id: int
    version_no: int
    state: str
    comment: str
    content_hash: str
    requested_by_id: int | None
    requested_at: datetime
    closed_at: datetime | None
    closed_reason: str
    asks: list[AskOut]

    @classmethod
    def of(
        cls,
        one: ApprovalRequest,
        asks: list[ApprovalAsk],
        decisions: list[ApprovalDecision],
        sees_costs: bool,
    ) -> RequestOut:
        """From the rows."""
        given = {"version_no", "asks"}
        same = {name: getattr(one, name) for name in cls.model_fields if name not in given}
        own = [AskOut.of(ask, decisions, sees_costs) for ask in asks if ask.request_id == one.pk]
        return cls(**same, version_no=one.version.version_no, asks=own)


class WaitingOut(AnswerSchema):
    """A question that waits for your answer."""

    ask_id: int
    quote_id: int
    number: str
    title: str
    customer: str
    net: MoneyOut
    content_hash: str
    opened_at: datetime | None
    due_at: datetime | None
    stands_in_for_id: int | None
    is_outdated: bool
    reasons: list[ReasonOut]

    @classmethod
    def of(cls, one: Waiting, sees_costs: bool) -> WaitingOut:
        """From a row of the inbox."""
        quote = one.request.quote
        return cls(
            ask_id=one.ask.pk,
            quote_id=quote.pk,
            number=quote.number,
            title=quote.title,
            customer=quote.organization.name,
            net=MoneyOut.of(one.request.version.net_minor, quote.currency),
            content_hash=one.request.content_hash,
            opened_at=one.ask.opened_at,
            due_at=one.ask.due_at,
            stands_in_for_id=one.stands_in_for,
            is_outdated=one.is_outdated,
            reasons=[
                ReasonOut.of(reason, quote.currency, sees_costs) for reason in one.planned.reasons
            ],
        )


class RuleOut(AnswerSchema):
    """A rule in one of its versions."""

    id: int
    key: UUID
    version_no: int
    seller_id: int
    name: str
    name_texts: dict[str, str]
    condition: dict[str, Any]
    steps: list[dict[str, Any]]
    made_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, rule: ApprovalRule) -> RuleOut:
        """From the row."""
        return cls(**{name: getattr(rule, name) for name in cls.model_fields})


class FactOut(AnswerSchema):
    """Something conditions can ask about."""

    name: str
    kind: str
    title: str


class AbsenceOut(AnswerSchema):
    """Who answers for whom."""

    id: int
    user_id: int
    away_from: datetime
    away_until: datetime
    delegate_id: int | None
    is_absent: bool

    @classmethod
    def of(cls, one: ApproverAbsence) -> AbsenceOut:
        """From the row."""
        return cls(**{name: getattr(one, name) for name in cls.model_fields})
