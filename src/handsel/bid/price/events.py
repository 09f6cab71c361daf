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
