"""What was bought before, for price tables that count it; nothing is asked where none does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from handsel.bid.price.rules.context import PriceContext, TierRules, TierTable
from handsel.bid.price.rules.tiers import ProductKey, TierScope
from handsel.bid.quote import ports
from handsel.bid.quote.queries import DealFacts


def with_bought_before(context: PriceContext, facts: DealFacts) -> PriceContext:
    """The context with the counts of cumulative tables over all orders, as of the price's day."""
    sold = {
        (TierScope.ORDERS, table.rule): ports.bought().before(
            organization_id=facts.organization_id,
            seller_id=facts.seller_id,
            on=context.priced_on,
            product_id=product_id if isinstance(product_id, int) else None,
            product_group=group,
            of_amounts=table.basis == "amount",
            currency=context.currency,
        )
        for product_id, group, table in _tables(context.rules)
        if table.is_cumulative and table.scope is TierScope.ORDERS
    }
    if not sold:
        return context
    return replace(context, terms=replace(context.terms, sold={**context.terms.sold, **sold}))


def _tables(rules: TierRules) -> Iterator[tuple[ProductKey | None, str, TierTable]]:
    for product_id, tables in rules.by_product.items():
        for table in tables:
            yield product_id, "", table
    for group, tables in rules.by_group.items():
        for table in tables:
            yield None, group, table
    for table in rules.for_all:
        yield None, "", table
