"""Tables of the room; the README tells what each stands for."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from handsel.bid.catalog.models import Product
from handsel.bid.quote.models import QuoteLine, QuoteVersion
from handsel.ground.party.models import Organization, Seller
from handsel.ground.platform.models import StoredFile


class Order(models.Model):
    """An obligation on both sides, made from the accepted version of a quote."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)
    quote_version = models.OneToOneField(QuoteVersion, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="placed")
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=8, default="en")
    purchase_order = models.CharField(max_length=60, default="")
    purchase_order_on = models.DateField(null=True)
    purchase_order_file = models.ForeignKey(
        StoredFile, null=True, on_delete=models.PROTECT, related_name="+"
    )
    compared_at = models.DateTimeField(null=True)
    bill_to = models.JSONField()
    ship_to = models.JSONField()
    contact_name = models.CharField(max_length=200, default="")
    contact_email = models.CharField(max_length=200, default="")
    payment_days = models.PositiveSmallIntegerField()
    billing_method = models.CharField(max_length=12)
    billing_shares = models.JSONField(default=list)
    delivery_terms = models.CharField(max_length=100, default="")
    requested_on = models.DateField(null=True)
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    gross_minor = models.BigIntegerField()
    tax_rows = models.JSONField(default=list)
    confirmation = models.ForeignKey(
        StoredFile, null=True, on_delete=models.PROTECT, related_name="+"
    )
    placed_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True)
    cancelled_reason = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="order_state",
                condition=Q(state__in=["placed", "released", "completed", "cancelled"]),
            ),
            models.UniqueConstraint(fields=["seller", "number"], name="one_order_number"),
        ]
        indexes = [
            models.Index(fields=["seller", "-placed_at"], name="order_seller_new"),
            models.Index(
                fields=["purchase_order"],
                name="order_purchase_order",
                opclasses=["varchar_pattern_ops"],
            ),
            models.Index(
                fields=["seller", "released_at"],
                name="order_at_work",
                condition=Q(state="released"),
            ),
            models.Index(
                fields=["organization", "currency"],
                name="order_customer_open",
                condition=~Q(state="cancelled"),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """One ordered line, made from one quote line."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+")
    quote_line = models.OneToOneField(QuoteLine, on_delete=models.PROTECT, related_name="+")
    line_key = models.UUIDField()
    position = models.PositiveIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    description = models.TextField(default="")
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    unit = models.CharField(max_length=12)
    list_price = models.DecimalField(max_digits=20, decimal_places=6)
    unit_net = models.DecimalField(max_digits=20, decimal_places=6)
    list_minor = models.BigIntegerField()
    net_minor = models.BigIntegerField()
    tax_category = models.CharField(max_length=2)
    tax_rate_bps = models.IntegerField()
    tax_reason_code = models.CharField(max_length=30, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_position")
        ]
        triggers = [
            # What was ordered is what was accepted; a change order will be a version of its own.
            pgtrigger.Protect(
                name="order_line_frozen", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return self.name


class PurchaseOrderLine(models.Model):
    """An order line as the buyer's purchase order has it, kept with the comparison it led to."""

    order_line = models.OneToOneField(OrderLine, on_delete=models.CASCADE, related_name="+")
    sku = models.CharField(max_length=60, default="")
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    unit_price = models.DecimalField(max_digits=20, decimal_places=6)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="purchase_order_line_not_negative",
                condition=Q(quantity__gte=0) & Q(unit_price__gte=0),
            )
        ]

    def __str__(self) -> str:
        return f"{self.quantity} at {self.unit_price}"


class OrderHold(models.Model):
    """A reason why an order must not go on; released by a named person with a reason."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    source = models.CharField(max_length=10, default="hand")
    reason = models.CharField(max_length=300)
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    release_reason = models.CharField(max_length=300, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="order_hold_kind",
                condition=Q(kind__in=["credit", "price", "document", "deposit", "manual"]),
            ),
            models.CheckConstraint(
                name="order_hold_source", condition=Q(source__in=["hand", "credit", "match"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.reason}"
