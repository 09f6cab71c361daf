"""Whether the lines of a draft fit together, by the laws its seller published between lines."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from handsel.bid.configure.queries.fitting import (
    NOTHING,
    Fitting,
    fitting,
    spoken_of,
)
from handsel.bid.configure.rules.fit.lines import OfferedLine, Spoken
from handsel.bid.quote.models import Quote, QuoteVersion
from handsel.ground.kernel.clock import local_date

# Only lines that laws may speak of are read, with the place they are shown at.
_LINES = """
    SELECT l.line_key, l.place, l.name, p.sku, l.quantity, COALESCE(l.group_key::text, ''),
           l.configuration_id, l.is_chosen OR NOT l.is_optional, l.alternative_set
    FROM (
        SELECT *, row_number() OVER (ORDER BY position) AS place
        FROM quote_quoteline WHERE version_id = %s
    ) l
    JOIN catalog_product p ON p.id = l.product_id
    WHERE l.configuration_id IS NOT NULL OR p.sku = ANY(%s)
    ORDER BY l.place
"""


def fitting_of(version: QuoteVersion, *, now: datetime) -> Fitting:
    """What does not fit in a version; one query where its seller has no laws.

    The version comes with its quote, and that with seller and customer.
    """
    spoken = spoken_for(version.quote, now=now)
    if spoken is None:
        return NOTHING
    return fitting(spoken, spoken_lines(version.pk, spoken))


def spoken_for(quote: Quote, *, now: datetime) -> Spoken | None:
    """What the laws of a quote's seller speak of today, for its customer's country."""
    today = local_date(now, quote.seller.time_zone)
    return spoken_of(quote.seller_id, on=today, country=quote.organization.country)


def spoken_lines(version_id: int, spoken: Spoken) -> list[OfferedLine]:
    """The lines of a version that laws may speak of, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [version_id, sorted(spoken.products)])
        return [OfferedLine(*row) for row in cursor.fetchall()]
