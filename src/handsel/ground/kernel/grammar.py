"""Strict grammar for numbers and dates that come from outside.

``Decimal`` and ``int`` accept underscores, digits of every script, surrounding blanks, NaN
and exponents (reliability E21). What stands in front of them accepts one way of writing only.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import said

LONGEST_NUMBER = 64
"""Characters; nothing longer is even looked at."""

_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_INTEGER = re.compile(r"-?[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_UNAMBIGUOUS_GROUPING = "'\u2019 \u00a0\u202f"


def parse_decimal(
    text: str,
    *,
    max_digits: int = 20,
    scale: int = 6,
    minimum: Decimal | int | None = None,
    maximum: Decimal | int | None = None,
) -> Decimal:
    """Read ``-?digits[.digits]`` in ASCII, at most ``scale`` decimals and ``max_digits`` in all.

    Leading zeros are allowed and do not count. Raises Invalid saying what was expected.
    """
    if not isinstance(text, str) or len(text) > LONGEST_NUMBER or not _DECIMAL.fullmatch(text):
        raise _not_a("number", text, "digits with at most one decimal point, such as 1234.5")
    whole, _, decimals = text.lstrip("-").partition(".")
    if len(decimals) > scale:
        raise Invalid(
            said(
                "“%(text)s” has %(decimals)s decimals; at most %(scale)s are allowed.",
                text=text,
                decimals=len(decimals),
                scale=scale,
            ),
            code="number_scale",
            scale=scale,
        )
    if len(whole.lstrip("0")) > max_digits - scale:
        raise Invalid(
            said(
                "“%(text)s” is too large; at most %(max_digits)s digits before the point.",
                text=text,
                max_digits=max_digits - scale,
            ),
            code="number_size",
            max_digits=max_digits,
            scale=scale,
        )
    value = Decimal(text)
    if not value:
        value = abs(value)  # "-0" is zero
    _check_bounds(value, text, minimum, maximum)
    return value


def parse_localized_decimal(
    text: str,
    decimal_mark: str,
    *,
    max_digits: int = 20,
    scale: int = 6,
    minimum: Decimal | int | None = None,
    maximum: Decimal | int | None = None,
) -> Decimal:
    """Read a number as people write it, ``1.234,56`` with mark "," or ``1'234.56`` with ".".

    Groups must be whole (1 to 3 digits, then threes) and use one separator. A single group
    separator that could be meant as the decimal mark ("1.234" where "," is the mark) is
    refused, not guessed.
    """
    if decimal_mark not in (".", ","):
        raise ValueError(f"decimal mark must be '.' or ',', not {decimal_mark!r}")
    if not isinstance(text, str) or len(text) > LONGEST_NUMBER:
        raise _not_a("number", text, _with_mark(decimal_mark))
    whole, mark, decimals = text.partition(decimal_mark)
    other = "," if decimal_mark == "." else "."
    if not mark and whole.count(other) == 1:
        raise Invalid(
            said(
                "“%(text)s” can be read in two ways; write it with "
                "“%(decimal_mark)s” before the decimals and without “%(other)s”.",
                text=text,
                decimal_mark=decimal_mark,
                other=other,
            ),
            code="number_ambiguous",
        )
    plain = _without_grouping(whole, other + _UNAMBIGUOUS_GROUPING)
    if plain is None or other in decimals:
        raise _not_a("number", text, _with_mark(decimal_mark))
    return parse_decimal(
        f"{plain}.{decimals}" if mark else plain,
        max_digits=max_digits,
        scale=scale,
        minimum=minimum,
        maximum=maximum,
    )


def parse_integer(text: str, *, minimum: int | None = None, maximum: int | None = None) -> int:
    """Read ``-?digits`` in ASCII. Raises Invalid."""
    if not isinstance(text, str) or len(text) > LONGEST_NUMBER or not _INTEGER.fullmatch(text):
        raise _not_a("whole number", text, "digits only, such as 12")
    value = int(text)
    _check_bounds(value, text, minimum, maximum)
    return value


def parse_date(text: str) -> date:
    """Read a calendar date ``2026-03-01`` (ISO 8601 extended). Raises Invalid."""
    if isinstance(text, str) and _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise _not_a("date", text, "year-month-day, such as 2026-03-01")


def parse_instant(text: str) -> datetime:
    """Read ``2026-03-01T09:30:00Z`` or with an offset ``+01:00`` (RFC 3339); returned in UTC."""
    if isinstance(text, str) and _INSTANT.fullmatch(text):
        try:
            return datetime.fromisoformat(text).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise _not_a("point in time", text, "a time with its zone, such as 2026-03-01T09:30:00Z")


def _with_mark(mark: str) -> str:
    return said("a number with “%(mark)s” before the decimals", mark=mark)


def _without_grouping(whole: str, separators: str) -> str | None:
    used = {character for character in whole if character in separators}
    if not used:
        return whole
    if len(used) > 1:
        return None
    sign = "-" if whole.startswith("-") else ""
    first, *rest = whole.removeprefix("-").split(used.pop())
    if not 1 <= len(first) <= 3 or any(len(group) != 3 for group in rest):
        return None
    return sign + first + "".join(rest)


def _check_bounds(
    value: Decimal | int, text: str, minimum: Decimal | int | None, maximum: Decimal | int | None
) -> None:
    if minimum is not None and value < minimum:
        raise Invalid(
            said("%(text)s is too small; the least is %(minimum)s.", text=text, minimum=minimum),
            code="number_minimum",
            minimum=minimum,
        )
    if maximum is not None and value > maximum:
        raise Invalid(
            said("%(text)s is too large; the most is %(maximum)s.", text=text, maximum=maximum),
            code="number_maximum",
            maximum=maximum,
        )


def _not_a(kind: str, text: object, expected: str) -> Invalid:
    shown = text if isinstance(text, str) and len(text) <= LONGEST_NUMBER else "the input"
    return Invalid(
        said(
            "“%(shown)s” is not a %(kind)s; expected %(expected)s.",
            shown=shown,
            kind=kind,
            expected=expected,
        ),
        code=f"not_a_{kind.replace(' ', '_')}",
        expected=expected,
    )
