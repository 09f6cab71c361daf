"""Tables of the room; the README tells what each stands for."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from handsel.bid.catalog.models import Product
from handsel.ground.identity.models import LinkGrant
from handsel.ground.kernel.names import translated
from handsel.ground.party.models import Organization, Seller


class ConfigurationModel(models.Model):
    """What can be configured: a product with variables and laws, in versions.

    Of kind `laws` it is a text of laws between the lines of a `seller`'s quotes: nothing one
    configures, but written, tested, published and put back like a product's model.
    `public_prices` says whether whoever configures without an account sees list prices.
    """

    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    # What the text in use calls it in other languages; kept when a version is put in use.
    title_texts = models.JSONField(default=dict)
    kind = models.CharField(max_length=8, default="product", db_default="product")
    seller = models.ForeignKey(Seller, null=True, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="+")
    is_public = models.BooleanField(default=False)
    public_prices = models.BooleanField(default=True, db_default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="laws_have_a_seller",
                condition=Q(kind="product", seller=None)
                | Q(kind="laws", seller__isnull=False, product=None, is_public=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def called(self) -> str:
        """The title with its translations."""
        return translated(self.title, self.title_texts)

    @property
    def is_laws(self) -> bool:
        """Whether it is a text of laws between lines, and no product."""
        return self.kind == "laws"


class ModelVersion(models.Model):
    """One state of a model. A draft changes; a published version never does.

    `source` is the text an engineer writes, `fingerprint` names what it compiles to, `report` is
    what tests and analysis found.
    """

    model = models.ForeignKey(ConfigurationModel, on_delete=models.CASCADE, related_name="+")
    version_no = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="draft")
    source = models.TextField()
    note = models.CharField(max_length=300, default="")
    fingerprint = models.CharField(max_length=64, default="")
    report = models.JSONField(default=dict)
    lock_no = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "version_no"], name="one_model_version_no"),
            models.UniqueConstraint(
                fields=["model"], condition=Q(state__in=["draft", "tested"]), name="one_model_draft"
            ),
            models.UniqueConstraint(
                fields=["model"], condition=Q(state="published"), name="one_published_model"
            ),
            models.CheckConstraint(
                name="model_version_state",
                condition=Q(state__in=["draft", "tested", "published", "retired"]),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_model_is_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state IN ('published', 'retired') AND"
                    " (OLD.source, OLD.fingerprint, OLD.version_no, OLD.model_id)"
                    " IS DISTINCT FROM (NEW.source, NEW.fingerprint, NEW.version_no, NEW.model_id)"
                ),
            ),
            pgtrigger.Protect(
                name="published_model_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.state IN ('published', 'retired')"),
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.version_no}"


class Configuration(models.Model):
    """What somebody decided about one product, pinned to the model version he decided with.

    `decisions` are kept in order, as [variable, operator, value]; `undo_steps` are the decisions as
    they were before the last changes, newest last. Once complete, `assignment` has a
    value for every variable, `fingerprint` names the product, and nothing of it changes any more.
    `organization` is the customer it is configured for, whose prices are shown with it. The model
    is read as it holds on `model_on` in `country`; without a day, as on the day it was published
    and for all markets.
    """

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    organization = models.ForeignKey(
        Organization, null=True, on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(max_length=200, default="")
    state = models.CharField(max_length=10, default="open")
    model_on = models.DateField(null=True)
    country = models.CharField(max_length=2, default="", db_default="")
    decisions = models.JSONField(default=list)
    undo_steps = models.JSONField(default=list)
    assignment = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, default="")
    lock_no = models.PositiveIntegerField(default=1)
    copied_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="configuration_state", condition=Q(state__in=["open", "complete"])
            ),
            models.CheckConstraint(
                name="complete_has_a_fingerprint",
                condition=Q(state="open", fingerprint="")
                | (Q(state="complete") & ~Q(fingerprint="")),
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-changed_at"], name="configuration_new"),
            models.Index(fields=["fingerprint"], name="configuration_fingerprint"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="complete_is_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state = 'complete' AND (OLD.state, OLD.decisions, OLD.assignment,"
                    " OLD.fingerprint, OLD.version_id, OLD.seller_id) IS DISTINCT FROM"
                    " (NEW.state, NEW.decisions, NEW.assignment,"
                    " NEW.fingerprint, NEW.version_id, NEW.seller_id)"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"configuration {self.pk}"


class ConfigurationLink(models.Model):
    """Which prices the holder of a link sees; a link without a row shows list prices.

    `organization` is the one whose own prices they are: pinned here, so that a link never shows
    another one's, whatever becomes of the configuration.
    """

    grant = models.OneToOneField(LinkGrant, on_delete=models.CASCADE, related_name="+")
    prices = models.CharField(max_length=6)
    organization = models.ForeignKey(
        Organization, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="configuration_link_prices",
                condition=Q(prices__in=["none", "list", "public"], organization=None)
                | Q(prices="own", organization__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"link {self.grant_id}: {self.prices}"
