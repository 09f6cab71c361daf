"""Tables of the room; the README tells what each stands for."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from handsel.ground.party.models import Organization, Person, Seller
from handsel.ground.platform.models import LongTask


class CaptureForm(models.Model):
    """A public form: where it stands, what it asks, whom its leads go to."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    intro = models.CharField(max_length=500, default="")
    language = models.CharField(max_length=8, default="en")
    source = models.CharField(max_length=100, default="")
    interest_choices = models.JSONField(default=list)
    consent_text = models.TextField(default="")
    frame_ancestors = models.JSONField(default=list)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.title


class Lead(models.Model):
    """One qualification cycle of somebody who asked for something.

    `asked_at` is the customer's act, `captured_at` when we learned of it. What was typed is kept
    as typed; `person` and `organization` are whom we recognized.
    """

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=20, default="")
    state = models.CharField(max_length=15, default="new")
    person_name = models.CharField(max_length=200, default="")
    email = models.CharField(max_length=200, default="")
    email_normalized = models.CharField(max_length=200, default="", db_index=True)
    phone = models.CharField(max_length=50, default="")
    phone_normalized = models.CharField(max_length=20, default="")
    company_name = models.CharField(max_length=200, default="")
    country = models.CharField(max_length=2, default="")
    language = models.CharField(max_length=8, default="en")
    interest = models.CharField(max_length=200, default="")
    message = models.TextField(default="")
    channel = models.CharField(max_length=10)
    source = models.CharField(max_length=100, default="")
    form = models.ForeignKey(CaptureForm, null=True, on_delete=models.PROTECT, related_name="+")
    external_source = models.CharField(max_length=60, default="")
    external_id = models.CharField(max_length=100, default="")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, null=True, on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    consent_text = models.TextField(default="")
    consented_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    captured_at = models.DateTimeField()
    converted_at = models.DateTimeField(null=True)
    disqualified_at = models.DateTimeField(null=True)
    disqualified_reason = models.CharField(max_length=30, default="")
    disqualified_note = models.CharField(max_length=300, default="")
    excluded_from_response = models.CharField(max_length=20, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="lead_state",
                condition=Q(state__in=["new", "working", "qualified", "converted", "disqualified"]),
            ),
            models.CheckConstraint(
                name="lead_channel",
                condition=Q(channel__in=["form", "api", "mail", "call", "chat", "visit", "import"]),
            ),
            models.UniqueConstraint(
                fields=["seller", "external_source", "external_id"],
                name="lead_external_once",
                condition=~Q(external_id=""),
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-asked_at"], name="lead_seller_asked"),
            models.Index(fields=["seller", "state", "-asked_at"], name="lead_seller_state"),
            models.Index(fields=["-asked_at", "-id"], name="lead_newest"),
            models.Index(fields=["seller", "source"], name="lead_seller_source"),
            models.Index(
                fields=["phone_normalized"], name="lead_phone", condition=~Q(phone_normalized="")
            ),
            GinIndex(
                fields=["person_name", "company_name", "email"],
                name="lead_words_trgm",
                opclasses=["gin_trgm_ops", "gin_trgm_ops", "gin_trgm_ops"],
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.person_name


class Touch(models.Model):
    """Where a lead came from; the first one never changes."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="+")
    is_first = models.BooleanField(default=False)
    occurred_at = models.DateTimeField()
    source = models.CharField(max_length=100, default="")
    medium = models.CharField(max_length=100, default="")
    campaign = models.CharField(max_length=100, default="")
    referrer = models.CharField(max_length=300, default="")
    landing_page = models.CharField(max_length=300, default="")
    click_id = models.CharField(max_length=100, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=Q(is_first=True), name="one_first_touch"
            )
        ]
        triggers = [pgtrigger.Protect(name="touch_immutable", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.source or 'unknown'} at {self.occurred_at}"


class Interaction(models.Model):
    """One contact on any channel, in or out, with who did it and when."""

    lead = models.ForeignKey(Lead, null=True, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, null=True, on_delete=models.PROTECT, related_name="+"
    )
    direction = models.CharField(max_length=3)
    channel = models.CharField(max_length=10)
    is_by_person = models.BooleanField()
    reached = models.BooleanField(default=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    mail_id = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=300, default="")
    body = models.TextField(default="")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="interaction_direction", condition=Q(direction__in=["in", "out"])
            )
        ]
        indexes = [models.Index(fields=["lead", "occurred_at"], name="interaction_lead_time")]

    def __str__(self) -> str:
        return self.subject or self.channel


class Qualification(models.Model):
    """One finding on one question about a lead, with its evidence; the latest counts."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="+")
    dimension = models.CharField(max_length=20)
    grade = models.PositiveSmallIntegerField()
    evidence = models.TextField()
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="qualification_dimension",
                condition=Q(dimension__in=["interest", "purchasing_power", "fit", "timing"]),
            ),
            models.CheckConstraint(name="qualification_grade", condition=Q(grade__lte=3)),
        ]

    def __str__(self) -> str:
        return f"{self.dimension} {self.grade}"


class Recognition(models.Model):
    """A possible identity of a lead, shown and decided by a person, never merged silently."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    reason = models.CharField(max_length=300)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    organization = models.ForeignKey(
        Organization, null=True, on_delete=models.CASCADE, related_name="+"
    )
    other_lead = models.ForeignKey(Lead, null=True, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, default="proposed")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="recognition_state", condition=Q(state__in=["proposed", "same", "distinct"])
            )
        ]

    def __str__(self) -> str:
        return self.reason


class LeadImport(models.Model):
    """One file of leads: its column mapping and how far it got."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(LongTask, on_delete=models.PROTECT, related_name="+")
    source_name = models.CharField(max_length=60)
    mapping = models.JSONField()
    options = models.JSONField(default=dict)
    next_row = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.source_name


class RefusedRow(models.Model):
    """A row of a file of leads that was not taken, with the reason."""

    lead_import = models.ForeignKey(LeadImport, on_delete=models.CASCADE, related_name="+")
    row_number = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)
    cells = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lead_import", "row_number"], name="refused_row_once")
        ]

    def __str__(self) -> str:
        return f"row {self.row_number}: {self.reason}"


class CaptureCount(models.Model):
    """How often one address used one form within one hour; the address is kept as a hash only."""

    form = models.ForeignKey(CaptureForm, on_delete=models.CASCADE, related_name="+")
    address_hash = models.BinaryField(max_length=32)
    hour_at = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["form", "address_hash", "hour_at"], name="one_count_per_hour"
            )
        ]

    def __str__(self) -> str:
        return f"{self.used} in the hour of {self.hour_at}"
