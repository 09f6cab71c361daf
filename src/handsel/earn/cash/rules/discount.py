"""Early-payment discount: how much it is, and what of it is net and what is tax."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.rounding import divide
from handsel.ground.kernel.split import BPS_PER_WHOLE, portion_bps, split


@dataclass(frozen=True, slots=True)
class TaxedAmount:
    """A gross amount at one tax rate; ``category`` tells equal rates apart (S, E, AE …)."""

    category: str
    rate_bps: int
    gross_minor: int


@dataclass(frozen=True, slots=True)
class DiscountPart:
    """The part of a discount that reduces one tax rate's base and tax."""

    category: str
    rate_bps: int
    net_minor: int
    tax_minor: int


def discount_on(gross: Money, percent_bps: int) -> Money:
    """Return the discount on a gross amount, rounded once: 2 % of 1,190.00 is 23.80."""
    if not 0 <= percent_bps <= BPS_PER_WHOLE:
        raise Invalid("A discount lies between 0 and 100 %.", percent_bps=percent_bps)
    return portion_bps(gross, percent_bps)


def split_discount(discount: Money, amounts: Sequence[TaxedAmount]) -> list[DiscountPart]:
    """Split a granted discount into net and tax per rate, as the tax correction needs it.

    The discount is shared over the rates by their gross amounts, cumulatively, so the parts sum
    exactly; inside a rate the net is gross × 10000 / (10000 + rate) rounded half up and the tax
    is the rest. 23.80 at 19 % is 20.00 net and 3.80 tax (billing reference A4). Raises Invalid
    when the discount is negative or more than the invoice.
    """
    gross = sum(amount.gross_minor for amount in amounts)
    if not 0 <= discount.amount_minor <= gross:
        raise Invalid("A discount lies between nothing and the invoice's amount.")
    if not discount.amount_minor:
        return []
    shares = split(discount, [amount.gross_minor for amount in amounts])
    parts = []
    for amount, share in zip(amounts, shares, strict=True):
        net = divide(share.amount_minor * BPS_PER_WHOLE, BPS_PER_WHOLE + amount.rate_bps)
        if share.amount_minor:
            parts.append(
                DiscountPart(amount.category, amount.rate_bps, net, share.amount_minor - net)
            )
    return parts
