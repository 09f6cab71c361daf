"""Guidance for a deal: what discount won, and what discount did not help, in quotes like it.

Similar is scored out of 100: 40 for the same product groups (the share of value both have in
each), 30 for the size (nothing left at eight times or an eighth), 20 for the customer's segment,
10 for the same customer. A quote counts as like this one from 50 points, in the same currency.

Of the won quotes like it, the discount of the best quarter (lowest) is the *stretch*, the median
the *target*, that of the worst quarter the *floor*: who gives more gives more than three of four
won deals needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

Outcome = Literal["won", "lost"]

FEWEST_DEALS: Final = 5
FEWEST_WON: Final = 3
ENOUGH: Final = 50
NAMED: Final = 3
_GROUPS, _SIZE, _SEGMENT, _CUSTOMER = 40, 30, 20, 10
_FARTHEST: Final = 8
_BPS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Deal:
    """A quote as guidance sees it: amounts in minor units, net amount by product group."""

    quote_id: int
    number: str
    customer: str
    organization_id: int
    segment: str
    currency: str
    list_minor: int
    net_minor: int
    groups: Mapping[str, int]
    outcome: Outcome | None = None

    @property
    def discount_bps(self) -> int:
        """What is off the list price, rounded half away from zero; 0 where there is no list."""
        if self.list_minor <= 0:
            return 0
        twice = 2 * (self.list_minor - self.net_minor) * _BPS
        sign = -1 if twice < 0 else 1
        return sign * ((abs(twice) + self.list_minor) // (2 * self.list_minor))


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two deals are, and the points behind it."""

    deal: Deal
    groups: int
    size: int
    segment: int
    customer: int

    @property
    def score(self) -> int:
        """Points out of 100."""
        return self.groups + self.size + self.segment + self.customer


@dataclass(frozen=True, slots=True)
class Mark:
    """A discount and the net amount it leaves of this deal's list price."""

    discount_bps: int
    net_minor: int


@dataclass(frozen=True, slots=True)
class Guidance:
    """What quotes like this one say. The marks are None where there are too few to say.

    `lost_above_bps` is the highest discount that ever won, where quotes with more were lost: more
    than that did not help. `lost_with_more` counts those. `lost_range` are the lowest and the
    highest discount of those that were lost, where none was won.
    """

    won: int
    lost: int
    similar: tuple[Likeness, ...]
    stretch: Mark | None = None
    target: Mark | None = None
    floor: Mark | None = None
    lost_above_bps: int | None = None
    lost_with_more: int = 0
    lost_range: tuple[int, int] | None = None

    @property
    def is_enough(self) -> bool:
        """Whether there are deals enough to say something."""
        return self.target is not None


def guide(deal: Deal, decided: Sequence[Deal]) -> Guidance:
    """Floor, target and stretch for a deal from quotes that were won or lost."""
    alike = sorted(
        (found for found in (likeness(deal, other) for other in decided) if found.score >= ENOUGH),
        key=lambda found: (-found.score, -found.deal.quote_id),
    )
    won = sorted(one.deal.discount_bps for one in alike if one.deal.outcome == "won")
    lost = [one.deal.discount_bps for one in alike if one.deal.outcome == "lost"]
    named = tuple(alike[:NAMED])
    if len(alike) < FEWEST_DEALS or len(won) < FEWEST_WON:
        lost_range = (min(lost), max(lost)) if lost and not won else None
        return Guidance(len(won), len(lost), named, lost_range=lost_range)
    more = [bps for bps in lost if bps > won[-1]]
    return Guidance(
        len(won),
        len(lost),
        named,
        stretch=_mark(deal, quantile(won, 1, 4)),
        target=_mark(deal, quantile(won, 1, 2)),
        floor=_mark(deal, quantile(won, 3, 4)),
        lost_above_bps=won[-1] if more else None,
        lost_with_more=len(more),
    )


def likeness(deal: Deal, other: Deal) -> Likeness:
    """How alike another deal is; another currency or the deal itself is not alike at all."""
    if other.currency != deal.currency or other.quote_id == deal.quote_id:
        return Likeness(other, 0, 0, 0, 0)
    return Likeness(
        other,
        groups=_shared(deal.groups, other.groups),
        size=_size(deal.net_minor, other.net_minor),
        segment=_SEGMENT if deal.segment == other.segment else 0,
        customer=_CUSTOMER if deal.organization_id == other.organization_id else 0,
    )


def _shared(ours: Mapping[str, int], theirs: Mapping[str, int]) -> int:
    """The value both have in the same groups: 40 for the same shares in the same groups."""
    whole, other = _value(ours), _value(theirs)
    if whole <= 0 or other <= 0:
        return 0
    common = sum(
        (
            min(Decimal(max(ours[group], 0)) / whole, Decimal(max(theirs[group], 0)) / other)
            for group in ours.keys() & theirs.keys()
        ),
        Decimal(0),
    )
    return int((common * _GROUPS).quantize(Decimal(1)))


def _value(groups: Mapping[str, int]) -> int:
    return sum(minor for minor in groups.values() if minor > 0)


def _size(ours: int, theirs: int) -> int:
    """30 for the same size, 20 at twice, 10 at four times, none from eight times; straight lines
    between the doublings."""
    small, large = sorted((ours, theirs))
    if small <= 0 or large >= _FARTHEST * small:
        return 0
    ratio, doublings = Decimal(large) / small, 0
    while ratio >= 2:
        ratio, doublings = ratio / 2, doublings + 1
    points = _SIZE - 10 * (doublings + ratio - 1)
    return int(Decimal(points).quantize(Decimal(1)))


def quantile(ordered: Sequence[int], numerator: int, denominator: int) -> int:
    """The quantile of numbers in rising order, between neighbours by straight line, rounded down
    (so a discount is never told higher than it was)."""
    place = (len(ordered) - 1) * numerator
    whole, rest = divmod(place, denominator)
    if not rest:
        return ordered[whole]
    return ordered[whole] + (ordered[whole + 1] - ordered[whole]) * rest // denominator


def _mark(deal: Deal, discount_bps: int) -> Mark:
    left = deal.list_minor * (_BPS - discount_bps)
    return Mark(discount_bps, (2 * left + _BPS) // (2 * _BPS))
