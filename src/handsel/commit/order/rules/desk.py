"""What the order desk checks before an order may go on: pure findings from plain facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from handsel.ground.kernel.money import Money

Severity = Literal["ok", "warn", "stop"]


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What the checks look at; `lines` are the order's, `quoted` the accepted quote's."""

    line_count: int
    quoted_count: int
    net: Money
    quoted_net: Money
    lines_net: Money
    purchase_order: str
    has_bill_to: bool
    has_ship_to: bool
    needs_shipping: bool
    vat_id_needed: bool
    vat_id: str
    requested_on: date | None
    today: date


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: its code, what came out, and the sentence a clerk reads."""

    code: str
    severity: Severity
    text: str


@dataclass(frozen=True, slots=True)
class Credit:
    """A customer's credit standing: what he owes and may owe."""

    limit: Money | None
    receivables: Money
    open_orders: Money

    @property
    def exposure(self) -> Money:
        """What would be lost at once."""
        return self.receivables + self.open_orders

    def allows(self, more: Money) -> bool:
        """Whether another obligation of this size stays within the limit."""
        return self.limit is None or self.exposure + more <= self.limit


def check_order(facts: OrderFacts) -> list[Finding]:
    """Every check of the desk, in the order a clerk would do them."""
    return [
        _lines(facts),
        _value(facts),
        _purchase_order(facts),
        _addresses(facts),
        _tax_id(facts),
        _date(facts),
    ]


def stops(findings: Sequence[Finding]) -> list[Finding]:
    """The findings that forbid the release."""
    return [finding for finding in findings if finding.severity == "stop"]


def _lines(facts: OrderFacts) -> Finding:
    if facts.line_count == facts.quoted_count:
        return Finding("lines", "ok", f"{facts.line_count} lines, one for each accepted line")
    text = f"{facts.line_count} lines ordered, {facts.quoted_count} accepted"
    return Finding("lines", "stop", text)


def _value(facts: OrderFacts) -> Finding:
    if facts.net == facts.quoted_net == facts.lines_net:
        return Finding("value", "ok", "value equals the accepted quote to the cent")
    text = (
        f"order {facts.net.text()}, lines {facts.lines_net.text()}, quote {facts.quoted_net.text()}"
    )
    return Finding("value", "stop", text)


def _purchase_order(facts: OrderFacts) -> Finding:
    if facts.purchase_order:
        return Finding("purchase_order", "ok", f"purchase order {facts.purchase_order}")
    return Finding("purchase_order", "warn", "no purchase order number was given")


def _addresses(facts: OrderFacts) -> Finding:
    if not facts.has_bill_to:
        return Finding("addresses", "stop", "the invoice address is incomplete")
    if facts.needs_shipping and not facts.has_ship_to:
        return Finding("addresses", "stop", "the delivery address is incomplete")
    return Finding("addresses", "ok", "addresses are complete")


def _tax_id(facts: OrderFacts) -> Finding:
    if facts.vat_id_needed and not facts.vat_id:
        return Finding("tax_id", "stop", "tax-free across a border needs the customer's VAT id")
    return Finding("tax_id", "ok", "tax treatment has what it needs")


def _date(facts: OrderFacts) -> Finding:
    if facts.requested_on is not None and facts.requested_on < facts.today:
        return Finding("date", "warn", f"requested for {facts.requested_on}, which has passed")
    return Finding("date", "ok", "requested date can be met or none is set")
