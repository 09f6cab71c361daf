"""What a customer owes, for the order desk's look at his credit."""

from __future__ import annotations

from handsel.earn.cash import queries
from handsel.ground.kernel.money import Money
from handsel.ground.platform.actor import Actor


class OpenReceivables:
    """Fills the order room's `Receivables`."""

    def open_amount(self, *, actor: Actor, organization_id: int, currency: str) -> Money:
        """What is open on issued invoices of the actor's sellers, credit subtracted."""
        return queries.open_amount(organization_id, currency, actor.seller_ids)
