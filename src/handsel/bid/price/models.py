"""Tables of the room; the README tells what each stands for."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from handsel.bid.catalog.models import Product
from handsel.ground.kernel.names import translated
from handsel.ground.party.models import Organization


class PriceBook(models.Model):
    """Prices of one currency for one segment during a period (half-open)."""

    name = models.CharField(max_length=100)
    name_texts = models.JSONField(default=dict)
    currency = models.CharField(max_length=3)
    segment = models.CharField(max_length=50, default="")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    state = models.CharField(max_length=10, default="draft")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    # Whether there are rows of BookTerm: most books have none, and need not be asked for them.
    has_terms = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="price_book_state", condition=Q(state__in=["draft", "published", "retired"])
            ),
            ExclusionConstraint(
                name="one_published_book_at_a_time",
                expressions=[
                    ("currency", RangeOperators.EQUAL),
                    ("segment", RangeOperators.EQUAL),
                    (
                        Func(
                            F("valid_from"),
                            F("valid_until"),
                            Value("[)"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state="published"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """The name with its translations."""
        return translated(self.name, self.name_texts)


class PriceEntry(models.Model):
    """The list price of a product in a book, per its unit."""

    book = models.ForeignKey(PriceBook, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    unit_price = models.DecimalField(max_digits=20, decimal_places=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "product"], name="one_price_per_book"),
            models.CheckConstraint(
                name="unit_price_is_a_number",
                condition=Q(unit_price__gte=0) & Q(unit_price__lt=10**14),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} at {self.unit_price}"


class PriceRule(models.Model):
    """A discount on list price: for one product, a product group or all, from a quantity.

    The most specific rule wins (product, then group, then all); among those of one product or
    group the one with the highest `min_quantity` that is reached.
    """

    book = models.ForeignKey(PriceBook, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="+")
    product_group = models.CharField(max_length=60, default="")
    min_quantity = models.DecimalField(max_digits=18, decimal_places=6, default=0)
    discount_bps = models.IntegerField()
    label = models.CharField(max_length=100, default="")
    label_texts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="price_rule_discount",
                condition=Q(discount_bps__gte=-100_000) & Q(discount_bps__lte=10_000),
            ),
            models.CheckConstraint(
                name="price_rule_one_scope",
                condition=Q(product__isnull=True) | Q(product_group=""),
            ),
            models.UniqueConstraint(
                fields=["book", "product", "product_group", "min_quantity"],
                name="one_rule_per_step",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return self.label or f"{self.discount_bps} bps from {self.min_quantity}"

    @property
    def called(self) -> str:
        """The label with its translations."""
        return translated(self.label, self.label_texts)


class BookTerm(models.Model):
    """A rule of a book in the written form: a tier table, a formula, a promotion, a floor.

    `kind` is the list of the written form it belongs to; `product` and `product_group` say what
    it is about, neither everything.
    """

    book = models.ForeignKey(PriceBook, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="+")
    product_group = models.CharField(max_length=60, default="")
    position = models.PositiveIntegerField()
    definition = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="book_term_one_scope",
                condition=Q(product__isnull=True) | Q(product_group=""),
            ),
        ]
        indexes = [models.Index(fields=["book", "position"], name="terms_of_book")]

    def __str__(self) -> str:
        return f"{self.kind} {self.position}"


class ContractedPrice(models.Model):
    """A price or percentage agreed with an organization; it holds for those below it too."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="+")
    product_group = models.CharField(max_length=60, default="")
    currency = models.CharField(max_length=3)
    unit_price = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    discount_bps = models.IntegerField(null=True)
    is_net = models.BooleanField(default=False)
    label = models.CharField(max_length=100, default="")
    label_texts = models.JSONField(default=dict)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contracted_price_or_percentage",
                condition=(
                    Q(unit_price__gte=0, unit_price__lt=10**14, discount_bps__isnull=True)
                    | Q(
                        unit_price__isnull=True,
                        discount_bps__gte=-100_000,
                        discount_bps__lte=10_000,
                    )
                ),
            ),
            models.CheckConstraint(
                name="contracted_price_one_scope",
                condition=Q(product__isnull=True) | Q(product_group=""),
            ),
            models.CheckConstraint(
                name="contracted_price_holds_a_day",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
            ),
        ]
        indexes = [models.Index(fields=["organization", "currency"], name="contracted_of")]

    def __str__(self) -> str:
        return self.label or f"agreed with {self.organization_id}"

    @property
    def called(self) -> str:
        """The label with its translations."""
        return translated(self.label, self.label_texts)


class ExchangeRate(models.Model):
    """What one unit of `base` is in `currency`, of a day. Never changed; a later day follows."""

    base = models.CharField(max_length=3)
    currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=24, decimal_places=12)
    dated_on = models.DateField()
    source = models.CharField(max_length=50, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="exchange_rate_positive", condition=Q(rate__gt=0)),
            models.UniqueConstraint(fields=["base", "currency", "dated_on"], name="one_rate_a_day"),
        ]

    def __str__(self) -> str:
        return f"1 {self.base} = {self.rate} {self.currency} on {self.dated_on}"
