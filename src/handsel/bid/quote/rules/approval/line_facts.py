"""What is known about one line of an offer, and about amounts and their shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from handsel.bid.quote.rules.approval.fact_types import Reasons, Value


class LineFacts(NamedTuple):
    """One line. `before_minor` is what was left before the line's own discount, `own_minor` what
    that left before anything off the whole quote; None where it is what the discount makes of it.

    A tuple, since all lines are made anew for every change that is tried.
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
        if is_kept:
            return self._with((*self[:_NET], net_minor, *self[_NET + 1 :]))
        return self._with(
            (
                *self[:_DISCOUNT],
                discount_bps,
                net_minor,
                *self[_NET + 1 : _BY_HAND],
                False,
                *self[_BY_HAND + 1 : _OWN],
                None,
                self.takes_header,
                True,
            )
        )

    @classmethod
    def _with(cls, values: tuple[Any, ...]) -> LineFacts:
        return tuple.__new__(cls, values)


# A line is made anew from slices of itself: naming each of its fields takes four times as long.
_DISCOUNT, _NET, _BY_HAND, _OWN = map(
    LineFacts._fields.index, ("discount_bps", "net_minor", "by_hand", "own_minor")
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


def of_line(name: str) -> Callable[[LineFacts], Value]:
    """How a fact of a line is found."""
    return _OF_LINE[name]


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
