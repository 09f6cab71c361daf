"""A ramp that begins at a month's end: its months are those of its first day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from handsel.bid.quote.rules.asked import facts_asked
from handsel.bid.quote.rules.listed import times_of
from handsel.bid.quote.rules.subscription import Step, segments


def cut(start_on: date, *months: int, charge_months: int = 0) -> list[dict[str, Any]]:
    return segments(
        UUID(int=1),
        [Step(months=count, quantity=Decimal(1)) for count in months],
        start_on=start_on,
        price_months=12,
        charge_months=charge_months,
        convention="MONTH_UP",
        uplift_bps=0,
        reason="",
    )


@pytest.mark.parametrize("start_on", [date(2026, 1, 31), date(2026, 12, 30), date(2028, 2, 29)])
def test_every_segment_is_as_many_months_as_it_says(start_on: date) -> None:
    months = (1, 2, 12, 1, 12, 12, 12)
    asked = cut(start_on, *months)
    times = [times_of(facts_asked(one)) * 12 for one in asked]
    assert times == list(months)
    # Together without a gap, and signed for as one.
    ends = [date.fromisoformat(one["term"]["end_on"]).toordinal() for one in asked]
    begins = [date.fromisoformat(one["term"]["start_on"]).toordinal() for one in asked]
    assert begins[1:] == [end + 1 for end in ends[:-1]]
    assert {one["term_months"] for one in asked} == {"52"}


def test_it_can_be_paid_by_the_month() -> None:
    first, second = cut(date(2026, 1, 31), 1, 2, charge_months=1)
    assert first["service"] == {"start_on": "2026-01-31", "end_on": "2026-02-27"}
    assert second["service"] == {"start_on": "2026-02-28", "end_on": "2026-04-29"}
    assert (first["periods"], second["periods"]) == ("1", "2")
