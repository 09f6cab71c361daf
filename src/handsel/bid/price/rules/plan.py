"""A context made ready: what can apply to each product, found once, not once a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from handsel.bid.price.rules.context import NO_FACTS, Entry, LineFacts, PriceContext, RequestLine
from handsel.bid.price.rules.exactness import ONE, ZERO, Scale
from handsel.bid.price.rules.figures import as_decimal, is_number, numeric, told, unit_factor
from handsel.bid.price.rules.proration import Convention
from handsel.bid.price.rules.shelf import Shelf
from handsel.bid.price.rules.terms import NO_TERMS, Named
from handsel.bid.price.rules.tiers import (
    Measured,
    ProductKey,
    TierKind,
    TierScope,
    TierTable,
)
from handsel.bid.price.rules.waterfall import ORDER, Stage
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.money import exponent
from handsel.ground.kernel.said import said

A_YEAR: Final = 12
_BASE_KINDS: Final = frozenset({TierKind.PACKAGE, TierKind.BLOCK, TierKind.FLAT})


class Recipe:
    """Everything that may bear on one product, in order of precedence."""

    __slots__ = (
        "agreed",
        "bundle_prices",
        "contracted",
        "convention",
        "cost_plus",
        "counting",
        "discount_tables",
        "distributors",
        "elements",
        "endings",
        "entry",
        "foreign",
        "is_plain",
        "lent",
        "limits",
        "matrices",
        "partners",
        "percent_of",
        "price_months",
        "price_tables",
        "product_id",
        "promotions",
        "term_discounts",
    )

    def __init__(self, plan: Plan, product_id: ProductKey, group: str) -> None:
        context = plan.context
        self.product_id = product_id
        own = context.entries.get(product_id)
        lent = context.lent.get(product_id, ()) if context.lent else ()
        self.entry: Entry | None = own or (lent[0] if lent else None)
        self.lent = lent if own else lent[1:]
        tables = context.rules.tables_of(product_id, group, context.priced_on)
        self.price_tables = [table for table in tables if table.gives_price]
        self.discount_tables = [table for table in tables if not table.gives_price]
        self.counting = [table for table in tables if table.scope is not TierScope.LINE]
        terms = context.terms
        self.is_plain = terms is NO_TERMS and not self.price_tables
        of = plan.rules_of(product_id, group)
        agreed = sorted(of["contracted"], key=lambda one: one.depth)
        self.contracted = [one for one in agreed if one.unit_price is not None]
        self.agreed = [one for one in agreed if one.discount_bps is not None]
        self.bundle_prices = of["bundle_prices"]
        self.matrices = of["matrices"]
        self.cost_plus = of["cost_plus"]
        self.foreign = terms.foreign.get(product_id)
        self.elements = of["elements"]
        self.promotions = of["promotions"]
        self.term_discounts = of["term_discounts"]
        self.partners = of["partners"]
        self.distributors = of["distributors"]
        self.endings = of["endings"]
        self.limits = of["limits"]
        self.percent_of = of["percent_of"]
        self.convention: Convention = terms.conventions.get(product_id, Convention.DAY365)
        self.price_months = terms.price_months.get(product_id, A_YEAR)


_SHELVES: Final = (
    "contracted",
    "bundle_prices",
    "matrices",
    "cost_plus",
    "elements",
    "promotions",
    "term_discounts",
    "partners",
    "distributors",
    "endings",
    "limits",
    "percent_of",
)
_NO_RULES: Final[Mapping[str, tuple[Any, ...]]] = dict.fromkeys(_SHELVES, ())


class Step:
    """A change of a line's amount, exact. `shown` is what its row says, where that differs."""

    __slots__ = ("bps", "change", "label", "rule", "shown", "stage", "version")

    def __init__(
        self,
        stage: Stage,
        label: str,
        change: Decimal,
        rule: str = "",
        bps: int | None = None,
        version: int = 0,
        shown: Decimal | None = None,
    ) -> None:
        self.stage = stage
        self.label = label
        self.change = change
        self.rule = rule
        self.bps = bps
        self.version = version
        self.shown = change if shown is None else shown


class Loser:
    """A price or rule that was looked at and did not apply, and why."""

    __slots__ = ("label", "rule", "stage", "unit_price", "version", "why")

    def __init__(
        self,
        stage: Stage,
        rule: str,
        version: int,
        label: str,
        why: str,
        unit_price: Decimal | None = None,
    ) -> None:
        self.stage = stage
        self.rule = rule
        self.version = version
        self.label = label
        self.why = why
        self.unit_price = unit_price


