"""Figures: what formulas reckon with. Exact numbers in base units, words, truths, and tables.

A dimension is the powers of base dimensions, so that metres times metres are an area and a price
per metre times metres is a plain number. Pieces and per cent are plain numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from handsel.bid.configure.rules.language.units import SYMBOLS, dimension, is_known_unit, ratio
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.exact import MOST_PLACES
from handsel.ground.kernel.said import said

Number: TypeAlias = int | Fraction
Powers: TypeAlias = tuple[tuple[str, int], ...]
PLAIN: Powers = ()
WORD: Powers = (("a word", 1),)
TRUTH: Powers = (("a truth", 1),)
TABLE: Powers = (("a table", 1),)
_NO_NUMBERS = (WORD, TRUTH, TABLE)

# Each unit's dimension as powers of base dimensions, and the unit they are counted in here.
_POWERS: dict[str, tuple[Powers, str, Fraction]] = {
    "count": (PLAIN, "piece", Fraction(1)),
    "one": (PLAIN, "one", Fraction(1)),
    "per cent": (PLAIN, "%", Fraction(1, 100)),
    "percent": (PLAIN, "percent", Fraction(1, 100)),
    "length": ((("length", 1),), "mm", Fraction(1)),
    "area": ((("length", 2),), "mm2", Fraction(1)),
    "volume": ((("length", 3),), "ml", Fraction(1000)),
    "mass": ((("mass", 1),), "g", Fraction(1)),
    "duration": ((("duration", 1),), "s", Fraction(1)),
    "speed": ((("duration", -1), ("length", 1)), "m/min", Fraction(1000, 60)),
    "rate": ((("duration", -1),), "1/min", Fraction(1, 60)),
    "mass per length": ((("length", -1), ("mass", 1)), "kg/m", Fraction(1)),
    "mass per area": ((("length", -2), ("mass", 1)), "kg/m2", Fraction(1, 1000)),
}


class Figure(NamedTuple):
    """A value with its dimension."""

    value: Number | str | bool | Mapping[str, Figure]
    powers: Powers = PLAIN


@dataclass(frozen=True, slots=True)
class _Unit:
    powers: Powers
    factor: Fraction


_KNOWN: dict[str, _Unit] = {}


def unit_factor(symbol: str) -> tuple[Powers, Fraction]:
    """The dimension of a unit and how many base units it is; Invalid for an unknown one."""
    if symbol not in _KNOWN:
        if not is_known_unit(symbol):
            raise Invalid(
                said("“%(unit)s” is not a unit; expected one such as mm, m2, kg, h.", unit=symbol),
                code="unknown_unit",
                unit=symbol,
            )
        found = dimension(symbol)
        # A dimension that combines with no other is counted in the first unit the house lists.
        first = next(one for one in SYMBOLS if dimension(one) == found)
        powers, counted_in, factor = _POWERS.get(found, (((found, 1),), first, Fraction(1)))
        _KNOWN[symbol] = _Unit(powers, factor * (ratio(symbol, counted_in) or 1))
    unit = _KNOWN[symbol]
    return unit.powers, unit.factor


def number(value: Decimal | int | Fraction, unit: str = "") -> Figure:
    """A number in a unit, brought to base units; "" is a plain number."""
    exact = whole(Fraction(value))
    if not unit:
        return Figure(exact)
    powers, factor = unit_factor(unit)
    return Figure(whole(exact * factor), powers)


def word(text: str) -> Figure:
    """A word, such as a chosen value."""
    return Figure(text, WORD)


def truth(value: bool) -> Figure:
    """Yes or no."""
    return Figure(value, TRUTH)


def table(entries: Mapping[str, Figure]) -> Figure:
    """Numbers by word; the key "else" stands for all others."""
    return Figure(entries, TABLE)


def whole(value: Number) -> Number:
    """The same number, as an integer where it is one: integers reckon faster."""
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def combined(left: Powers, right: Powers, sign: int) -> Powers:
    """The dimension of a product (sign 1) or a quotient (sign -1)."""
    if not right:
        return left
    powers = dict(left)
    for base, power in right:
        powers[base] = powers.get(base, 0) + sign * power
    return tuple(sorted((base, power) for base, power in powers.items() if power))


def numeric(figure: Figure) -> Number:
    """The number a figure is. Raises Invalid where it is none."""
    value = figure.value
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        raise Invalid(
            said("%(told)s where a number was expected.", told=told(figure.powers)),
            code="formula_unit",
        )
    return value


def as_decimal(value: Number) -> Decimal:
    """A number as a decimal of the working precision."""
    if isinstance(value, int):
        return Decimal(value)
    return Decimal(value.numerator) / Decimal(value.denominator)


def is_number(powers: Powers) -> bool:
    """Whether something of this dimension can be reckoned with."""
    return powers not in _NO_NUMBERS


def told(powers: Powers) -> str:
    """A dimension in words."""
    if not powers:
        return said("a plain number")
    if not is_number(powers):
        return said(powers[0][0])
    return " · ".join(base if power == 1 else f"{base}^{power}" for base, power in powers)


def within_size(value: Number) -> Number:
    """The number, unless it has more digits than any price has."""
    bits = value.numerator.bit_length(), value.denominator.bit_length()
    if max(bits) > _MOST_BITS:
        raise Invalid(
            "The formula comes to a number too large or too finely divided.", code="number_size"
        )
    return value


_MOST_BITS = 4 * 4 * MOST_PLACES


def text_of(value: object) -> str:
    """A value as the key of a table: words as they are, numbers in plain digits."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return str(as_decimal(value))
    return str(value)
