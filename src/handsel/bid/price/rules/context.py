"""What the engine is given: frozen before it starts, so that the same context and the same lines
give the same prices, byte for byte."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from handsel.bid.price.rules.figures import Figure
from handsel.bid.price.rules.proration import Convention
from handsel.bid.price.rules.terms import NO_TERMS, Fee, HeaderTarget, PercentOf, Terms
from handsel.bid.price.rules.tiers import ProductKey, TierRule, TierRules, TierTable
from handsel.ground.kernel.rounding import Rounding

__all__ = ["Entry", "LineTax", "PriceContext", "RequestLine", "TierRule", "TierRules", "TierTable"]

NO_QUANTITY = Decimal(0)


@dataclass(frozen=True, slots=True)
class Entry:
    """A product's list price per its unit, in the book's currency. Where it is lent by another
    book, `version` is that book's and `label` its name."""

    entry_id: int | str
    unit_price: Decimal
    version: int = 0
    label: str = ""

    @property
    def rule(self) -> str:
        """What a waterfall calls the entry."""
        return self.entry_id if isinstance(self.entry_id, str) else f"price_entry:{self.entry_id}"


@dataclass(frozen=True, slots=True)
class LineTax:
    """The tax decided for one kind of product in one deal.

    `category` is the code of EN 16931 (S, Z, E, AE, K, G, O); `reason` is the legal text.
    """

    category: str
    rate_bps: int
    reason_code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a seller decides once: how tax and cash are rounded, whether prices contain the tax.

    `shown_scale` is the number of decimals of a published unit price; it decides no amount.
    """

    tax_per_line: bool = False
    prices_include_tax: bool = False
    cash_step_minor: int = 1
    shown_scale: int | None = None


PLAIN_POLICY = Policy()


@dataclass(frozen=True, slots=True)
class PriceContext:
    """Date, currency and book, with the entries and rules of the products that are asked for.

    `taxes` maps a product's tax key to the decision for this deal; `header_bps` is the discount
    on the whole document, `header` one in money or a total that is wanted instead. `terms` is
    everything a price may depend on beyond the book. `model_version` names the product model that
    configured lines were made with. `lent` are list prices in the same currency of the next books,
    by the order in which they are asked where the book has none of its own.
    """

    priced_on: date
    currency: str
    book_id: int
    book_name: str
    book_version: int
    entries: Mapping[ProductKey, Entry]
    rules: TierRules
    taxes: Mapping[Any, LineTax]
    header_bps: int = 0
    rounding: Rounding = Rounding.HALF_UP
    terms: Terms = NO_TERMS
    header: HeaderTarget | None = None
    policy: Policy = PLAIN_POLICY
    model_version: str = ""
    lent: Mapping[ProductKey, tuple[Entry, ...]] = field(default_factory=dict)


class Charge(StrEnum):
    """What kind of money a line is."""

    ONE_TIME = "one_time"
    RECURRING = "recurring"
    USAGE = "usage"


@dataclass(frozen=True, slots=True)
class Override:
    """A unit price a person set, and whether he may."""

    unit_price: Decimal
    is_permitted: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Delta:
    """What a configured choice adds to the unit price."""

    label: str
    per_unit: Decimal
    rule: str = ""
    version: int = 0


class ManualKind(StrEnum):
    """What a person's discount on a line says."""

    PER_UNIT = "per_unit"
    PER_LINE = "per_line"
    TARGET_UNIT = "target_unit"
    TARGET_LINE = "target_line"


@dataclass(frozen=True, slots=True)
class Manual:
    """A discount in money, or the price that is wanted. A percentage is `discount_bps`."""

    kind: ManualKind
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LineTerm:
    """First and last day of a subscription, both inside; None takes the product's convention.

    `anchor_on` is the day months are counted from where the term is a part of a longer one: parts
    of a term that began on the 31st are the months of that one, and not of their own first days.
    """

    start_on: date
    end_on: date
    convention: Convention | None = None
    anchor_on: date | None = None


class RenewalKind(StrEnum):
    """What a renewal starts from."""

    SAME = "same"
    LIST = "list"
    UPLIFT = "uplift"


@dataclass(frozen=True, slots=True)
class Renewal:
    """The customer's price so far, per unit, and what becomes of it."""

    kind: RenewalKind
    customer_price: Decimal
    uplift_bps: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """What only some lines have; unit prices are for `price_months` months where a term counts,
    None for as many as the product's are.

    `cost` is what a unit costs us; where none is known, `cost_share_bps` is a share of list.

    `multiplier` is a term as a number (14 months of a yearly price: 14/12), `due_months` one in
    months; `term` as dates. A
    recurring line stands for `periods` periods of `charge_months` months. `sold` counts what was
    bought on this line before; `tier_group` is the group tiers may sum over. `uplifts` is how
    often the yearly uplift has come by then. `percent_of` is a percentage of other lines agreed for
    this line alone; it goes before the product's own. A line with a `fee` is nothing but that fee.
    `segment_of` names the ramp a line is a segment of, `is_later` one that is not its first.
    """

    attributes: Mapping[str, Figure] = field(default_factory=dict)
    override: Override | None = None
    bundle: ProductKey | None = None
    deltas: tuple[Delta, ...] = ()
    cost: Decimal | None = None
    cost_share_bps: int = 0
    sold: Decimal = NO_QUANTITY
    tier_group: str = ""
    manual: Manual | None = None
    term_months: int = 0
    billing: str = ""
    term: LineTerm | None = None
    multiplier: Fraction | None = None
    due_months: int = 0
    price_months: int | None = None
    charge: Charge = Charge.ONE_TIME
    charge_months: int = 0
    periods: int = 1
    uplift_bps: int = 0
    uplifts: int = 0
    renewal: Renewal | None = None
    is_discountable: bool = True
    segment_of: Any = None
    is_later: bool = False
    percent_of: PercentOf | None = None
    fee: Fee | None = None


NO_FACTS = LineFacts()


@dataclass(frozen=True, slots=True)
class RequestLine:
    """What is to be priced. `key` is the line's identity and decides ties, never its position.

    `product` names the product in refusals; `tax_key` is looked up in the context's taxes. An
    optional line that is not chosen is priced, but counts in no total. A negative quantity is the
    mirror of what it takes back.
    """

    key: Any
    product_id: ProductKey
    product: str
    product_group: str
    tax_key: Any
    quantity: Decimal
    discount_bps: int = 0
    counts: bool = True
    facts: LineFacts = NO_FACTS
