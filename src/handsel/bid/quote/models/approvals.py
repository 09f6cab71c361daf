"""Approvals: the rules, what was asked of whom, what was decided, and what is allowed since."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from handsel.bid.quote.models.quotes import Quote, QuoteVersion
from handsel.ground.identity.models import LinkGrant
from handsel.ground.kernel.names import translated
from handsel.ground.party.models import Seller
from handsel.ground.platform.models import StoredFile


def _user(*, null: bool = False) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=null, on_delete=models.PROTECT, related_name="+"
    )


class ApprovalRule(models.Model):
    """One version of a rule; the one in force has not ended. A change is a new version."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField()
    version_no = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    name_texts = models.JSONField(default=dict)
    condition = models.JSONField()
    steps = models.JSONField()
    made_by = _user(null=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "version_no"], name="one_rule_version"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(ended_at=None), name="one_rule_in_force"
            ),
        ]
        indexes = [
            models.Index(fields=["seller"], condition=Q(ended_at=None), name="rules_in_force")
        ]
        triggers = [
            pgtrigger.Protect(name="approval_rule_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="approval_rule_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.ended_at IS NOT NULL OR (OLD.key, OLD.version_no, OLD.name,"
                    " OLD.name_texts, OLD.condition, OLD.steps, OLD.seller_id)"
                    " IS DISTINCT FROM (NEW.key, NEW.version_no, NEW.name, NEW.name_texts,"
                    " NEW.condition, NEW.steps, NEW.seller_id)"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """The name with its translations."""
        return translated(self.name, self.name_texts)


class ApprovalRequest(models.Model):
    """Somebody asked for a version to be approved; with the bytes of what approvers were shown."""

    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(QuoteVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="open")
    lock_no = models.PositiveIntegerField()
    comment = models.CharField(max_length=1000, default="")
    content = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64)
    requested_by = _user(null=True)
    requested_at = models.DateTimeField()
    closed_by = _user(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(max_length=1000, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["quote"], condition=Q(state="open"), name="one_open_approval"
            ),
            models.CheckConstraint(
                name="approval_request_state",
                condition=Q(state__in=["open", "approved", "rejected", "recalled", "replaced"]),
            ),
        ]

    def __str__(self) -> str:
        return f"approval of version {self.version_id}"


class ApprovalAsk(models.Model):
    """One question of a request: to whom, in which stage, why, until when."""

    request = models.ForeignKey(ApprovalRequest, on_delete=models.PROTECT, related_name="+")
    stage = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, default="waiting")
    step = models.JSONField()
    quorum = models.PositiveSmallIntegerField()
    reasons = models.JSONField()
    opened_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    level = models.PositiveSmallIntegerField(default=0)
    # Who is asked as well since time ran out.
    also_asked = ArrayField(models.BigIntegerField(), default=list)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="approval_ask_state",
                condition=Q(state__in=["waiting", "open", "granted", "rejected", "cancelled"]),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="open"), name="approval_ask_due"),
            models.Index(fields=["request"], name="approval_ask_open", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"stage {self.stage} of request {self.request_id}"


class ApprovalDecision(models.Model):
    """A yes or no: who, when, how, for whom, and the bytes that were shown. Never changes.

    `is_signed_in` is False where the link in the mail is all that says who it was; None: not kept.
    """

    ask = models.ForeignKey(ApprovalAsk, on_delete=models.PROTECT, related_name="+")
    seat = models.CharField(max_length=40)
    user = _user()
    on_behalf_of = _user(null=True)
    verdict = models.CharField(max_length=8)
    comment = models.CharField(max_length=1000, default="")
    decided_at = models.DateTimeField()
    channel = models.CharField(max_length=8)
    is_signed_in = models.BooleanField(null=True)
    ip_address = models.GenericIPAddressField(null=True)
    content = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ask", "user"], name="one_decision_per_user"),
            models.UniqueConstraint(fields=["ask", "seat"], name="one_decision_per_seat"),
            models.CheckConstraint(
                name="approval_verdict", condition=Q(verdict__in=["approve", "reject"])
            ),
            models.CheckConstraint(
                name="rejected_with_reason",
                condition=Q(verdict="approve") | ~Q(comment=""),
            ),
        ]
        indexes = [models.Index(fields=["user", "-decided_at"], name="decisions_of_user")]
        triggers = [
            pgtrigger.Protect(
                name="decision_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.verdict} by {self.user_id}"


class ApprovalLimit(models.Model):
    """What an owner of a limit has allowed for a quote: the worst value he approved."""

    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="+")
    ask = models.ForeignKey(ApprovalAsk, on_delete=models.PROTECT, related_name="+")
    rule_key = models.UUIDField()
    step_print = models.TextField()
    print = models.TextField()
    worse = models.SmallIntegerField()
    worst = models.JSONField()
    approved_at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="limit_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.print} up to {self.worst}"


class ApprovalLink(models.Model):
    """The link in one approver's mail: it decides once."""

    grant = models.OneToOneField(LinkGrant, on_delete=models.PROTECT, related_name="+")
    ask = models.ForeignKey(ApprovalAsk, on_delete=models.PROTECT, related_name="+")
    user = _user()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link of {self.user_id} for {self.ask_id}"


class ApproverAbsence(models.Model):
    """Somebody is represented for a while: absent, or there but with a delegate beside him."""

    user = _user()
    away_from = models.DateTimeField()
    away_until = models.DateTimeField()
    delegate = _user(null=True)
    is_absent = models.BooleanField(default=True)
    made_by = _user(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="absence_has_length", condition=Q(away_from__lt=F("away_until"))
            ),
            models.CheckConstraint(
                name="absence_means_something",
                condition=Q(is_absent=True) | Q(delegate__isnull=False),
            ),
            models.CheckConstraint(
                name="nobody_is_his_own_delegate", condition=~Q(delegate=F("user"))
            ),
            ExclusionConstraint(
                name="one_absence_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (
                        Func(
                            F("away_from"),
                            F("away_until"),
                            Value("[)"),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} away"


class Superior(models.Model):
    """Whom a user reports to: the next in line when he asks, is away or lets time run out."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    superior = _user()

    class Meta:
        constraints = [
            models.CheckConstraint(name="nobody_is_above_himself", condition=~Q(user=F("superior")))
        ]

    def __str__(self) -> str:
        return f"{self.superior_id} above {self.user_id}"
