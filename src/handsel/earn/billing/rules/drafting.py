"""From ordered and shipped lines to invoice lines: parts that sum to the cent.

A line billed in parts uses cumulative rounding over quantity: a part is what the first so many
pieces come to, less what is billed of them. So all parts together are the ordered amount exactly,
whatever the quantities were and in whatever order drafts were made and discarded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from handsel.ground.kernel.money import Money, total
from handsel.ground.kernel.rate import Rate
from handsel.ground.kernel.rounding import divide
from handsel.ground.kernel.split import split
from handsel.ground.tax.rules.amounts import TaxGroup, tax_of

_SCALE = 10**6  # quantities have at most six decimals


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
class SoFar:
    """What of a line was billed (or credited) already: quantity and net minor units."""

    quantity: Decimal = Decimal(0)
    net_minor: int = 0


@dataclass(frozen=True, slots=True)
class BilledPart:
    """A part of a sold line: quantity and its net amount."""

    order_line_id: int
    quantity: Decimal
    net: Money
    treatment: Treatment


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


def net_of(net_minor: int, whole: Decimal, quantity: Decimal) -> int:
    """The net minor units of the first `quantity` of `whole` pieces, rounded half up.

    Beyond the whole (over-delivery within the tolerance) the amount goes on at the same price.
    """
    return divide(net_minor * int(quantity * _SCALE), int(whole * _SCALE))


def part_of(line: SoldLine, *, before: SoFar, quantity: Decimal) -> BilledPart:
    """The part of a line for `quantity` more pieces, after what was billed already."""
    whole = net_of(line.net.amount_minor, line.quantity, before.quantity + quantity)
    net = Money(whole - before.net_minor, line.net.currency)
    return BilledPart(line.order_line_id, quantity, net, line.treatment)


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
