"""Tables of the room; the README tells what each stands for."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from handsel.earn.billing.models import Invoice, InvoiceLine
from handsel.earn.cash.models import Allocation, Payment, ReceivableEntry
from handsel.ground.party.models import Organization, Seller


class LedgerAccount(models.Model):
    """One account of a seller's chart."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10)
    role = models.CharField(max_length=30, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "code"], name="one_account_code"),
            models.UniqueConstraint(
                fields=["seller", "role"], condition=~Q(role=""), name="one_account_per_role"
            ),
            models.CheckConstraint(
                name="ledger_account_kind",
                condition=Q(kind__in=["asset", "liability", "equity", "income", "expense"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class LedgerPeriod(models.Model):
    """A month of a seller's books; a closed one takes no entries."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField()
    state = models.CharField(max_length=6, default="open")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "from_on"], name="one_ledger_period"),
            models.CheckConstraint(
                name="ledger_period_state", condition=Q(state__in=["open", "closed"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_on} to {self.until_on}"


class JournalEntry(models.Model):
    """One posting: lines that sum to zero per currency. Never changed, only reversed."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(LedgerPeriod, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)
    posted_on = models.DateField()
    rule = models.CharField(max_length=40)
    text = models.CharField(max_length=200)
    event_id = models.BigIntegerField(null=True)
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.PROTECT, related_name="+")
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="+")
    posted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "number"], name="one_journal_number")
        ]
        indexes = [
            models.Index(fields=["seller", "posted_on"], name="journal_seller_date"),
            models.Index(fields=["seller", "-posted_on", "-id"], name="journal_new"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="journal_entry_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            # A closed month takes no entry, whoever writes it (L3).
            pgtrigger.Trigger(
                name="entry_in_open_period",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                declare=[("month", "record")],
                func="""
                    SELECT * INTO month FROM ledger_ledgerperiod WHERE id = NEW.period_id FOR SHARE;
                    IF month.state <> 'open' THEN
                        RAISE EXCEPTION 'the month from % is closed and takes no entry',
                            month.from_on;
                    END IF;
                    IF month.seller_id <> NEW.seller_id OR NEW.posted_on < month.from_on
                            OR NEW.posted_on >= month.until_on THEN
                        RAISE EXCEPTION 'entry of % does not belong to the month from %',
                            NEW.posted_on, month.from_on;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.number


class JournalLine(models.Model):
    """One leg of an entry: debit positive, credit negative."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="+")
    ledger_account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    organization = models.ForeignKey(
        Organization, null=True, on_delete=models.PROTECT, related_name="+"
    )
    invoice_line = models.ForeignKey(
        InvoiceLine, null=True, on_delete=models.PROTECT, related_name="+"
    )
    allocation = models.ForeignKey(
        Allocation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    receivable_entry = models.ForeignKey(
        ReceivableEntry, null=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="journal_line_moves", condition=~Q(amount_minor=0))
        ]
        indexes = [
            models.Index(fields=["ledger_account", "entry"], name="journal_line_account"),
            models.Index(fields=["entry"], name="journal_line_entry"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="journal_line_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            # Balance per entry and currency is the database's business, not the program's (L2).
            pgtrigger.Trigger(
                name="entry_balances",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                declare=[("off", "record")],
                func="""
                    SELECT currency, SUM(amount_minor) AS difference INTO off
                    FROM ledger_journalline WHERE entry_id = NEW.entry_id
                    GROUP BY currency HAVING SUM(amount_minor) <> 0 LIMIT 1;
                    IF FOUND THEN
                        RAISE EXCEPTION 'journal entry % is out of balance by % minor units of %',
                            NEW.entry_id, off.difference, off.currency;
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}"
