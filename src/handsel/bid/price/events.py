"""Facts this room announces. Payloads hold ids, amounts and dates, never models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from handsel.ground.platform.events import Event


@dataclass(frozen=True, slots=True)
class PriceBookPublished(Event):
    """A price book became valid."""

    TYPE: ClassVar[str] = "price.book.published"
    TOUCHES: ClassVar[dict[str, str]] = {
        "book_id": "price_book",
    }

    book_id: int
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class PriceBookRetired(Event):
    """A price book is no longer used."""

    TYPE: ClassVar[str] = "price.book.retired"
    TOUCHES: ClassVar[dict[str, str]] = {
        "book_id": "price_book",
    }

    book_id: int


@dataclass(frozen=True, slots=True)
class PriceBookEnded(Event):
    """A published price book got its last day, because another one follows it."""

    TYPE: ClassVar[str] = "price.book.ended"
    TOUCHES: ClassVar[dict[str, str]] = {
        "book_id": "price_book",
    }

    book_id: int
    valid_until: date


@dataclass(frozen=True, slots=True)
class PriceBookDrafted(Event):
    """A price book was begun, or a new version of one."""

    TYPE: ClassVar[str] = "price.book.drafted"
    TOUCHES: ClassVar[dict[str, str]] = {
        "book_id": "price_book",
        "copied_from_id": "price_book",
    }

    book_id: int
    copied_from_id: int | None


@dataclass(frozen=True, slots=True)
class PriceBookRevised(Event):
    """Entries or rules of a draft changed: how many."""

    TYPE: ClassVar[str] = "price.book.revised"
    TOUCHES: ClassVar[dict[str, str]] = {
        "book_id": "price_book",
    }

    book_id: int
    entries: int
    rules: int


@dataclass(frozen=True, slots=True)
class PriceAgreed(Event):
    """A price or percentage was agreed with an organization."""

    TYPE: ClassVar[str] = "price.agreement.made"
    TOUCHES: ClassVar[dict[str, str]] = {
        "organization_id": "organization",
    }

    agreement_id: int
    organization_id: int
    valid_from: date


@dataclass(frozen=True, slots=True)
class PriceAgreementEnded(Event):
    """An agreed price holds no longer from a day on."""

    TYPE: ClassVar[str] = "price.agreement.ended"
    TOUCHES: ClassVar[dict[str, str]] = {
        "organization_id": "organization",
    }

    agreement_id: int
    organization_id: int
    valid_until: date
