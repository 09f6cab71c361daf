"""Decimal arithmetic that is exact or refuses: nothing here rounds."""

from __future__ import annotations

import decimal
from decimal import Decimal

from handsel.ground.kernel.errors import Invalid

MOST_PLACES = 40
"""Digits before or after the point beyond which a number is a mistake or an attack."""

# Wide enough that a 28-digit price times an 18-digit quantity is exact; a result that is not
# trips the trap instead of being rounded silently.
EXACT = decimal.Context(
    prec=2 * (2 * MOST_PLACES),
    traps=[decimal.Inexact, decimal.InvalidOperation, decimal.Overflow],
)


def plain(value: Decimal) -> Decimal:
    """Return the value if it is finite and of a size people write; else raise Invalid.

    Guards every step from Decimal to integers, where 1E+999999 would fill the memory.
    """
    exponent = value.as_tuple().exponent
    if (
        not isinstance(exponent, int)
        or abs(exponent) > MOST_PLACES
        or value.adjusted() > MOST_PLACES
    ):
        raise Invalid("The number is too large or too finely divided.", code="number_size")
    return value
