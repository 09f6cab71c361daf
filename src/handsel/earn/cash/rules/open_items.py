"""Open items arranged for matching: what would be looked up for every receipt is computed once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from handsel.earn.cash.rules.names import plain_name
from handsel.earn.cash.rules.receivables import OpenItem


class StatedReference(NamedTuple):
    """A reference of an item as printed and as compared."""

    plain: str
    printed: str
    item: OpenItem


class StatedNumber(NamedTuple):
    """An item's number without separators, and its digits alone."""

    whole: str
    digits: str
    item: OpenItem


@dataclass(frozen=True, slots=True)
class OpenInCurrency:
    """The open items of one currency, oldest due first in every arrangement.

    ``by_asked`` finds an item by its open amount, and by that less its discount.
    """

    items: tuple[OpenItem, ...] = ()
    by_customer: dict[int, list[OpenItem]] = field(default_factory=dict)
    by_asked: dict[int, list[OpenItem]] = field(default_factory=dict)
    by_end_to_end: dict[str, list[OpenItem]] = field(default_factory=dict)
    references: list[StatedReference] = field(default_factory=list)
    numbers: list[StatedNumber] = field(default_factory=list)
    names: Mapping[int, str] = field(default_factory=dict)


class OpenItemIndex:
    """Open items of any currencies; build it once for many receipts."""

    def __init__(self, items: Iterable[OpenItem]) -> None:
        by_currency: dict[str, list[OpenItem]] = {}
        for item in sorted(items, key=lambda item: item.age_key):
            by_currency.setdefault(item.currency, []).append(item)
        self._by_currency = {
            currency: _arranged(listed) for currency, listed in by_currency.items()
        }

    def of(self, currency: str) -> OpenInCurrency:
        """Return what is open in a currency."""
        return self._by_currency.get(currency) or OpenInCurrency()


def _arranged(items: Sequence[OpenItem]) -> OpenInCurrency:
    names: dict[int, str] = {}
    for item in items:
        if item.customer_name and item.customer_id not in names:
            names[item.customer_id] = plain_name(item.customer_name)
    arranged = OpenInCurrency(tuple(items), names=dict(sorted(names.items())))
    for item in items:
        arranged.by_customer.setdefault(item.customer_id, []).append(item)
        asked = {item.open_minor}
        if item.discount is not None:
            asked.add(item.open_minor - item.discount.amount_minor)
        for amount in asked:
            arranged.by_asked.setdefault(amount, []).append(item)
        for end_to_end_id in {plain_reference(one) for one in item.end_to_end_ids} - {""}:
            arranged.by_end_to_end.setdefault(end_to_end_id, []).append(item)
        for printed in item.references:
            plain = plain_reference(printed)
            if plain:
                arranged.references.append(StatedReference(plain, printed, item))
        whole = re.sub(r"[^0-9A-Z]", "", item.number.upper())
        arranged.numbers.append(StatedNumber(whole, re.sub(r"[^0-9]", "", whole), item))
    return arranged


def plain_reference(text: str) -> str:
    """Return a reference as it is compared: letters and digits, upper case, no leading zeros."""
    letters = re.sub(r"[^0-9A-Za-z]", "", text).upper()
    return letters.lstrip("0") if letters.isdigit() else letters
