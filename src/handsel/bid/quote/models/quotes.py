"""Quotes, their versions and lines, what buyers accepted and asked."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from handsel.attract.opportunity.models import Opportunity
from handsel.bid.catalog.models import Product
from handsel.bid.configure.models import Configuration
from handsel.bid.price.models import PriceBook
from handsel.ground.party.models import Organization, Person, Seller
from handsel.ground.platform.models import StoredFile


class Quote(models.Model):
    """An offer to a customer; what is offered stands in its versions."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)
    opportunity = models.ForeignKey(
        Opportunity, null=True, on_delete=models.PROTECT, related_name="+"
    )
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(max_length=200, default="")
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=8, default="en")
    state = models.CharField(max_length=10, default="draft")
    created_at = models.DateTimeField()
    declined_reason = models.CharField(max_length=300, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "number"], name="one_quote_per_number"),
            models.CheckConstraint(
                name="quote_state",
                condition=Q(
                    state__in=[
                        "draft",
                        "presented",
                        "accepted",
                        "declined",
                        "expired",
                        "withdrawn",
                    ]
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-created_at"], name="quote_seller_new"),
            models.Index(fields=["opportunity"], name="quote_opportunity"),
            GinIndex(fields=["title"], name="quote_title_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.number


_FROZEN = (
    "quote_id",
    "version_no",
    "priced_on",
    "valid_until",
    "payment_days",
    "billing_method",
    "billing_shares",
    "delivery_terms",
    "intro",
    "terms",
    "discount_bps",
    "target_minor",
    "scenarios",
    "pricing",
    "list_minor",
    "net_minor",
    "tax_minor",
    "gross_minor",
    "tax_rows",
    "content_hash",
    "content_id",
)


_SIGNED = (
    "id",
    "version_id",
    "name",
    "email",
    "purchase_order",
    "accepted_at",
    "ip_address",
    "user_agent",
    "content_hash",
    "content_id",
    "recorded_by_id",
    "evidence",
)


def _columns(row: str, names: tuple[str, ...]) -> str:
    return ", ".join(f"{row}.{column}" for column in names)


class QuoteVersion(models.Model):
    """One state of an offer. A draft can change; presented and accepted ones never do.

    `scenarios` are named choices of options: [{"name": …, "chosen": [line keys]}]; the one that is
    offered has `is_offered`. `pricing` is what all prices may depend on beside the lines:
    `codes` of promotions, the `partner` tier of the reseller, the `reason` of the target.
    """

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="+")
    version_no = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="draft")
    priced_on = models.DateField()
    price_book = models.ForeignKey(PriceBook, null=True, on_delete=models.PROTECT, related_name="+")
    valid_until = models.DateField()
    payment_days = models.PositiveSmallIntegerField(default=30)
    billing_method = models.CharField(max_length=12, default="on_shipment")
    billing_shares = models.JSONField(default=list)
    delivery_terms = models.CharField(max_length=100, default="")
    intro = models.TextField(default="")
    terms = models.TextField(default="")
    discount_bps = models.IntegerField(default=0)
    # Net total that is wanted instead of a percentage, distributed to the cent.
    target_minor = models.BigIntegerField(null=True)
    scenarios = models.JSONField(default=list, db_default=[])
    pricing = models.JSONField(default=dict, db_default={})
    list_minor = models.BigIntegerField(default=0)
    net_minor = models.BigIntegerField(default=0)
    tax_minor = models.BigIntegerField(default=0)
    gross_minor = models.BigIntegerField(default=0)
    tax_rows = models.JSONField(default=list)
    lock_no = models.PositiveIntegerField(default=1)
    # What the lines were priced with beside themselves, as a hash; empty when that is not known.
    priced_with = models.CharField(max_length=64, default="", db_default="")
    content_hash = models.CharField(max_length=64, default="")
    document = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    content = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    presented_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quote", "version_no"], name="one_version_no"),
            models.UniqueConstraint(
                fields=["quote"],
                condition=Q(state__in=["draft", "presented", "accepted"]),
                name="one_live_version",
            ),
            models.CheckConstraint(
                name="quote_version_state",
                condition=Q(state__in=["draft", "presented", "accepted", "superseded", "closed"]),
            ),
            models.CheckConstraint(
                name="quote_version_billing",
                condition=Q(billing_method__in=["on_order", "on_shipment", "shares"]),
            ),
        ]
        triggers = [
            # What was presented is frozen: only its state may still move, and the document, which
            # is made after the act, is added once.
            pgtrigger.Protect(
                name="presented_is_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"OLD.state <> 'draft' AND (({_columns('OLD', _FROZEN)})"
                    f" IS DISTINCT FROM ({_columns('NEW', _FROZEN)})"
                    " OR OLD.document_id IS NOT NULL"
                    " AND OLD.document_id IS DISTINCT FROM NEW.document_id)"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"version {self.version_no}"


def frozen_lines(name: str, operation: pgtrigger.Operation, rows: str) -> pgtrigger.Trigger:
    """Refuse a statement that touches lines of a version which is no draft: one look a statement,
    not one a line."""
    return pgtrigger.Trigger(
        name=f"frozen_lines_{name}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**{rows: "touched"}),  # type: ignore[no-untyped-call]
        func="""
            IF EXISTS (
                SELECT FROM quote_quoteversion v
                WHERE v.state <> 'draft' AND v.id IN (SELECT version_id FROM touched)
            ) THEN
                RAISE EXCEPTION 'lines of a presented quote version never change';
            END IF;
            RETURN NULL;
        """,
    )


class QuoteLine(models.Model):
    """One line of a version; `line_key` is the line's identity through all versions.

    `group_key` names the QuoteGroup it stands in. Of the lines of one `alternative_set` exactly one
    is chosen. `asked` is what was asked of the price beyond quantity and percentage (a term, a
    ramp, a target, attributes), in the documented form of a price case's line.

    `own_minor` is the amount before the document's discount, null where it depends on other lines
    (or was priced before it was kept); `takes_discount` says whether it bears a part of that
    discount, `tax_minor` is its share of the tax. With them a line need not be priced again when
    another one is edited.
    """

    # No index of its own: the unique key of version and line_key begins with it.
    version = models.ForeignKey(
        QuoteVersion, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    line_key = models.UUIDField()
    position = models.PositiveIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    description = models.TextField(default="")
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    unit = models.CharField(max_length=12)
    is_optional = models.BooleanField(default=False)
    is_chosen = models.BooleanField(default=True)
    list_price = models.DecimalField(max_digits=20, decimal_places=6)
    discount_bps = models.IntegerField(default=0)
    unit_net = models.DecimalField(max_digits=20, decimal_places=6)
    list_minor = models.BigIntegerField()
    net_minor = models.BigIntegerField()
    tax_category = models.CharField(max_length=2)
    tax_rate_bps = models.IntegerField()
    tax_reason_code = models.CharField(max_length=30, default="")
    waterfall = models.JSONField(default=list)
    # What follows has defaults of the database's own, for statements that name fewer columns.
    configuration = models.ForeignKey(
        Configuration, null=True, on_delete=models.PROTECT, related_name="+"
    )
    group_key = models.UUIDField(null=True)
    alternative_set = models.CharField(max_length=40, default="", db_default="")
    charge = models.CharField(max_length=10, default="one_time", db_default="one_time")
    asked = models.JSONField(default=dict, db_default={})
    own_minor = models.BigIntegerField(null=True)
    tax_minor = models.BigIntegerField(default=0, db_default=0)
    takes_discount = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="quote_line_charge", condition=Q(charge__in=["one_time", "recurring", "usage"])
            ),
            models.UniqueConstraint(fields=["version", "line_key"], name="one_line_per_version"),
            models.CheckConstraint(
                name="quote_line_quantity",
                condition=Q(quantity__gt=0) & Q(quantity__lt=10**12),
            ),
        ]
        triggers = [
            frozen_lines("insert", pgtrigger.Insert, "new"),
            frozen_lines("update", pgtrigger.Update, "old"),
            frozen_lines("delete", pgtrigger.Delete, "old"),
        ]

    def __str__(self) -> str:
        return self.name


class QuoteGroup(models.Model):
    """A heading among the lines of a version: a site, a phase; groups may lie in groups."""

    # No index of its own: the unique key of version and group_key begins with it.
    version = models.ForeignKey(
        QuoteVersion, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    group_key = models.UUIDField()
    parent_key = models.UUIDField(null=True)
    title = models.CharField(max_length=200)
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "group_key"], name="one_group_per_version"),
            models.CheckConstraint(
                name="no_group_in_itself",
                condition=Q(parent_key__isnull=True) | ~Q(parent_key=F("group_key")),
            ),
        ]
        triggers = [
            frozen_lines("insert", pgtrigger.Insert, "new"),
            frozen_lines("update", pgtrigger.Update, "old"),
            frozen_lines("delete", pgtrigger.Delete, "old"),
        ]

    def __str__(self) -> str:
        return self.title


class QuoteAcceptance(models.Model):
    """Who accepted which version, when, and the exact bytes that were shown."""

    version = models.OneToOneField(QuoteVersion, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    email = models.EmailField(max_length=200)
    purchase_order = models.CharField(max_length=60, default="")
    accepted_at = models.DateTimeField()
    ip_address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300, default="")
    content_hash = models.CharField(max_length=64)
    content = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    evidence = models.CharField(max_length=300, default="")

    class Meta:
        triggers = [
            pgtrigger.Protect(name="acceptance_kept", operation=pgtrigger.Delete),
            # The document is made after the act and added once; all else never changes.
            pgtrigger.Protect(
                name="acceptance_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.document_id IS NOT NULL OR "
                    f"({_columns('OLD', _SIGNED)}) IS DISTINCT FROM ({_columns('NEW', _SIGNED)})"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"accepted by {self.name}"


class QuoteMessage(models.Model):
    """A question of the buyer on the quote's page, or our answer."""

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="+")
    direction = models.CharField(max_length=3)
    author = models.CharField(max_length=200)
    body = models.TextField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.body[:60]
