"""What a price can depend on beyond list price and quantity: one small declaration a rule.

Every rule names itself (`rule`, `version`, `label`), what it is about (`about`) and on which days
it holds (`valid_from` to, not including, `valid_until`). Unit prices are in the context's currency
unless a currency stands beside them; percentages are basis points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from handsel.bid.price.rules.figures import Figure
from handsel.bid.price.rules.formulas import Formula
from handsel.bid.price.rules.matrices import Matrix
from handsel.bid.price.rules.proration import Convention
from handsel.bid.price.rules.tiers import ProductKey, TierScope


@dataclass(frozen=True, slots=True)
class About:
    """One product, one product group, or (neither given) everything."""

    product_id: ProductKey | None = None
    group: str = ""


EVERYTHING = About()


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What every rule has."""

    rule: str
    version: int = 0
    label: str = ""
    about: About = EVERYTHING
    valid_from: date | None = None
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the rule is valid on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day < self.valid_until
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Contracted(Named):
    """An agreed unit price, or an agreed percentage.

    `depth` is how far up the organization tree it was agreed: 0 the buyer, 1 its parent, and so
    on to the group; the nearest wins. A net price takes no tier, promotion or agreement discount.
    """

    depth: int = 0
    unit_price: Decimal | None = None
    discount_bps: int | None = None
    is_net: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BundlePrice(Named):
    """The unit price a product has inside a bundle."""

    bundle: ProductKey
    unit_price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixPrice(Named):
    """A unit price read from a table by the line's attributes."""

    matrix: Matrix


class CostBasis(StrEnum):
    """Markup is a part of the cost, margin a part of the price."""

    MARKUP = "markup"
    MARGIN = "margin"


@dataclass(frozen=True, slots=True, kw_only=True)
class CostPlus(Named):
    """A unit price from the line's cost: 80.00 with 35 % is 108.00 as markup, 123.08 as margin."""

    basis: CostBasis
    bps: int


@dataclass(frozen=True, slots=True)
class ForeignEntry:
    """A list price in another currency: used, converted, where there is none of its own."""

    entry_id: int | str
    unit_price: Decimal
    currency: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """What one unit of a currency is in the context's currency, and of which day that is."""

    value: Decimal
    dated_on: date
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Element(Named):
    """A surcharge per unit (`formula`), or a factor on what stands so far (`is_factor`).

    Later formulas may name an element by its `key`, and the sum of a `part` by the part's name.
    `scale` is the number of decimals a published element price has; None leaves it unrounded.
    """

    key: str
    formula: Formula
    part: str = ""
    scale: int | None = None
    is_factor: bool = False
    is_market: bool = False
    is_discountable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion(Named):
    """A percentage or an amount per unit off; with a code only for those who give it."""

    discount_bps: int = 0
    per_unit: Decimal | None = None
    min_quantity: Decimal = Decimal(0)
    code: str = ""
    bundle: ProductKey | None = None


class Combination(StrEnum):
    """What happens where several promotions apply."""

    BEST = "best"
    WORST = "worst"
    MULTIPLY = "stack_multiply"
    ADD = "stack_add"
    SEQUENCE = "sequence"


@dataclass(frozen=True, slots=True, kw_only=True)
class TermDiscount(Named):
    """A percentage from so many months on, or for a way of paying (`billing`)."""

    discount_bps: int
    min_months: int = 0
    billing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel(Named):
    """A reseller's discount: on what the customer pays, or off list; with a `tier` only for
    resellers of that tier, and before the one for all."""

    discount_bps: int
    off_list: bool = False
    tier: str = ""


def of_tier(channels: Sequence[Channel], tier: str) -> tuple[Channel, ...]:
    """What holds for a reseller: discounts of his tier, then those for every reseller."""
    holding = [one for one in channels if one.tier in ("", tier)]
    return tuple(sorted(holding, key=lambda one: not one.tier))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending(Named):
    """Net unit prices end so: multiples of `step` plus `offset`. 1 and −0.05 is "ends in .95"."""

    step: Decimal
    offset: Decimal = Decimal(0)
    direction: str = "nearest"
    from_price: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit(Named):
    """The least and the most a unit may cost; `margin_bps` makes a floor from the line's cost."""

    floor: Decimal | None = None
    ceiling: Decimal | None = None
    margin_bps: int | None = None


class Point(StrEnum):
    """A named price on the way down the waterfall."""

    LIST = "list"
    REGULAR = "regular"
    CUSTOMER = "customer"
    NET = "net"


@dataclass(frozen=True, slots=True, kw_only=True)
class PercentOf(Named):
    """The product costs a percentage of other lines, taken at a point of their waterfall.

    `products` and `groups` say which lines count, both empty all of them; the excluded never do.
    With `keys` only these lines do. `least` and `most` bound the amount of the whole line.
    """

    bps: int
    point: Point = Point.NET
    products: frozenset[ProductKey] = frozenset()
    groups: frozenset[str] = frozenset()
    excluded_products: frozenset[ProductKey] = frozenset()
    excluded_groups: frozenset[str] = frozenset()
    keys: frozenset[Any] = frozenset()
    least: Decimal | None = None
    most: Decimal | None = None

    def takes(self, product_id: ProductKey, group: str) -> bool:
        """Whether a line of a product is part of the base."""
        if product_id in self.excluded_products or group in self.excluded_groups:
            return False
        if not self.products and not self.groups:
            return True
        return product_id in self.products or group in self.groups


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee(Named):
    """Freight or a fee of the document: an amount, or a percentage of the net of lines.

    It is charged where a line counts that it is about, and is a percentage of those. `article` is
    the number of what it is sold as where the fee becomes a line. One that is `waived`, which says
    why, comes to nothing.
    """

    tax_key: Any
    amount: Decimal | None = None
    bps: int = 0
    article: str = ""
    waived: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Everything that may bear on a price; what is not given does not.

    `market` holds dated index values and other numbers formulas may name, `tables` what they may
    look up. `sold` counts what was bought before, by scope and by what a tier table is about.
    `price_months` is for how many months prices of products are, where that is not a year.
    """

    contracted: tuple[Contracted, ...] = ()
    bundle_prices: tuple[BundlePrice, ...] = ()
    matrices: tuple[MatrixPrice, ...] = ()
    cost_plus: tuple[CostPlus, ...] = ()
    foreign: Mapping[ProductKey, ForeignEntry] = field(default_factory=dict)
    rates: Mapping[str, ExchangeRate] = field(default_factory=dict)
    elements: tuple[Element, ...] = ()
    market: Mapping[str, Figure] = field(default_factory=dict)
    tables: Mapping[str, Figure] = field(default_factory=dict)
    sold: Mapping[tuple[TierScope, str], Decimal] = field(default_factory=dict)
    promotions: tuple[Promotion, ...] = ()
    combination: Combination = Combination.MULTIPLY
    codes: frozenset[str] = frozenset()
    term_discounts: tuple[TermDiscount, ...] = ()
    conventions: Mapping[ProductKey, Convention] = field(default_factory=dict)
    price_months: Mapping[ProductKey, int] = field(default_factory=dict)
    partners: tuple[Channel, ...] = ()
    distributors: tuple[Channel, ...] = ()
    manual_last: bool = False
    endings: tuple[Ending, ...] = ()
    limits: tuple[Limit, ...] = ()
    percent_of: tuple[PercentOf, ...] = ()
    fees: tuple[Fee, ...] = ()


NO_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class HeaderTarget:
    """What a person wants the document's lines to be: so much less, or so much in all."""

    discount: Decimal | None = None
    total: Decimal | None = None
