"""What the JSON API of leads takes and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Path
from pydantic import Field

from handsel.attract.lead.models import Interaction, Lead, LeadImport, Qualification, Recognition
from handsel.ground.kernel.errors import Invalid
from handsel.ground.platform.api import AnswerSchema, ClosedSchema

Key = Annotated[int, Field(ge=1, le=2**63 - 1)]
KeyInPath = Annotated[int, Path(..., ge=1, le=2**63 - 1)]
InstantText = Annotated[
    str, Field(max_length=40, examples=["2026-03-02T09:00:00Z"], description="RFC 3339")
]
Short = Annotated[str, Field(max_length=200)]


def storable(text: str) -> str:
    """The text; refused when the database could not keep it."""
    if "\x00" in text:
        raise Invalid("text with a NUL character finds nothing", code="invalid")
    return text


class ContactOut(AnswerSchema):
    """One contact with a lead."""

    id: int
    direction: str
    channel: str
    is_by_person: bool
    reached: bool
    subject: str
    body: str
    occurred_at: datetime

    @classmethod
    def of(cls, row: Interaction) -> ContactOut:
        """From the model."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class ResponseOut(AnswerSchema):
    """The response clock: state `waiting`, `answered`, `live`, `before` or `excluded`."""

    state: str
    seconds: int | None
    answered_at: datetime | None
    attempts: int
    excluded: str


class LeadOut(AnswerSchema):
    """A lead."""

    id: int
    number: str
    state: str
    person_name: str
    email: str
    phone: str
    company_name: str
    country: str
    language: str
    interest: str
    message: str
    channel: str
    source: str
    external_source: str
    external_id: str
    person_id: int | None
    organization_id: int | None
    owner_id: int | None
    asked_at: datetime
    captured_at: datetime
    converted_at: datetime | None
    disqualified_reason: str

    @classmethod
    def of(cls, lead: Lead) -> LeadOut:
        """From the model."""
        return cls(**{name: getattr(lead, name) for name in cls.model_fields})


class LeadCapturedOut(AnswerSchema):
    """A captured lead; `is_new` is false when its external id was known."""

    lead: LeadOut
    is_new: bool


class FindingOut(AnswerSchema):
    """The finding that counts on one question."""

    dimension: str
    grade: int
    evidence: str
    found_at: datetime

    @classmethod
    def of(cls, row: Qualification) -> FindingOut:
        """From the model."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class VerdictOut(AnswerSchema):
    """What the findings say together, and the questions behind it."""

    state: str
    points: int
    missing: list[str]
    weak: list[str]
    refuted: list[str]


class RecognitionOut(AnswerSchema):
    """Who a lead may be."""

    id: int
    kind: str
    reason: str
    state: str
    person_id: int | None
    organization_id: int | None
    other_lead_id: int | None

    @classmethod
    def of(cls, row: Recognition) -> RecognitionOut:
        """From the model."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class LeadRecordOut(AnswerSchema):
    """A lead with its clock, contacts, findings and proposals."""

    lead: LeadOut
    response: ResponseOut
    contacts: list[ContactOut]
    findings: list[FindingOut]
    verdict: VerdictOut
    recognitions: list[RecognitionOut]


class LeadRowOut(AnswerSchema):
    """A lead in a list."""

    id: int
    number: str
    state: str
    person_name: str
    company_name: str
    source: str
    asked_at: datetime
    response: ResponseOut


class LeadListOut(AnswerSchema):
    """One page; `next_cursor` is empty on the last one."""

    rows: list[LeadRowOut]
    next_cursor: str


class CaptureIn(ClosedSchema):
    """An inquiry. E-mail or phone is needed, unless another system's id names it."""

    person_name: str = ""
    email: str = ""
    phone: str = ""
    company_name: str = ""
    country: str = ""
    language: str = "en"
    interest: str = ""
    message: str = ""
    source: str = ""
    medium: str = ""
    campaign: str = ""
    referrer: str = ""
    landing_page: str = ""
    click_id: str = ""
    channel: Literal["api", "mail", "call", "chat", "visit"] = "api"
    asked_at: InstantText | None = None
    external_source: Annotated[str, Field(max_length=60)] = ""
    external_id: Annotated[str, Field(max_length=100)] = ""
    owner_id: Key | None = None
    seller_id: Key | None = None
    taken_live: bool = False


class ContactIn(ClosedSchema):
    """A contact that a person of ours had. `reached` false is an attempt."""

    direction: Literal["in", "out"]
    channel: Literal["mail", "call", "chat", "visit"]
    reached: bool = True
    subject: Annotated[str, Field(max_length=300)] = ""
    body: str = ""
    occurred_at: InstantText | None = None


class ReplyIn(ClosedSchema):
    """A mail to the lead in one's own words."""

    subject: Short
    body: str


class FindingIn(ClosedSchema):
    """A finding: 0 no, 1 doubtful, 2 likely, 3 proved; never without evidence."""

    dimension: Literal["interest", "purchasing_power", "fit", "timing"]
    grade: Annotated[int, Field(ge=0, le=3)]
    evidence: Annotated[str, Field(min_length=1, max_length=2000)]


class DisqualifyIn(ClosedSchema):
    """Why a lead is given up."""

    reason: Short
    note: Annotated[str, Field(max_length=300)] = ""


class AssignIn(ClosedSchema):
    """Who cares for a lead; null for nobody."""

    owner_id: Key | None


class DecisionIn(ClosedSchema):
    """Whether the lead is whom it was proposed to be; `proposed` takes a decision back."""

    state: Literal["same", "distinct", "proposed"]


class ImportIn(ClosedSchema):
    """A CSV file as text. `mapping` is column -> field; empty means known or suggested."""

    content: Annotated[str, Field(min_length=1, max_length=8_000_000)]
    file_name: Annotated[str, Field(max_length=200)] = "leads.csv"
    source: Annotated[str, Field(min_length=1, max_length=60)]
    mapping: Annotated[dict[str, str], Field(max_length=200)] = Field(default_factory=dict)
    date_order: Literal["ymd", "dmy", "mdy"] = "ymd"
    seller_id: Key | None = None


class PreviewRowOut(AnswerSchema):
    """What would happen to a row."""

    row_number: int
    outcome: str
    reason: str
    values: dict[str, str]


class PreviewOut(AnswerSchema):
    """The first rows of a file as they would be read."""

    header: list[str]
    mapping: dict[str, str]
    total: int
    rows: list[PreviewRowOut]


class ImportOut(AnswerSchema):
    """How far an import is; refused rows are a page's file and `/imports/{id}/refused` here."""

    id: int
    state: str
    source: str
    rows_read: int
    rows_total: int
    added: int
    known: int
    refused: int

    @classmethod
    def of(cls, row: LeadImport) -> ImportOut:
        """From the model with its task."""
        return cls(
            id=row.pk,
            state=row.task.state,
            source=row.source_name,
            rows_read=row.next_row,
            rows_total=row.task.total,
            added=row.added,
            known=row.known,
            refused=row.refused,
        )


class RefusedOut(AnswerSchema):
    """A row that was not taken, and why."""

    row_number: int
    reason: str
    cells: list[str]
