"""From ordered and shipped lines to invoice lines: parts that sum to the cent.

A line billed in parts uses cumulative rounding over quantity, so that all its parts together
are the ordered amount exactly, whatever the quantities were.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from handsel.ground.kernel.money import Money, total
from handsel.ground.kernel.rate import Rate, extend
from handsel.ground.kernel.rounding import divide
from handsel.ground.kernel.split import split
from handsel.ground.tax.rules.amounts import TaxGroup, tax_of


@dataclass(frozen=True, slots=True)
class Treatment:
    """The tax treatment a line was sold with."""

    category: str
    rate_bps: int
    reason_code: str


@dataclass(frozen=True, slots=True)
class SoldLine:
    """An order line as billing sees it: amounts for the whole quantity."""

    order_line_id: int
    quantity: Decimal
    list_price: Rate
    net: Money
    treatment: Treatment


@dataclass(frozen=True, slots=True)
class BilledPart:
    """A part of a sold line: quantity, what it lists for, and its net amount."""

    order_line_id: int
    quantity: Decimal
    listed: Money
    net: Money
    treatment: Treatment

    @property
    def allowance(self) -> Money:
        """Listed less net: what the discounts come to on this part."""
        return self.listed - self.net


@dataclass(frozen=True, slots=True)
class DraftTotals:
    """The sums of a draft: net, VAT by group, gross."""

    net: Money
    groups: tuple[TaxGroup, ...]
    tax: Money

    @property
    def gross(self) -> Money:
        """Net and VAT."""
        return self.net + self.tax


def part_of(line: SoldLine, *, before: Decimal, quantity: Decimal) -> BilledPart:
    """The part of a line for `quantity` pieces, `before` of which were billed already."""
    net = _cumulative(line, before + quantity) - _cumulative(line, before)
    listed = extend(line.list_price, quantity)
    return BilledPart(line.order_line_id, quantity, listed, net, line.treatment)


def _cumulative(line: SoldLine, quantity: Decimal) -> Money:
    """The net amount of the first `quantity` pieces; beyond the ordered ones it goes on."""
    scale = Decimal(10) ** 6
    amount = divide(line.net.amount_minor * int(quantity * scale), int(line.quantity * scale))
    return Money(amount, line.net.currency)


def whole_of(line: SoldLine) -> BilledPart:
    """A line billed at once."""
    return part_of(line, before=Decimal(0), quantity=line.quantity)


def deposit_nets(
    lines: Sequence[SoldLine], shares_bps: Sequence[int], place: int
) -> list[tuple[Treatment, Money]]:
    """The net deposit of share number `place`, per tax treatment of the order."""
    found: list[tuple[Treatment, Money]] = []
    for treatment in dict.fromkeys(line.treatment for line in lines):
        nets = [line.net for line in lines if line.treatment == treatment]
        whole = total(nets, nets[0].currency)
        found.append((treatment, split(whole, list(shares_bps))[place]))
    return found


def totals_of(parts: Iterable[tuple[Treatment, Money]], currency: str) -> DraftTotals:
    """Net, VAT per group on the summed base, and gross."""
    rows = list(parts)
    groups = tuple(tax_of(rows))
    net = total([money for _, money in rows], currency)
    return DraftTotals(net, groups, total([group.tax for group in groups], currency))
