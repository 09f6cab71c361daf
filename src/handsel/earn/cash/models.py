"""Tables of the room; the README tells what each stands for."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from handsel.earn.billing.models import Invoice
from handsel.ground.party.models import Organization, Seller, SellerBankAccount
from handsel.ground.platform.models import StoredFile


class BankStatement(models.Model):
    """One statement of one bank account; held when it does not add up or does not chain."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    bank_account = models.ForeignKey(SellerBankAccount, on_delete=models.PROTECT, related_name="+")
    statement_id = models.CharField(max_length=60)
    sequence_no = models.CharField(max_length=20, default="")
    currency = models.CharField(max_length=3)
    from_on = models.DateField(null=True)
    until_on = models.DateField()
    opening_minor = models.BigIntegerField()
    closing_minor = models.BigIntegerField()
    state = models.CharField(max_length=10)
    findings = models.JSONField(default=list)
    difference_minor = models.BigIntegerField(default=0)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    accepted_reason = models.CharField(max_length=200, default="")
    fingerprint = models.CharField(max_length=64, default="", db_index=True)
    entry_keys = models.JSONField(default=list)

    class Meta:
        constraints = [
            # By what it says, not by its id: banks repeat ids, and a corrected statement often
            # carries the id of the one that was rejected.
            models.UniqueConstraint(
                fields=["bank_account", "fingerprint"],
                condition=~Q(state="rejected"),
                name="statement_imported_once",
            ),
            models.CheckConstraint(
                name="statement_state", condition=Q(state__in=["held", "accepted", "rejected"])
            ),
        ]
        indexes = [
            models.Index(fields=["bank_account", "-until_on", "-id"], name="statement_last"),
            models.Index(fields=["bank_account", "statement_id"], name="statement_by_id"),
            GinIndex(fields=["entry_keys"], name="statement_entry_keys"),
        ]

    def __str__(self) -> str:
        return self.statement_id


class BankEntry(models.Model):
    """One booked line of a statement (a batch is expanded to its transactions)."""

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    booked_on = models.DateField()
    value_on = models.DateField(null=True)
    counterparty = models.CharField(max_length=200, default="")
    counterparty_iban = models.CharField(max_length=34, default="")
    end_to_end_id = models.CharField(max_length=60, default="")
    bank_reference = models.CharField(max_length=60, default="")
    remittance = models.TextField(default="")
    structured_reference = models.CharField(max_length=60, default="")
    documents = models.JSONField(default=list)
    ultimate_name = models.CharField(max_length=200, default="")
    charges_minor = models.BigIntegerField(default=0)
    is_return = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="open")
    ignored_reason = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "position"], name="bank_entry_position"),
            models.CheckConstraint(
                name="bank_entry_state", condition=Q(state__in=["open", "matched", "ignored"])
            ),
        ]
        indexes = [
            models.Index(
                fields=["booked_on", "id"], condition=Q(state="open"), name="bank_entry_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}"


class Payment(models.Model):
    """Money received from (or, negative, paid back to) a customer."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    bank_entry = models.OneToOneField(
        BankEntry, null=True, on_delete=models.PROTECT, related_name="+"
    )
    method = models.CharField(max_length=15, default="bank_transfer")
    amount_minor = models.BigIntegerField()
    charges_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    received_on = models.DateField()
    reference = models.CharField(max_length=140, default="")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "number"], name="one_payment_number")
        ]
        indexes = [models.Index(fields=["seller", "-received_on", "-id"], name="payment_new")]
        triggers = [
            pgtrigger.Protect(
                name="payment_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return self.number


class Allocation(models.Model):
    """A part of a payment put against an invoice; undone by a reversing row."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    allocated_on = models.DateField()
    evidence = models.JSONField(default=list)
    is_automatic = models.BooleanField(default=False)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="+")
    allocated_at = models.DateTimeField()
    allocated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="allocation_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]
        indexes = [models.Index(fields=["invoice"], name="allocation_invoice")]

    def __str__(self) -> str:
        return f"{self.amount_minor} of {self.payment_id} to {self.invoice_id}"


class ReceivableEntry(models.Model):
    """One change of what a customer owes on an invoice; append-only. Open is the sum.

    `tax_minor` is the VAT inside a write-off or discount, positive where the claim shrinks.
    """

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    effective_on = models.DateField()
    allocation = models.OneToOneField(
        Allocation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    source_invoice = models.ForeignKey(
        Invoice, null=True, on_delete=models.PROTECT, related_name="+"
    )
    tax_minor = models.BigIntegerField(default=0)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, default="")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="receivable_kind",
                condition=Q(kind__in=["invoice", "credit", "payment", "write_off", "discount"]),
            ),
            models.UniqueConstraint(
                fields=["invoice"], condition=Q(kind="invoice"), name="one_opening_entry"
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "effective_on"], name="receivable_seller_date"),
            models.Index(fields=["invoice"], name="receivable_invoice"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="receivable_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_minor}"


class ReceivableBalance(models.Model):
    """What is still open on an invoice: the sum of its entries, kept under this row's lock."""

    invoice = models.OneToOneField(
        Invoice, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    open_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    due_on = models.DateField()

    class Meta:
        indexes = [
            models.Index(
                fields=["seller", "due_on"],
                condition=~Q(open_minor=0),
                name="receivable_open_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.open_minor} {self.currency}"
