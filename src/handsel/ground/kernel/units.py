"""The units of the house: dimension, exact factor to the base unit, UNECE Rec 20 code."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from handsel.ground.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class Unit:
    """``factor`` is how many base units of the dimension one of this unit is."""

    symbol: str
    dimension: str
    factor: Fraction
    unece: str


# symbol, dimension, factor, UNECE Recommendation 20 code. A working day, a calendar day and a
# month are dimensions of their own: no fixed number of hours turns one into another.
_ROWS: tuple[tuple[str, str, str, str], ...] = (
    ("piece", "count", "1", "H87"),
    ("pair", "count", "2", "PR"),
    ("dozen", "count", "12", "DZN"),
    ("one", "one", "1", "C62"),
    ("set", "set", "1", "SET"),
    ("pack", "pack", "1", "XPK"),
    ("box", "box", "1", "XBX"),
    ("pallet", "pallet", "1", "XPX"),
    ("person", "person", "1", "IE"),
    ("lump_sum", "lump_sum", "1", "LS"),
    ("percent", "percent", "1", "P1"),
    ("mm", "length", "1", "MMT"),
    ("cm", "length", "10", "CMT"),
    ("m", "length", "1000", "MTR"),
    ("km", "length", "1000000", "KMT"),
    ("in", "length", "25.4", "INH"),
    ("ft", "length", "304.8", "FOT"),
    ("yd", "length", "914.4", "YRD"),
    ("mm2", "area", "1", "MMK"),
    ("cm2", "area", "100", "CMK"),
    ("m2", "area", "1000000", "MTK"),
    ("ft2", "area", "92903.04", "FTK"),
    ("ml", "volume", "1", "MLT"),
    ("l", "volume", "1000", "LTR"),
    ("m3", "volume", "1000000", "MTQ"),
    ("mg", "mass", "0.001", "MGM"),
    ("g", "mass", "1", "GRM"),
    ("kg", "mass", "1000", "KGM"),
    ("t", "mass", "1000000", "TNE"),
    ("oz", "mass", "28.349523125", "ONZ"),
    ("lb", "mass", "453.59237", "LBR"),
    ("s", "duration", "1", "SEC"),
    ("min", "duration", "60", "MIN"),
    ("h", "duration", "3600", "HUR"),
    ("working_day", "working_day", "1", "E49"),
    ("day", "calendar_day", "1", "DAY"),
    ("week", "calendar_day", "7", "WEE"),
    ("month", "calendar_month", "1", "MON"),
    ("quarter", "calendar_month", "3", "QAN"),
    ("year", "calendar_month", "12", "ANN"),
    ("kWh", "energy", "1", "KWH"),
    ("MWh", "energy", "1000", "MWH"),
    ("GB", "data", "1", "E34"),
    ("TB", "data", "1000", "E35"),
)

UNITS: dict[str, Unit] = {
    symbol: Unit(symbol, dimension, Fraction(factor), unece)
    for symbol, dimension, factor, unece in _ROWS
}


def is_unit(symbol: str) -> bool:
    """Say whether the house knows this unit."""
    return symbol in UNITS


def unit_of(symbol: str) -> Unit:
    """Return the unit; raises Invalid for one that is not in the table."""
    try:
        return UNITS[symbol]
    except (KeyError, TypeError):
        raise Invalid(
            f"“{symbol}” is not a known unit; expected one of {', '.join(UNITS)}.",
            code="unknown_unit",
            unit=symbol,
        ) from None


def unece_code(symbol: str) -> str:
    """Return the UNECE Recommendation 20/21 code that e-invoices use: "m" → "MTR"."""
    return unit_of(symbol).unece
