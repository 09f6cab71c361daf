"""Tells the configurator what stands beside a product in a quote."""

from __future__ import annotations

from datetime import datetime

from handsel.bid.configure.ports import QuoteAround
from handsel.bid.quote.errors import QuoteNotFound
from handsel.bid.quote.queries import get_quote, live_version
from handsel.bid.quote.queries.fitting import spoken_for, spoken_lines
from handsel.ground.platform.actor import Actor
from handsel.site.addresses import address_of


class LinesOfQuotes:
    """Fills the configurator's port `QuotesAround`."""

    def around(self, *, actor: Actor, quote_id: int, now: datetime) -> QuoteAround | None:
        """Nothing for whoever may not see quotes."""
        if not actor.may("quote.view"):
            return None
        try:
            quote = get_quote(actor, quote_id)
        except QuoteNotFound:
            return None
        version, spoken = live_version(quote.pk), spoken_for(quote, now=now)
        if version is None or version.state != "draft" or spoken is None:
            return None
        lines = spoken_lines(version.pk, spoken)
        return QuoteAround(quote.number, address_of("quote", quote.pk), spoken, lines)
