"""Made-up values, short to write."""

from __future__ import annotations

from datetime import UTC, datetime

from handsel.ground.kernel.money import Money


def eur(minor: int) -> Money:
    """Euros from cents."""
    return Money(minor, "EUR")


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """An instant in the gallery's year."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)
