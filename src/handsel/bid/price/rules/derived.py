"""Stage 15: lines that cost a percentage of other lines, each after those it is taken of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol

from handsel.bid.price.rules.exactness import ZERO, share
from handsel.bid.price.rules.lines import ExtendedLine, add_surcharges, extended, take_discounts
from handsel.bid.price.rules.plan import LineWork, Plan
from handsel.bid.price.rules.sources import Source, begin
from handsel.bid.price.rules.surcharges import topological
from handsel.bid.price.rules.terms import PercentOf, Point
from handsel.bid.price.rules.waterfall import Stage
from handsel.ground.kernel.names import changed

_LAST = {Point.LIST: Stage.MARKET, Point.REGULAR: Stage.PRORATION, Point.CUSTOMER: Stage.MANUAL}


class Base(Protocol):
    """A line others may be a percentage of; `trace` tells what it was before its net, if known."""

    @property
    def key(self) -> Any: ...
    @property
    def product_id(self) -> Any: ...
    @property
    def product_group(self) -> str: ...
    @property
    def amount_minor(self) -> int: ...
    @property
    def counts(self) -> bool: ...
    @property
    def trace(self) -> LineWork | None: ...


def derive(
    found: Mapping[Any, Base],
    works: Sequence[LineWork],
    plan: Plan,
    shares: Mapping[Any, int],
) -> dict[Any, ExtendedLine]:
    """Price lines that cost a percentage of others, in the order of their dependence.

    `found` are those other lines and `shares` what each bears of the document's discount: the net
    of a line is after it. Optional lines that are not chosen count in no base. Raises RuleCycle.
    """
    waiting = {work.line.key: work for work in works}
    order = _order(waiting)
    known: dict[Any, Base] = dict(found)
    priced: dict[Any, ExtendedLine] = {}
    for key in order:
        work = waiting[key]
        line = _priced(work, known, shares)
        known[key] = priced[key] = line
    return priced


def _order(waiting: Mapping[Any, LineWork]) -> list[Any]:
    names = {str(place): key for place, key in enumerate(waiting)}
    needs = {
        name: [
            other
            for other, other_key in names.items()
            if _takes(waiting[names[name]], waiting[other_key])
        ]
        for name in names
    }
    titles = {name: waiting[key].line.product for name, key in names.items()}
    return [names[name] for name in topological(needs, titles)]


def _takes(work: LineWork, other: LineWork) -> bool:
    rule = _rule(work)
    if work is other or (not rule.keys and work.line.product_id == other.line.product_id):
        return False
    if not rule.products and not rule.groups and not rule.keys:
        # "Everything" means everything that has a price of its own.
        return False
    return _names(rule, other.line.key, other.line.product_id, other.line.product_group)


def _rule(work: LineWork) -> PercentOf:
    assert work.percent_of is not None  # noqa: S101  # only lines with a rule come here
    return work.percent_of


def _names(rule: PercentOf, key: Any, product_id: Any, group: str) -> bool:
    return (not rule.keys or key in rule.keys) and rule.takes(product_id, group)


def _priced(work: LineWork, known: Mapping[Any, Base], shares: Mapping[Any, int]) -> ExtendedLine:
    rule = _rule(work)
    basis = ZERO
    for key, line in known.items():
        if not line.counts or not _in_base(work, rule, line):
            continue
        basis += _at(line, rule.point, shares.get(key, 0), work.plan)
    amount, label = _bounded(rule, share(basis, rule.bps) * work.quantity, work.quantity)
    source = Source("percent_of", amount, rule.rule, rule.version, label)
    begin(work, source, rule.bps)
    add_surcharges(work)
    take_discounts(work)
    return extended(work)


def _bounded(rule: PercentOf, amount: Decimal, quantity: Decimal) -> tuple[Decimal, str]:
    """The amount of the whole line within the rule's bounds; of a credit, mirrored. Of nothing
    there is no minimum."""
    sign = -1 if quantity < 0 else 1
    if quantity and rule.least is not None and amount * sign < rule.least:
        return rule.least * sign, _bound(rule.label, "(minimum)")
    if rule.most is not None and amount * sign > rule.most:
        return rule.most * sign, _bound(rule.label, "(maximum)")
    return amount, rule.label


def is_base_of(line: Base, work: LineWork) -> bool:
    """Whether a percentage is taken of the line, which has a price of its own."""
    return line.counts and _in_base(work, _rule(work), line)


def _in_base(work: LineWork, rule: PercentOf, line: Base) -> bool:
    trace = line.trace
    if trace is not None and trace.percent_of and not _takes(work, trace):
        return False
    return _names(rule, line.key, line.product_id, line.product_group)


def _at(line: Base, point: Point, share_minor: int, plan: Plan) -> Decimal:
    """A line's amount at a point: the net as money, what comes before it exactly."""
    if point is Point.NET or line.trace is None:
        return plan.scale.major(line.amount_minor + share_minor)
    return line.trace.amount_at(_LAST[point])


def _bound(label: str, mark: str) -> str:
    """A label with what held the amount, in each of its languages."""
    return changed(label, lambda text: f"{text} {mark}".strip())
