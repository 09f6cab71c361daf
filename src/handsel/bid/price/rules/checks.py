"""What a publisher should know before a price book holds: found in the rules alone.

Tiers with gaps, overlaps or revenue inversions (more costs less than fewer), percentages and
elements that need each other, formulas with unknown names, rules that can never win.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext

from handsel.bid.price.errors import RuleCycle
from handsel.bid.price.rules.context import PriceContext
from handsel.bid.price.rules.exactness import ONE, WORK
from handsel.bid.price.rules.surcharges import in_order, topological
from handsel.bid.price.rules.terms import Element, Named, PercentOf
from handsel.bid.price.rules.tiers import Measured, TierKind, TierRule, TierTable, price_of


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know. A `cycle` forbids publishing; the others warn."""

    kind: str
    rule: str
    message: str

    @property
    def forbids(self) -> bool:
        """Whether a book with it cannot be published."""
        return self.kind in ("cycle", "overlap")

    def as_json(self) -> dict[str, str]:
        """The finding as JSON values."""
        return {"kind": self.kind, "rule": self.rule, "message": self.message}


def findings(context: PriceContext) -> list[Finding]:
    """Everything found in a context's rules, in the order in which it is looked for."""
    with localcontext(WORK):
        rules, terms = context.rules, context.terms
        levels = [*rules.by_product.values(), *rules.by_group.values(), rules.for_all]
        found = [one for tables in levels for table in tables for one in table_findings(table)]
        for tables in levels:
            found += _never_reached(tables)
        found += _percent_cycles(terms.percent_of)
        found += _element_cycles(terms.elements)
        found += _never_wins(terms.contracted, "depth")
        found += _never_wins(terms.partners)
        found += _never_wins(terms.distributors)
        return found


def table_findings(table: TierTable) -> list[Finding]:
    """Gaps, overlaps and inversions of one table."""
    name = name_of(table)
    ascending = list(reversed(table.steps))
    found: list[Finding] = []
    for low, high in itertools.pairwise(ascending):
        if low.min_quantity == high.min_quantity:
            message = f"{name}: two steps begin at {low.min_quantity:f}."
            found.append(Finding("overlap", table.rule, message))
        elif low.until is not None and low.until != high.min_quantity:
            kind = "gap" if low.until < high.min_quantity else "overlap"
            message = (
                f"{name}: one step ends at {low.until:f}, the next begins at {high.min_quantity:f}."
            )
            found.append(Finding(kind, table.rule, message))
    if ascending and ascending[-1].until is not None:
        message = f"{name}: nothing from {ascending[-1].until:f} on."
        found.append(Finding("gap", table.rule, message))
    return found + list(inversions(table))


def inversions(table: TierTable) -> Iterator[Finding]:
    """Where one more costs less in all than what comes before it.

    A slab never is one while its prices are not negative. All-units discounts are compared by
    what the quantity costs at a list price of one.
    """
    if table.kind in (TierKind.SLAB, TierKind.FLAT):
        return
    for low, high in itertools.pairwise(reversed(table.steps)):
        step = ONE if table.first or table.closed_above else Decimal(0)
        last = high.min_quantity - (0 if table.closed_above else step)
        next_one = high.min_quantity + (step if table.closed_above else 0)
        before, after = _cost(table, low, last), _cost(table, high, next_one)
        if before is not None and after is not None and after < before:
            below = "just below " if last == next_one else ""
            # A percentage is told by what it makes of a list price of one.
            of_one = "" if table.gives_price else " at a list price of 1"
            yield Finding(
                "revenue inversion",
                table.rule,
                f"{name_of(table)}: {below}{_shown(last)} cost {_shown(before)}, "
                f"{_shown(next_one)} cost {_shown(after)}{of_one}.",
            )


def name_of(table: TierTable) -> str:
    """What a table is called: by its words, its rule, or the words of its first step."""
    labels = (step.label for step in reversed(table.steps) if step.label)
    return table.label or table.rule or next(labels, "Discounts")


def _cost(table: TierTable, step: TierRule, quantity: Decimal) -> Decimal | None:
    if not table.gives_price:
        return quantity * (10_000 - step.discount_bps) / 10_000
    alone = TierTable((step,), kind=table.kind, first=table.first, closed_above=table.closed_above)
    return price_of(alone, Measured(Decimal(0), quantity, quantity))


def _shown(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _never_reached(tables: Iterable[TierTable]) -> Iterator[Finding]:
    """A table after one that is always reached at the same level never applies."""
    certain: dict[bool, TierTable] = {}
    for table in tables:
        first = certain.get(table.gives_price)
        if first is not None:
            yield Finding(
                "never wins",
                table.rule,
                f"{table.label or table.rule} never applies: {first.label or first.rule} speaks "
                "of the same and is always reached.",
            )
        elif (
            table.steps
            and table.steps[-1].min_quantity <= table.first
            and all(step.until is None or step is not table.steps[0] for step in table.steps)
        ):
            certain[table.gives_price] = table


def _percent_cycles(rules: Iterable[PercentOf]) -> Iterator[Finding]:
    listed = list(rules)
    by_key = {str(place): rule for place, rule in enumerate(listed)}
    needs = {
        key: [other for other, one in by_key.items() if other != key and _of(rule, one)]
        for key, rule in by_key.items()
    }
    titles = {key: _title(rule) for key, rule in by_key.items()}
    try:
        topological(needs, titles)
    except RuleCycle as cycle:
        yield Finding("cycle", "", cycle.message)


def _of(rule: PercentOf, other: PercentOf) -> bool:
    if not rule.products and not rule.groups:
        return False
    about = other.about
    return rule.takes(about.product_id if about.product_id is not None else "", about.group)


def _title(rule: PercentOf) -> str:
    about = rule.about
    name = str(about.product_id) if about.product_id is not None else about.group
    return rule.label or name or rule.rule


def _element_cycles(elements: Iterable[Element]) -> Iterator[Finding]:
    by_about: dict[object, list[Element]] = {}
    for element in elements:
        by_about.setdefault(element.about, []).append(element)
    for group in by_about.values():
        try:
            in_order(group)
        except RuleCycle as cycle:
            yield Finding("cycle", group[0].rule, cycle.message)


def _never_wins(rules: Iterable[Named], *also: str) -> Iterator[Finding]:
    """A rule behind another that is about the same and holds on all of its days."""
    before: list[Named] = []
    for rule in rules:
        over = next((one for one in before if _goes_before(one, rule, also)), None)
        if over is not None:
            yield Finding(
                "never wins",
                rule.rule,
                f"{rule.label or rule.rule} never applies: {over.label or over.rule} goes "
                "before it on all of its days.",
            )
        before.append(rule)


def _goes_before(one: Named, rule: Named, also: Iterable[str]) -> bool:
    same = one.about == rule.about and _kind(one) == _kind(rule)
    ahead = all(getattr(one, name) <= getattr(rule, name) for name in also)
    return same and ahead and _covers(one, rule)


def _kind(rule: Named) -> tuple[type, bool]:
    return type(rule), getattr(rule, "unit_price", None) is None


def _covers(one: Named, rule: Named) -> bool:
    begins = one.valid_from is None or (
        rule.valid_from is not None and one.valid_from <= rule.valid_from
    )
    ends = one.valid_until is None or (
        rule.valid_until is not None and rule.valid_until <= one.valid_until
    )
    return begins and ends
