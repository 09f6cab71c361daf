"""What the engine is given: frozen before it starts, so that the same context and the same lines
give the same prices, byte for byte."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from handsel.ground.kernel.rounding import Rounding

NO_QUANTITY = Decimal(0)


@dataclass(frozen=True, slots=True)
class Entry:
    """A product's list price per its unit, in the book's currency."""

    entry_id: int
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class TierRule:
    """A discount on list price from a quantity; negative basis points are a surcharge."""

    rule_id: int
    min_quantity: Decimal
    discount_bps: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class TierRules:
    """The rules of a book by what they are about, each highest quantity first."""

    by_product: Mapping[int, tuple[TierRule, ...]] = field(default_factory=dict)
    by_group: Mapping[str, tuple[TierRule, ...]] = field(default_factory=dict)
    for_all: tuple[TierRule, ...] = ()

    @classmethod
    def indexed(cls, rules: Iterable[tuple[int | None, str, TierRule]]) -> TierRules:
        """Index rules given as (product id or None, product group or "", rule)."""
        by_product: dict[int, list[TierRule]] = {}
        by_group: dict[str, list[TierRule]] = {}
        for product_id, group, rule in rules:
            if product_id is not None:
                by_product.setdefault(product_id, []).append(rule)
            else:
                by_group.setdefault(group, []).append(rule)
        for_all = _highest_first(by_group.pop("", []))
        return cls(
            {key: _highest_first(found) for key, found in by_product.items()},
            {key: _highest_first(found) for key, found in by_group.items()},
            for_all,
        )

    def winner(self, product_id: int, group: str, quantity: Decimal) -> TierRule | None:
        """The rule that applies: product before group before all, then the highest step reached.

        A rule whose quantity is not reached does not hide a less specific one. Bounds are
        half-open: 9.5 units are in the tier before 10.
        """
        levels = (
            self.by_product.get(product_id, ()),
            self.by_group.get(group, ()) if group else (),
            self.for_all,
        )
        for rules in levels:
            for rule in rules:
                if rule.min_quantity <= quantity:
                    return rule
        return None


def _highest_first(rules: list[TierRule]) -> tuple[TierRule, ...]:
    return tuple(sorted(rules, key=lambda rule: rule.min_quantity, reverse=True))


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
class PriceContext:
    """Date, currency and book, with the entries and rules of the products that are asked for.

    `taxes` maps a product's tax key to the decision for this deal; `header_bps` is the discount
    on the whole document.
    """

    priced_on: date
    currency: str
    book_id: int
    book_name: str
    book_version: int
    entries: Mapping[int, Entry]
    rules: TierRules
    taxes: Mapping[Any, LineTax]
    header_bps: int = 0
    rounding: Rounding = Rounding.HALF_UP


@dataclass(frozen=True, slots=True)
class RequestLine:
    """What is to be priced. `key` is the line's identity and decides ties, never its position.

    `product` names the product in refusals; `tax_key` is looked up in the context's taxes. An
    optional line that is not chosen is priced, but counts in no total.
    """

    key: Any
    product_id: int
    product: str
    product_group: str
    tax_key: Any
    quantity: Decimal
    discount_bps: int = 0
    counts: bool = True
