"""Tables of the room; the README tells what each stands for."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from handsel.commit.order.models import Order, OrderLine
from handsel.deliver.fulfillment.models import Shipment, ShipmentLine
from handsel.ground.party.models import Organization, Seller
from handsel.ground.platform.models import StoredFile


def _frozen_with(column: str, name: str) -> pgtrigger.Trigger:
    """Rows of an issued invoice: none is added, changed, taken away or moved elsewhere."""
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func=f"""
            IF EXISTS (
                SELECT 1 FROM billing_invoice
                WHERE id IN (NEW.{column}, OLD.{column}) AND state = 'issued'
            ) THEN
                RAISE EXCEPTION 'what belongs to an issued invoice never changes';
            END IF;
            RETURN COALESCE(NEW, OLD);
        """,  # noqa: S608  # the column is one of ours
    )


class BillingPlan(models.Model):
    """When what share of an order is billed; the shares sum to the whole."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=12)
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="billing_plan_method",
                condition=Q(method__in=["on_order", "on_shipment", "shares"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.method} for order {self.order_id}"


class BillingPlanItem(models.Model):
    """One part of a plan: its trigger, its share, and whether it fell due and was billed."""

    plan = models.ForeignKey(BillingPlan, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    trigger = models.CharField(max_length=12)
    share_bps = models.PositiveIntegerField(null=True)
    net_minor = models.BigIntegerField()
    state = models.CharField(max_length=10, default="waiting")
    due_at = models.DateTimeField(null=True)
    shipment = models.ForeignKey(Shipment, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="plan_item_position"),
            models.UniqueConstraint(
                fields=["plan", "shipment"],
                condition=Q(shipment__isnull=False),
                name="one_plan_item_per_shipment",
            ),
            models.CheckConstraint(
                name="plan_item_trigger",
                condition=Q(trigger__in=["on_order", "on_shipment", "on_delivery", "by_hand"]),
            ),
            models.CheckConstraint(
                name="plan_item_state",
                condition=Q(state__in=["waiting", "due", "billed", "cancelled"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trigger} {self.net_minor}"


class Invoice(models.Model):
    """An invoice or credit note. Draft until issued; issued ones never change.

    Whether it is paid is not a field: it is the sum of its receivable entries.
    """

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=20, default="")
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=10, default="draft")
    order = models.ForeignKey(Order, null=True, on_delete=models.PROTECT, related_name="+")
    plan_item = models.ForeignKey(
        BillingPlanItem, null=True, on_delete=models.PROTECT, related_name="+"
    )
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    correction_reason = models.CharField(max_length=200, default="")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    seller_snapshot = models.JSONField()
    buyer_snapshot = models.JSONField()
    ship_to = models.JSONField(default=dict)
    language = models.CharField(max_length=8, default="en")
    currency = models.CharField(max_length=3)
    purchase_order = models.CharField(max_length=60, default="")
    buyer_reference = models.CharField(max_length=100, default="")
    issued_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    supplied_from = models.DateField(null=True)
    supplied_until = models.DateField(null=True)
    payment_days = models.PositiveSmallIntegerField()
    payment_reference = models.CharField(max_length=35, default="")
    net_minor = models.BigIntegerField(default=0)
    tax_minor = models.BigIntegerField(default=0)
    gross_minor = models.BigIntegerField(default=0)
    prepaid_minor = models.BigIntegerField(default=0)
    rounding_minor = models.BigIntegerField(default=0)
    payable_minor = models.BigIntegerField(default=0)
    note = models.TextField(default="")
    created_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    content_hash = models.CharField(max_length=64, default="")
    previous_hash = models.CharField(max_length=64, default="")
    # The exact text that was hashed: the proof must not depend on how rows are read later.
    sealed_text = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="invoice_kind",
                condition=Q(kind__in=["invoice", "deposit", "final", "credit_note"]),
            ),
            models.CheckConstraint(
                name="invoice_state", condition=Q(state__in=["draft", "issued", "discarded"])
            ),
            models.CheckConstraint(
                name="invoice_sums",
                condition=Q(gross_minor=F("net_minor") + F("tax_minor"))
                & Q(payable_minor=F("gross_minor") - F("prepaid_minor") + F("rounding_minor")),
            ),
            models.CheckConstraint(
                name="credit_note_names_invoice",
                condition=~Q(kind="credit_note") | Q(corrects__isnull=False),
            ),
            models.CheckConstraint(
                name="issued_has_number", condition=~Q(state="issued") | ~Q(number="")
            ),
            models.UniqueConstraint(
                fields=["seller", "number"], condition=~Q(number=""), name="one_invoice_number"
            ),
            models.UniqueConstraint(
                fields=["plan_item"],
                condition=Q(plan_item__isnull=False)
                & ~Q(state="discarded")
                & ~Q(kind="credit_note"),
                name="plan_item_billed_once",
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-issued_on", "-id"], name="invoice_seller_new"),
            models.Index(fields=["order"], name="invoice_order"),
            models.Index(fields=["organization", "due_on"], name="invoice_customer_due"),
            models.Index(
                fields=["seller", "id"], name="invoice_drafts", condition=Q(state="draft")
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="issued_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="issued"),
            )
        ]

    def __str__(self) -> str:
        return self.number or f"draft {self.pk}"


class InvoiceLine(models.Model):
    """One billed line; points at what was ordered and, where goods left, at what was shipped."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    order_line = models.ForeignKey(OrderLine, null=True, on_delete=models.PROTECT, related_name="+")
    shipment_line = models.ForeignKey(
        ShipmentLine, null=True, on_delete=models.PROTECT, related_name="+"
    )
    credits = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    sku = models.CharField(max_length=60, default="")
    name = models.CharField(max_length=200)
    description = models.TextField(default="")
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    unit = models.CharField(max_length=12)
    unit_price = models.DecimalField(max_digits=20, decimal_places=6)
    net_minor = models.BigIntegerField()
    tax_category = models.CharField(max_length=2)
    tax_rate_bps = models.IntegerField()
    tax_reason_code = models.CharField(max_length=30, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="invoice_line_position"),
            models.UniqueConstraint(
                fields=["invoice", "shipment_line"],
                condition=Q(shipment_line__isnull=False),
                name="shipment_line_once_per_invoice",
            ),
        ]
        indexes = [models.Index(fields=["order_line"], name="invoice_line_order_line")]
        triggers = [_frozen_with("invoice_id", "issued_lines_never_change")]

    def __str__(self) -> str:
        return self.name


class InvoiceTax(models.Model):
    """One row of the VAT breakdown: category, rate, base and tax."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="+")
    category = models.CharField(max_length=2)
    rate_bps = models.IntegerField()
    reason_code = models.CharField(max_length=30, default="")
    reason = models.CharField(max_length=300, default="")
    basis_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "category", "rate_bps", "reason_code"], name="one_tax_row"
            )
        ]
        triggers = [_frozen_with("invoice_id", "issued_taxes_never_change")]

    def __str__(self) -> str:
        return f"{self.category} {self.rate_bps}"