class LineWork:
    """A line while it is reckoned: its exact amount so far and the steps that led there.

    `held` is the part of the amount that takes no discount. `source` is what gave the base price.
    `list_amount` stands from stage 3 on, because tiers may sum it over lines; `off_list` is the
    same for the term, which resellers' discounts may be taken of. `times` is how often a price is
    due over the term; None is once.
    """

    __slots__ = (
        "amount",
        "facts",
        "held",
        "is_net_price",
        "line",
        "list_amount",
        "losers",
        "notes",
        "off_list",
        "percent_of",
        "plan",
        "quantity",
        "recipe",
        "source",
        "steps",
        "times",
    )

    def __init__(self, plan: Plan, line: RequestLine, recipe: Recipe) -> None:
        self.plan = plan
        self.line = line
        self.recipe = recipe
        self.facts: LineFacts = line.facts
        own = line.facts.percent_of
        self.percent_of = own or (recipe.percent_of[0] if recipe.percent_of else None)
        self.quantity = line.quantity
        self.amount = ZERO
        self.held = ZERO
        self.list_amount = ZERO
        self.off_list = ZERO
        self.times: Fraction | None = None
        self.is_net_price = False
        self.source = ""
        self.steps: list[Step] = []
        self.losers: list[Loser] = []
        self.notes: list[str] = []

    def add(self, step: Step) -> None:
        """Take a step, if it changes anything."""
        if step.change:
            self.amount += step.change
            self.steps.append(step)

    def lose(self, stage: Stage, rule: Named, why: str, unit_price: Decimal | None = None) -> None:
        """Keep a rule that did not apply."""
        self.losers.append(Loser(stage, rule.rule, rule.version, rule.label, why, unit_price))

    @property
    def discountable(self) -> Decimal:
        """The part of the amount discounts are taken on; never less than nothing."""
        if not self.held and self.facts.is_discountable:
            return self.amount
        return self.free(self.amount)

    def free(self, amount: Decimal) -> Decimal:
        """What of an amount may be discounted: nothing where what is held is more than that."""
        if not self.facts.is_discountable:
            return ZERO
        rest = amount - self.held
        return rest if (rest > 0) == (amount > 0) else ZERO

    def amount_at(self, last: Stage) -> Decimal:
        """The exact amount after a stage: the named prices of the waterfall."""
        limit = ORDER[last]
        first = self.steps[0].change if self.steps else ZERO
        rest = (one.change for one in self.steps[1:] if ORDER[one.stage] <= limit)
        return sum(rest, first)

    def unit_at(self, last: Stage) -> Decimal:
        """The exact unit price after a stage."""
        return self.amount_at(last) / (self.quantity or ONE)


