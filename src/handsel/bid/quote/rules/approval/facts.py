"""What is known about an offer when somebody asks who must approve it.

The facts themselves are declared in `fact_types`. A line counts when it is no option or a
chosen one; sums are of lines that count. What is asked of single lines is asked of every line the
buyer can end up with, because he chooses after everybody has answered. Money is in minor units of
the offer's currency, percentages are basis points, both as integers. None means that nobody knows
(no cost is kept).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from handsel.bid.quote.rules.approval.fact_types import FACTS, LINE, Reasons, Value
from handsel.bid.quote.rules.approval.line_facts import LineFacts, margin_bps, share_bps
from handsel.bid.quote.rules.approval.worst import Part, worst_share


@dataclass(frozen=True, slots=True)
class OptionFacts:
    """A line the buyer can take or leave: one of its set of alternatives, or by itself."""

    line: LineFacts
    alternative_set: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteFacts:
    """A frozen picture of a version: everything conditions can ask about. `clauses` are the words
    of its own terms."""

    currency: str
    header_bps: int = 0
    payment_days: int = 30
    valid_days: int = 30
    billing_method: str = "on_shipment"
    delivery_terms: str = ""
    clause_deviation: bool = False
    clauses: str = ""
    region: str = ""
    customer: str = ""
    segment: str = ""
    partner_tier: str = ""
    tier_by_hand: bool = False
    promotion_codes: frozenset[str] = frozenset()
    price_age: int = 0
    proposal: str = ""
    elsewhere_minor: int = 0
    lines: tuple[LineFacts, ...] = ()
    options: tuple[OptionFacts, ...] = ()
    fees_minor: int = 0
    waived_minor: int = 0

    @property
    def left_open(self) -> tuple[LineFacts, ...]:
        """The options that do not count now, and will if the buyer takes them."""
        counted = {line.key for line in self.lines}
        return tuple(one.line for one in self.options if one.line.key not in counted)

    @property
    def offered(self) -> tuple[LineFacts, ...]:
        """Every line the buyer can end up with."""
        return (*self.lines, *self.left_open) if self.options else self.lines

    @property
    def list_minor(self) -> int:
        """All lines at list prices, without fees."""
        return sum(line.list_minor for line in self.lines)

    @property
    def net_minor(self) -> int:
        """All lines net, without fees."""
        return sum(line.net_minor for line in self.lines)

    @property
    def cost_minor(self) -> int | None:
        """What all lines cost us; None while the cost of one is unknown."""
        costs = [line.cost_minor for line in self.lines if line.cost_minor is not None]
        return sum(costs) if costs and len(costs) == len(self.lines) else None

    def value(self, name: str) -> Value:
        """One fact of the offer as a whole."""
        return _OF_OFFER[name](self)

    def values(self) -> dict[str, Value]:
        """Every fact of the offer as a whole."""
        return {name: of(self) for name, of in _OF_OFFER.items()}

    def at_most(self) -> dict[str, Value]:
        """What the margins can be at most while the cost of some lines is known and of others is
        not: the unknown ones are taken to cost nothing."""
        known = [line.cost_minor for line in self.lines if line.cost_minor is not None]
        if not known or not any(line.cost_minor is None for line in self._all_lines()):
            return {}
        net, cost = self.net_minor, sum(known)
        return {
            "margin": margin_bps(net, cost),
            "margin_value": net - cost,
            "worst_margin": self._worst_with(cost),
        }

    def _all_lines(self) -> list[LineFacts]:
        return [*self.lines, *(one.line for one in self.options)]

    def reasons_of(self, name: str) -> Reasons:
        """What makes a flag of the offer true; of `cost_known` what makes it false."""
        if name == "cost_known":
            return tuple((line.key, 0) for line in self.lines if line.cost_minor is None)
        if name == "tier_by_hand":
            return ((self.partner_tier, 0),)
        if name == "clause_deviation":
            return ((sha256(self.clauses.encode()).hexdigest(), 0),)
        of_lines = f"{LINE}{name}"
        if of_lines not in FACTS:
            return ()
        return tuple(
            one
            for line in self.offered
            if line.value(of_lines)
            for one in line.reasons_of(of_lines)
        )

    def _fixed(self) -> list[LineFacts]:
        """The lines no choice leaves out."""
        chosen = {one.line.key for one in self.options}
        return [line for line in self.lines if line.key not in chosen]

    @property
    def worst_discount(self) -> int:
        """What the buyer's choice can make of `total_discount`, at most."""
        if not self.options:
            return share_bps(self.list_minor - self.net_minor, self.list_minor)
        found = worst_share(
            [_sum_of(self._fixed(), _discount)],
            [(one.alternative_set, _discount(one.line)) for one in self.options],
        )
        return 0 if found is None else -(-found.numerator * 10_000 // found.denominator)

    @property
    def worst_margin(self) -> int | None:
        """What the buyer's choice can make of `margin`, at least; None while a cost is unknown."""
        cost = self.cost_minor
        if cost is None or any(one.line.cost_minor is None for one in self.options):
            return None
        return self._worst_with(cost)

    def _worst_with(self, cost: int) -> int | None:
        if not self.options:
            return margin_bps(self.net_minor, cost)
        found = worst_share(
            [_sum_of(self._fixed(), _cost)],
            [(one.alternative_set, _cost(one.line)) for one in self.options],
        )
        return None if found is None else 10_000 + (-found.numerator * 10_000 // found.denominator)

    @property
    def largest_value(self) -> int:
        """What the buyer's choice can make of `net_value`, at most."""
        sets: dict[str, int] = {}
        most = self.fees_minor + sum(line.net_minor for line in self._fixed())
        for one in self.options:
            if one.alternative_set:
                before = sets.get(one.alternative_set, one.line.net_minor)
                sets[one.alternative_set] = max(before, one.line.net_minor)
            else:
                most += max(0, one.line.net_minor)
        return most + sum(sets.values())

    def changed(
        self,
        *,
        header_bps: int | None = None,
        line_bps: Mapping[str, int] | None = None,
        payment_days: int | None = None,
        valid_days: int | None = None,
    ) -> QuoteFacts:
        """The same offer with other discounts or terms; untouched lines keep their kept amounts."""
        header = self.header_bps if header_bps is None else header_bps
        wanted = line_bps or {}
        lines = tuple(
            line.priced(wanted.get(line.key, line.discount_bps), header)
            if line.key in wanted or header != self.header_bps
            else line
            for line in self.lines
        )
        options = tuple(
            OptionFacts(
                one.line.priced(wanted.get(one.line.key, one.line.discount_bps), header),
                one.alternative_set,
            )
            if one.line.key in wanted or header != self.header_bps
            else one
            for one in self.options
        )
        return replace(
            self,
            header_bps=header,
            lines=lines,
            options=options,
            payment_days=self.payment_days if payment_days is None else payment_days,
            valid_days=self.valid_days if valid_days is None else valid_days,
        )

    def as_json(self) -> dict[str, Any]:
        """The picture as it is kept with a request."""
        return {
            "quote": {name: json_value(value) for name, value in self.values().items()},
            "terms": self.clauses,
            "lines": [_line_json(line) for line in self.lines],
            "options": [_line_json(line) for line in self.left_open],
        }


_MADE_BY_LINES: Final[Mapping[str, Callable[[Sequence[LineFacts]], Value]]] = {
    "nonstandard": lambda lines: any(line.nonstandard for line in lines),
    "floor_held": lambda lines: any(line.floor_held for line in lines),
    "product_groups": lambda lines: frozenset(line.group for line in lines if line.group),
    "articles": lambda lines: frozenset(line.article for line in lines),
    "options": lambda lines: frozenset().union(*(line.options for line in lines)),
}


def value_of_lines(name: str, lines: Sequence[LineFacts]) -> Value:
    """A fact of an offer that these lines make: one of `OF_LINES`."""
    return _MADE_BY_LINES[name](lines)


def _of_lines(of: Callable[[Sequence[LineFacts]], Value]) -> Callable[[QuoteFacts], Value]:
    return lambda one: of(one.lines)


_OF_OFFER: Final[Mapping[str, Callable[[QuoteFacts], Value]]] = {
    "header_discount": lambda one: one.header_bps,
    "total_discount": lambda one: share_bps(one.list_minor - one.net_minor, one.list_minor),
    "list_value": lambda one: one.list_minor + one.fees_minor,
    "net_value": lambda one: one.net_minor + one.fees_minor,
    "fees_value": lambda one: one.fees_minor,
    "fees_waived": lambda one: one.waived_minor,
    "contract_value": lambda one: (
        sum(line.net_minor * line.periods for line in one.lines) + one.fees_minor
    ),
    "longest_term": lambda one: max((line.term_months for line in one.lines), default=0),
    "discount_value": lambda one: one.list_minor - one.net_minor,
    "margin": lambda one: (
        None if (cost := one.cost_minor) is None else margin_bps(one.net_minor, cost)
    ),
    "margin_value": lambda one: None if (cost := one.cost_minor) is None else one.net_minor - cost,
    "cost_known": lambda one: one.cost_minor is not None,
    "payment_days": lambda one: one.payment_days,
    "valid_days": lambda one: one.valid_days,
    "billing_method": lambda one: one.billing_method,
    "delivery_terms": lambda one: one.delivery_terms,
    "clause_deviation": lambda one: one.clause_deviation,
    "open_options": lambda one: len(one.options),
    "worst_discount": lambda one: one.worst_discount,
    "worst_margin": lambda one: one.worst_margin,
    "largest_value": lambda one: one.largest_value,
    "customer_value": lambda one: one.net_minor + one.fees_minor + one.elsewhere_minor,
    "line_count": lambda one: len(one.lines),
    "region": lambda one: one.region,
    "customer": lambda one: one.customer,
    "segment": lambda one: one.segment,
    "partner_tier": lambda one: one.partner_tier,
    "tier_by_hand": lambda one: one.tier_by_hand,
    "promotion_codes": lambda one: one.promotion_codes,
    "price_age": lambda one: one.price_age,
    "proposal": lambda one: one.proposal,
    "currency": lambda one: one.currency,
    **{name: _of_lines(of) for name, of in _MADE_BY_LINES.items()},
}


def _line_json(line: LineFacts) -> dict[str, Any]:
    return {
        "key": line.key,
        "position": line.position,
        "name": line.name,
        **{
            name.removeprefix(LINE): json_value(line.value(name))
            for name, fact in FACTS.items()
            if fact.is_of_line
        },
    }


def _discount(line: LineFacts) -> Part:
    return Part(line.list_minor - line.net_minor, line.list_minor)


def _cost(line: LineFacts) -> Part:
    return Part(line.cost_minor or 0, line.net_minor)


def _sum_of(lines: Sequence[LineFacts], part_of: Callable[[LineFacts], Part]) -> Part:
    parts = [part_of(line) for line in lines]
    return Part(sum(one.over for one in parts), sum(one.under for one in parts))


def json_value(value: Value) -> Any:
    """A fact's value as JSON: decimals as plain text, sets sorted."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return sorted(value) if isinstance(value, frozenset) else value
