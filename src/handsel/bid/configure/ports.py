"""What this room asks of rooms after it: what a configuration costs, where it is quoted, and what
stands beside it in a quote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from handsel.bid.configure.rules.expressions import Expression, Value
from handsel.bid.configure.rules.fit.lines import OfferedLine, Spoken
from handsel.bid.configure.rules.model import ProductModel
from handsel.ground.kernel.money import Money
from handsel.ground.platform.actor import Actor


@dataclass(frozen=True, slots=True)
class ConfigurationPrice:
    """The price of one piece.

    `rows` add up to `list_total`; `total` is what the buyer who was asked for pays, with what was
    agreed with him, and the same as the list where nobody was.
    """

    total: Money
    rows: tuple[tuple[str, Money], ...]
    list_total: Money


class ConfigurationPricing(Protocol):
    """Prices configured products; the price room fills it."""

    def price(
        self,
        *,
        model_key: str,
        model: ProductModel,
        assignment: Mapping[str, Value],
        currency: str,
        language: str,
        on: date,
        organization_id: int | None = None,
    ) -> ConfigurationPrice | None:
        """The price of a whole assignment, for an organization or at list; None when the model has
        no price list on that day."""

    def objective(
        self,
        *,
        model_key: str,
        model: ProductModel,
        currency: str,
        on: date,
        organization_id: int | None = None,
    ) -> Expression | None:
        """The list price in minor units as an expression over the model's variables, for finding
        the cheapest; None when there is no price list."""

    def amounts(
        self,
        *,
        model_key: str,
        model: ProductModel,
        assignment: Mapping[str, Value],
        currency: str,
        on: date,
    ) -> Mapping[str, str] | None:
        """Named amounts of a whole assignment, as golden configurations expect them: the list
        total, and the parts of the price list; None without a price list."""


class _Unpriced:
    def price(self, **_: object) -> ConfigurationPrice | None:
        """Nothing is priced until the house plugs prices in."""
        return None

    def objective(self, **_: object) -> Expression | None:
        """No price list, no cheapest."""
        return None

    def amounts(self, **_: object) -> Mapping[str, str] | None:
        """No price list, no amounts."""
        return None


_pricing: ConfigurationPricing = _Unpriced()


def plug(pricing: ConfigurationPricing) -> None:
    """Fill the port (once, at start)."""
    global _pricing
    _pricing = pricing


def pricing() -> ConfigurationPricing:
    """What is plugged in."""
    return _pricing


@dataclass(frozen=True, slots=True)
class QuotedPlace:
    """A quote that offers a product, and where its page is."""

    number: str
    title: str
    url: str


class QuotedProducts(Protocol):
    """Knows where configured products are quoted; the quote room comes after this one."""

    def places(self, *, actor: Actor, fingerprint: str) -> Sequence[QuotedPlace]:
        """Quotes of the actor's sellers with the very same product, the latest first."""


class _NowhereQuoted:
    def places(self, *, actor: Actor, fingerprint: str) -> Sequence[QuotedPlace]:
        """Nothing is quoted until the house plugs quotes in."""
        return ()


_quoted: QuotedProducts = _NowhereQuoted()


def plug_quoted(places: QuotedProducts) -> None:
    """Fill the port of quotes (once, at start)."""
    global _quoted
    _quoted = places


def quoted() -> QuotedProducts:
    """The quotes that are plugged in."""
    return _quoted


@dataclass(frozen=True, slots=True)
class QuoteAround:
    """The quote a configuration is wanted for: the lines beside it that laws may speak of."""

    number: str
    url: str
    spoken: Spoken
    lines: Sequence[OfferedLine]


class QuotesAround(Protocol):
    """Knows the lines of a quote; the quote room comes after this one."""

    def around(self, *, actor: Actor, quote_id: int, now: datetime) -> QuoteAround | None:
        """The lines of a draft; None where there are no laws, or it is no draft of the actor's."""


class _NothingAround:
    def around(self, **_: object) -> QuoteAround | None:
        """Nothing stands around until the house plugs quotes in."""
        return None


_around: QuotesAround = _NothingAround()


def plug_around(quotes: QuotesAround) -> None:
    """Fill the port of what stands around (once, at start)."""
    global _around
    _around = quotes


def around() -> QuotesAround:
    """What is plugged in for what stands around."""
    return _around
