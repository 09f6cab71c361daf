"""What a publisher should know before a price book holds: found in the rules alone.

Tiers with gaps, overlaps or revenue inversions (more costs less than fewer), percentages and
elements that need each other, formulas with unknown names, rules that can never win.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final

from handsel.bid.price.errors import RuleCycle
from handsel.bid.price.rules.context import PriceContext
from handsel.bid.price.rules.exactness import ONE, WORK
from handsel.bid.price.rules.surcharges import in_order, topological
from handsel.bid.price.rules.terms import (
    EVERYTHING,
    About,
    Combination,
    Element,
    Named,
    PercentOf,
    Promotion,
    Terms,
)
from handsel.bid.price.rules.tiers import (
    Measured,
    ProductKey,
    TierKind,
    TierRule,
    TierTable,
    price_of,
)
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import said

TWO_BEGIN: Final = "%(name)s: two steps begin at %(at)s."
APART: Final = "%(name)s: one step ends at %(end)s, the next begins at %(begin)s."
NOTHING_ON: Final = "%(name)s: nothing from %(end)s on."
INVERTED: Final = (
    "%(name)s: more costs less in all: %(fewer)s cost %(before)s, %(more)s cost %(after)s."
)
INVERTED_BELOW: Final = (
    "%(name)s: more costs less in all: just below %(more)s cost %(before)s, %(more)s "
    "cost %(after)s."
)
INVERTED_OF_ONE: Final = (
    "%(name)s: more costs less in all; at a list price of 1, %(fewer)s: %(before)s, "
    "%(more)s: %(after)s."
)
INVERTED_BELOW_OF_ONE: Final = (
    "%(name)s: more costs less in all; at a list price of 1, just below %(more)s: "
    "%(before)s, at %(more)s: %(after)s."
)
NEVER_REACHED: Final = "%(name)s never applies: %(other)s speaks of the same and is always reached."
NEVER_WINS: Final = "%(name)s never applies: %(other)s goes before it on all of its days."
NOT_RECKONED: Final = "%(name)s cannot be reckoned: %(what)s"
ZERO: Final = "%(names)s: the price is zero."
ZERO_OF_MANY: Final = "%(names)s and %(count)s more: the price is zero."
_MOST_NAMED: Final = 5
CYCLE: Final = "%(names)s: each needs the other first; take one of them out."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know. A cycle, an overlap and a formula that comes to nothing forbid publishing;
    the others warn.

    `template` is the sentence in English with places for `facts`, so that it can be told in other
    languages.
    """

    kind: str
    rule: str
    template: str
    facts: Mapping[str, str]

    @property
    def message(self) -> str:
        """The sentence in English, to be worded for who reads it."""
        return said(self.template, **self.facts)

    @property
    def forbids(self) -> bool:
        """Whether a book with it cannot be published."""
        return self.kind in ("cycle", "overlap", "formula")

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
        found += _not_reckoned(terms)
        for same in _of_one_name(terms.elements):
            found += _never_wins(same)
        found += _never_wins(terms.contracted, "depth")
        found += _never_wins(terms.partners)
        found += _never_wins(terms.distributors)
        found += _never_wins(terms.bundle_prices)
        found += _never_wins(terms.cost_plus)
        found += _never_wins(terms.percent_of)
        found += _never_wins(terms.term_discounts)
        found += _never_wins(terms.endings, "from_price")
        found += _never_chosen(terms)
        return found


