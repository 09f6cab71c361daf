"""What is known about an offer when somebody asks who must approve it.

One closed set of facts, each with a kind and a title. A line counts when it is no option or a
chosen one; options left open count nowhere. Money is in minor units of the offer's currency,
percentages are basis points, both as integers. None means that nobody knows (no cost is kept).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final, Literal

from handsel.bid.quote.rules.approval.worst import Part, worst_share

Kind = Literal["percent", "money", "number", "days", "text", "texts", "flag"]
Value = int | Decimal | str | bool | frozenset[str] | None
NUMERIC: Final = frozenset({"percent", "money", "number", "days"})
Reasons = tuple[tuple[str, int], ...]
"""What makes a flag true: each by a name, and how far it goes (more is worse)."""
LINE: Final = "line."


@dataclass(frozen=True, slots=True)
class FactType:
    """A fact conditions may name: its kind decides how it can be compared."""

    name: str
    kind: Kind
    title: str

    @property
    def is_of_line(self) -> bool:
        """Whether every line has it, rather than the offer as a whole."""
        return self.name.startswith(LINE)


def _declared(rows: Sequence[tuple[str, Kind, str]]) -> dict[str, FactType]:
    return {name: FactType(name, kind, title) for name, kind, title in rows}


FACTS: Final[Mapping[str, FactType]] = _declared(
    (
        ("header_discount", "percent", "Discount on the whole quote"),
        ("total_discount", "percent", "Everything taken off the list prices"),
        ("list_value", "money", "Value at list prices"),
        ("net_value", "money", "Net value"),
        ("fees_value", "money", "Freight and fees"),
        ("contract_value", "money", "Value of the whole contract, all periods of its lines"),
        ("longest_term", "number", "Longest term of a line in months"),
        ("discount_value", "money", "Amount taken off the list prices"),
        ("margin", "percent", "Margin"),
        ("margin_value", "money", "Margin as an amount"),
        ("cost_known", "flag", "The cost of every line is known"),
        ("payment_days", "days", "Days to pay"),
        ("valid_days", "days", "Days the offer is valid"),
        ("billing_method", "text", "How it is invoiced"),
        ("delivery_terms", "text", "Delivery terms"),
        ("clause_deviation", "flag", "Terms of its own"),
        ("nonstandard", "flag", "Contains something out of the ordinary"),
        ("floor_held", "flag", "A price was held at the least it may be"),
        ("open_options", "number", "Options the customer can add or leave out"),
        ("worst_discount", "percent", "Largest total discount a choice of options can make"),
        ("worst_margin", "percent", "Smallest margin a choice of options can leave"),
        ("line_count", "number", "Number of lines"),
        ("region", "text", "Country the goods go to"),
        ("customer", "text", "Customer"),
        ("segment", "text", "Price segment of the customer"),
        ("currency", "text", "Currency"),
        ("product_groups", "texts", "Product groups"),
        ("articles", "texts", "Article numbers"),
        ("options", "texts", "Configured options, such as control=full_panel"),
        ("line.discount", "percent", "Discount on a line"),
        ("line.total_discount", "percent", "Everything taken off a line's list price"),
        ("line.list_value", "money", "A line's value at list prices"),
        ("line.net_value", "money", "A line's net value"),
        ("line.margin", "percent", "A line's margin"),
        ("line.quantity", "number", "A line's quantity"),
        ("line.group", "text", "A line's product group"),
        ("line.article", "text", "A line's article number"),
        ("line.kind", "text", "A line's kind of product"),
        ("line.options", "texts", "A line's configured options, such as control=full_panel"),
        ("line.nonstandard", "flag", "A line out of the ordinary"),
        ("line.by_hand", "flag", "A line's price is set by hand"),
        ("line.floor_held", "flag", "A line held at the least it may cost"),
    )
)
# What tells our costs to who knows the prices.
OF_COST: Final = frozenset({"margin", "margin_value", "worst_margin", "line.margin"})


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line that counts. `before_minor` is what was left before the line's own discount."""

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

    def value(self, name: str) -> Value:
        """A fact of this line by its name."""
        return _OF_LINE[name](self)

    def reasons_of(self, name: str) -> Reasons:
        """What makes a flag of this line true: which line it is, how far a price by hand goes."""
        if name == "line.nonstandard":
            return ((f"{self.article} {self.name}", 0),)
        return ((self.key, self.discount_bps if name == "line.by_hand" else 0),)

    def priced(self, discount_bps: int, header_bps: int) -> LineFacts:
        """This line with other discounts, each step rounded half up to the minor unit."""
        net_minor = less(less(self.before_minor, discount_bps), header_bps)
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
            self.by_hand,
            self.floor_held,
            self.periods,
            self.term_months,
            self.options,
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
    lines: tuple[LineFacts, ...] = ()
    options: tuple[OptionFacts, ...] = ()
    fees_minor: int = 0

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
            "nonstandard": any(line.nonstandard for line in self.lines),
            "floor_held": any(line.floor_held for line in self.lines),
            "open_options": len(self.options),
            "worst_discount": self._worst_discount(),
            "worst_margin": self._worst_margin(),
            "line_count": len(self.lines),
            "region": self.region,
            "customer": self.customer,
            "segment": self.segment,
            "currency": self.currency,
            "product_groups": frozenset(line.group for line in self.lines if line.group),
            "articles": frozenset(line.article for line in self.lines),
            "options": frozenset().union(*(line.options for line in self.lines)),
        }

    def reasons_of(self, name: str) -> Reasons:
        """What makes a flag of the offer true."""
        if name == "clause_deviation":
            return ((sha256(self.clauses.encode()).hexdigest(), 0),)
        of_lines = f"{LINE}{name}"
        if of_lines not in FACTS:
            return ()
        return tuple(
            one for line in self.lines if line.value(of_lines) for one in line.reasons_of(of_lines)
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
        if not self.options:
            return margin_bps(self.net_minor, cost)
        found = worst_share(
            (_cost(line) for line in self._fixed()),
            [(one.alternative_set, _cost(one.line)) for one in self.options],
        )
        return None if found is None else 10_000 + (-found.numerator * 10_000 // found.denominator)

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
            "lines": [
                {
                    "key": line.key,
                    "position": line.position,
                    "name": line.name,
                    **{
                        name.removeprefix(LINE): json_value(line.value(name))
                        for name, fact in FACTS.items()
                        if fact.is_of_line
                    },
                }
                for line in self.lines
            ],
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
