"""Who has a draft on screen now."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from handsel.bid.quote.models.quotes import Quote


class QuotePresence(models.Model):
    """Somebody in a quote, and the line he is at. A row lives as long as he is there: it is never
    part of the log, written to no journal of the database, and deleted a minute later at most when
    the next one comes."""

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    line_key = models.UUIDField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quote", "user"], name="one_presence_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.quote_id}"
