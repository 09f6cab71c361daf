"""What prices ask of later rooms: which quotes a change would touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from handsel.bid.price.rules.context import NO_FACTS, LineFacts
from handsel.ground.platform.actor import Actor


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """A line that counts: product, quantity, the discount a person gave, what is configured, and
    in `facts` what else is asked of its price."""

    key: Any
    product_id: int
    quantity: Decimal
    discount_bps: int
    configuration_id: int | None = None
    facts: LineFacts = NO_FACTS


@dataclass(frozen=True, slots=True)
class QuotedDeal:
    """A quote as it stands, for pricing it again. Amounts in minor units of `currency`."""

    quote_id: int
    number: str
    organization_id: int
    currency: str
    segment: str
    priced_on: date
    header_bps: int
    net_minor: int
    lines: tuple[QuotedLine, ...]


class QuotedDeals(Protocol):
    """Knows the quotes of the actor's sellers; a few statements however many."""

    def still_open(self, *, actor: Actor, currency: str, most: int) -> Sequence[QuotedDeal]:
        """Drafts and quotes the buyer has not decided, the latest first."""
        ...

    def of_days(
        self, *, actor: Actor, currency: str, since: date, until: date, most: int
    ) -> Sequence[QuotedDeal]:
        """Quotes that were begun from `since` to before `until`, the latest first."""
        ...


class _NoQuotes:
    """Stands here until a room keeps quotes."""

    def still_open(self, *, actor: Actor, currency: str, most: int) -> Sequence[QuotedDeal]:
        return ()

    def of_days(
        self, *, actor: Actor, currency: str, since: date, until: date, most: int
    ) -> Sequence[QuotedDeal]:
        return ()


_quoted: list[QuotedDeals] = [_NoQuotes()]


def plug(adapter: QuotedDeals) -> None:
    """Plug in who knows the quotes (once, at start)."""
    _quoted[:] = [adapter]


def quoted() -> QuotedDeals:
    """The quotes that are plugged in."""
    return _quoted[0]
