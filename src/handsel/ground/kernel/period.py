"""DatePeriod: calendar dates, half-open. And months that end when their anchor says so."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from handsel.ground.kernel.errors import Invalid


@dataclass(frozen=True, slots=True, order=True)
class DatePeriod:
    """The days from ``start_on`` up to, not including, ``until_on``; at least one day."""

    start_on: date
    until_on: date

    def __post_init__(self) -> None:
        if self.start_on >= self.until_on:
            raise Invalid(
                f"A period from {self.start_on} until {self.until_on} holds no day; "
                "the end must be after the start.",
                code="period_empty",
            )

    @property
    def days(self) -> int:
        """How many days the period holds."""
        return (self.until_on - self.start_on).days

    @property
    def last_on(self) -> date:
        """The last day inside: what is printed as the end."""
        return self.until_on - timedelta(days=1)

    def contains(self, day: date) -> bool:
        """Say whether a day lies inside."""
        return self.start_on <= day < self.until_on

    def covers(self, other: DatePeriod) -> bool:
        """Say whether every day of the other period lies inside this one."""
        return self.start_on <= other.start_on and other.until_on <= self.until_on

    def overlaps(self, other: DatePeriod) -> bool:
        """Say whether the two have a day in common."""
        return self.start_on < other.until_on and other.start_on < self.until_on

    def intersection(self, other: DatePeriod) -> DatePeriod | None:
        """Return the days in common, or None."""
        if not self.overlaps(other):
            return None
        return DatePeriod(max(self.start_on, other.start_on), min(self.until_on, other.until_on))

    def split_at(self, day: date) -> tuple[DatePeriod, DatePeriod]:
        """Cut in two, the second starting on ``day``; it must leave a day on either side."""
        if not self.start_on < day < self.until_on:
            raise Invalid(
                f"A period from {self.start_on} until {self.until_on} cannot be cut on {day}.",
                code="period_split",
            )
        return DatePeriod(self.start_on, day), DatePeriod(day, self.until_on)

    def partition(self, days: Iterable[date]) -> list[DatePeriod]:
        """Cut at every given day that lies inside; the pieces cover the period exactly."""
        inside = sorted({day for day in days if self.start_on < day < self.until_on})
        edges = [self.start_on, *inside, self.until_on]
        return [DatePeriod(start, until) for start, until in pairwise(edges)]


def add_months(anchor_on: date, months: int) -> date:
    """Return the anchor's day ``months`` later (or earlier), clamped to the month's end.

    Always count from the anchor, never from the previous result: 31 Jan gives 28 Feb, 31 Mar,
    30 Apr, while adding to the result would drift to 28 Mar.
    """
    index = anchor_on.year * 12 + anchor_on.month - 1 + months
    return _clamped(index // 12, index % 12 + 1, anchor_on.day)


def end_of_month(day: date) -> date:
    """Return the last day of the month a day lies in."""
    return _clamped(day.year, day.month, 31)


def first_anchor_on(start_on: date, *, anchor_day: int, months: int = 1) -> date:
    """Return the first billing day on or after the start.

    ``anchor_day`` is the day of the month (1 to 31, clamped), ``months`` the length of the
    cycle: start 16 Feb 2012 with day 14 gives 14 Mar 2012, yearly 14 Feb 2013.
    """
    if not 1 <= anchor_day <= 31:
        raise Invalid(f"{anchor_day} is not a day of the month.", code="anchor_day")
    first = _clamped(start_on.year, start_on.month, anchor_day)
    if first >= start_on:
        return first
    index = start_on.year * 12 + start_on.month - 1 + months
    return _clamped(index // 12, index % 12 + 1, anchor_day)


def month_periods(anchor_on: date, count: int, *, months: int = 1) -> list[DatePeriod]:
    """Return ``count`` consecutive periods of ``months`` each, all counted from the anchor."""
    edges = [add_months(anchor_on, step * months) for step in range(count + 1)]
    return [DatePeriod(start, until) for start, until in pairwise(edges)]


def _clamped(year: int, month: int, day: int) -> date:
    if not 1 <= year <= 9999:
        raise Invalid("The date lies outside the calendar.", code="date_range")
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
