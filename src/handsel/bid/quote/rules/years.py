"""What falls due in each year of a contract: the sum a buyer has to have in his budget.

A year begins with the contract: what is paid once and what is estimated for use fall into the
first, a period's price into the year its period begins in. All years together are the contract's
value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

from handsel.bid.price.rules.priced import PricedDocument
from handsel.bid.quote.rules.paid import PaidLine, ramp_of

YEAR: Final = 12


class Years(NamedTuple):
    """Years, the first and the last of them counted from 1, that cost the same amount each."""

    first: int
    last: int
    net_minor: int


def years_of(lines: Sequence[PaidLine], priced: PricedDocument) -> tuple[Years, ...]:
    """The net amount of each year of what is priced; years that cost the same are told as one."""
    return _told(
        [
            (line.charge, line.asked, amounts.net_minor)
            for line, amounts in zip(lines, priced.lines, strict=True)
            if amounts.counts
        ]
    )


def years_of_kept(lines: Sequence[Any]) -> tuple[Years, ...]:
    """The same of kept lines."""
    return _told([(line.charge, line.asked, line.net_minor) for line in lines if line.counts])


def _told(counted: Sequence[tuple[str, Mapping[str, Any], int]]) -> tuple[Years, ...]:
    begins = _beginnings([asked for _charge, asked, _net in counted])
    alike: dict[tuple[int, int, int], int] = defaultdict(int)
    for _charge, asked, net in counted:
        months = int(asked.get("charge_months") or 0) if asked else 0
        periods = int(asked.get("periods") or 1) if asked else 1
        alike[begins.get(_segment(asked), 0), months, periods] += net
    years: dict[int, int] = defaultdict(int)
    for (begin, months, periods), net in alike.items():
        for number in range(begin // YEAR, (begin + months * (periods - 1)) // YEAR + 1):
            years[number] += net * _periods_in(number, begin, months, periods)
    listed = [years[number] for number in range(max(years, default=-1) + 1)]
    found: list[Years] = []
    for net, run in groupby(enumerate(listed, 1), key=lambda row: row[1]):
        numbers = [number for number, _net in run]
        found.append(Years(numbers[0], numbers[-1], net))
    return tuple(found)


def _periods_in(year: int, begin: int, months: int, periods: int) -> int:
    """How many periods begin in a year (from 0) that lie `months` apart from `begin` on."""
    if months == 0:
        return periods
    before = [
        min(periods, max(0, -(-(YEAR * edge - begin) // months))) for edge in (year, year + 1)
    ]
    return before[1] - before[0]


def _segment(asked: Mapping[str, Any]) -> tuple[str, int]:
    return (ramp_of(asked), int(asked["ramp"]["place"])) if asked and "ramp" in asked else ("", 0)


def _beginnings(asked: Sequence[Mapping[str, Any]]) -> dict[tuple[str, int], int]:
    """After how many months each segment of a ramp begins."""
    found: dict[tuple[str, int], int] = {}
    passed: dict[str, int] = defaultdict(int)
    for one in sorted((one for one in asked if one and "ramp" in one), key=_segment):
        ramp, place = _segment(one)
        found[ramp, place] = passed[ramp]
        passed[ramp] += int(one["ramp"]["months"])
    return found
