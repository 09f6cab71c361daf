"""Tables every room stands on: the event log, number series, idempotency keys, stored files."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

_IMMUTABLE = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class BusinessEvent(models.Model):
    """One row of the business event log. Append-only, held by the database."""

    type = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_user_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200)
    payload = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["type", "occurred_at"], name="event_type_occurred")]
        triggers = [_IMMUTABLE]

    def __str__(self) -> str:
        return f"{self.type} #{self.pk}"


class EventObject(models.Model):
    """An object touched by an event, in a role."""

    event = models.ForeignKey(BusinessEvent, on_delete=models.PROTECT, related_name="+")
    object_type = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    qualifier = models.CharField(max_length=40)

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id", "-event"], name="event_object_touch")
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only_object", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id} as {self.qualifier}"


class NumberSeries(models.Model):
    """The gapless counter of one document kind of one seller in one year (of his zone)."""

    seller_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller_id", "kind", "year"], name="one_series")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year} at {self.last_number}"


class IdempotencyKey(models.Model):
    """One command that changes money, remembered with its answer."""

    scope = models.CharField(max_length=80)
    route = models.CharField(max_length=120)
    key = models.CharField(max_length=200)
    request_hash = models.BinaryField(max_length=32)
    response = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "route", "key"], name="one_effect_per_key")
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"


class StoredFile(models.Model):
    """A file kept byte for byte with its hash; never changed."""

    sha256 = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    content = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="append_only_file", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return self.name


class LongTask(models.Model):
    """Progress of long work (an import, a bill run, an export) that can be left and found again."""

    kind = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default="waiting")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    summary = models.JSONField(default=dict)
    source_file = models.ForeignKey(
        StoredFile, null=True, on_delete=models.PROTECT, related_name="+"
    )
    refused_file = models.ForeignKey(
        StoredFile, null=True, on_delete=models.PROTECT, related_name="+"
    )
    started_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="long_task_state",
                condition=Q(state__in=["waiting", "running", "done", "failed", "stopped"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.label}"


class InstallationState(models.Model):
    """One row: what this installation is, and whether it may touch the outside world."""

    singleton = models.BooleanField(primary_key=True, default=True)
    installation_id = models.UUIDField()
    quarantined_at = models.DateTimeField(null=True)
    quarantine_reason = models.CharField(max_length=200, default="")
    demo_loaded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="one_row", condition=Q(singleton=True))]

    def __str__(self) -> str:
        return str(self.installation_id)