class InvoicePrepayment(models.Model):
    """A deposit invoice deducted in a final invoice."""

    final = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="+")
    deposit = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="+")
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()

    class Meta:
        triggers = [_frozen_with("final_id", "issued_deductions_never_change")]

    def __str__(self) -> str:
        return f"{self.deposit_id} in {self.final_id}"


class InvoiceDocument(models.Model):
    """A kept rendering of an issued invoice: PDF, UBL, CII or Factur-X, byte for byte."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "kind"], name="one_document_per_kind"),
            models.CheckConstraint(
                name="invoice_document_kind",
                condition=Q(kind__in=["pdf", "ubl", "cii", "facturx"]),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="invoice_document_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return self.kind


class ValidationReport(models.Model):
    """What the official rules and our own check said of a document, and how many ran."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="+")
    syntax = models.CharField(max_length=10)
    validator = models.CharField(max_length=100)
    rules_run = models.PositiveIntegerField()
    rules_failed = models.PositiveIntegerField()
    own_failed = models.PositiveIntegerField()
    findings = models.JSONField(default=list)
    checked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["invoice", "-id"], name="report_of_invoice")]
        triggers = [
            pgtrigger.Protect(
                name="validation_report_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.syntax}: {self.rules_failed} of {self.rules_run} failed"


class InvoiceSending(models.Model):
    """An invoice handed to a channel; the mail tells whether its server took it."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, default="mail")
    recipient = models.CharField(max_length=200)
    mail_id = models.BigIntegerField()
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.invoice_id} to {self.recipient}"
