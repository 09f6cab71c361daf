"""What was bought before, for price tables that count it; nothing is asked where none does.

Orders: all a customer ever ordered. Contract: what he and those his agreement holds for have
ordered since it began; without an agreement that is about the table's products, nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from django.db import connection

from handsel.bid.price import ports
from handsel.bid.price.rules.context import PriceContext, TierRules, TierTable
from handsel.bid.price.rules.tiers import ProductKey, TierScope

_HIGHEST: Final = 20
_COUNTED: Final = ("quantity", "amount")
# Of the organizations above (nearest first) one with an agreement of the day about what the table
# is about: since when it holds. A table or agreement without product and group is about everything.
_AGREEMENT: Final = """
    WITH RECURSIVE above (id, parent_id, depth) AS (
        SELECT id, parent_id, 0 FROM party_organization WHERE id = %(organization)s
        UNION ALL
        SELECT o.id, o.parent_id, above.depth + 1
        FROM party_organization o JOIN above ON o.id = above.parent_id
        WHERE above.depth < %(highest)s
    ), wanted AS (
        SELECT %(product)s::bigint AS product_id, COALESCE(
            (SELECT p.group FROM catalog_product p WHERE p.id = %(product)s), %(group)s
        ) AS named
    )
    SELECT above.id, min(c.valid_from)
    FROM price_contractedprice c
    JOIN above ON above.id = c.organization_id
    CROSS JOIN wanted
    LEFT JOIN catalog_product own ON own.id = c.product_id
    WHERE c.currency = %(currency)s AND c.valid_from <= %(on)s
      AND (c.valid_until IS NULL OR c.valid_until > %(on)s)
      AND CASE
          WHEN wanted.product_id IS NULL AND wanted.named = '' THEN true
          WHEN c.product_id IS NULL AND c.product_group = '' THEN true
          WHEN c.product_id IS NULL THEN c.product_group = wanted.named
          WHEN wanted.product_id IS NOT NULL THEN c.product_id = wanted.product_id
          ELSE own.group = wanted.named
      END
    GROUP BY above.id, above.depth
    ORDER BY above.depth
    LIMIT 1
"""
_BELOW: Final = """
    WITH RECURSIVE below (id, depth) AS (
        SELECT %s::bigint, 0
        UNION ALL
        SELECT o.id, below.depth + 1
        FROM party_organization o JOIN below ON o.parent_id = below.id
        WHERE below.depth < %s
    )
    SELECT DISTINCT id FROM below
"""


@dataclass(frozen=True, slots=True)
class _Counted:
    """Whose orders count, and from which day on (None from the first)."""

    organization_ids: Collection[int]
    since: date | None = None


def with_bought_before(
    context: PriceContext, *, organization_id: int, seller_ids: Collection[int]
) -> PriceContext:
    """The context with the counts of cumulative tables over orders and contracts, as of the day
    of the price. A table that counts an attribute counts none of what was bought: orders keep no
    attributes."""
    sold: dict[tuple[TierScope, str], Decimal] = {}
    for product_id, group, table in _tables(context.rules):
        if not table.is_cumulative or table.basis not in _COUNTED:
            continue
        key = product_id if isinstance(product_id, int) else None
        counted: _Counted | None = None
        if table.scope is TierScope.ORDERS:
            counted = _Counted([organization_id])
        elif table.scope is TierScope.CONTRACT:
            counted = _under_agreement(context, organization_id, key, group)
        if counted is not None:
            sold[table.scope, table.rule] = ports.bought().before(
                organization_ids=counted.organization_ids,
                seller_ids=seller_ids,
                since=counted.since,
                until=context.priced_on,
                product_id=key,
                product_group=group,
                of_amounts=table.basis == "amount",
                currency=context.currency,
            )
    if not sold:
        return context
    return replace(context, terms=replace(context.terms, sold={**context.terms.sold, **sold}))


def _under_agreement(
    context: PriceContext, organization_id: int, product_id: int | None, group: str
) -> _Counted | None:
    with connection.cursor() as cursor:
        cursor.execute(
            _AGREEMENT,
            {
                "organization": organization_id,
                "highest": _HIGHEST,
                "product": product_id,
                "group": group,
                "currency": context.currency,
                "on": context.priced_on,
            },
        )
        found = cursor.fetchone()
        if found is None:
            return None
        agreed_with, since = found
        cursor.execute(_BELOW, [agreed_with, _HIGHEST])
        return _Counted([row[0] for row in cursor.fetchall()], since)


def _tables(rules: TierRules) -> Iterator[tuple[ProductKey | None, str, TierTable]]:
    for product_id, tables in rules.by_product.items():
        for table in tables:
            yield product_id, "", table
    for group, tables in rules.by_group.items():
        for table in tables:
            yield None, group, table
    for table in rules.for_all:
        yield None, "", table
