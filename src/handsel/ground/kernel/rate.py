"""Rate: a decimal price per unit, which can be extended to Money but never posted."""

from __future__ import annotations

import decimal
from dataclasses import dataclass
from decimal import Decimal

from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.exact import EXACT
from handsel.ground.kernel.grammar import parse_decimal
from handsel.ground.kernel.money import Money, exponent
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.rounding import Rounding

__all__ = ["Rate", "Rounding", "extend", "round_amount"]

_SETTLE = decimal.Context(prec=EXACT.prec, traps=[decimal.InvalidOperation])
_ONE = Decimal(1)
_MINOR_PER_MAJOR = [Decimal(10) ** places for places in range(5)]


@dataclass(frozen=True, slots=True)
class Rate:
    """A finite decimal per unit in a currency, unrounded: 0.0012 EUR per call."""

    value: Decimal
    currency: str

    def __post_init__(self) -> None:
        if type(self.value) is not Decimal:
            raise TypeError(f"a rate's value must be Decimal, not {type(self.value).__name__}")
        if not self.value.is_finite():
            raise Invalid("A price must be a finite number.", code="rate_not_finite")
        exponent(self.currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Rate:
        """Read "0.0012" by the strict grammar, at most 14 digits and 6 decimals."""
        return cls(parse_decimal(text), currency)


def extend(
    rate: Rate, quantity: Decimal | Quantity, rounding: Rounding = Rounding.HALF_UP
) -> Money:
    """Return rate × quantity as Money: the one place where a line amount is rounded."""
    count = quantity.value if isinstance(quantity, Quantity) else quantity
    if type(count) is not Decimal:
        raise TypeError(f"a quantity must be Decimal, not {type(count).__name__}")
    try:
        amount = EXACT.multiply(rate.value, count)
    except decimal.DecimalException:
        raise _not_computable() from None
    return round_amount(amount, rate.currency, rounding)


def round_amount(amount: Decimal, currency: str, rounding: Rounding = Rounding.HALF_UP) -> Money:
    """Round an exact decimal amount in major units once, to the currency's minor unit."""
    try:
        minor = EXACT.multiply(amount, _MINOR_PER_MAJOR[exponent(currency)])
        settled = minor.quantize(_ONE, rounding.value, _SETTLE)
        return Money(int(settled), currency)
    except (decimal.DecimalException, ValueError, OverflowError):
        raise _not_computable() from None


def _not_computable() -> Invalid:
    return Invalid("The amount is too large or too finely divided.", code="money_size")
