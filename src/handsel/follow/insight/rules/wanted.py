"""What a KPI is asked for: filters as texts from an address, read strictly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from handsel.follow.insight.errors import BadFilter
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_date, parse_integer

TARGETS_MIN = (5, 15, 60, 240, 1440)
DEFAULT_TARGET_MIN = 60
# In an address, the source of leads that came without one.
EMPTY_SOURCE = "-"
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters of a KPI. `source` None is every source, "" the leads that have none."""

    from_on: date | None = None
    until_on: date | None = None
    source: str | None = None
    target_min: int = DEFAULT_TARGET_MIN
    as_of_on: date | None = None
    currency: str = ""


def read(texts: Mapping[str, str]) -> Wanted:
    """Filters from texts; empty ones are not set. Raises BadFilter naming the first wrong one."""
    source = texts.get("source", "")
    target = texts.get("target", "")
    currency = texts.get("currency", "")
    if currency and not _CURRENCY.fullmatch(currency):
        raise BadFilter("currency", "three capital letters such as EUR")
    found = Wanted(
        from_on=_day(texts, "from"),
        until_on=_day(texts, "until"),
        source=None if not source else "" if source == EMPTY_SOURCE else source[:100],
        target_min=_minutes(target) if target else DEFAULT_TARGET_MIN,
        as_of_on=_day(texts, "as_of"),
        currency=currency,
    )
    if found.from_on and found.until_on and found.until_on < found.from_on:
        raise BadFilter("until", "a day not before the first")
    return found


def _day(texts: Mapping[str, str], name: str) -> date | None:
    text = texts.get(name, "")
    if not text:
        return None
    try:
        day = parse_date(text)
    except Invalid:
        raise BadFilter(name, "a day such as 2026-03-31") from None
    if not 1900 <= day.year <= 2200:
        raise BadFilter(name, "a day between 1900 and 2200")
    return day


def _minutes(text: str) -> int:
    try:
        minutes = parse_integer(text)
    except Invalid:
        minutes = 0
    if not 1 <= minutes <= 525_600:
        raise BadFilter("target", "minutes, 1 to 525600")
    return minutes
