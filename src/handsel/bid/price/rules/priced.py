"""What comes out: priced lines, fees and taxes, and the totals of those that count."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from handsel.bid.price.rules.context import NO_FACTS, Charge, LineFacts, LineTax
from handsel.bid.price.rules.plan import LineWork
from handsel.bid.price.rules.waterfall import Row, Stage


@dataclass(slots=True)
class PricedLine:
    """A line with its share of everything; amounts in minor units. `rows` sum to `gross_minor`.

    `trace` tells what the rows do not: the exact prices on the way, and the losers. `own_minor`
    is the amount before the document's discount, of which the line bears a part if it
    `takes_header`.
    """

    key: Any
    product_id: Any
    quantity: Decimal
    list_price: Decimal
    unit_net: Decimal
    list_minor: int
    net_minor: int
    tax_minor: int
    tax: LineTax
    rows: tuple[Row, ...]
    counts: bool
    facts: LineFacts = NO_FACTS
    trace: LineWork | None = field(default=None, compare=False, repr=False)
    own_minor: int = 0
    takes_header: bool = True

    @property
    def is_derived(self) -> bool:
        """Whether the line costs a percentage of other lines."""
        return bool(self.rows) and self.rows[0].stage is Stage.DERIVED

    @property
    def is_fee(self) -> bool:
        """Whether the line is freight or a fee of the document."""
        return self.facts.fee is not None

    @property
    def gross_minor(self) -> int:
        """Net and tax."""
        return self.net_minor + self.tax_minor

    @property
    def contract_minor(self) -> int:
        """The net of all the periods the line stands for."""
        return self.net_minor * self.facts.periods


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """One row of the document's tax: taxed once, on the summed base of its kind."""

    tax: LineTax
    base_minor: int
    tax_minor: int


@dataclass(frozen=True, slots=True)
class PricedFee:
    """Freight or a fee, taxed like a line."""

    rule: str
    version: int
    label: str
    net_minor: int
    tax: LineTax


@dataclass(frozen=True, slots=True)
class ChargeTotal:
    """The lines of one kind of charge: one-time, recurring by length of period, usage estimate.

    `contract_minor` is the net of all periods.
    """

    charge: Charge
    months: int
    list_minor: int
    net_minor: int
    contract_minor: int


@dataclass(frozen=True, slots=True)
class PricedDocument:
    """Priced lines in the order they were given, and the totals of those that count."""

    currency: str
    lines: tuple[PricedLine, ...]
    list_minor: int
    header_minor: int
    net_minor: int
    taxes: tuple[TaxTotal, ...]
    tax_minor: int
    fees: tuple[PricedFee, ...] = ()
    cash_minor: int = 0

    @property
    def gross_minor(self) -> int:
        """Net and tax."""
        return self.net_minor + self.tax_minor

    @property
    def payable_minor(self) -> int:
        """What is asked for: the gross, rounded to cash where cash is used."""
        return self.gross_minor + self.cash_minor

    @property
    def charges(self) -> tuple[ChargeTotal, ...]:
        """Totals by kind of charge; fees are one-time."""
        sums: dict[tuple[Charge, int], list[int]] = {}
        for line in self.lines:
            if line.counts:
                kind = (line.facts.charge, line.facts.charge_months)
                total = sums.setdefault(kind, [0, 0, 0])
                total[0] += line.list_minor
                total[1] += line.net_minor
                total[2] += line.contract_minor
        for fee in self.fees:
            total = sums.setdefault((Charge.ONE_TIME, 0), [0, 0, 0])
            for place in range(3):
                total[place] += fee.net_minor
        order = list(Charge)
        kinds = sorted(sums, key=lambda kind: (order.index(kind[0]), kind[1]))
        return tuple(ChargeTotal(*kind, *sums[kind]) for kind in kinds)
