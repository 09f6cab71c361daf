"""What the JSON API of opportunities takes and answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Path
from pydantic import Field

from handsel.attract.opportunity.models import Activity, CommitteeMember, Opportunity
from handsel.attract.opportunity.rules.history import Visit
from handsel.ground.kernel.grammar import parse_date
from handsel.ground.kernel.money import Money
from handsel.ground.platform.api import AnswerSchema, ClosedSchema, CurrencyCode, MoneyOut

Key = Annotated[int, Field(ge=1, le=2**63 - 1)]
KeyInPath = Annotated[int, Path(..., ge=1, le=2**63 - 1)]
DayText = Annotated[str, Field(max_length=10, examples=["2026-06-30"])]
InstantText = Annotated[str, Field(max_length=40, examples=["2026-03-02T09:00:00Z"])]
Name = Annotated[str, Field(min_length=1, max_length=200)]
AmountText = Annotated[str, Field(pattern=r"^[0-9]{1,15}(\.[0-9]{1,4})?$", examples=["12000.00"])]
Note = Annotated[str, Field(max_length=300)]
Role = Literal[
    "decision_maker",
    "economic_buyer",
    "champion",
    "influencer",
    "user",
    "technical",
    "procurement",
    "blocker",
]
Sentiment = Literal["supportive", "neutral", "opposed", "unknown"]


class MoneyIn(ClosedSchema):
    """An amount: exact text and its currency."""

    amount: AmountText
    currency: CurrencyCode

    def money(self) -> Money:
        """As Money; raises Invalid for an unknown currency or too many decimals."""
        return Money.parse(self.amount, self.currency)


def day(text: str | None) -> date | None:
    """A date that may be absent."""
    return parse_date(text) if text else None


class StageOut(AnswerSchema):
    """A stage of a pipeline."""

    id: int
    name: str
    kind: str
    position: int
    probability_bps: int


class PipelineOut(AnswerSchema):
    """A way of selling with its stages in order."""

    id: int
    name: str
    stages: list[StageOut]


class OpportunityOut(AnswerSchema):
    """A deal."""

    id: int
    seller_id: int
    name: str
    state: str
    pipeline_id: int
    stage_id: int
    amount: MoneyOut
    organization_id: int | None
    person_id: int | None
    lead_id: int | None
    owner_id: int | None
    expected_close_on: date | None
    lost_reason: str
    lost_to: str
    created_at: datetime
    closed_at: datetime | None

    @classmethod
    def of(cls, deal: Opportunity) -> OpportunityOut:
        """From the model."""
        names = set(cls.model_fields) - {"amount"}
        facts = {name: getattr(deal, name) for name in names}
        return cls(amount=MoneyOut.of(deal.amount_minor, deal.currency), **facts)


class ActivityOut(AnswerSchema):
    """A step that is planned or was taken."""

    id: int
    kind: str
    subject: str
    due_at: datetime | None
    done_at: datetime | None
    outcome: str
    owner_id: int | None

    @classmethod
    def of(cls, row: Activity) -> ActivityOut:
        """From the model."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class MemberOut(AnswerSchema):
    """A person's part in the customer's decision."""

    id: int
    person_id: int
    role: str
    sentiment: str
    note: str

    @classmethod
    def of(cls, row: CommitteeMember) -> MemberOut:
        """From the model."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class VisitOut(AnswerSchema):
    """A stay in a stage; `left_at` is null while it lasts."""

    stage_id: int
    entered_at: datetime
    left_at: datetime | None
    seconds: int

    @classmethod
    def of(cls, visit: Visit) -> VisitOut:
        """From the rule's value."""
        return cls(
            stage_id=visit.stage_id,
            entered_at=visit.entered_at,
            left_at=visit.left_at,
            seconds=visit.seconds,
        )


class OpportunityRecordOut(AnswerSchema):
    """A deal with its history, steps and committee."""

    opportunity: OpportunityOut
    history: list[VisitOut]
    activities: list[ActivityOut]
    committee: list[MemberOut]


class OpportunityRowOut(AnswerSchema):
    """A deal in a list."""

    id: int
    name: str
    state: str
    stage: str
    organization: str | None
    amount: MoneyOut
    expected_close_on: date | None
    next_step: str | None
    created_at: datetime


