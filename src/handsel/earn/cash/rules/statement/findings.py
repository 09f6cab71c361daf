"""What the proof of a statement finds, and how much it weighs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from handsel.earn.cash.rules.statement.model import StatedAmount
from handsel.ground.kernel.errors import Invalid, in_words
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import Said, said
from handsel.ground.kernel.said_kept import as_said, kept


class Weight(StrEnum):
    """Whether a finding keeps the statement from being posted."""

    HOLD = "hold"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: a stable code, a sentence, and the difference in minor units if any."""

    code: str
    weight: Weight
    message: str
    difference_minor: int | None = None
    currency: str = ""
    facts: dict[str, str] = field(default_factory=dict)


def hold(
    code: str, message: str, difference_minor: int | None = None, currency: str = "", **facts: str
) -> Finding:
    """Build a finding that holds the statement back until a person decides."""
    return Finding(code, Weight.HOLD, message, difference_minor, currency, facts)


def warning(
    code: str, message: str, difference_minor: int | None = None, currency: str = "", **facts: str
) -> Finding:
    """Build a finding that a person should see, and that holds nothing back."""
    return Finding(code, Weight.WARNING, message, difference_minor, currency, facts)


def note(code: str, message: str, **facts: str) -> Finding:
    """Build a finding that only explains."""
    return Finding(code, Weight.NOTE, message, facts=facts)


def as_kept(finding: Finding) -> dict[str, Any]:
    """A finding as plain data: the English sentence, and beside it what it was made of."""
    data = {"code": finding.code, "weight": finding.weight.value, "message": str(finding.message)}
    return data | ({"said": kept(finding.message)} if isinstance(finding.message, Said) else {})


def told(data: Mapping[str, Any]) -> str:
    """A kept finding's sentence as whoever asks now reads it."""
    return in_words(as_said(data["said"])) if "said" in data else str(data["message"])


def is_held(findings: Iterable[Finding]) -> bool:
    """Say whether any of the findings holds the statement back."""
    return any(finding.weight is Weight.HOLD for finding in findings)


def difference_of(findings: Iterable[Finding]) -> int:
    """Return the first difference among those that hold the statement, or 0."""
    for finding in findings:
        if finding.weight is Weight.HOLD and finding.difference_minor:
            return finding.difference_minor
    return 0


def shown(minor: int, currency: str) -> Money | Said:
    """Return an amount for a message, "-0.05 EUR" in English."""
    try:
        return Money(minor, currency)
    except Invalid:
        return said("%(minor)s minor units of %(currency)s", minor=str(minor), currency=currency)


def stated(amount: StatedAmount) -> Money | str:
    """Return a stated amount for a message: as money where its currency can hold it."""
    return str(amount) if amount.minor is None else amount.money()
