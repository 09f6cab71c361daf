"""Stage 8: how much of a price's period a term is, by the eight conventions of the trade.

A term runs from its first to its last day, both inside. The result is a pair (numerator,
denominator), exact, in years or in months, so that a price is multiplied before it is divided.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.period import add_months
from handsel.ground.kernel.said import said

_YEAR = 12
_FIXED_YEAR_DAYS = 365
_FIXED_MONTH_DAYS = 30


class Convention(StrEnum):
    """The product's way of counting a term."""

    DAY365 = "DAY365"
    """Days / 365."""
    ACTACT = "ACTACT"
    """Days in each calendar year / length of that year."""
    MONTH_UP = "MONTH_UP"
    """Whole months, any remainder counts as one."""
    MONTH_DAY = "MONTH_DAY"
    """Whole anniversary months and the remaining days × 12/365."""
    ANNIV = "ANNIV"
    """Whole anniversary months and the remaining days / length of that anniversary month."""
    CAL = "CAL"
    """Calendar months: the partial first and last month by their own lengths."""
    M30 = "M30"
    """Whole months and the remaining days / 30."""
    THIRTY_360 = "30/360"
    """Every month has 30 days."""


def years(convention: Convention, start_on: date, end_on: date) -> Fraction:
    """How many years a term is, exact. Raises Invalid when it ends before it starts."""
    if end_on < start_on:
        raise Invalid(
            said(
                "A term from %(start_on)s to %(end_on)s ends before it starts.",
                start_on=start_on,
                end_on=end_on,
            ),
            code="period_empty",
        )
    if convention is Convention.DAY365:
        return Fraction(_days(start_on, end_on), _FIXED_YEAR_DAYS)
    if convention is Convention.ACTACT:
        return _actual(start_on, end_on)
    return months(convention, start_on, end_on) / _YEAR


def months(convention: Convention, start_on: date, end_on: date) -> Fraction:
    """How many months a term is, exact; a month is a twelfth of a year."""
    if convention in (Convention.DAY365, Convention.ACTACT):
        return years(convention, start_on, end_on) * _YEAR
    if convention is Convention.CAL:
        return _calendar_months(start_on, end_on)
    if convention is Convention.THIRTY_360:
        return Fraction(_days_of_thirty(start_on, end_on), _FIXED_MONTH_DAYS)
    whole, rest, length = _anniversaries(start_on, end_on)
    if convention is Convention.MONTH_UP:
        return Fraction(whole + (1 if rest else 0))
    if convention is Convention.MONTH_DAY:
        return whole + Fraction(rest * _YEAR, _FIXED_YEAR_DAYS)
    if convention is Convention.ANNIV:
        return whole + Fraction(rest, length)
    return whole + Fraction(rest, _FIXED_MONTH_DAYS)


@lru_cache(maxsize=4096)  # the lines of a document share a few terms
def multiplier(convention: Convention, start_on: date, end_on: date, price_months: int) -> Fraction:
    """How often a price for `price_months` months is due over a term."""
    return months(convention, start_on, end_on) / price_months


def due(
    convention: Convention, start_on: date, end_on: date, price_months: int, anchor_on: date | None
) -> Fraction:
    """The same for a part of a term whose months are counted from its first day, the anchor: what
    is due until the part ends, less what was before it begins."""
    if anchor_on is None or anchor_on >= start_on:
        return multiplier(convention, start_on, end_on, price_months)
    before = multiplier(convention, anchor_on, start_on - timedelta(days=1), price_months)
    return multiplier(convention, anchor_on, end_on, price_months) - before


def _days(start_on: date, end_on: date) -> int:
    return (end_on - start_on).days + 1


def _actual(start_on: date, end_on: date) -> Fraction:
    total = Fraction(0)
    for year in range(start_on.year, end_on.year + 1):
        first, last = max(start_on, date(year, 1, 1)), min(end_on, date(year, 12, 31))
        total += Fraction(_days(first, last), 366 if calendar.isleap(year) else 365)
    return total


def _anniversaries(start_on: date, end_on: date) -> tuple[int, int, int]:
    """Whole months from the start, the days that remain, and the length of the month they are in.

    A month that starts on the 31st ends before the 31st of the next, or before its last day has
    begun where there is none: 31 January to 27 February is a whole month.
    """
    until = end_on + timedelta(days=1)
    whole = (until.year - start_on.year) * _YEAR + until.month - start_on.month
    if add_months(start_on, whole) > until:
        whole -= 1
    anniversary = add_months(start_on, whole)
    length = (add_months(start_on, whole + 1) - anniversary).days
    return whole, (until - anniversary).days, length


def _calendar_months(start_on: date, end_on: date) -> Fraction:
    apart = (end_on.year - start_on.year) * _YEAR + end_on.month - start_on.month
    first_length, last_length = _month_length(start_on), _month_length(end_on)
    if apart == 0:
        return Fraction(_days(start_on, end_on), first_length)
    first = Fraction(first_length - start_on.day + 1, first_length)
    return first + (apart - 1) + Fraction(end_on.day, last_length)


def _days_of_thirty(start_on: date, end_on: date) -> int:
    """Days where a month's last day is its 30th, both ends inside, so that parts add up.

    A 31st is no day of its own: it belongs to the 30th before it.
    """
    last = 30 if end_on.day == _month_length(end_on) else min(end_on.day, 30)
    apart = (end_on.year - start_on.year) * 360 + (end_on.month - start_on.month) * 30
    return apart + last - start_on.day + 1


def _month_length(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]
