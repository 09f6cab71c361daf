"""A line that is paid for a time: what a person says of it, and what the price is asked then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from handsel.bid.quote.errors import BadQuote
from handsel.bid.quote.rules.terms import LAST_YEAR
from handsel.ground.kernel.period import add_months
from handsel.ground.kernel.said import said

MOST_SEGMENTS: Final = 120
MOST_MONTHS: Final = 1_200
_OF_TIME: Final = frozenset(
    {
        "term",
        "service",
        "term_months",
        "charge_months",
        "periods",
        "price_months",
        "multiplier",
        "uplift",
        "ramp",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """From a first to a last day, both inside; the list price is for `price_months` months.

    With `charge_months` the line is paid every so many months and its amount is one period's;
    without, it is paid once for the whole term, counted by `convention` or the product's own.
    `anchor_on` is the first day of the whole that the term is a part of, if it is one.
    """

    start_on: date
    end_on: date
    price_months: int = 12
    charge_months: int = 0
    convention: str = ""
    anchor_on: date | None = None

    @property
    def months(self) -> int | None:
        """The term in whole months, as the anchor counts them; None where days are left over."""
        passed = self._passed(self.start_on)
        until = self._passed(self.end_on + timedelta(days=1))
        return None if passed is None or until is None else until - passed

    def _passed(self, day: date) -> int | None:
        """Whole months from the anchor to a day."""
        first = self.anchor_on or self.start_on
        count = (day.year - first.year) * 12 + day.month - first.month
        return count if add_months(first, count) == day else None

    @property
    def charge(self) -> str:
        """The kind of charge it makes."""
        return "recurring" if self.charge_months else "one_time"

    def asked(self) -> dict[str, Any]:
        """As the price is asked. Raises BadQuote where the term is no number of whole periods."""
        if self.end_on.year > LAST_YEAR:
            raise BadQuote(
                said("A term ends in the year %(last_year)s at the latest.", last_year=LAST_YEAR),
                fields={"end_on": said("a day up to the year %(last_year)s", last_year=LAST_YEAR)},
            )
        if self.end_on < self.start_on:
            raise BadQuote("The term ends before it starts.", fields={"end_on": "a later day"})
        days = {"start_on": self.start_on.isoformat(), "end_on": self.end_on.isoformat()}
        months = self.months
        found: dict[str, Any] = {"price_months": str(self.price_months)}
        if months is not None:
            found["term_months"] = str(months)
        if not self.charge_months:
            named = {"convention": self.convention} if self.convention else {}
            if self.anchor_on is not None and self.anchor_on < self.start_on:
                named["anchor_on"] = self.anchor_on.isoformat()
            return {**found, "term": {**days, **named}}
        if months is None or months % self.charge_months:
            raise BadQuote(
                said(
                    "From %(start_on)s to %(end_on)s is no number of whole periods of "
                    "%(charge_months)s months.",
                    start_on=self.start_on,
                    end_on=self.end_on,
                    charge_months=self.charge_months,
                ),
                fields={
                    "end_on": said(
                        "a term of whole periods of %(charge_months)s months",
                        charge_months=self.charge_months,
                    )
                },
            )
        found |= {
            "service": days,
            "charge_months": str(self.charge_months),
            "periods": str(months // self.charge_months),
        }
        if self.charge_months != self.price_months:
            found["multiplier"] = f"{self.charge_months}/{self.price_months}"
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A segment of a ramp: so many months with a quantity, a discount or a price of its own."""

    months: int
    quantity: Decimal
    discount_bps: int = 0
    unit_price: Decimal | None = None


def without_time(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked beside the term."""
    return {name: value for name, value in asked.items() if name not in _OF_TIME}


def segments(
    first_key: UUID,
    steps: Sequence[Step],
    *,
    start_on: date,
    price_months: int,
    charge_months: int,
    convention: str,
    uplift_bps: int,
    reason: str,
) -> list[dict[str, Any]]:
    """What the price of each segment is asked, one after another without a gap.

    The uplift compounds with every whole year that has passed. Raises BadQuote.
    """
    whole = _whole(steps, start_on)
    found, passed = [], 0
    for place, step in enumerate(steps, 1):
        if not 1 <= step.months <= MOST_MONTHS:
            raise BadQuote(
                said("Step %(place)s: a step has months.", place=place), fields={"steps": "months"}
            )
        begin = add_months(start_on, passed)
        passed += step.months
        last = add_months(start_on, passed) - timedelta(days=1)
        asked = Subscription(
            start_on=begin,
            end_on=last,
            price_months=price_months,
            charge_months=charge_months,
            convention=convention,
            anchor_on=start_on,
        ).asked()
        asked["ramp"] = {
            "of": str(first_key),
            "place": str(place),
            "count": str(len(steps)),
            "months": str(step.months),
        }
        # What is signed for is the whole of it: that is the term discounts are given for.
        asked["term_months"] = str(whole)
        years = (passed - step.months) // 12
        if uplift_bps and years:
            percent = f"{Decimal(uplift_bps) / 100:f}"
            asked["uplift"] = {"percent": percent, "years": str(years)}
        if step.unit_price is not None:
            asked["override"] = {"price": f"{step.unit_price:f}"}
            asked["reason"] = reason
        found.append(asked)
    return found


def _whole(steps: Sequence[Step], start_on: date) -> int:
    """The months of all steps. Raises BadQuote for too many of them."""
    if not 1 <= len(steps) <= MOST_SEGMENTS:
        raise BadQuote(
            said("A ramp has 1 to %(most_segments)s steps.", most_segments=MOST_SEGMENTS),
            fields={"steps": said("1 to %(most_segments)s", most_segments=MOST_SEGMENTS)},
        )
    whole = sum(step.months for step in steps)
    if whole > MOST_MONTHS or start_on.year > LAST_YEAR:
        raise BadQuote(
            said(
                "A ramp has at most %(most_months)s months, up to the year %(last_year)s.",
                most_months=MOST_MONTHS,
                last_year=LAST_YEAR,
            ),
            fields={
                "steps": said("at most %(most_months)s months in all", most_months=MOST_MONTHS)
            },
        )
    return whole