def table_findings(table: TierTable) -> list[Finding]:
    """Gaps, overlaps and inversions of one table."""
    name = name_of(table)
    ascending = list(reversed(table.steps))
    found: list[Finding] = []
    for low, high in itertools.pairwise(ascending):
        if low.min_quantity == high.min_quantity:
            facts = {"name": name, "at": _shown(low.min_quantity)}
            found.append(Finding("overlap", table.rule, TWO_BEGIN, facts))
        elif low.until is not None and low.until != high.min_quantity:
            kind = "gap" if low.until < high.min_quantity else "overlap"
            end, begin = _shown(low.until), _shown(high.min_quantity)
            facts = {"name": name, "end": end, "begin": begin}
            found.append(Finding(kind, table.rule, APART, facts))
    if ascending and ascending[-1].until is not None:
        facts = {"name": name, "end": _shown(ascending[-1].until)}
        found.append(Finding("gap", table.rule, NOTHING_ON, facts))
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
            # A percentage is told by what it makes of a list price of one.
            if last == next_one:
                template = INVERTED_BELOW if table.gives_price else INVERTED_BELOW_OF_ONE
            else:
                template = INVERTED if table.gives_price else INVERTED_OF_ONE
            facts = {
                "name": name_of(table),
                "fewer": _shown(last),
                "before": _shown(before),
                "more": _shown(next_one),
                "after": _shown(after),
            }
            yield Finding("revenue inversion", table.rule, template, facts)


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
        if first is not None and _covers(first, table):
            facts = {"name": name_of(table), "other": name_of(first)}
            yield Finding("never wins", table.rule, NEVER_REACHED, facts)
        elif first is None and (
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
        yield _cycle("", cycle)


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
            yield _cycle(group[0].rule, cycle)


def _not_reckoned(terms: Terms) -> Iterator[Finding]:
    """Formulas of what the book itself knows, numbers and market values, that come to no price:
    no line could ever be priced by them. What a line brings is not known before."""
    known = {**terms.market, **terms.tables}
    for element in terms.elements:
        if not all(name in known for name in element.formula.names):
            continue
        try:
            element.formula.amount(known)
        except Invalid as fault:
            facts = {"name": element.label or element.key, "what": fault.message}
            yield Finding("formula", element.rule, NOT_RECKONED, facts)


def priced_at_zero(
    entries: Sequence[tuple[ProductKey, str, str]], context: PriceContext
) -> list[Finding]:
    """Products (key, group, number) listed at nothing that no other rule gives a price."""
    terms, rules = context.terms, context.rules
    listed = (*terms.elements, *terms.matrices, *terms.cost_plus, *terms.percent_of)
    about = {one.about for one in listed}
    tables = {key: rules.by_product.get(key, ()) for key, _group, _number in entries}
    names = [
        number
        for key, group, number in entries
        if not about & {About(key), About(None, group), EVERYTHING}
        and not any(
            table.gives_price
            for table in (*tables[key], *rules.by_group.get(group, ()), *rules.for_all)
        )
    ]
    if not names:
        return []
    facts = {"names": ", ".join(names[:_MOST_NAMED]), "count": str(len(names) - _MOST_NAMED)}
    template = ZERO if len(names) <= _MOST_NAMED else ZERO_OF_MANY
    return [Finding("zero price", "", template, facts)]


def _of_one_name(elements: Iterable[Element]) -> Iterable[list[Element]]:
    """Surcharges by their names: of two of one name that are about the same, the first counts."""
    by_key: dict[str, list[Element]] = {}
    for element in elements:
        if not element.is_factor:
            by_key.setdefault(element.key, []).append(element)
    return by_key.values()


def _cycle(rule: str, cycle: RuleCycle) -> Finding:
    named = [str(one) for one in cycle.names]
    return Finding("cycle", rule, CYCLE, {"names": " → ".join([*named, named[0]])})


def _never_wins(rules: Iterable[Named], *also: str) -> Iterator[Finding]:
    """A rule behind another that is about the same and holds on all of its days."""
    before: list[Named] = []
    for rule in rules:
        over = next((one for one in before if _goes_before(one, rule, also)), None)
        if over is not None:
            facts = {"name": rule.label or rule.rule, "other": over.label or over.rule}
            yield Finding("never wins", rule.rule, NEVER_WINS, facts)
        before.append(rule)


def _goes_before(one: Named, rule: Named, also: Iterable[str]) -> bool:
    same = one.about == rule.about and _kind(one) == _kind(rule)
    ahead = all(getattr(one, name) <= getattr(rule, name) for name in also)
    return same and ahead and _covers(one, rule)


_APART: Final = ("tier", "bundle", "billing", "min_months")


def _kind(rule: Named) -> tuple[object, ...]:
    """What two rules must have in common to stand in each other's way."""
    apart = (getattr(rule, name, None) for name in _APART)
    return type(rule), getattr(rule, "unit_price", None) is None, *apart


def _never_chosen(terms: Terms) -> Iterator[Finding]:
    """Where one promotion alone applies: those that another is chosen over wherever they hold."""
    if terms.combination not in (Combination.BEST, Combination.WORST):
        return
    sign = 1 if terms.combination is Combination.BEST else -1
    plain = [one for one in terms.promotions if one.per_unit is None]
    for rule in plain:
        over = next(
            (
                one
                for one in plain
                if (one.discount_bps - rule.discount_bps) * sign > 0 and _applies_too(one, rule)
            ),
            None,
        )
        if over is not None:
            facts = {"name": rule.label or rule.rule, "other": over.label or over.rule}
            yield Finding("never wins", rule.rule, NEVER_WINS, facts)


def _applies_too(one: Promotion, rule: Promotion) -> bool:
    """Whether a promotion applies wherever another does."""
    return (
        one.about in (rule.about, EVERYTHING)
        and one.min_quantity <= rule.min_quantity
        and one.code in ("", rule.code)
        and one.bundle in (None, rule.bundle)
        and _covers(one, rule)
    )


def _covers(one: Named | TierTable, rule: Named | TierTable) -> bool:
    begins = one.valid_from is None or (
        rule.valid_from is not None and one.valid_from <= rule.valid_from
    )
    ends = one.valid_until is None or (
        rule.valid_until is not None and rule.valid_until <= one.valid_until
    )
    return begins and ends
