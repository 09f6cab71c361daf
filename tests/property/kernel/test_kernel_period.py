"""Periods split without gap or overlap; months keep their anchor."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.period import (
    DatePeriod,
    add_months,
    end_of_month,
    first_anchor_on,
    month_periods,
)
from handsel.ground.kernel.split import split

DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))


@st.composite
def periods(draw, longest=2000):
    start = draw(DAYS)
    return DatePeriod(start, start + timedelta(days=draw(st.integers(1, longest))))


@given(periods(), st.data())
def test_cutting_a_period_loses_and_doubles_no_day(period, data):
    if period.days == 1:
        with pytest.raises(Invalid):
            period.split_at(period.start_on)
        return
    day = period.start_on + timedelta(days=data.draw(st.integers(1, period.days - 1)))
    first, second = period.split_at(day)
    assert first.days + second.days == period.days
    assert not first.overlaps(second)
    assert first.until_on == second.start_on == day
    assert period.covers(first) and period.covers(second)


@given(periods(), st.lists(DAYS, max_size=8), st.lists(st.integers(0, 2000), max_size=8))
def test_any_partition_covers_exactly(period, elsewhere, offsets):
    """P13: the factors of any partition of a period sum to one."""
    cuts = elsewhere + [period.start_on + timedelta(days=offset) for offset in offsets]
    pieces = period.partition(cuts)
    assert pieces[0].start_on == period.start_on and pieces[-1].until_on == period.until_on
    assert all(a.until_on == b.start_on for a, b in pairwise(pieces))
    assert sum(piece.days for piece in pieces) == period.days
    price = Money(24_995, "EUR")
    parts = split(price, [piece.days for piece in pieces])
    assert sum(parts, Money.zero("EUR")) == price


@given(periods(), periods())
def test_overlap_is_a_common_day(one, other):
    common = one.intersection(other)
    assert one.overlaps(other) == other.overlaps(one) == (common is not None)
    if common is not None:
        assert one.covers(common) and other.covers(common)
        assert one.contains(common.start_on) and other.contains(common.last_on)


@given(DAYS, st.integers(-120, 120))
def test_adding_months_keeps_the_day_or_clamps_it(anchor, months):
    there = add_months(anchor, months)
    last = calendar.monthrange(there.year, there.month)[1]
    assert there.day == min(anchor.day, last)
    assert (there.year - anchor.year) * 12 + there.month - anchor.month == months


@given(DAYS, st.integers(1, 36), st.integers(1, 12))
def test_month_periods_follow_each_other(anchor, count, months):
    pieces = month_periods(anchor, count, months=months)
    assert len(pieces) == count
    assert all(a.until_on == b.start_on for a, b in pairwise(pieces))
    assert pieces[-1].until_on == add_months(anchor, count * months)


@given(DAYS, st.integers(1, 31), st.sampled_from([1, 3, 6, 12]))
def test_the_first_billing_day_is_on_or_after_the_start(start, anchor_day, months):
    first = first_anchor_on(start, anchor_day=anchor_day, months=months)
    assert first >= start
    assert first.day == min(anchor_day, end_of_month(first).day)
    assert first <= add_months(start, months + 1)


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [
        ("2025-01-31", ["2025-02-28", "2025-03-31", "2025-04-30", "2025-05-31", "2025-06-30"]),
        ("2024-01-31", ["2024-02-29", "2024-03-31", "2024-04-30"]),  # M2; the first is M1
        ("2024-01-30", ["2024-02-29", "2024-03-30"]),
        ("2023-01-29", ["2023-02-28", "2023-03-29"]),
        ("2025-03-31", ["2025-04-30"]),  # M3
    ],
)
def test_month_end_anchors(anchor, expected):
    start = date.fromisoformat(anchor)
    months = [add_months(start, step).isoformat() for step in range(1, len(expected) + 1)]
    assert months == expected


@pytest.mark.parametrize(
    ("start", "anchor_day", "months", "expected"),
    [
        ("2012-02-16", 30, 1, "2012-02-29"),  # M5
        ("2012-02-16", 14, 1, "2012-03-14"),
        ("2012-02-16", 14, 12, "2013-02-14"),
        ("2012-01-31", 30, 1, "2012-02-29"),
        ("2012-01-31", 30, 12, "2013-01-30"),
        ("2025-03-31", 31, 1, "2025-03-31"),
    ],
)
def test_first_billing_days(start, anchor_day, months, expected):
    found = first_anchor_on(date.fromisoformat(start), anchor_day=anchor_day, months=months)
    assert found.isoformat() == expected


def test_end_of_month_plus_thirty_days():
    """M6: counted from the real end of January, not by months of thirty days."""
    assert end_of_month(date(2025, 1, 30)) + timedelta(days=30) == date(2025, 3, 2)


def test_an_empty_or_turned_period_is_refused():
    for until in (date(2025, 1, 1), date(2024, 12, 31)):
        with pytest.raises(Invalid, match="no day"):
            DatePeriod(date(2025, 1, 1), until)
    with pytest.raises(Invalid):
        add_months(date(9999, 12, 1), 1)
    with pytest.raises(Invalid):
        first_anchor_on(date(2025, 1, 1), anchor_day=32)
