"""Tells quotes what products cost us: nothing yet, because no room keeps costs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from handsel.ground.kernel.rate import Rate


class ProductCosts:
    """Fills the quote room's port `Costs`; a margin stays unknown until costs are kept."""

    def of_products(
        self, *, product_ids: Collection[int], currency: str, on: date
    ) -> Mapping[int, Rate]:
        """The costs that are known: none."""
        return {}
