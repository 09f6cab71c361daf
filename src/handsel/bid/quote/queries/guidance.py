"""Quotes that were won or lost, for the guidance of one that is being written: one query."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from handsel.bid.quote.errors import QuoteNotFound
from handsel.bid.quote.rules.guidance import Deal, Guidance, Outcome, guide
from handsel.ground.platform.actor import Actor

LOOKS_BACK: Final = timedelta(days=730)
MOST_DEALS: Final = 500
_OUTCOMES: Final[dict[str, Outcome]] = {"accepted": "won", "declined": "lost", "expired": "lost"}

# This quote, and the newest decided ones of its seller and currency with the value of each
# product group in their last version, all without fees. Withdrawn quotes were neither won nor lost.
_DEALS: Final = """
    WITH this AS (
        SELECT id, seller_id, currency FROM quote_quote WHERE id = %s AND seller_id = ANY(%s)
    ), wanted AS (
        (SELECT q.id FROM quote_quote q JOIN this USING (seller_id, currency)
         WHERE q.state IN ('accepted', 'declined', 'expired') AND q.created_at >= %s
         ORDER BY q.created_at DESC LIMIT %s)
        UNION SELECT id FROM this
    )
    SELECT q.id, q.number, o.name, o.id, o.segment, q.currency,
           v.list_minor - f.list_minor, v.net_minor - f.net_minor,
           q.state,
           COALESCE((
               SELECT jsonb_object_agg(g.name, g.net) FROM (
                   SELECT p.group AS name, sum(l.net_minor) AS net
                   FROM quote_quoteline l JOIN catalog_product p ON p.id = l.product_id
                   WHERE l.version_id = v.id AND (l.is_chosen OR NOT l.is_optional)
                     AND NOT jsonb_exists(l.asked, 'fee')
                   GROUP BY p.group
               ) g
           ), '{}')::text
    FROM wanted w
    JOIN quote_quote q ON q.id = w.id
    JOIN party_organization o ON o.id = q.organization_id
    JOIN LATERAL (
        SELECT id, list_minor, net_minor FROM quote_quoteversion
        WHERE quote_id = q.id ORDER BY version_no DESC LIMIT 1
    ) v ON true
    CROSS JOIN LATERAL (
        SELECT COALESCE(sum(list_minor), 0)::bigint AS list_minor,
               COALESCE(sum(net_minor), 0)::bigint AS net_minor FROM quote_quoteline
        WHERE version_id = v.id AND jsonb_exists(asked, 'fee')
    ) f
"""


def guidance_for(actor: Actor, quote_id: int, *, now: datetime) -> Guidance:
    """What quotes like this one say, of the last two years. Raises QuoteNotFound."""
    with connection.cursor() as cursor:
        cursor.execute(_DEALS, [quote_id, sorted(actor.seller_ids), now - LOOKS_BACK, MOST_DEALS])
        deals = {row[0]: _deal(row) for row in cursor.fetchall()}
    deal = deals.pop(quote_id, None)
    if deal is None:
        raise QuoteNotFound("this quote does not exist", quote_id=quote_id)
    return guide(deal, list(deals.values()))


def _deal(row: tuple[Any, ...]) -> Deal:
    *facts, state, groups = row
    named = ("quote_id", "number", "customer", "organization_id", "segment", "currency")
    given = dict(zip((*named, "list_minor", "net_minor"), facts, strict=True))
    return Deal(**given, groups=json.loads(groups), outcome=_OUTCOMES.get(state))
