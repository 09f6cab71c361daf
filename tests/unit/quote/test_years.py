"""What falls due in each year of a contract, beside counting period by period."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handsel.bid.quote.rules.sheet.sums import Summand, totals
from handsel.bid.quote.rules.years import Years, years_of_kept


@dataclass
class YearLine:
    net_minor: int
    charge: str = "one_time"
    asked: dict[str, Any] = field(default_factory=dict)
    counts: bool = True


def paid(net: int, months: int, periods: int) -> YearLine:
    return YearLine(net, "recurring", {"charge_months": str(months), "periods": str(periods)})


def segment(net: int, place: int, lasts: int, months: int, periods: int) -> YearLine:
    ramp = {"of": "r", "place": str(place), "count": "3", "months": str(lasts)}
    return YearLine(
        net,
        "recurring",
        {"charge_months": str(months), "periods": str(periods), "ramp": ramp},
    )


def test_what_is_paid_once_and_used_falls_into_the_first_year() -> None:
    assert years_of_kept([YearLine(700), YearLine(50, "usage")]) == (Years(1, 1, 750),)


def test_a_month_and_a_quarter_over_three_years() -> None:
    lines = [paid(10, 1, 36), paid(30, 3, 12), YearLine(500)]
    assert years_of_kept(lines) == (Years(1, 1, 740), Years(2, 3, 240))


def test_the_segments_of_a_ramp_follow_each_other_in_whatever_order_they_stand() -> None:
    lines = [segment(300, 3, 12, 12, 1), segment(100, 1, 12, 12, 1), segment(200, 2, 12, 12, 1)]
    assert years_of_kept(lines) == (Years(1, 1, 100), Years(2, 2, 200), Years(3, 3, 300))


def test_a_half_year_before_the_ramp_lets_the_next_segment_begin_within_the_first() -> None:
    lines = [segment(10, 1, 6, 1, 6), segment(20, 2, 12, 1, 12)]
    assert years_of_kept(lines) == (Years(1, 1, 60 + 120), Years(2, 2, 120))


def test_a_year_without_a_payment_is_told_with_nothing() -> None:
    assert years_of_kept([paid(90, 24, 2)]) == (Years(1, 1, 90), Years(2, 2, 0), Years(3, 3, 90))


def test_what_does_not_count_and_no_lines_at_all() -> None:
    assert years_of_kept([YearLine(5, counts=False)]) == ()


LINES = st.lists(
    st.builds(
        paid,
        st.integers(-1000, 1000),
        st.sampled_from([1, 2, 3, 5, 6, 7, 12, 18, 24, 36]),
        st.integers(1, 40),
    ),
    max_size=6,
)


@given(LINES)
def test_all_years_are_the_contract_and_each_is_counted_period_by_period(
    lines: list[YearLine],
) -> None:
    told = years_of_kept(lines)
    listed = [one.net_minor for one in told for _year in range(one.first, one.last + 1)]
    naive = [0] * len(listed)
    for line in lines:
        for number in range(int(line.asked["periods"])):
            naive[number * int(line.asked["charge_months"]) // 12] += line.net_minor
    assert listed == naive
    summands = [
        Summand(
            None,
            line.charge,
            int(line.asked["charge_months"]),
            int(line.asked["periods"]),
            line.net_minor,
            line.net_minor,
            True,
        )
        for line in lines
    ]
    assert sum(listed) == totals(summands).contract_minor
