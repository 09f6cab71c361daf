"""How proposals are written, which one a version goes out with, and what quotes begin from."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from handsel.bid.quote.models.quotes import QuoteVersion, frozen_lines
from handsel.ground.party.models import Seller


class ProposalTemplate(models.Model):
    """One version of a proposal's text; versions share `key`. A published one never changes."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField()
    version_no = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    body = models.TextField()
    state = models.CharField(max_length=10, default="draft")
    lock_no = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "version_no"], name="one_proposal_version"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(state="draft"), name="one_proposal_draft"
            ),
            models.UniqueConstraint(
                fields=["key"], condition=Q(state="published"), name="one_proposal_published"
            ),
            models.CheckConstraint(
                name="proposal_state", condition=Q(state__in=["draft", "published", "retired"])
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_proposal_is_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state <> 'draft' AND (OLD.seller_id, OLD.key, OLD.version_no, OLD.name,"
                    " OLD.body) IS DISTINCT FROM (NEW.seller_id, NEW.key, NEW.version_no, NEW.name,"
                    " NEW.body)"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version_no}"


class ProposalChoice(models.Model):
    """The template a version goes out with; without one it goes out as the standard document."""

    version = models.ForeignKey(QuoteVersion, on_delete=models.CASCADE, related_name="+")
    template = models.ForeignKey(ProposalTemplate, on_delete=models.PROTECT, related_name="+")
    # Whether the appendix that shows how each price came about is printed.
    with_waterfall = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version"], name="one_proposal_per_version"),
        ]
        triggers = [
            frozen_lines("insert", pgtrigger.Insert, "new"),
            frozen_lines("update", pgtrigger.Update, "old"),
            frozen_lines("delete", pgtrigger.Delete, "old"),
        ]

    def __str__(self) -> str:
        return f"version {self.version_id} as {self.template_id}"


class QuoteTemplate(models.Model):
    """A named set of lines and terms to begin quotes from; prices come when a quote is begun.

    `lines`: [{product_id, quantity, discount_bps, is_optional, is_chosen, name, description}].
    """

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    lines = models.JSONField(default=list)
    terms = models.JSONField(default=dict)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "name"],
                condition=Q(ended_at__isnull=True),
                name="one_quote_template_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name
