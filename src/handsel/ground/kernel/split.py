"""Splitting Money so that the parts always sum to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.exact import plain
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.rounding import Rounding, divide

BPS_PER_WHOLE = 10_000


def split(
    total: Money, shares: Sequence[int | Decimal], rounding: Rounding = Rounding.HALF_UP
) -> list[Money]:
    """Split by cumulative rounding: part k = round(total × cum k) − round(total × cum k−1).

    For parts that follow each other in time or in a plan. Shares are weights ≥ 0 whose sum is
    > 0; they need not sum to one. Parts sum exactly, each within one minor unit of its
    proportion. 9,999.99 by 30/60/10 → 3,000.00, 5,999.99, 1,000.00.
    """
    weights = _whole_weights(shares)
    whole = sum(weights)
    parts: list[Money] = []
    cumulated = reached = 0
    for weight in weights:
        cumulated += weight
        next_reached = divide(total.amount_minor * cumulated, whole, rounding)
        parts.append(Money(next_reached - reached, total.currency))
        reached = next_reached
    return parts


def apportion(total: Money, weights: Sequence[int | Decimal]) -> list[Money]:
    """Split by largest remainder: for parts that stand side by side, as lines of a document.

    Each part is its proportion rounded down or up; what is left goes to the largest
    remainders, the earliest first among equals. 100.00 over 1/1/1 → 33.34, 33.33, 33.33.
    """
    parts = apportion_minor(total.amount_minor, _whole_weights(weights))
    return [Money(part, total.currency) for part in parts]


def apportion_minor(total_minor: int, weights: Sequence[int]) -> list[int]:
    """`apportion` of an amount in minor units over whole weights ≥ 0, not all of them zero."""
    whole = sum(weights)
    sign = -1 if total_minor < 0 else 1
    size = abs(total_minor)
    divided = [divmod(size * weight, whole) for weight in weights]
    parts = [floor for floor, _ in divided]
    left = size - sum(parts)
    if left:
        # Sorting keeps the order of equals, so that the earliest goes first among them.
        remainders = [-remainder for _, remainder in divided]
        for index in sorted(range(len(parts)), key=remainders.__getitem__)[:left]:
            parts[index] += 1
    return [-part for part in parts] if sign < 0 else parts


def portion(
    total: Money, numerator: int, denominator: int, rounding: Rounding = Rounding.HALF_UP
) -> Money:
    """Return total × numerator / denominator, rounded once: 249.95 × 14/30 = 116.64."""
    return Money(divide(total.amount_minor * numerator, denominator, rounding), total.currency)


def portion_bps(total: Money, bps: int, rounding: Rounding = Rounding.HALF_UP) -> Money:
    """Return so many basis points of an amount, rounded once: 1900 bps of 100.00 is 19.00."""
    return portion(total, bps, BPS_PER_WHOLE, rounding)


def _whole_weights(shares: Sequence[int | Decimal]) -> list[int]:
    """Scale the shares to integers of the same proportion."""
    places = 0
    for share in shares:
        if type(share) is Decimal:
            places = max(places, _decimals(share))
        elif type(share) is not int:
            raise TypeError(f"a share must be int or Decimal, not {type(share).__name__}")
    if places:
        weights = [int(Decimal(share).scaleb(places)) for share in shares]
    else:
        weights = [int(share) for share in shares]
    if any(weight < 0 for weight in weights) or not sum(weights):
        raise Invalid(
            "Shares must be zero or more, and at least one above zero.", code="split_shares"
        )
    return weights


def _decimals(share: Decimal) -> int:
    exponent = plain(share).as_tuple().exponent
    return max(0, -int(exponent))
