"""Why a price is what it is: the rule that won, and every rule that did not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from handsel.bid.price.rules.context import PriceContext, RequestLine, TierRule
from handsel.bid.price.rules.tiers import TierTable

Verdict = Literal["applied", "quantity_not_reached", "higher_step_applies", "less_specific"]
Scope = Literal["product", "group", "all"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rule that was looked at, what it is about, and what came of it."""

    rule: TierRule
    scope: Scope
    verdict: Verdict


def candidates(context: PriceContext, line: RequestLine) -> list[Candidate]:
    """Every rule of the book that speaks about the line's product, most specific first."""
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
        holding = (table for table in tables if table.holds_on(context.priced_on))
        for rule in (step for table in holding for step in table.steps):
            if rule is winner:
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
