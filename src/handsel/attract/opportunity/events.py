"""Facts this room announces. Payloads hold ids, amounts and dates, never models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from handsel.ground.kernel.money import Money
from handsel.ground.platform.events import Event


@dataclass(frozen=True, slots=True)
class OpportunityOpened(Event):
    """A deal came into being."""

    TYPE: ClassVar[str] = "opportunity.opportunity.opened"
    TOUCHES: ClassVar[dict[str, str]] = {
        "opportunity_id": "opportunity",
        "lead_id": "lead",
        "organization_id": "organization",
    }

    opportunity_id: int
    lead_id: int | None
    organization_id: int | None
    stage_id: int
    amount: Money
    expected_close_on: date | None
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class OpportunityMoved(Event):
    """A deal changed its stage."""

    TYPE: ClassVar[str] = "opportunity.opportunity.moved"
    TOUCHES: ClassVar[dict[str, str]] = {
        "opportunity_id": "opportunity",
    }

    opportunity_id: int
    from_stage_id: int
    to_stage_id: int


@dataclass(frozen=True, slots=True)
class OpportunityRevised(Event):
    """Amount, expected close or owner of a deal changed."""

    TYPE: ClassVar[str] = "opportunity.opportunity.revised"
    TOUCHES: ClassVar[dict[str, str]] = {
        "opportunity_id": "opportunity",
    }

    opportunity_id: int
    amount: Money
    expected_close_on: date | None
    owner_id: int | None


@dataclass(frozen=True, slots=True)
class OpportunityWon(Event):
    """The customer said yes."""

    TYPE: ClassVar[str] = "opportunity.opportunity.won"
    TOUCHES: ClassVar[dict[str, str]] = {
        "opportunity_id": "opportunity",
    }

    opportunity_id: int
    amount: Money


@dataclass(frozen=True, slots=True)
class OpportunityLost(Event):
    """The deal was lost, for a reason."""

    TYPE: ClassVar[str] = "opportunity.opportunity.lost"
    TOUCHES: ClassVar[dict[str, str]] = {
        "opportunity_id": "opportunity",
    }

    opportunity_id: int
    reason: str
    lost_to: str


@dataclass(frozen=True, slots=True)
class OpportunityReopened(Event):
    """A closed deal was opened again."""

    TYPE: ClassVar[str] = "opportunity.opportunity.reopened"
    TOUCHES: ClassVar[dict[str, str]] = {
        "opportunity_id": "opportunity",
    }

    opportunity_id: int


@dataclass(frozen=True, slots=True)
class ActivityPlanned(Event):
    """Somebody will do something about a deal."""

    TYPE: ClassVar[str] = "opportunity.activity.planned"
    TOUCHES: ClassVar[dict[str, str]] = {
        "opportunity_id": "opportunity",
        "activity_id": "activity",
    }

    activity_id: int
    opportunity_id: int


@dataclass(frozen=True, slots=True)
class ActivityDone(Event):
    """Something was done about a deal."""

    TYPE: ClassVar[str] = "opportunity.activity.done"
    TOUCHES: ClassVar[dict[str, str]] = {
        "opportunity_id": "opportunity",
        "activity_id": "activity",
    }

    activity_id: int
    opportunity_id: int


@dataclass(frozen=True, slots=True)
class CommitteeChanged(Event):
    """Somebody got, changed or lost a part in the customer's decision."""

    TYPE: ClassVar[str] = "opportunity.committee.changed"
    TOUCHES: ClassVar[dict[str, str]] = {
        "opportunity_id": "opportunity",
        "person_id": "person",
    }

    opportunity_id: int
    person_id: int
    change: str
    role: str
    sentiment: str
