"""Units in models and formulas: the house's, those of machines, and exact conversion."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from handsel.ground.kernel.rounding import Rounding, divide
from handsel.ground.kernel.units import UNITS

# symbol: dimension, factor to the dimension's base unit
_MACHINE: dict[str, tuple[str, Fraction]] = {
    "W": ("power", Fraction(1)),
    "kW": ("power", Fraction(1000)),
    "hp": ("power", Fraction("745.69987158227022")),
    "N": ("force", Fraction(1)),
    "kN": ("force", Fraction(1000)),
    "Nm": ("torque", Fraction(1)),
    "V": ("voltage", Fraction(1)),
    "A": ("current", Fraction(1)),
    "Hz": ("frequency", Fraction(1)),
    "bar": ("pressure", Fraction(1)),
    "deg": ("angle", Fraction(1)),
    "degC": ("temperature", Fraction(1)),
    "1/min": ("rate", Fraction(1)),
    "1/h": ("rate", Fraction(1, 60)),
    "mm/s": ("speed", Fraction(3, 50)),
    "m/s": ("speed", Fraction(60)),
    "m/min": ("speed", Fraction(1)),
    "ft/min": ("speed", Fraction("0.3048")),
    "kg/m": ("mass per length", Fraction(1)),
    "kg/m2": ("mass per area", Fraction(1)),
    "N/mm": ("force per length", Fraction(1)),
    "%": ("per cent", Fraction(1)),
}

SYMBOLS: tuple[str, ...] = (*UNITS, *_MACHINE)


def is_known_unit(symbol: str) -> bool:
    """Whether models and formulas may name this unit."""
    return symbol in UNITS or symbol in _MACHINE


def dimension(symbol: str) -> str:
    """What the unit measures; KeyError for an unknown one."""
    if symbol in UNITS:
        return UNITS[symbol].dimension
    return _MACHINE[symbol][0]


def ratio(source: str, target: str) -> Fraction | None:
    """How many `target` one `source` is, exactly; None where the two measure different things."""
    if source == target:
        return Fraction(1)
    if dimension(source) != dimension(target):
        return None
    return _factor(source) / _factor(target)


def _factor(symbol: str) -> Fraction:
    return UNITS[symbol].factor if symbol in UNITS else _MACHINE[symbol][1]


def displayed(value: int, *, scale: int, unit: str, show_in: str, places: int) -> Decimal:
    """A scaled number in another unit of its dimension, half-up to `places`; for showing only.

    `displayed(2500, scale=0, unit="mm", show_in="in", places=2)` is `Decimal("98.43")`.
    """
    factor = ratio(unit, show_in)
    if factor is None:
        raise ValueError(f"{unit} cannot be shown in {show_in}")
    exact = Fraction(value, 10**scale) * factor * 10**places
    return Decimal(divide(exact.numerator, exact.denominator, Rounding.HALF_UP)).scaleb(-places)
