"""What the order desk checks before an order may go on: pure findings from plain facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from handsel.ground.kernel.money import Money

Severity = Literal["ok", "warn", "stop"]


def gettext_noop(text: str) -> str:
    """Mark a sentence for translators; whoever shows the finding translates it."""
    return text


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What the checks look at: the order and the accepted quote it came from.

    `compared_count` and `difference_count` are of the buyer's purchase order, lines compared and
    differences found; None when its lines were not entered.
    """

    line_count: int
    quoted_count: int
    net: Money
    quoted_net: Money
    lines_net: Money
    purchase_order: str
    compared_count: int | None
    difference_count: int
    has_bill_to: bool
    has_ship_to: bool
    needs_shipping: bool
    vat_id_needed: bool
    vat_id: str
    requested_on: date | None
    today: date


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: its code, what came out, and the sentence a clerk reads, with its facts apart."""

    code: str
    severity: Severity
    message: str
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence in English."""
        return self.message % self.facts


@dataclass(frozen=True, slots=True)
class Credit:
    """A customer's credit standing: what he owes and may owe.

    `open_orders` is what was ordered and is not yet invoiced; what is invoiced and unpaid is in
    `receivables`.
    """

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
        _match(facts),
        _addresses(facts),
        _tax_id(facts),
        _date(facts),
    ]


def check_credit(credit: Credit, order: Money) -> Finding:
    """How the customer's credit stands with this order.

    Only a hold stops an order: when the limit is passed at placing, one is set, and a person who
    releases it decides.
    """
    if credit.limit is None:
        return Finding("credit", "ok", gettext_noop("no credit limit is set"))
    facts: dict[str, object] = {
        "exposure": (credit.exposure + order).text(),
        "receivables": credit.receivables.text(),
        "orders": (credit.open_orders + order).text(),
        "limit": credit.limit.text(),
        "currency": order.currency,
    }
    if credit.allows(order):
        message = gettext_noop(
            "%(exposure)s of %(limit)s %(currency)s used: %(receivables)s invoiced, "
            "%(orders)s on order"
        )
        return Finding("credit", "ok", message, facts)
    message = gettext_noop(
        "%(exposure)s is over the limit of %(limit)s %(currency)s: %(receivables)s invoiced, "
        "%(orders)s on order"
    )
    return Finding("credit", "warn", message, facts)


def stops(findings: Sequence[Finding]) -> list[Finding]:
    """The findings that forbid the release."""
    return [finding for finding in findings if finding.severity == "stop"]


ONE_EACH = gettext_noop("%(ordered)s lines, one for each accepted line")


def _lines(facts: OrderFacts) -> Finding:
    counts = {"ordered": facts.line_count, "accepted": facts.quoted_count}
    if facts.line_count == facts.quoted_count > 0:
        return Finding("lines", "ok", ONE_EACH, counts)
    message = gettext_noop("%(ordered)s lines ordered, %(accepted)s accepted")
    return Finding("lines", "stop", message, counts)


def _value(facts: OrderFacts) -> Finding:
    if facts.net == facts.quoted_net == facts.lines_net:
        message = gettext_noop("the value equals the accepted quote to the cent")
        return Finding("value", "ok", message)
    amounts = {
        "order": facts.net.text(),
        "lines": facts.lines_net.text(),
        "quote": facts.quoted_net.text(),
    }
    message = gettext_noop("order %(order)s, its lines %(lines)s, the quote %(quote)s")
    return Finding("value", "stop", message, amounts)


def _purchase_order(facts: OrderFacts) -> Finding:
    if facts.purchase_order:
        number = {"number": facts.purchase_order}
        return Finding("purchase_order", "ok", gettext_noop("purchase order %(number)s"), number)
    message = gettext_noop("no purchase order number was given")
    return Finding("purchase_order", "warn", message)


def _match(facts: OrderFacts) -> Finding:
    if facts.compared_count is None:
        message = gettext_noop("the buyer accepted our quote as it stands; no paper to compare")
        return Finding("match", "ok", message)
    if facts.difference_count == 0:
        message = gettext_noop("the purchase order agrees in all %(lines)s lines")
        return Finding("match", "ok", message, {"lines": facts.compared_count})
    message = gettext_noop("differences to the purchase order: %(count)s")
    return Finding("match", "warn", message, {"count": facts.difference_count})


def _addresses(facts: OrderFacts) -> Finding:
    if not facts.has_bill_to:
        return Finding("addresses", "stop", gettext_noop("the invoice address is incomplete"))
    if facts.needs_shipping and not facts.has_ship_to:
        return Finding("addresses", "stop", gettext_noop("the delivery address is incomplete"))
    return Finding("addresses", "ok", gettext_noop("addresses are complete"))


def _tax_id(facts: OrderFacts) -> Finding:
    if facts.vat_id_needed and not facts.vat_id:
        message = gettext_noop("tax-free across a border needs the customer's VAT id")
        return Finding("tax_id", "stop", message)
    return Finding("tax_id", "ok", gettext_noop("the tax treatment has what it needs"))


def _date(facts: OrderFacts) -> Finding:
    if facts.requested_on is None:
        return Finding("date", "ok", gettext_noop("no delivery date was asked for"))
    day = {"day": facts.requested_on}
    if facts.requested_on < facts.today:
        message = gettext_noop("asked for %(day)s, which has passed")
        return Finding("date", "warn", message, day)
    return Finding("date", "ok", gettext_noop("asked for %(day)s"), day)
