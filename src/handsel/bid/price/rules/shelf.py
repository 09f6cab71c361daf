"""The rules of one kind that hold on a day, sorted by what they are about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Generic, TypeVar

from handsel.bid.price.rules.terms import Named
from handsel.bid.price.rules.tiers import ProductKey

R = TypeVar("R", bound=Named)


class Shelf(Generic[R]):
    """Rules that hold on a day, by what they are about."""

    __slots__ = ("_by_group", "_by_product", "_for_all")

    def __init__(self, rules: Iterable[R], on: date) -> None:
        self._by_product: dict[ProductKey, list[R]] = {}
        self._by_group: dict[str, list[R]] = {}
        self._for_all: list[R] = []
        for rule in rules:
            if not rule.holds_on(on):
                continue
            if rule.about.product_id is not None:
                self._by_product.setdefault(rule.about.product_id, []).append(rule)
            elif rule.about.group:
                self._by_group.setdefault(rule.about.group, []).append(rule)
            else:
                self._for_all.append(rule)

    def of(self, product_id: ProductKey, group: str) -> tuple[R, ...]:
        """The rules about a product: its own, its group's, everybody's; each as declared."""
        return (
            *self._by_product.get(product_id, ()),
            *(self._by_group.get(group, ()) if group else ()),
            *self._for_all,
        )
