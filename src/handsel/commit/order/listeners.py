"""What the order room hears: an accepted quote becomes an order."""

from __future__ import annotations

from datetime import datetime

from handsel.bid.quote.events import QuoteAccepted
from handsel.commit.order import actions
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.dispatch import listener


@listener(QuoteAccepted)
def place_accepted(event: QuoteAccepted, *, actor: Actor, now: datetime) -> None:
    """Place the order in the transaction of the acceptance: both happen or neither."""
    actions.place_order(actor=actor, now=now, version_id=event.version_id)
