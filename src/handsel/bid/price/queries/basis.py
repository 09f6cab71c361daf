"""What prices of a book on a day stand on beside the book, as a hash: where it is the same, a line
that was priced before would be priced the same again."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection

from handsel.bid.price.models import PriceBook

_HIGHEST: Final = 20
# What was agreed with the organization and those above it; the rates of the day, the books prices
# may be converted from or that lend theirs to a segment's; what products cost us, where rules may
# ask. A published book itself never changes.
_BASIS: Final = """
    WITH RECURSIVE above (id, parent_id, depth) AS (
        SELECT id, parent_id, 0 FROM party_organization WHERE id = %s
        UNION ALL
        SELECT o.id, o.parent_id, above.depth + 1
        FROM party_organization o JOIN above ON o.id = above.parent_id
        WHERE above.depth < %s
    )
    SELECT
        (SELECT string_agg(c::text || above.depth, '|' ORDER BY c.id)
         FROM price_contractedprice c JOIN above ON above.id = c.organization_id
         WHERE c.currency = %s),
        (SELECT count(*) || ' ' || coalesce(max(id), 0) FROM price_exchangerate
         WHERE currency = %s AND dated_on <= %s),
        (SELECT string_agg(id || state, ' ' ORDER BY id) FROM price_pricebook
         WHERE (currency <> %s OR (segment = '' AND %s <> '')) AND state <> 'draft'),
        CASE WHEN EXISTS (SELECT FROM price_bookterm
                          WHERE book_id = %s AND kind IN ('cost_plus', 'limits'))
             THEN (SELECT sum(hashtext(c::text)) FROM catalog_productcost c) END
"""


@dataclass(frozen=True, slots=True)
class Basis:
    """A hash; and whether anything is agreed with the organization or one above it in the book's
    currency."""

    told: str
    has_agreed: bool


def basis_of_prices(
    book: PriceBook,
    *,
    on: date,
    organization_id: int,
    codes: Collection[str] = (),
    tier: str = "",
) -> Basis:
    """A hash of what lines of a deal are priced with beside themselves; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _BASIS,
            [
                organization_id,
                _HIGHEST,
                book.currency,
                book.currency,
                on,
                book.currency,
                book.segment,
                book.pk,
            ],
        )
        found = cursor.fetchone() or (None,)
    given = (book.pk, book.version, on, "|".join(sorted(codes)), tier)
    told = "\n".join(map(str, (*given, *found)))
    return Basis(hashlib.sha256(told.encode()).hexdigest(), found[0] is not None)
