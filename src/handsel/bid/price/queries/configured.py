"""What configurations are made of, as price formulas see it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from handsel.bid.configure.queries.products import (
    ConfiguredProduct,
    configured_products,
    model_and_values,
)
from handsel.bid.price.rules.configured import attributes_of
from handsel.bid.price.rules.context import NO_FACTS, LineFacts
from handsel.bid.price.rules.figures import Figure

MOST_KEPT = 512


def line_facts_of(configuration_ids: Collection[int | None]) -> dict[int | None, LineFacts]:
    """What lines that carry these configurations are priced by; plain lines have none.

    One query where there is any configuration; an open one has no attributes yet.
    """
    found: dict[int | None, LineFacts] = {None: NO_FACTS}
    products = configured_products([one for one in set(configuration_ids) if one is not None])
    for key, product in products.items():
        found[key] = LineFacts(attributes=_attributes(product)) if product.is_complete else NO_FACTS
    return found


def _attributes(product: ConfiguredProduct) -> Mapping[str, Figure]:
    return _reckoned(_Pinned(product))


class _Pinned:
    """A complete configuration, known by what it says and the version it says it with."""

    __slots__ = ("key", "product")

    def __init__(self, product: ConfiguredProduct) -> None:
        self.key = (product.version_id, product.fingerprint)
        self.product = product

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Pinned) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@lru_cache(maxsize=MOST_KEPT)
def _reckoned(pinned: _Pinned) -> Mapping[str, Figure]:
    """Complete configurations are frozen, so that what they are made of is read once."""
    return attributes_of(*model_and_values(pinned.product))
