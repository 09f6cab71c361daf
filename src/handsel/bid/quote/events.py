"""Facts this room announces. Payloads hold ids, amounts and dates, never models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from handsel.ground.kernel.money import Money
from handsel.ground.platform.events import Event


@dataclass(frozen=True, slots=True)
class QuoteDrafted(Event):
    """An offer was begun, or a new version of it."""

    TYPE: ClassVar[str] = "quote.quote.drafted"
    TOUCHES: ClassVar[dict[str, str]] = {
        "quote_id": "quote",
        "version_id": "quote_version",
        "opportunity_id": "opportunity",
        "organization_id": "organization",
    }

    quote_id: int
    version_id: int
    opportunity_id: int | None
    organization_id: int


@dataclass(frozen=True, slots=True)
class QuoteRepriced(Event):
    """The lines of a draft changed and were priced."""

    TYPE: ClassVar[str] = "quote.version.repriced"
    TOUCHES: ClassVar[dict[str, str]] = {
        "quote_id": "quote",
        "version_id": "quote_version",
        "opportunity_id": "opportunity",
    }

    quote_id: int
    version_id: int
    opportunity_id: int | None
    net: Money
    gross: Money


@dataclass(frozen=True, slots=True)
class QuotePresented(Event):
    """A version was frozen and given to the buyer."""

    TYPE: ClassVar[str] = "quote.version.presented"
    TOUCHES: ClassVar[dict[str, str]] = {
        "quote_id": "quote",
        "version_id": "quote_version",
        "opportunity_id": "opportunity",
    }

    quote_id: int
    version_id: int
    opportunity_id: int | None
    gross: Money
    valid_until: date
    content_hash: str


@dataclass(frozen=True, slots=True)
class QuoteOpened(Event):
    """The buyer opened the link."""

    TYPE: ClassVar[str] = "quote.quote.opened"
    TOUCHES: ClassVar[dict[str, str]] = {
        "quote_id": "quote",
        "version_id": "quote_version",
    }

    quote_id: int
    version_id: int


@dataclass(frozen=True, slots=True)
class QuoteQuestioned(Event):
    """The buyer asked, or we answered."""

    TYPE: ClassVar[str] = "quote.quote.questioned"
    TOUCHES: ClassVar[dict[str, str]] = {
        "quote_id": "quote",
    }

    quote_id: int
    message_id: int
    direction: str


@dataclass(frozen=True, slots=True)
class QuoteAccepted(Event):
    """The buyer accepted exactly this version."""

    TYPE: ClassVar[str] = "quote.version.accepted"
    TOUCHES: ClassVar[dict[str, str]] = {
        "quote_id": "quote",
        "version_id": "quote_version",
        "opportunity_id": "opportunity",
        "organization_id": "organization",
    }

    quote_id: int
    version_id: int
    opportunity_id: int | None
    organization_id: int
    acceptance_id: int
    gross: Money
    purchase_order: str


@dataclass(frozen=True, slots=True)
class QuoteDeclined(Event):
    """The buyer said no."""

    TYPE: ClassVar[str] = "quote.quote.declined"
    TOUCHES: ClassVar[dict[str, str]] = {
        "quote_id": "quote",
        "version_id": "quote_version",
        "opportunity_id": "opportunity",
    }

    quote_id: int
    version_id: int
    opportunity_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class QuoteExpired(Event):
    """The offer's last day passed."""

    TYPE: ClassVar[str] = "quote.quote.expired"
    TOUCHES: ClassVar[dict[str, str]] = {
        "quote_id": "quote",
        "version_id": "quote_version",
        "opportunity_id": "opportunity",
    }

    quote_id: int
    version_id: int
    opportunity_id: int | None


@dataclass(frozen=True, slots=True)
class QuoteWithdrawn(Event):
    """We took the offer back."""

    TYPE: ClassVar[str] = "quote.quote.withdrawn"
    TOUCHES: ClassVar[dict[str, str]] = {
        "quote_id": "quote",
        "version_id": "quote_version",
        "opportunity_id": "opportunity",
    }

    quote_id: int
    version_id: int
    opportunity_id: int | None
