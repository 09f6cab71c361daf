"""Where "now" comes from. Read at web, jobs and command line only; an argument from there on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from handsel.ground.kernel.errors import Invalid


class Clock(Protocol):
    """Something that knows the time."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)


@dataclass(slots=True)
class FixedClock:
    """A clock that stands still until it is told otherwise; for tests and the demo world."""

    instant: datetime

    def __post_init__(self) -> None:
        if self.instant.tzinfo is None:
            raise ValueError("an instant must carry its zone")

    def now(self) -> datetime:
        """Return the instant it stands at, in UTC."""
        return self.instant.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move the hands."""
        self.instant += by


def zone(name: str) -> ZoneInfo:
    """Return an IANA time zone; raises Invalid for a name that is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError):
        raise Invalid(
            f"“{name}” is not a time zone; expected a name such as Europe/Berlin.",
            code="unknown_time_zone",
        ) from None


def local_date(instant: datetime, time_zone: str) -> date:
    """Return the calendar date an instant has in a zone: the seller's, for documents."""
    if instant.tzinfo is None:
        raise ValueError("an instant must carry its zone")
    return instant.astimezone(zone(time_zone)).date()
