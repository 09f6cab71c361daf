"""What prices ask of later rooms: which quotes a change would touch, what was bought before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from handsel.bid.price.rules.context import NO_FACTS, LineFacts
from handsel.ground.platform.actor import Actor


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """A line that counts: product, quantity, the discount a person gave, and in `facts` what is
    configured and what else is asked of its price. Fees are no lines: they come with the book."""

    key: Any
    product_id: int
    quantity: Decimal
    discount_bps: int
    facts: LineFacts = NO_FACTS


@dataclass(frozen=True, slots=True)
class QuotedDeal:
    """A quote as it stands, for pricing it again. Amounts in minor units of `currency`.

    `codes` are those of promotions the buyer gave, `tier` that of the reseller; `target_minor` is
    the net total that is wanted instead of the `header_bps`; `title` and `customer` are for people.
    """

    quote_id: int
    number: str
    seller_id: int
    organization_id: int
    currency: str
    segment: str
    priced_on: date
    header_bps: int
    net_minor: int
    lines: tuple[QuotedLine, ...]
    codes: tuple[str, ...] = ()
    tier: str = ""
    target_minor: int | None = None
    title: str = ""
    customer: str = ""


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


class Bought(Protocol):
    """Knows what customers have ordered."""

    def before(
        self,
        *,
        organization_ids: Collection[int],
        seller_ids: Collection[int],
        since: date | None,
        until: date,
        product_id: int | None,
        product_group: str,
        of_amounts: bool,
        currency: str,
    ) -> Decimal:
        """Quantity (or list amount) ordered from a day to before another: of a product, a group,
        or everything; fees are not counted."""
        ...


class _NothingBought:
    """Stands here until a room keeps orders: nothing was bought before."""

    def before(self, **about: object) -> Decimal:
        return Decimal(0)


class _NoQuotes:
    """Stands here until a room keeps quotes."""

    def still_open(self, *, actor: Actor, currency: str, most: int) -> Sequence[QuotedDeal]:
        return ()

    def of_days(
        self, *, actor: Actor, currency: str, since: date, until: date, most: int
    ) -> Sequence[QuotedDeal]:
        return ()


_quoted: list[QuotedDeals] = [_NoQuotes()]
_bought: list[Bought] = [_NothingBought()]


def plug(adapter: QuotedDeals) -> None:
    """Plug in who knows the quotes (once, at start)."""
    _quoted[:] = [adapter]


def quoted() -> QuotedDeals:
    """The quotes that are plugged in."""
    return _quoted[0]


def plug_bought(adapter: Bought) -> None:
    """Plug in what customers have ordered."""
    _bought[:] = [adapter]


def bought() -> Bought:
    """What customers have ordered, as it is plugged in."""
    return _bought[0]
