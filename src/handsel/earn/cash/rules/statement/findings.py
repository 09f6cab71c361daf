"""What the proof of a statement finds, and how much it weighs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.money import Money


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


def is_held(findings: Iterable[Finding]) -> bool:
    """Say whether any of the findings holds the statement back."""
    return any(finding.weight is Weight.HOLD for finding in findings)


def difference_of(findings: Iterable[Finding]) -> int:
    """Return the first difference among those that hold the statement, or 0."""
    for finding in findings:
        if finding.weight is Weight.HOLD and finding.difference_minor:
            return finding.difference_minor
    return 0


def shown(minor: int, currency: str) -> str:
    """Return an amount for a message: "-0.05 EUR"."""
    try:
        return str(Money(minor, currency))
    except Invalid:
        return f"{minor} minor units of {currency}"
