"""Why a price is what it is: the rule that won, and every rule that did not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from handsel.bid.price.rules.context import PriceContext, RequestLine, TierRule
from handsel.bid.price.rules.lines import ExtendedLine
from handsel.bid.price.rules.losers import losers_of
from handsel.bid.price.rules.plan import Loser
from handsel.bid.price.rules.sources import named
from handsel.bid.price.rules.tiers import TierKind, TierTable
from handsel.bid.price.rules.waterfall import Stage

Verdict = Literal["applied", "quantity_not_reached", "higher_step_applies", "less_specific"]
Scope = Literal["product", "group", "all"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rule that was looked at, what it is about, and what came of it."""

    rule: TierRule
    scope: Scope
    verdict: Verdict


def candidates(context: PriceContext, line: RequestLine) -> list[Candidate]:
    """Every discount of the book that speaks about the line's product, most specific first."""
    rules = context.rules
    levels: tuple[tuple[Scope, tuple[TierTable, ...]], ...] = (
        ("product", rules.by_product.get(line.product_id, ())),
        ("group", rules.by_group.get(line.product_group, ()) if line.product_group else ()),
        ("all", rules.for_all),
    )
    winner = rules.winner(line.product_id, line.product_group, line.quantity, context.priced_on)
    won_scope: Scope | None = None
    seen: list[Candidate] = []
    for scope, tables in levels:
        holding = (one for one in tables if not one.gives_price and one.holds_on(context.priced_on))
        for table, rule in ((one, step) for one in holding for step in one.steps):
            # Of slabs every one that is reached has its part, not the last one alone.
            has_parts = table.kind is TierKind.SLAB and any(one is winner for one in table.steps)
            if rule is winner or (has_parts and rule.min_quantity <= abs(line.quantity)):
                won_scope = scope
                verdict: Verdict = "applied"
            elif rule.min_quantity > abs(line.quantity):
                verdict = "quantity_not_reached"
            elif won_scope == scope:
                verdict = "higher_step_applies"
            else:
                verdict = "less_specific"
            seen.append(Candidate(rule, scope, verdict))
    return seen


def other_losers(line: ExtendedLine) -> list[Loser]:
    """What lost beside the discounts that hold on the day, whose steps `candidates` tells."""
    work = line.trace
    if work is None:
        return []
    told = {named(table) for table in work.recipe.discount_tables}
    return [
        one
        for one in losers_of(work)
        if one.stage is not Stage.TIER or (one.rule, one.version, one.label) not in told
    ]
