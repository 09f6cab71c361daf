"""Facts this room announces. Payloads hold ids, amounts and dates, never models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from handsel.ground.platform.events import Event


@dataclass(frozen=True, slots=True)
class LeadCaptured(Event):
    """Somebody asked for something and we learned of it."""

    TYPE: ClassVar[str] = "lead.lead.captured"
    TOUCHES: ClassVar[dict[str, str]] = {
        "lead_id": "lead",
        "person_id": "person",
        "organization_id": "organization",
    }

    lead_id: int
    person_id: int | None
    organization_id: int | None
    channel: str
    source: str


@dataclass(frozen=True, slots=True)
class LeadAnswered(Event):
    """A person of ours answered a lead for the first time."""

    TYPE: ClassVar[str] = "lead.lead.answered"
    TOUCHES: ClassVar[dict[str, str]] = {
        "lead_id": "lead",
        "interaction_id": "interaction",
    }

    lead_id: int
    interaction_id: int
    seconds: int


@dataclass(frozen=True, slots=True)
class InteractionLogged(Event):
    """A contact took place, in or out."""

    TYPE: ClassVar[str] = "lead.interaction.logged"
    TOUCHES: ClassVar[dict[str, str]] = {
        "interaction_id": "interaction",
        "lead_id": "lead",
    }

    interaction_id: int
    lead_id: int | None
    direction: str
    channel: str
    is_by_person: bool


@dataclass(frozen=True, slots=True)
class LeadAssigned(Event):
    """A lead got an owner."""

    TYPE: ClassVar[str] = "lead.lead.assigned"
    TOUCHES: ClassVar[dict[str, str]] = {
        "lead_id": "lead",
        "owner_id": "user",
    }

    lead_id: int
    owner_id: int | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LeadQualified(Event):
    """A question about a lead was answered with evidence, or the lead was found worth pursuing."""

    TYPE: ClassVar[str] = "lead.lead.qualified"
    TOUCHES: ClassVar[dict[str, str]] = {
        "lead_id": "lead",
    }

    lead_id: int
    dimension: str
    grade: int


@dataclass(frozen=True, slots=True)
class LeadDisqualified(Event):
    """A lead will not be pursued, for a reason."""

    TYPE: ClassVar[str] = "lead.lead.disqualified"
    TOUCHES: ClassVar[dict[str, str]] = {
        "lead_id": "lead",
    }

    lead_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class LeadRecognized(Event):
    """A person decided who a lead is, or is not."""

    TYPE: ClassVar[str] = "lead.lead.recognized"
    TOUCHES: ClassVar[dict[str, str]] = {
        "lead_id": "lead",
        "person_id": "person",
        "organization_id": "organization",
    }

    lead_id: int
    recognition_id: int
    state: str
    person_id: int | None
    organization_id: int | None


@dataclass(frozen=True, slots=True)
class LeadConverted(Event):
    """A lead became a customer contact with a deal."""

    TYPE: ClassVar[str] = "lead.lead.converted"
    TOUCHES: ClassVar[dict[str, str]] = {
        "lead_id": "lead",
        "person_id": "person",
        "organization_id": "organization",
    }

    lead_id: int
    person_id: int | None
    organization_id: int | None


@dataclass(frozen=True, slots=True)
class LeadReopened(Event):
    """A lead that was given up is pursued again."""

    TYPE: ClassVar[str] = "lead.lead.reopened"
    TOUCHES: ClassVar[dict[str, str]] = {
        "lead_id": "lead",
    }

    lead_id: int


@dataclass(frozen=True, slots=True)
class LeadImportFinished(Event):
    """A file of leads was read to its end."""

    TYPE: ClassVar[str] = "lead.import.finished"
    TOUCHES: ClassVar[dict[str, str]] = {
        "lead_import_id": "lead_import",
    }

    lead_import_id: int
    added: int
    known: int
    refused: int
