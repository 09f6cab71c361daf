"""Background work of this room: shells around actions."""

from __future__ import annotations

from handsel.bid.quote.actions import EXPIRE_JOB, expire_quote
from handsel.bid.quote.models import Quote
from handsel.ground.kernel.clock import SystemClock
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.jobs import job


@job(EXPIRE_JOB)
def expire(quote_id: int, version_no: int) -> None:
    """Runs when an offer's last day is over in the seller's zone."""
    seller_id = Quote.objects.values_list("seller_id", flat=True).filter(pk=quote_id).first()
    if seller_id is not None:
        expire_quote(
            actor=Actor.system("validity", seller_ids=[seller_id]),
            now=SystemClock().now(),
            quote_id=quote_id,
            version_no=version_no,
        )
