"""Tells the configurator where its products are quoted."""

from __future__ import annotations

from collections.abc import Sequence

from handsel.bid.configure.ports import QuotedPlace
from handsel.bid.quote.queries.configured import quoted_in
from handsel.ground.platform.actor import Actor
from handsel.site.addresses import address_of


class QuotesOfProducts:
    """Fills the configurator's port `QuotedProducts`."""

    def places(self, *, actor: Actor, fingerprint: str) -> Sequence[QuotedPlace]:
        """Nothing for whoever may not see quotes."""
        if not actor.may("quote.view"):
            return ()
        return [
            QuotedPlace(one.number, one.title, address_of("quote", one.quote_id))
            for one in quoted_in(actor, [fingerprint])
        ]
