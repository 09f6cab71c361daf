"""Exact division and the one rounding of an e-invoice: half up, away from zero, to the cent."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from handsel.earn.billing.rules.einvoice.xml import MOST_DECIMALS
from handsel.ground.kernel.exact import plain
from handsel.ground.kernel.money import exponent
from handsel.ground.kernel.rounding import Rounding, divide


def exact(value: Decimal) -> Fraction:
    """Return the value as a fraction, refusing what is not finite or absurdly long."""
    return Fraction(plain(value))


def places(currency: str) -> int:
    """Return how many decimals an amount of the currency has in an e-invoice: at most two."""
    return min(MOST_DECIMALS, exponent(currency))


def cents(value: Fraction, currency: str) -> Decimal:
    """Round to the smallest amount of the currency, a half away from zero."""
    decimals = places(currency)
    scaled = value * 10**decimals
    minor = divide(scaled.numerator, scaled.denominator, Rounding.HALF_UP)
    return Decimal(minor).scaleb(-decimals)
