"""How a line is paid: once, by the period, or as it is used; and for which time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol
from uuid import UUID

from handsel.bid.price.rules.priced import PricedDocument
from handsel.bid.price.rules.waterfall import Row, Stage
from handsel.bid.quote.rules.sheet.sums import Summand, Totals, totals
from handsel.ground.kernel.grammar import parse_date
from handsel.ground.kernel.period import add_months

_PRORATION = "proration:"


@dataclass(frozen=True, slots=True)
class Paid:
    """What a line says of time: `periods` periods of `months` months; first and last day, inside.

    `convention` is how the days were counted, where the price is for a part of a period; `ramp` is
    what the segments of one ramp have in common.
    """

    charge: str = "one_time"
    months: int = 0
    periods: int = 1
    start_on: date | None = None
    end_on: date | None = None
    convention: str = ""
    segment: int = 0
    segments: int = 0
    ramp: str = ""

    @property
    def is_plain(self) -> bool:
        """Paid once, for no time: there is nothing to say."""
        return self == PLAIN

    def as_json(self) -> dict[str, Any]:
        """As it stands in the bytes that are accepted; nothing for plain lines."""
        found: dict[str, Any] = {}
        if self.charge != "one_time":
            found["charge"] = self.charge
        for name in ("months", "segment", "segments", "ramp"):
            if getattr(self, name):
                found[name] = getattr(self, name)
        if self.periods != 1:
            found["periods"] = self.periods
        if self.start_on is not None and self.end_on is not None:
            found["start_on"] = self.start_on.isoformat()
            found["end_on"] = self.end_on.isoformat()
        if self.convention:
            found["convention"] = self.convention
        return found


PLAIN = Paid()


def paid_of(charge: str, asked: Mapping[str, Any], rows: Iterable[Row] = ()) -> Paid:
    """How a kept line is paid."""
    if not asked and charge == "one_time":
        return PLAIN
    days: Mapping[str, str] = asked.get("term") or asked.get("service") or {}
    ramp: Mapping[str, str] = asked.get("ramp") or {}
    return Paid(
        charge,
        int(asked.get("charge_months") or 0),
        int(asked.get("periods") or 1),
        parse_date(days["start_on"]) if "start_on" in days else None,
        parse_date(days["end_on"]) if "end_on" in days else None,
        next((convention_of(row) for row in rows if row.stage is Stage.PRORATION), ""),
        int(ramp.get("place") or 0),
        int(ramp.get("count") or 0),
        str(ramp.get("of") or ""),
    )


def ramp_of(asked: Mapping[str, Any]) -> str:
    """The ramp a line is a segment of; nothing where it is of none."""
    return str(asked["ramp"]["of"]) if "ramp" in asked else ""


def days_borne(paid: Paid) -> tuple[date, date] | None:
    """The first and the last day of what an order bears of a line: all its days, or those of the
    first of several periods; None where it is for no time."""
    if paid.start_on is None or paid.end_on is None:
        return None
    if paid.charge != "recurring" or paid.periods < 2 or not paid.months:
        return paid.start_on, paid.end_on
    return paid.start_on, add_months(paid.start_on, paid.months) - timedelta(days=1)


def is_later_segment(asked: Mapping[str, Any]) -> bool:
    """Whether a line is a segment of a ramp that follows another one of it."""
    return bool(asked) and "ramp" in asked and int(asked["ramp"]["place"]) > 1


def convention_of(row: Row) -> str:
    """The convention behind a row of proration; nothing where a plain multiple was given."""
    name = row.rule.removeprefix(_PRORATION)
    return "" if name == "multiplier" else name


class PaidLine(Protocol):
    """A line as sums see it."""

    @property
    def charge(self) -> str: ...
    @property
    def asked(self) -> Mapping[str, Any]: ...
    @property
    def group_key(self) -> UUID | None: ...


def sums_of(lines: Sequence[PaidLine], priced: PricedDocument) -> Totals:
    """What a priced document comes to by kind of charge, over the contract and in a year."""
    return totals(summands_of(lines, priced))


def summands_of(lines: Sequence[PaidLine], priced: PricedDocument) -> list[Summand]:
    """A priced document's lines as sums see them."""
    return [_summand(line, amounts) for line, amounts in zip(lines, priced.lines, strict=True)]


class _Amounts(Protocol):
    @property
    def list_minor(self) -> int: ...
    @property
    def net_minor(self) -> int: ...
    @property
    def counts(self) -> bool: ...


def _summand(line: PaidLine, amounts: _Amounts) -> Summand:
    return Summand(
        line.group_key,
        line.charge,
        int(line.asked.get("charge_months") or 0),
        int(line.asked.get("periods") or 1),
        amounts.list_minor,
        amounts.net_minor,
        amounts.counts,
        ramp=ramp_of(line.asked),
    )


class KeptLine(PaidLine, _Amounts, Protocol):
    """A line with the amounts it is kept with."""


def summands_of_kept(lines: Iterable[KeptLine]) -> list[Summand]:
    """Kept lines as sums see them."""
    return [_summand(line, line) for line in lines]
