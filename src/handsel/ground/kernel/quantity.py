"""Quantity: a non-negative decimal in a unit, converted exactly within one dimension."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from handsel.ground.kernel.errors import Invalid, UnitMismatch
from handsel.ground.kernel.exact import EXACT, plain
from handsel.ground.kernel.grammar import parse_decimal
from handsel.ground.kernel.rounding import Rounding, divide
from handsel.ground.kernel.units import UNITS, is_unit, unece_code, unit_of

__all__ = ["Quantity", "is_unit", "unece_code"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """So much of a unit: 2.5 m. What goes the other way is another document, not a minus.

    Equal means the same value in the same unit; order compares across units of a dimension.
    """

    value: Decimal
    unit: str

    def __post_init__(self) -> None:
        if type(self.value) is not Decimal:
            raise TypeError(f"a quantity's value must be Decimal, not {type(self.value).__name__}")
        if self.unit not in UNITS:
            unit_of(self.unit)
        if not self.value.is_finite() or self.value < 0:
            raise Invalid(
                f"{self.value} is not a quantity; expected zero or more.", code="quantity_negative"
            )

    @classmethod
    def parse(cls, text: str, unit: str) -> Quantity:
        """Read "2.5" by the strict grammar, at most 12 digits and 6 decimals."""
        return cls(parse_decimal(text, max_digits=18, scale=6, minimum=0), unit)

    def to(
        self, unit: str, *, scale: int | None = None, rounding: Rounding = Rounding.HALF_UP
    ) -> Quantity:
        """Express the same quantity in another unit of its dimension.

        Without ``scale`` the result is exact, and Invalid is raised where no finite decimal is
        (1 mm in inches); with it, the result is rounded to that many decimals.
        """
        here, there = unit_of(self.unit), unit_of(unit)
        if here.dimension != there.dimension:
            raise UnitMismatch(self.unit, unit)
        if unit == self.unit and scale is None:
            return self
        amount = Fraction(plain(self.value)) * here.factor / there.factor
        if scale is not None:
            digits = divide(amount.numerator * 10**scale, amount.denominator, rounding)
            return Quantity(Decimal(digits).scaleb(-scale), unit)
        return Quantity(_exact_decimal(amount, self, unit), unit)

    def __str__(self) -> str:
        return f"{self.value:f} {self.unit}"

    def __add__(self, other: Quantity) -> Quantity:
        if not isinstance(other, Quantity):
            return NotImplemented
        return Quantity(EXACT.add(self.value, other.to(self.unit).value), self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        if not isinstance(other, Quantity):
            return NotImplemented
        return Quantity(EXACT.subtract(self.value, other.to(self.unit).value), self.unit)

    def __lt__(self, other: Quantity) -> bool:
        if not isinstance(other, Quantity):
            return NotImplemented
        return self._base() < other._base_for(self)

    def __le__(self, other: Quantity) -> bool:
        if not isinstance(other, Quantity):
            return NotImplemented
        return self._base() <= other._base_for(self)

    def __gt__(self, other: Quantity) -> bool:
        if not isinstance(other, Quantity):
            return NotImplemented
        return self._base() > other._base_for(self)

    def __ge__(self, other: Quantity) -> bool:
        if not isinstance(other, Quantity):
            return NotImplemented
        return self._base() >= other._base_for(self)

    def _base(self) -> Fraction:
        return Fraction(plain(self.value)) * unit_of(self.unit).factor

    def _base_for(self, other: Quantity) -> Fraction:
        if unit_of(self.unit).dimension != unit_of(other.unit).dimension:
            raise UnitMismatch(other.unit, self.unit)
        return self._base()


def _exact_decimal(amount: Fraction, source: Quantity, unit: str) -> Decimal:
    rest, places = amount.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest //= prime
            power += 1
        places = max(places, power)
    if rest != 1:
        raise Invalid(
            f"{source} has no exact value in {unit}; say how many decimals are wanted.",
            code="quantity_not_exact",
            unit=unit,
        )
    digits = amount.numerator * 10**places // amount.denominator
    return Decimal((0, tuple(map(int, str(digits))), -places))
