"""The mail outbox."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Mail(models.Model):
    """One mail, composed in the transaction of the act that causes it, sent after commit.

    `sent` means that the mail server took it, and nothing more.
    """

    seller_id = models.BigIntegerField(null=True)
    message_id = models.CharField(max_length=200, unique=True)
    from_address = models.CharField(max_length=250)
    reply_to = models.CharField(max_length=250, default="")
    to = models.JSONField()
    cc = models.JSONField(default=list)
    subject = models.CharField(max_length=300)
    body_text = models.TextField()
    body_html = models.TextField(default="")
    attachments = models.JSONField(default=list)
    about = models.JSONField(default=list)
    template = models.CharField(max_length=60, default="")
    by_user_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, default="queued")
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, default="")
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mail_state", condition=Q(state__in=["queued", "sending", "sent", "failed"])
            )
        ]
        indexes = [models.Index(fields=["state", "queued_at"], name="mail_state_queued")]

    def __str__(self) -> str:
        return self.subject
