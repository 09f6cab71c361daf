"""What the catalog refuses."""

from __future__ import annotations

from handsel.ground.kernel.errors import Invalid, NotFound, Refused


class ProductNotFound(NotFound):
    """There is no such product."""

    default_code = "product_missing"


class ProductNotSellable(Refused):
    """A product that is not, or no longer, offered."""

    default_code = "product_not_sellable"


class SkuTaken(Refused):
    """Another product has this article number."""

    default_code = "sku_taken"


class BadProduct(Invalid):
    """A fact about a product is not well formed."""

    default_code = "bad_product"


class BadProductFile(Invalid):
    """A file of products cannot be read at all."""

    default_code = "bad_product_file"


class BadCost(Invalid):
    """What was given cannot be what a product costs."""

    default_code = "bad_cost"


class CostNotFound(NotFound):
    """There is no such cost."""

    default_code = "cost_missing"
