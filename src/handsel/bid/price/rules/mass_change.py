"""Changing many list prices at once: by a percentage, an amount, and how the new ones end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

from handsel.bid.price.rules.exactness import WHOLE_BPS, WORK, ZERO, rounded
from handsel.bid.price.rules.stages import ended
from handsel.bid.price.rules.terms import Ending
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import said


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceChange:
    """New price = old × (1 + percentage) + amount, at so many decimals, or as `ending` says.

    A price that has more decimals keeps them. One of zero stays: what is listed at nothing is
    priced by rules. `product_group` "" is every product of the book.
    """

    percent_bps: int = 0
    amount: Decimal = ZERO
    scale: int = 2
    ending: Ending | None = None
    product_group: str = ""


def changed(
    prices: Mapping[int, Decimal], change: PriceChange
) -> dict[int, tuple[Decimal, Decimal]]:
    """What each price that changes was and becomes. Raises Invalid for one below zero."""
    found: dict[int, tuple[Decimal, Decimal]] = {}
    with localcontext(WORK):
        for product_id, before in prices.items():
            if not before:
                continue
            exact = before * (WHOLE_BPS + change.percent_bps) / WHOLE_BPS + change.amount
            after = rounded(exact, max(change.scale, _decimals(before)))
            if change.ending is not None:
                after = ended(exact, change.ending)
            if after < 0:
                raise Invalid(
                    said(
                        "%(before)s would become %(after)s; a price is zero or more.",
                        before=f"{before.normalize():f}",
                        after=f"{after:f}",
                    ),
                    code="bad_price",
                )
            if after != before:
                found[product_id] = (before, after)
    return found


def _decimals(price: Decimal) -> int:
    return len(f"{price.normalize():f}".partition(".")[2])
