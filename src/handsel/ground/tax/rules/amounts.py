"""Tax amounts: per group of equal category, rate and reason, on the summed base, once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from handsel.ground.kernel.money import Money, total
from handsel.ground.kernel.rounding import Rounding
from handsel.ground.kernel.split import BPS_PER_WHOLE, portion, portion_bps


class TaxTreatment(Protocol):
    """What a line must know of its tax; a TaxDecision does, and so may a stored line."""

    @property
    def category(self) -> str: ...
    @property
    def rate_bps(self) -> int: ...
    @property
    def reason_code(self) -> str: ...


class TaxKey(NamedTuple):
    """What EN 16931 groups by: one VAT breakdown (BG-23) each."""

    category: str
    rate_bps: int
    reason_code: str


@dataclass(frozen=True, slots=True)
class TaxGroup:
    """One row of the VAT breakdown: base (BT-116) and tax (BT-117)."""

    category: str
    rate_bps: int
    reason_code: str
    base: Money
    tax: Money

    @property
    def gross(self) -> Money:
        """Base and tax."""
        return self.base + self.tax


def tax_on(base: Money, rate_bps: int) -> Money:
    """Return the tax on a net base, half-up: 19,935.66 at 1500 bps is 2,990.35 (BR-CO-17)."""
    return portion_bps(base, rate_bps, Rounding.HALF_UP)


def tax_of(groups: Iterable[tuple[TaxTreatment, Money]]) -> list[TaxGroup]:
    """Sum net amounts by (category, rate, reason) and tax each sum once.

    The order of the amounts does not matter: rows come highest rate first, then by category
    and reason. All amounts must be in one currency.
    """
    bases: dict[TaxKey, Money] = {}
    currency = ""
    for treatment, net in groups:
        key = TaxKey(treatment.category, treatment.rate_bps, treatment.reason_code)
        currency = currency or net.currency
        bases[key] = bases.get(key, Money.zero(currency)) + net
    ordered = sorted(bases, key=lambda key: (-key.rate_bps, key.category, key.reason_code))
    return [TaxGroup(*key, bases[key], tax_on(bases[key], key.rate_bps)) for key in ordered]


def total_tax(groups: Iterable[TaxGroup], currency: str) -> Money:
    """Return the tax of a document (BT-110): the sum of its groups."""
    return total((group.tax for group in groups), currency)


def tax_within(gross: Money, rate_bps: int) -> tuple[Money, Money]:
    """Return (net, tax) of an amount that includes its tax; the gross is never changed.

    The net is rounded and the tax is the rest: 8.01 at 20 % is 6.68 and 1.33, while taxing the
    rounded net would give 8.02.
    """
    net = portion(gross, BPS_PER_WHOLE, BPS_PER_WHOLE + rate_bps)
    return net, gross - net
