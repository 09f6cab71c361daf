"""What a product costs us: an amount per unit, or a share of its list price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from handsel.ground.kernel.money import Money, is_currency
from handsel.ground.kernel.rate import Rate, extend
from handsel.ground.kernel.split import portion_bps

MOST_COST: Final = Decimal(10) ** 14
MOST_SHARE_BPS: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCost:
    """A cost to be kept: `unit_cost` in `currency`, or `list_share_bps` of the list price."""

    product_id: int
    valid_from: date
    unit_cost: Decimal | None = None
    currency: str = ""
    list_share_bps: int | None = None


@dataclass(frozen=True, slots=True)
class UnitCost:
    """What one unit costs us: `per_unit`, or for what is made to order a share of list."""

    per_unit: Rate | None
    list_share_bps: int = 0

    def of_line(self, quantity: Decimal, list_minor: int, currency: str) -> int:
        """What a line costs us in minor units of a currency, rounded once.

        `list_minor` is the line at list price; `per_unit` has to be in that currency.
        """
        if self.per_unit is None:
            return portion_bps(Money(list_minor, currency), self.list_share_bps).amount_minor
        return extend(self.per_unit, quantity).amount_minor


def problems_of(cost: NewCost) -> dict[str, str]:
    """Field to what was expected there; empty when the cost can be kept."""
    fields = {}
    if (cost.unit_cost is None) == (cost.list_share_bps is None):
        fields["unit_cost"] = "an amount or a share of the list price, one of them"
    if cost.unit_cost is not None:
        if not (cost.unit_cost.is_finite() and 0 <= cost.unit_cost < MOST_COST):
            fields["unit_cost"] = "zero or more"
        if not is_currency(cost.currency):
            fields["currency"] = "an ISO 4217 code such as EUR"
    elif cost.currency:
        fields["currency"] = "none: a share of the list price holds in every currency"
    if cost.list_share_bps is not None and not 0 <= cost.list_share_bps <= MOST_SHARE_BPS:
        fields["list_share_bps"] = "from 0 to 1000 %"
    return fields
