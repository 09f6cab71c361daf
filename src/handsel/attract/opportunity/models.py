"""Tables of the room; the README tells what each stands for."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from handsel.attract.lead.models import Lead
from handsel.ground.party.models import Organization, Person, Seller


class Pipeline(models.Model):
    """A way of selling: an ordered list of stages."""

    name = models.CharField(max_length=100, unique=True)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Stage(models.Model):
    """One step of a pipeline. `kind` is open, won or lost."""

    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=5, default="open")
    probability_bps = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pipeline", "position"], name="stage_position_once"),
            models.CheckConstraint(
                name="stage_kind", condition=Q(kind__in=["open", "won", "lost"])
            ),
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class Opportunity(models.Model):
    """A deal that may be won."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    pipeline = models.ForeignKey(Pipeline, on_delete=models.PROTECT, related_name="+")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    organization = models.ForeignKey(
        Organization, null=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    lead = models.ForeignKey(Lead, null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=5, default="open")
    amount_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    expected_close_on = models.DateField(null=True)
    lost_reason = models.CharField(max_length=40, default="")
    lost_to = models.CharField(max_length=100, default="")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="opportunity_state", condition=Q(state__in=["open", "won", "lost"])
            ),
            models.CheckConstraint(
                name="opportunity_lost_needs_reason",
                condition=~Q(state="lost") | ~Q(lost_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-created_at", "-id"], name="opportunity_seller_new"),
            models.Index(fields=["seller", "stage", "state"], name="opportunity_board"),
            models.Index(fields=["-created_at", "-id"], name="opportunity_new"),
            models.Index(fields=["seller", "expected_close_on", "id"], name="opportunity_closing"),
            GinIndex(fields=["name"], name="opportunity_name_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name


class StageChange(models.Model):
    """One move of an opportunity between stages; append-only."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="+")
    from_stage = models.ForeignKey(Stage, null=True, on_delete=models.PROTECT, related_name="+")
    to_stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    cause = models.CharField(max_length=200, default="")

    class Meta:
        indexes = [
            models.Index(fields=["opportunity", "changed_at"], name="stage_change_opportunity")
        ]
        triggers = [pgtrigger.Protect(name="stage_change_append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.opportunity_id}: {self.from_stage_id} to {self.to_stage_id}"


class Activity(models.Model):
    """Something to do, or done, about an opportunity."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    subject = models.CharField(max_length=200)
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="activity_kind", condition=Q(kind__in=["call", "meeting", "mail", "task"])
            )
        ]
        indexes = [models.Index(fields=["opportunity", "done_at", "due_at"], name="activity_next")]

    def __str__(self) -> str:
        return self.subject


class CommitteeMember(models.Model):
    """A person on the customer's side with a part in the decision."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    sentiment = models.CharField(max_length=10, default="unknown")
    note = models.CharField(max_length=300, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["opportunity", "person"], name="one_committee_seat"),
            models.CheckConstraint(
                name="committee_role",
                condition=Q(
                    role__in=[
                        "decision_maker",
                        "economic_buyer",
                        "champion",
                        "influencer",
                        "user",
                        "technical",
                        "procurement",
                        "blocker",
                    ]
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} as {self.role}"


class SavedView(models.Model):
    """A list of opportunities somebody wants to see again: a name for a line of filters."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="one_view_per_name")]

    def __str__(self) -> str:
        return self.name
