"""Amounts, dates and times as ISO 20022 writes them, read by a strict grammar."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal

from handsel.earn.cash.rules.statement.model import Direction, StatedAmount
from handsel.earn.cash.rules.statement.refusals import refuse
from handsel.earn.cash.rules.statement.xml import Node, local_name
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_date, parse_decimal, parse_integer

_AMOUNT = re.compile(r"(?P<whole>[0-9]*)(?:\.(?P<decimals>[0-9]*))?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_DATE = re.compile(r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_TIME = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})"
    r":(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,12}))?(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?"
)
_MOST_DIGITS = 18
_MOST_DECIMALS = 5


def decimal_of(text: str, where: str) -> Decimal:
    """Read an unsigned xs:decimal: at most 18 digits, at most 5 of them decimals; kept exactly.

    A sign is refused: ISO says the direction in CdtDbtInd, and a minus beside it is ambiguous.
    """
    match = _AMOUNT.fullmatch(text)
    whole, decimals = (match["whole"], match["decimals"] or "") if match else ("", "")
    digits = len(whole.lstrip("0")) + len(decimals)
    if not match or not whole + decimals or len(text) > 64 or digits > _MOST_DIGITS:
        raise refuse(
            "amount",
            f"{where}: “{text[:40]}” is not an amount; expected up to {_MOST_DIGITS} digits "
            "with a point and no sign.",
            text=text[:40],
        )
    try:
        return parse_decimal(
            f"{whole or '0'}.{decimals}" if decimals else whole,
            max_digits=_MOST_DIGITS + _MOST_DECIMALS,
            scale=_MOST_DECIMALS,
        )
    except Invalid as error:
        raise refuse("amount", f"{where}: {error.message}", text=text[:40]) from None


def amount_of(node: Node, direction: Direction) -> StatedAmount:
    """Read an element such as ``<Amt Ccy="EUR">8.85</Amt>`` and give it the direction's sign."""
    where = f"Line {node.line}, {local_name(node.element)}"
    currency = node.element.get("Ccy") or ""
    if not _CURRENCY.fullmatch(currency):
        raise refuse(
            "currency", f"{where}: “{currency[:10]}” is not a currency code.", text=currency[:10]
        )
    return StatedAmount(direction.signed(decimal_of(node.content(), where)), currency)


def direction_of(node: Node) -> Direction:
    """Read CdtDbtInd of an element that must have it."""
    found = node.need("CdtDbtInd")
    return _direction(found)


def stated_direction(node: Node) -> Direction | None:
    """Read CdtDbtInd where it may be left out."""
    found = node.one("CdtDbtInd")
    return _direction(found) if found is not None else None


def _direction(node: Node) -> Direction:
    text = node.content()
    try:
        return Direction(text)
    except ValueError:
        raise refuse(
            "direction",
            f"Line {node.line}: CdtDbtInd is “{text[:10]}”; expected CRDT or DBIT.",
            text=text[:10],
        ) from None


def flag_of(node: Node, path: str) -> bool | None:
    """Read an xs:boolean at the path; None where it is left out."""
    text = node.text(path)
    if text in ("true", "1"):
        return True
    if text in ("false", "0"):
        return False
    if not text and node.one(path) is None:
        return None
    raise refuse("flag", f"Line {node.line}: {path} is “{text[:10]}”; expected true or false.")


def number_of(node: Node, path: str) -> int | None:
    """Read a whole number of up to 18 digits at the path; None where it is left out."""
    text = node.text(path)
    if not text:
        return None
    try:
        return parse_integer(text, minimum=0, maximum=10**18)
    except Invalid as error:
        raise refuse("number", f"Line {node.line}, {path}: {error.message}") from None


def day_of(text: str, where: str) -> date:
    """Read an xs:date; a zone behind it is dropped, the day is the bank's."""
    match = _DATE.fullmatch(text)
    try:
        return parse_date(match["day"] if match else text)
    except Invalid as error:
        raise refuse("date", f"{where}: {error.message}", text=text[:40]) from None


def instant_of(text: str, where: str, zone: tzinfo) -> tuple[date, datetime]:
    """Read an xs:dateTime: the day as written, and the instant in UTC.

    Without an offset the time is meant in ``zone``. Fractions past the microsecond are cut;
    24:00:00 is the start of the next day.
    """
    match = _TIME.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        hour = int(match["hour"])
        day = date.fromisoformat(match["day"])
        fraction = ((match["fraction"] or "") + "000000")[:6]
        if hour == 24 and (match["minute"], match["second"], fraction) == ("00", "00", "0" * 6):
            day, hour = day + timedelta(days=1), 0
        moment = datetime(
            day.year,
            day.month,
            day.day,
            hour,
            int(match["minute"]),
            int(match["second"]),
            int(fraction),
            tzinfo=_zone(match["zone"], zone),
        )
        return day, moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise refuse(
            "time",
            f"{where}: “{text[:40]}” is not a point in time; expected 2026-03-01T09:30:00+01:00.",
            text=text[:40],
        ) from None


def _zone(text: str | None, default: tzinfo) -> tzinfo:
    if not text:
        return default
    if text == "Z":
        return UTC
    parsed = datetime.fromisoformat(f"2000-01-01T00:00:00{text}").tzinfo
    return parsed if parsed is not None else default


def time_at(node: Node, path: str, zone: tzinfo) -> datetime | None:
    """Read the xs:dateTime at the path; None where it is left out."""
    found = node.one(path)
    if found is None:
        return None
    return instant_of(found.content(), f"Line {found.line}, {path}", zone)[1]


def day_or_time(node: Node | None, zone: tzinfo) -> tuple[date | None, datetime | None]:
    """Read a choice of Dt or DtTm: the day as the bank writes it, and the instant if given."""
    if node is None:
        return None, None
    where = f"Line {node.line}, {local_name(node.element)}"
    moment = node.one("DtTm")
    if moment is not None:
        return instant_of(moment.content(), where, zone)
    day = node.one("Dt")
    if day is None:
        raise refuse("missing", f"{where} has neither Dt nor DtTm.", line=node.line)
    return day_of(day.content(), where), None
