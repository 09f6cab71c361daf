"""Tables of the room; the README tells what each stands for."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from handsel.bid.catalog.models import Product
from handsel.commit.order.models import Order, OrderLine
from handsel.ground.party.models import Organization, Seller
from handsel.ground.platform.models import StoredFile


class Warehouse(models.Model):
    """A place where a seller keeps stock."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    address = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "name"], name="one_warehouse")]

    def __str__(self) -> str:
        return self.name


class StockItem(models.Model):
    """A product in a warehouse: what is there and what is promised, kept under this row's lock.

    `on_hand` equals the sum of the moves, `reserved` the sum of the open reservations; a recount
    proves it.
    """

    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    on_hand = models.DecimalField(max_digits=18, decimal_places=6, default=0)
    reserved = models.DecimalField(max_digits=18, decimal_places=6, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["warehouse", "product"], name="one_stock_item"),
            models.CheckConstraint(
                name="stock_never_oversold",
                condition=Q(reserved__gte=0) & Q(on_hand__gte=F("reserved")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} at {self.warehouse_id}"


class Reservation(models.Model):
    """Stock promised to one order line."""

    stock_item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="+")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    state = models.CharField(max_length=10, default="open")
    reserved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reservation_state", condition=Q(state__in=["open", "shipped", "released"])
            ),
            models.CheckConstraint(name="reservation_quantity", condition=Q(quantity__gt=0)),
        ]
        indexes = [models.Index(fields=["order_line", "state"], name="reservation_line")]

    def __str__(self) -> str:
        return f"{self.quantity} for {self.order_line_id}"


class Shipment(models.Model):
    """Goods on their way to a customer, or a service performed, in part or whole."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Warehouse, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, default="goods")
    state = models.CharField(max_length=10, default="shipped")
    ship_to = models.JSONField()
    carrier = models.CharField(max_length=60, default="")
    tracking_number = models.CharField(max_length=60, default="")
    shipped_on = models.DateField()
    shipped_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    received_by = models.CharField(max_length=200, default="")
    delivery_note = models.ForeignKey(
        StoredFile, null=True, on_delete=models.PROTECT, related_name="+"
    )
    proof = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    shipped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="shipment_state", condition=Q(state__in=["shipped", "delivered", "returned"])
            ),
            models.CheckConstraint(
                name="shipment_kind", condition=Q(kind__in=["goods", "service"])
            ),
            models.UniqueConstraint(fields=["seller", "number"], name="one_shipment_number"),
        ]
        indexes = [
            models.Index(fields=["order"], name="shipment_order"),
            models.Index(fields=["seller", "-shipped_at", "-id"], name="shipment_seller_new"),
        ]

    def __str__(self) -> str:
        return self.number


class DeliveryTolerance(models.Model):
    """How far a delivered quantity may be off, agreed per customer, per product or both."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="+")
    organization = models.ForeignKey(
        Organization, null=True, on_delete=models.CASCADE, related_name="+"
    )
    product = models.ForeignKey(Product, null=True, on_delete=models.CASCADE, related_name="+")
    tolerance_bps = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "organization", "product"],
                name="one_delivery_tolerance",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="delivery_tolerance_range", condition=Q(tolerance_bps__lte=10_000)
            ),
        ]

    def __str__(self) -> str:
        return f"± {self.tolerance_bps} bps"


class ShipmentLine(models.Model):
    """What of one order line is in a shipment."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="+")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=18, decimal_places=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipment", "order_line"], name="line_once_shipped"),
            models.CheckConstraint(name="shipment_quantity", condition=Q(quantity__gt=0)),
        ]
        indexes = [models.Index(fields=["order_line"], name="shipment_line_order_line")]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.order_line_id}"


class StockMove(models.Model):
    """One movement of stock, in or out; append-only. Stock is the sum of moves."""

    stock_item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    reason = models.CharField(max_length=12)
    shipment_line = models.ForeignKey(
        ShipmentLine, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=200, default="")
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="stock_move_reason",
                condition=Q(reason__in=["receipt", "shipment", "return", "count"]),
            ),
            models.CheckConstraint(name="stock_move_moves", condition=~Q(quantity=0)),
        ]
        indexes = [models.Index(fields=["stock_item", "moved_at"], name="stock_move_item")]
        triggers = [
            pgtrigger.Protect(
                name="stock_move_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.reason}"
