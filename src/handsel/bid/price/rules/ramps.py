"""Ramps: one line over several segments of time, each priced like any other line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from handsel.bid.price.rules.context import Charge, LineTerm, RequestLine
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.period import DatePeriod, add_months
from handsel.ground.kernel.said import said

_YEAR = 12
MOST_SEGMENTS = 600


@dataclass(frozen=True, slots=True)
class Segment:
    """So many months with a quantity; None keeps the line's own."""

    months: int
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Ramp:
    """Segments one after another. The uplift compounds with every whole year that has passed.

    With `start_on` the segments have dates and the product's proration; without, a segment is
    months over the months its price is for.
    """

    segments: tuple[Segment, ...]
    uplift_bps: int = 0
    start_on: date | None = None


def yearly(months: int, segment_months: int = _YEAR) -> tuple[Segment, ...]:
    """A term cut into segments of a length; the last one is what remains: 39 → 12, 12, 12, 3."""
    if months < 1 or segment_months < 1 or months / segment_months > MOST_SEGMENTS:
        raise Invalid(
            said("A term of %(months)s months cannot be cut so.", months=months), code="ramp"
        )
    whole, rest = divmod(months, segment_months)
    return tuple(Segment(segment_months) for _ in range(whole)) + ((Segment(rest),) if rest else ())


def ramped(line: RequestLine, ramp: Ramp) -> list[RequestLine]:
    """The lines a ramped line stands for, keyed ``key/1``, ``key/2`` …, in order of time.

    A recurring line with a period of its own gets periods: 12 months of a monthly line are 12.
    """
    found: list[RequestLine] = []
    passed = 0
    for place, segment in enumerate(ramp.segments, 1):
        facts = replace(
            line.facts,
            uplift_bps=ramp.uplift_bps,
            uplifts=passed // _YEAR,
            segment_of=line.key,
            is_later=place > 1,
        )
        each, rest = divmod(segment.months, facts.charge_months or segment.months)
        if facts.charge is Charge.RECURRING and facts.charge_months and not rest:
            facts = replace(facts, periods=each)
        elif ramp.start_on is not None:
            first = add_months(ramp.start_on, passed)
            last = add_months(ramp.start_on, passed + segment.months) - timedelta(days=1)
            facts = replace(facts, term=LineTerm(first, last, anchor_on=ramp.start_on))
        else:
            facts = replace(facts, due_months=segment.months)
        quantity = line.quantity if segment.quantity is None else segment.quantity
        found.append(replace(line, key=f"{line.key}/{place}", quantity=quantity, facts=facts))
        passed += segment.months
    return found


@dataclass(frozen=True, slots=True)
class Phase:
    """A quantity during a period."""

    period: DatePeriod
    quantity: Decimal


def amended(phases: Sequence[Phase], period: DatePeriod, change: Decimal) -> tuple[Phase, ...]:
    """A schedule with a quantity added (or taken away) during a period.

    Neighbours that have become equal are one again, so that an amendment undone gives the
    schedule there was. Raises Invalid where less than nothing would remain.
    """
    found: list[Phase] = []
    for phase in sorted(phases, key=lambda one: one.period.start_on):
        for piece in phase.period.partition([period.start_on, period.until_on]):
            quantity = phase.quantity + (change if period.covers(piece) else 0)
            if quantity < 0:
                raise Invalid(
                    said(
                        "From %(start_on)s there are %(quantity)s; %(taken)s cannot be taken away.",
                        start_on=piece.start_on,
                        quantity=f"{phase.quantity:f}",
                        taken=f"{-change:f}",
                    ),
                    code="amendment_quantity",
                )
            last = found[-1] if found else None
            if (
                last is not None
                and last.quantity == quantity
                and last.period.until_on == piece.start_on
            ):
                joined = DatePeriod(last.period.start_on, piece.until_on)
                found[-1] = Phase(joined, quantity)
            else:
                found.append(Phase(piece, quantity))
    return tuple(found)
