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
from handsel.bid.quote.rules.approval.worst import Part, worst_share


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line. `before_minor` is what was left before the line's own discount, `own_minor` what
    that left before anything off the whole quote; None where it is what the discount makes of it.
    """

    key: str
    position: int
    name: str
    article: str
    group: str
    kind: str
    quantity: Decimal
    list_minor: int
    before_minor: int
    discount_bps: int
    net_minor: int
    cost_minor: int | None = None
    nonstandard: bool = False
    by_hand: bool = False
    floor_held: bool = False
    periods: int = 1
    term_months: int = 0
    options: frozenset[str] = frozenset()
    own_minor: int | None = None
    takes_header: bool = True
    has_house_price: bool = True

    def value(self, name: str) -> Value:
        """A fact of this line by its name."""
        return _OF_LINE[name](self)

    def reasons_of(self, name: str) -> Reasons:
        """What makes a flag of this line true: which line it is, how far a price by hand goes."""
        if name == "line.nonstandard":
            return ((f"{self.article} {self.name}", 0),)
        return ((self.key, self.discount_bps if name == "line.by_hand" else 0),)

    def priced(self, discount_bps: int, header_bps: int) -> LineFacts:
        """This line with other discounts, each step rounded half up to the minor unit.

        With another discount a price by hand gives way to the house's.
        """
        is_kept = discount_bps == self.discount_bps and self.own_minor is not None
        own = self.own_minor if is_kept else less(self.before_minor, discount_bps)
        net_minor = less(own or 0, header_bps) if self.takes_header else own or 0
        # Written out: this runs for every line of every change that is tried.
        return LineFacts(
            self.key,
            self.position,
            self.name,
            self.article,
            self.group,
            self.kind,
            self.quantity,
            self.list_minor,
            self.before_minor,
            discount_bps,
            net_minor,
            self.cost_minor,
            self.nonstandard,
            self.by_hand and is_kept,
            self.floor_held,
            self.periods,
            self.term_months,
            self.options,
            self.own_minor if is_kept else None,
            self.takes_header,
            self.has_house_price or not is_kept,
        )


_OF_LINE: Final[Mapping[str, Callable[[LineFacts], Value]]] = {
    "line.discount": lambda line: line.discount_bps,
    "line.total_discount": lambda line: share_bps(
        line.list_minor - line.net_minor, line.list_minor
    ),
    "line.list_value": lambda line: line.list_minor,
    "line.net_value": lambda line: line.net_minor,
    "line.margin": lambda line: (
        None if line.cost_minor is None else margin_bps(line.net_minor, line.cost_minor)
    ),
    "line.quantity": lambda line: line.quantity,
    "line.group": lambda line: line.group,
    "line.article": lambda line: line.article,
    "line.kind": lambda line: line.kind,
    "line.options": lambda line: line.options,
    "line.nonstandard": lambda line: line.nonstandard,
    "line.by_hand": lambda line: line.by_hand,
    "line.floor_held": lambda line: line.floor_held,
}


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

    def values(self) -> dict[str, Value]:
        """Every fact of the offer as a whole."""
        listed, net, cost = self.list_minor, self.net_minor, self.cost_minor
        margin = None if cost is None else net - cost
        return {
            "header_discount": self.header_bps,
            "total_discount": share_bps(listed - net, listed),
            "list_value": listed + self.fees_minor,
            "net_value": net + self.fees_minor,
            "fees_value": self.fees_minor,
            "fees_waived": self.waived_minor,
            "contract_value": sum(line.net_minor * line.periods for line in self.lines)
            + self.fees_minor,
            "longest_term": max((line.term_months for line in self.lines), default=0),
            "discount_value": listed - net,
            "margin": None if cost is None else margin_bps(net, cost),
            "margin_value": margin,
            "cost_known": cost is not None,
            "payment_days": self.payment_days,
            "valid_days": self.valid_days,
            "billing_method": self.billing_method,
            "delivery_terms": self.delivery_terms,
            "clause_deviation": self.clause_deviation,
            "open_options": len(self.options),
            "worst_discount": self._worst_discount(),
            "worst_margin": self._worst_margin(),
            "largest_value": self._largest_value(),
            "customer_value": net + self.fees_minor + self.elsewhere_minor,
            "line_count": len(self.lines),
            "region": self.region,
            "customer": self.customer,
            "segment": self.segment,
            "partner_tier": self.partner_tier,
            "tier_by_hand": self.tier_by_hand,
            "promotion_codes": self.promotion_codes,
            "price_age": self.price_age,
            "proposal": self.proposal,
            "currency": self.currency,
            **values_of_lines(self.lines),
        }

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

    def _worst_discount(self) -> int:
        """What the buyer's choice can make of `total_discount`, at most."""
        if not self.options:
            return share_bps(self.list_minor - self.net_minor, self.list_minor)
        found = worst_share(
            (_discount(line) for line in self._fixed()),
            [(one.alternative_set, _discount(one.line)) for one in self.options],
        )
        return 0 if found is None else -(-found.numerator * 10_000 // found.denominator)

    def _worst_margin(self) -> int | None:
        """What the buyer's choice can make of `margin`, at least; None while a cost is unknown."""
        cost = self.cost_minor
        if cost is None or any(one.line.cost_minor is None for one in self.options):
            return None
        return self._worst_with(cost)

    def _worst_with(self, cost: int) -> int | None:
        if not self.options:
            return margin_bps(self.net_minor, cost)
        found = worst_share(
            (_cost(line) for line in self._fixed()),
            [(one.alternative_set, _cost(one.line)) for one in self.options],
        )
        return None if found is None else 10_000 + (-found.numerator * 10_000 // found.denominator)

    def _largest_value(self) -> int:
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


def values_of_lines(lines: Sequence[LineFacts]) -> dict[str, Value]:
    """The facts of an offer that these lines make: `OF_LINES`."""
    return {
        "nonstandard": any(line.nonstandard for line in lines),
        "floor_held": any(line.floor_held for line in lines),
        "product_groups": frozenset(line.group for line in lines if line.group),
        "articles": frozenset(line.article for line in lines),
        "options": frozenset().union(*(line.options for line in lines)),
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


def json_value(value: Value) -> Any:
    """A fact's value as JSON: decimals as plain text, sets sorted."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return sorted(value) if isinstance(value, frozenset) else value


def less(amount_minor: int, bps: int) -> int:
    """An amount without a percentage of it, rounded half away from zero."""
    sign = -1 if amount_minor < 0 else 1
    return sign * ((abs(amount_minor) * (10_000 - bps) * 2 + 10_000) // 20_000)


def share_bps(part_minor: int, whole_minor: int) -> int:
    """A part in basis points of a whole, rounded up, so that no limit is passed unseen."""
    if whole_minor <= 0:
        return 0 if part_minor <= 0 else 10_000
    return -(-part_minor * 10_000 // whole_minor)


def margin_bps(net_minor: int, cost_minor: int) -> int:
    """The margin in basis points of the net amount, rounded down: no floor is kept unseen."""
    if net_minor <= 0:
        return 0 if cost_minor <= 0 else -10_000
    return (net_minor - cost_minor) * 10_000 // net_minor