class Plan:
    """The context with its indexes; lives as long as one pricing."""

    def __init__(self, context: PriceContext) -> None:
        self.context = context
        self.scale = Scale.of(context.currency, context.rounding)
        shown = context.policy.shown_scale
        self.shown_scale = exponent(context.currency) if shown is None else shown
        self._shelves: dict[str, Shelf[Any]] = {}
        if context.terms is not NO_TERMS:
            for name in _SHELVES:
                self._shelves[name] = Shelf(getattr(context.terms, name), context.priced_on)
        self.works: list[LineWork] = []
        self._recipes: dict[tuple[ProductKey, str], Recipe] = {}
        self._speaking: dict[int, list[Recipe]] = {}
        self._taken: dict[Recipe, list[LineWork]] = {}
        self._sums: dict[int, dict[str, tuple[Decimal, Decimal]]] = {}
        self._firsts: dict[tuple[int, Any], tuple[Decimal, Decimal]] = {}

    def rules_of(self, product_id: ProductKey, group: str) -> Mapping[str, tuple[Any, ...]]:
        """The rules about a product, by their lists."""
        if not self._shelves:
            return _NO_RULES
        return {name: shelf.of(product_id, group) for name, shelf in self._shelves.items()}

    def recipe_of(self, product_id: ProductKey, group: str) -> Recipe:
        """What may bear on a product; made once."""
        about = (product_id, group)
        recipe = self._recipes.get(about)
        if recipe is None:
            recipe = self._recipes[about] = Recipe(self, *about)
            for table in recipe.counting:
                self._speaking.setdefault(id(table), []).append(recipe)
        return recipe

    def take(self, lines: Sequence[RequestLine]) -> list[LineWork]:
        """Begin the lines of a document; together they are what tiers may sum over."""
        taken = self._taken
        for line in lines:
            recipe = self.recipe_of(line.product_id, line.product_group)
            work = LineWork(self, line, recipe)
            self.works.append(work)
            if recipe.counting:
                taken.setdefault(recipe, []).append(work)
        return self.works

    def measured(self, table: TierTable, work: LineWork) -> Measured:
        """What a table counts for a line: before, on this document, and of the line itself."""
        own = measure(table, work)
        if not table.counts_others:
            return Measured(ZERO, own, own)
        before = total = ZERO
        if table.scope is TierScope.LINE:
            total, before = own, work.facts.sold
        else:
            total, before = self.summed(table, counted_in(table, work))
            if not is_counted(table, work):
                # What was bought on a ramp is counted once too, with its first segment.
                first, sold = self._firsts.get((id(table), work.facts.segment_of), _NOTHING)
                total, before = total + own - first, before + work.facts.sold - sold
        if table.scope in (TierScope.CONTRACT, TierScope.ORDERS):
            before = self.context.terms.sold.get((table.scope, table.rule), ZERO)
        return Measured(before if table.is_cumulative else ZERO, total, own)

    def summed(self, table: TierTable, group: str) -> tuple[Decimal, Decimal]:
        """What a table counts on the document's lines together (of a group, or all), and what was
        bought on them before."""
        sums = self._sums.get(id(table))
        if sums is None:
            sums = self._sums[id(table)] = {}
            for recipe in self._speaking.get(id(table), ()):
                for one in self._taken.get(recipe, ()):
                    if is_counted(table, one):
                        of = counted_in(table, one)
                        total, before = sums.get(of, _NOTHING)
                        own = measure(table, one)
                        sold = ZERO if one.facts.is_later else one.facts.sold
                        sums[of] = total + own, before + sold
                        if one.facts.segment_of is not None and table.basis != "amount":
                            ramp = (id(table), one.facts.segment_of)
                            self._firsts[ramp] = (own, one.facts.sold)
        return sums.get(group, _NOTHING)


_NOTHING: Final = (ZERO, ZERO)


def is_summed(work: LineWork) -> bool:
    """Whether tiers over several lines count the line: percentages of other lines come later,
    they are in no sum but their own, and so are options that are not chosen."""
    return work.line.counts and not work.percent_of


def is_counted(table: TierTable, work: LineWork) -> bool:
    """Whether such a tier counts the line for others too. A ramp is bought once however many
    segments it has: its first one counts its pieces, all of them their amounts."""
    return is_summed(work) and (table.basis == "amount" or not work.facts.is_later)


def counted_in(table: TierTable, work: LineWork) -> str:
    """The group a table counts the line in; empty where it counts all lines together."""
    return work.facts.tier_group if table.scope is TierScope.GROUP else ""


def measure(table: TierTable, work: LineWork) -> Decimal:
    """What a table counts of a line. Raises Invalid for an attribute that is no such number."""
    if table.basis == "quantity":
        return work.quantity
    if table.basis == "amount":
        return work.list_amount
    figure = work.facts.attributes.get(table.basis)
    if figure is None or not is_number(figure.powers):
        raise Invalid(
            said(
                "%(product)s has no number “%(basis)s”, which %(label)s counts.",
                product=work.line.product,
                basis=table.basis,
                label=table.label or table.rule,
            ),
            code="tier_basis",
        )
    powers, factor = unit_factor(table.unit) if table.unit else (figure.powers, 1)
    if powers != figure.powers:
        raise Invalid(
            said(
                "%(label)s counts “%(basis)s” in %(unit)s; %(product)s has %(told)s.",
                label=table.label or table.rule,
                basis=table.basis,
                unit=table.unit,
                product=work.line.product,
                told=told(figure.powers),
            ),
            code="tier_basis",
        )
    return as_decimal(Fraction(numeric(figure)) / factor) * work.quantity


def is_plain(work: LineWork) -> bool:
    """Whether only the book and a percentage can bear on the line."""
    return work.facts is NO_FACTS and work.recipe.is_plain


def is_base_table(table: TierTable) -> bool:
    """Whether the table is itself a price and not a change of one."""
    return table.kind in _BASE_KINDS
