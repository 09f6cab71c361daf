"""Working time of a seller: Monday to Friday, eight to five in his zone, without his holidays."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from handsel.ground.kernel.clock import zone

SATURDAY = 5
HOUR = Decimal(3600)
MOST_DAYS = 3_660


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The hours a seller's house works."""

    time_zone: str
    holidays: frozenset[date] = field(default_factory=frozenset)
    opens: time = time(8)
    closes: time = time(17)

    def after(self, start: datetime, hours: int) -> datetime:
        """The instant, in UTC, at which so many working hours have passed since `start`."""
        left = timedelta(hours=hours)
        day = start.astimezone(zone(self.time_zone)).date()
        for _ in range(MOST_DAYS):
            begins, ends = self._open(day)
            begins = max(begins, start)
            if self._works(day) and begins < ends:
                if left <= ends - begins:
                    return (begins + left).astimezone(UTC)
                left -= ends - begins
            day += timedelta(days=1)
        raise ValueError("no working day in ten years")

    def between(self, start: datetime, end: datetime) -> Decimal:
        """Working hours from one instant to another, to the hundredth."""
        zoned = zone(self.time_zone)
        day, last = start.astimezone(zoned).date(), end.astimezone(zoned).date()
        worked = timedelta()
        while day <= last:
            begins, ends = self._open(day)
            if self._works(day):
                worked += max(timedelta(), min(ends, end) - max(begins, start))
            day += timedelta(days=1)
        seconds = Decimal(int(worked.total_seconds()))
        return (seconds / HOUR).quantize(Decimal("0.01"))

    def _works(self, day: date) -> bool:
        return day.weekday() < SATURDAY and day not in self.holidays

    def _open(self, day: date) -> tuple[datetime, datetime]:
        zoned = zone(self.time_zone)
        return (
            datetime.combine(day, self.opens, tzinfo=zoned),
            datetime.combine(day, self.closes, tzinfo=zoned),
        )


def median(hours: list[Decimal]) -> Decimal | None:
    """The middle of what was measured; None without any."""
    if not hours:
        return None
    ranked = sorted(hours)
    middle = len(ranked) // 2
    if len(ranked) % 2:
        return ranked[middle]
    return ((ranked[middle - 1] + ranked[middle]) / 2).quantize(Decimal("0.01"))
