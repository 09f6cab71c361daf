"""How the engine reckons: 28 digits between the rounding points, and the rounding of amounts."""

from __future__ import annotations

import decimal
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.exact import EXACT
from handsel.ground.kernel.money import MOST_MINOR, exponent
from handsel.ground.kernel.rounding import Rounding

WORK: Final = decimal.Context(
    prec=28,
    rounding=decimal.ROUND_HALF_EVEN,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)
"""The context every reckoning runs in; the engine sets it, whatever the thread's own is."""

_SETTLED: Final = decimal.Context(prec=WORK.prec - 3, traps=[decimal.InvalidOperation])
"""What is left of 28 digits where thirds have been multiplied again: 867.5 and not a hair more."""

_WIDE: Final = decimal.Context(prec=EXACT.prec, traps=[decimal.InvalidOperation])
WHOLE_BPS: Final = Decimal(10_000)
ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)
SHOWN_SCALE: Final = 6


@dataclass(frozen=True, slots=True)
class Scale:
    """A currency's minor unit and the rule of rounding: where amounts become integers."""

    places: int
    step: Decimal
    rounding: str
    currency: str

    @classmethod
    def of(cls, currency: str, rounding: Rounding = Rounding.HALF_UP) -> Scale:
        """The scale of a currency; raises Invalid for what is none."""
        places = exponent(currency)
        return cls(places, Decimal(1).scaleb(-places), rounding.value, currency)

    def minor(self, amount: Decimal) -> int:
        """An exact amount in major units, rounded once to minor units."""
        settled = _SETTLED.plus(amount)
        found = int(settled.quantize(self.step, self.rounding, _WIDE).scaleb(self.places, _WIDE))
        if -MOST_MINOR <= found <= MOST_MINOR:
            return found
        raise Invalid("The amount is too large to be kept.", code="money_size")

    def major(self, amount_minor: int) -> Decimal:
        """Minor units as a decimal in major units, exact."""
        return Decimal(amount_minor).scaleb(-self.places, _WIDE)


def rounded(value: Decimal, places: int, rounding: str = decimal.ROUND_HALF_UP) -> Decimal:
    """A number with so many decimals."""
    return value.quantize(Decimal(1).scaleb(-places), rounding, _WIDE)


def share(amount: Decimal, bps: int) -> Decimal:
    """So many basis points of an amount, exact."""
    return amount * bps / WHOLE_BPS


def plain(value: Decimal) -> str:
    """Digits without an exponent and without zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") or "0" if "." in text else text
