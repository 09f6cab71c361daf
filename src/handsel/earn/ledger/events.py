"""Facts this room announces. Payloads hold ids, amounts and dates, never models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from handsel.ground.platform.events import Event


@dataclass(frozen=True, slots=True)
class EntryPosted(Event):
    """An entry stands in the books."""

    TYPE: ClassVar[str] = "ledger.entry.posted"
    TOUCHES: ClassVar[dict[str, str]] = {
        "entry_id": "journal_entry",
        "invoice_id": "invoice",
        "payment_id": "payment",
    }

    entry_id: int
    invoice_id: int | None
    payment_id: int | None
    rule: str


@dataclass(frozen=True, slots=True)
class EntryReversed(Event):
    """An entry was undone by another."""

    TYPE: ClassVar[str] = "ledger.entry.reversed"
    TOUCHES: ClassVar[dict[str, str]] = {
        "entry_id": "journal_entry",
        "reverses_id": "journal_entry",
    }

    entry_id: int
    reverses_id: int


@dataclass(frozen=True, slots=True)
class PeriodClosed(Event):
    """A month takes no more entries."""

    TYPE: ClassVar[str] = "ledger.period.closed"
    TOUCHES: ClassVar[dict[str, str]] = {
        "period_id": "ledger_period",
    }

    period_id: int
