"""Tables of the room; the README tells what each stands for."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from handsel.ground.kernel.names import translated


class Product(models.Model):
    """Something that can be sold: goods or a service. Prices live in price books."""

    sku = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    # The names of its texts (`ProductText`), so that lists need not ask for them.
    name_texts = models.JSONField(default=dict)
    description = models.TextField(default="")
    group = models.CharField(max_length=60, default="")
    kind = models.CharField(max_length=10)
    unit = models.CharField(max_length=12, default="piece")
    tax_category = models.CharField(max_length=10, default="standard")
    is_stocked = models.BooleanField(default=False)
    weight_g = models.PositiveIntegerField(null=True)
    customs_code = models.CharField(max_length=12, default="")
    country_of_origin = models.CharField(max_length=2, default="")
    lifecycle = models.CharField(max_length=12, default="active")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="product_kind", condition=Q(kind__in=["good", "service"])),
            models.CheckConstraint(
                name="product_lifecycle",
                condition=Q(lifecycle__in=["draft", "active", "phased_out"]),
            ),
            models.CheckConstraint(
                name="only_goods_are_stocked",
                condition=Q(is_stocked=False) | Q(kind="good"),
            ),
        ]
        indexes = [
            GinIndex(fields=["name"], name="product_name_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.name}"

    @property
    def called(self) -> str:
        """The name with its translations."""
        return translated(self.name, self.name_texts)


class ProductGroup(models.Model):
    """What a group of products is called; products and price rules name it by its key."""

    key = models.CharField(max_length=60, unique=True)
    name_texts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.key

    @property
    def called(self) -> str:
        """The key with what the group is called in each language."""
        return translated(self.key, self.name_texts)


class ProductText(models.Model):
    """Name and description of a product in another language."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=8)
    name = models.CharField(max_length=200)
    description = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "language"], name="one_text_per_language")
        ]

    def __str__(self) -> str:
        return self.name


class ProductCost(models.Model):
    """What a product costs us from a day on: an amount per unit, or a share of its list price.

    A share has no currency: it holds in all of them. The newest row of the asked currency, or
    share, holds.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    currency = models.CharField(max_length=3, default="")
    valid_from = models.DateField()
    unit_cost = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    list_share_bps = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "currency", "valid_from"], name="one_cost_a_day"
            ),
            models.CheckConstraint(
                name="cost_amount_or_share",
                condition=(
                    Q(unit_cost__gte=0, unit_cost__lt=10**14, list_share_bps__isnull=True)
                    & ~Q(currency="")
                )
                | Q(
                    unit_cost__isnull=True,
                    list_share_bps__gte=0,
                    list_share_bps__lte=100_000,
                    currency="",
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"cost of {self.product_id} from {self.valid_from}"
