"""What products cost us in the currency of a price, and lines that know it where a rule asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from handsel.bid.catalog.queries import costs_on
from handsel.bid.catalog.rules.costs import UnitCost
from handsel.bid.price.queries.agreed import rates_on
from handsel.bid.price.rules.context import PriceContext, RequestLine
from handsel.bid.price.rules.document import PricedDocument
from handsel.bid.price.rules.engine import price
from handsel.bid.price.rules.terms import ExchangeRate
from handsel.ground.kernel.rate import Rate


def unit_costs(product_ids: Collection[int], *, currency: str, on: date) -> dict[int, UnitCost]:
    """What a unit of products costs us on a day, in a currency: one query, two where the cost is
    kept in another currency. Left out is what nobody knows, and what has no exchange rate."""
    kept = costs_on(product_ids, currency=currency, on=on)
    if all(one.per_unit is None or one.per_unit.currency == currency for one in kept.values()):
        return kept
    rates = rates_on(currency, on)
    converted = {key: _converted(one, currency, rates) for key, one in kept.items()}
    return {key: one for key, one in converted.items() if one is not None}


def _converted(cost: UnitCost, currency: str, rates: Mapping[str, ExchangeRate]) -> UnitCost | None:
    if cost.per_unit is None or cost.per_unit.currency == currency:
        return cost
    rate = rates.get(cost.per_unit.currency)
    return None if rate is None else UnitCost(Rate(cost.per_unit.value * rate.value, currency))


def price_with_costs(context: PriceContext, lines: Sequence[RequestLine]) -> PricedDocument:
    """Price lines; what they cost us is read where a rule of the context asks for it."""
    return price(context, costed(context, lines))


def costed(context: PriceContext, lines: Sequence[RequestLine]) -> list[RequestLine]:
    """The lines with what their products cost us, where a rule of the context asks for it.

    Most books have no such rule: then nothing is read, and the lines stay as they are. A line
    that brings a cost of its own is believed where the house knows none.
    """
    terms = context.terms
    if not terms.cost_plus and all(one.margin_bps is None for one in terms.limits):
        return list(lines)
    keys = {line.product_id for line in lines if isinstance(line.product_id, int)}
    costs = unit_costs(keys, currency=context.currency, on=context.priced_on)
    return [_costed(line, costs) for line in lines]


def _costed(line: RequestLine, costs: Mapping[int, UnitCost]) -> RequestLine:
    cost = costs.get(line.product_id) if isinstance(line.product_id, int) else None
    if cost is None:
        return line
    if cost.per_unit is None:
        facts = replace(line.facts, cost=None, cost_share_bps=cost.list_share_bps)
    else:
        facts = replace(line.facts, cost=cost.per_unit.value)
    return replace(line, facts=facts)