class OpportunityListOut(AnswerSchema):
    """One page; `next_cursor` is empty on the last one."""

    rows: list[OpportunityRowOut]
    next_cursor: str


class ColumnOut(AnswerSchema):
    """A stage with the number of its open deals and their value, by currency."""

    stage: StageOut
    number: int
    totals: list[MoneyOut]


class DealAtOut(AnswerSchema):
    """A deal as it stood at an instant."""

    opportunity_id: int
    state: str
    stage_id: int
    amount: MoneyOut
    expected_close_on: date | None
    owner_id: int | None


class OpenIn(ClosedSchema):
    """A new deal; without an amount it is worth nothing yet."""

    name: Name
    amount: MoneyIn | None = None
    organization_id: Key | None = None
    person_id: Key | None = None
    lead_id: Key | None = None
    owner_id: Key | None = None
    expected_close_on: DayText | None = None
    pipeline_id: Key | None = None
    stage_id: Key | None = None
    seller_id: Key | None = None


class ConvertIn(ClosedSchema):
    """Whom a lead becomes: keys of those that are there, else names of new ones."""

    organization_id: Key | None = None
    organization_name: Annotated[str, Field(max_length=200)] = ""
    country: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""
    person_id: Key | None = None
    person_name: Annotated[str, Field(max_length=200)] = ""
    name: Annotated[str, Field(max_length=200)] = ""
    amount: MoneyIn | None = None
    expected_close_on: DayText | None = None
    owner_id: Key | None = None


class MoveIn(ClosedSchema):
    """The stage to move to, and why."""

    stage_id: Key
    cause: Annotated[str, Field(max_length=200)] = ""


class WinIn(ClosedSchema):
    """What the customer said yes to; null: what the deal is worth so far."""

    amount: MoneyIn | None = None


class LoseIn(ClosedSchema):
    """Why a deal is lost, and perhaps to whom."""

    reason: Literal[
        "price",
        "competitor",
        "no_decision",
        "no_budget",
        "timing",
        "product_gap",
        "terms",
        "relationship",
        "duplicate",
        "other",
    ]
    lost_to: Annotated[str, Field(max_length=100)] = ""


class ReopenIn(ClosedSchema):
    """The stage to return to; null: the one it was closed from."""

    stage_id: Key | None = None
    cause: Annotated[str, Field(max_length=200)] = ""


class ReviseIn(ClosedSchema):
    """What changes; what is left out stays."""

    name: Name | None = None
    amount: MoneyIn | None = None
    expected_close_on: DayText | None = None
    owner_id: Key | None = None
    organization_id: Key | None = None
    person_id: Key | None = None


class ActivityIn(ClosedSchema):
    """A step to be taken."""

    kind: Literal["call", "meeting", "mail", "task"]
    subject: Name
    due_at: InstantText | None = None
    owner_id: Key | None = None


class DoneIn(ClosedSchema):
    """What came of a step."""

    outcome: Annotated[str, Field(max_length=5000)] = ""


class MemberIn(ClosedSchema):
    """A person's part in the customer's decision."""

    person_id: Key
    role: Role
    sentiment: Sentiment = "unknown"
    note: Note = ""


class MemberChangeIn(ClosedSchema):
    """A person's part, or what he thinks of the deal, as it is now."""

    role: Role
    sentiment: Sentiment
    note: Note = ""


class OutcomesIn(ClosedSchema):
    """A CSV file of won leads as text; `mapping` is column -> field."""

    content: Annotated[str, Field(min_length=1, max_length=8_000_000)]
    source: Annotated[str, Field(min_length=1, max_length=60)]
    mapping: Annotated[dict[str, str], Field(max_length=200)] = Field(default_factory=dict)
    date_order: Literal["", "ymd", "dmy", "mdy"] = ""
    dry_run: bool = False
    seller_id: Key | None = None


class RefusedOut(AnswerSchema):
    """A row that was not taken, and why."""

    row_number: int
    reason: str


class OutcomesOut(AnswerSchema):
    """What an import of outcomes did, or would do."""

    rows: int
    won: int
    known: int
    won_before_asked: int
    refused: list[RefusedOut]
