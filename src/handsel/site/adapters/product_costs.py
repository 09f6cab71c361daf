"""Tells quotes what products cost us."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from handsel.bid.catalog.rules.costs import UnitCost
from handsel.bid.price.queries.costs import unit_costs


class ProductCosts:
    """Fills the quote room's port `Costs` from the catalog's standard costs."""

    def of_products(
        self, *, product_ids: Collection[int], currency: str, on: date
    ) -> Mapping[int, UnitCost]:
        """The costs that are known, in the currency by the rate of the day."""
        return unit_costs(product_ids, currency=currency, on=on)
