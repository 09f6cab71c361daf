"""How a value between two minor units is settled. The only place that rounds integers."""

from __future__ import annotations

import decimal
from enum import Enum


class Rounding(Enum):
    """The two rules of the house; the value is the name ``decimal`` has for it."""

    HALF_UP = decimal.ROUND_HALF_UP
    """A half goes away from zero: 2.125 → 2.13, −2.125 → −2.13."""
    HALF_EVEN = decimal.ROUND_HALF_EVEN
    """A half goes to the even neighbour: 2.125 → 2.12, 2.135 → 2.14."""


def divide(numerator: int, denominator: int, rounding: Rounding = Rounding.HALF_UP) -> int:
    """Return ``numerator / denominator`` rounded to an integer, exactly. Denominator > 0."""
    if denominator <= 0:
        raise ValueError("the denominator must be positive")
    quotient, rest = divmod(abs(numerator), denominator)
    twice = 2 * rest
    if twice > denominator or (
        twice == denominator and (rounding is Rounding.HALF_UP or quotient % 2 == 1)
    ):
        quotient += 1
    return -quotient if numerator < 0 else quotient
