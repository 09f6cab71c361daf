"""Taking back what was billed: never more than it was, the last credit takes the rest.

VAT of a credit note is base × rate, as of every document. Rounded part by part, the VAT of many
credit notes can miss the invoice's by a cent; that cent goes into the rounding amount (BT-114) of
the note where it shows, so that all credit notes together are what the invoice asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from handsel.earn.billing.rules.drafting import SoFar, Treatment, net_of, totals_of
from handsel.ground.kernel.money import Money


@dataclass(frozen=True, slots=True)
class BilledLine:
    """An issued line: what was billed and what is credited of it."""

    line_id: int
    quantity: Decimal
    net: Money
    treatment: Treatment
    credited: SoFar

    @property
    def left(self) -> Decimal:
        """The quantity that can still be credited."""
        return self.quantity - self.credited.quantity


def credit_net(line: BilledLine, quantity: Decimal) -> Money:
    """The net amount of crediting `quantity` more; the last piece takes the rounding rest."""
    whole = net_of(line.net.amount_minor, line.quantity, line.credited.quantity + quantity)
    return Money(whole - line.credited.net_minor, line.net.currency)


def credit_rounding(
    lines: Iterable[BilledLine],
    now_credited: Iterable[tuple[Treatment, Money]],
    credited_payable_minor: int,
    currency: str,
) -> int:
    """The rounding amount of a credit note in minor units.

    `lines` are all lines of the invoice as they stood before, `now_credited` what this note takes
    back, `credited_payable_minor` what the notes before it came to.
    """
    these = list(now_credited)
    before = [
        (line.treatment, Money(line.credited.net_minor, currency))
        for line in lines
        if line.credited.net_minor
    ]
    together = totals_of([*before, *these], currency).gross.amount_minor
    own = totals_of(these, currency).gross.amount_minor
    return together - credited_payable_minor - own
