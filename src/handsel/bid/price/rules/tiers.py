"""Tiers: five kinds of schedule from one table, over any basis and scope, cumulative or not.

A table gives a discount or a price. The switches are independent: *kind* says how steps apply,
*basis* what is counted, *scope* over which lines, *cumulative* whether what was bought before
counts. Bounds are half-open, ``[from, next)``; a table written with upper bounds ("up to 1,000")
has them closed above, ``(previous, to]``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import TypeAlias

from handsel.bid.price.rules.exactness import WHOLE_BPS, ZERO

ProductKey: TypeAlias = int | str


class TierKind(StrEnum):
    """How the steps of a table apply to a quantity."""

    ALL_UNITS = "all_units"
    """The step that is reached holds for every unit."""
    SLAB = "slab"
    """Each unit has the step it falls into."""
    PACKAGE = "package"
    """Every started package of `per` units costs the unit price of the step that is reached."""
    BLOCK = "block"
    """The step has one price for whatever is inside, and a unit price for what lies beyond."""
    FLAT = "flat"
    """One price a line, whatever the quantity."""


class TierScope(StrEnum):
    """Over which lines the basis is summed."""

    LINE = "line"
    GROUP = "group"
    QUOTE = "quote"
    CONTRACT = "contract"
    ORDERS = "orders"


@dataclass(frozen=True, slots=True)
class TierRule:
    """A step: a discount in basis points (negative is a surcharge), or a price, from a quantity.

    `flat` is added once when the step is reached; `per` is the size of a package; `until` is the
    written upper bound, kept so that gaps can be seen.
    """

    rule_id: int | str
    min_quantity: Decimal
    discount_bps: int = 0
    label: str = ""
    unit_price: Decimal | None = None
    flat: Decimal | None = None
    per: Decimal | None = None
    until: Decimal | None = None

    @property
    def rule(self) -> str:
        """What a waterfall calls the step."""
        return self.rule_id if isinstance(self.rule_id, str) else f"price_rule:{self.rule_id}"

    @property
    def gives_price(self) -> bool:
        """Whether the step sets a price instead of taking a discount."""
        return self.unit_price is not None or self.flat is not None


@dataclass(frozen=True, slots=True)
class TierTable:
    """Steps, highest first, with the switches. `first` is 1 where bounds number the pieces.

    With `first` 1 a slab "1–9, 10–19" has nine units in its first step; with 0 bounds are
    measures: "0–10, 10–20" has ten. `closed_above` tables have upper bounds that belong to the
    step. `basis` is ``quantity``, ``amount`` or the name of an attribute counted per
    unit of quantity, in `unit`.
    """

    steps: tuple[TierRule, ...]
    rule: str = ""
    version: int = 0
    label: str = ""
    kind: TierKind = TierKind.ALL_UNITS
    basis: str = "quantity"
    scope: TierScope = TierScope.LINE
    is_cumulative: bool = False
    first: int = 0
    closed_above: bool = False
    unit: str = ""
    valid_from: date | None = None
    valid_until: date | None = None

    gives_price: bool = field(init=False)
    """Whether the table is a price and not a discount."""
    counts_others: bool = field(init=False)
    """Whether more decides than the quantity of the line."""
    is_plain: bool = field(init=False)
    """An all-units discount by the line's own quantity: nothing to aggregate."""

    def __post_init__(self) -> None:
        prices = any(step.gives_price for step in self.steps)
        others = self.scope is not TierScope.LINE or self.is_cumulative or self.basis != "quantity"
        plain = not others and self.kind is TierKind.ALL_UNITS and not prices
        object.__setattr__(self, "gives_price", prices)
        object.__setattr__(self, "counts_others", others)
        object.__setattr__(self, "is_plain", plain)

    def holds_on(self, day: date) -> bool:
        """Whether the table is valid on a day; `valid_until` is the first on which it is not."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day < self.valid_until
        )

    def reached(self, measure: Decimal) -> TierRule | None:
        """The highest step a measure reaches, or None below the first and beyond the last."""
        for place, step in enumerate(self.steps):
            if step.min_quantity < measure or (
                step.min_quantity == measure
                and (not self.closed_above or place == len(self.steps) - 1)
            ):
                if step.until is not None and self._beyond(measure, step.until):
                    return None
                return step
        return None

    def _beyond(self, measure: Decimal, until: Decimal) -> bool:
        return measure > until if self.closed_above else measure >= until

    @property
    def begin(self) -> Decimal:
        """How many units come before the first step."""
        return max(self.steps[-1].min_quantity - self.first, ZERO) if self.steps else ZERO

    def is_entered(self, units: Decimal) -> bool:
        """Whether so many units reach into a slab, and none of them lies beyond its last step."""
        return bool(self.steps) and units > self.begin and not self.is_beyond(units)

    def is_beyond(self, measure: Decimal) -> bool:
        """Whether a measure lies beyond the last step."""
        until = self.steps[0].until
        return until is not None and self._beyond(measure, until)

    def parts(self, start: Decimal, end: Decimal) -> list[tuple[TierRule, Decimal]]:
        """How much of the stretch from `start` to `end` falls into each step, highest first."""
        found: list[tuple[TierRule, Decimal]] = []
        top = end
        for step in self.steps:
            begin = max(step.min_quantity - self.first, ZERO)
            low = max(begin, start)
            if top > low:
                found.append((step, top - low))
            top = min(top, max(begin, start))
        return found


@dataclass(frozen=True, slots=True)
class Measured:
    """What is counted: before this quote, in scope on it, and of the line itself."""

    before: Decimal
    total: Decimal
    own: Decimal

    @property
    def end(self) -> Decimal:
        """Where the count stands with everything in it."""
        return self.before + self.total

    @property
    def mirrored(self) -> Measured:
        """The same where something is bought; the purchase that is undone where less than nothing
        is, so that a credit is the mirror of its charge. A line whose count the others take away
        stands by itself."""
        before, total, own = self.before, self.total or self.own, self.own
        if total >= 0:
            return self if self.total else Measured(before, total, own)
        return Measured(max(before + total, ZERO), -total, -own)


def discount(table: TierTable, measured: Measured, amount: Decimal) -> tuple[Decimal, int | None]:
    """The change of an amount by a discount table, and the basis points where it is one rate.

    Over several lines a slab gives every line the same share of its effective rate, so that no
    line's place decides its price.
    """
    measured = measured.mirrored
    if table.kind is not TierKind.SLAB:
        step = table.reached(measured.end)
        bps = step.discount_bps if step is not None else 0
        return -(amount * bps / WHOLE_BPS), bps
    if not measured.total:
        return ZERO, 0
    weighed = ZERO
    for step, units in table.parts(measured.before, measured.end):
        weighed += units * step.discount_bps
    return -(amount * weighed / (measured.total * WHOLE_BPS)), None


def price_of(table: TierTable, measured: Measured, below: Decimal | None = None) -> Decimal | None:
    """What a price table makes of a line, exact; None where no step is reached.

    What was bought before is paid: packages, blocks and slabs cost what the whole costs more than
    that. `below` is what a unit costs that comes before a slab's first step, if anything says it.
    """
    own = measured.own
    measured = measured.mirrored
    if table.kind is TierKind.FLAT:
        step = table.reached(measured.end)
        if step is None or step.flat is None:
            return None
        return -step.flat if own < 0 else step.flat
    if not own:
        return ZERO if table.steps else None
    if table.kind is TierKind.ALL_UNITS:
        step = table.reached(measured.end)
        if step is None:
            return None
        if step.per is None and step.flat is None:
            return (step.unit_price or ZERO) * own
        whole = _at_rate(table, step, measured)
    else:
        due = _due(table, measured, below)
        if due is None:
            return None
        whole = due
    return whole * own / abs(measured.total)


def _at_rate(table: TierTable, step: TierRule, measured: Measured) -> Decimal:
    """The new units at the rate of the step: packages that were begun before are not begun again,
    and its fee is due when it is reached first."""
    units = _packed(step, measured.end) - _packed(step, measured.before)
    was = table.reached(measured.before) if measured.before else None
    fee = ZERO if was is step else step.flat or ZERO
    return units * (step.unit_price or ZERO) + fee


def _due(table: TierTable, measured: Measured, below: Decimal | None) -> Decimal | None:
    """What the whole costs less what the units before have cost by the same table. Where it gave
    them no price, they were paid otherwise: the new ones are charged by the step of the whole."""
    if table.kind is TierKind.SLAB:
        if not table.is_entered(measured.end):
            return None
        whole = _by_steps(table, measured.end, below)
        before = _by_steps(table, measured.before, below)
        return None if whole is None or before is None else whole - before
    step = table.reached(measured.end)
    if step is None:
        return None
    if not measured.before:
        return _at_step(table, step, measured.total)
    was = table.reached(measured.before)
    if was is None:
        return _at_step(table, step, measured.total)
    return _at_step(table, step, measured.end) - _at_step(table, was, measured.before)


def _at_step(table: TierTable, step: TierRule, units: Decimal) -> Decimal:
    if table.kind is TierKind.BLOCK:
        beyond = max(units - step.min_quantity, ZERO)
        return (step.flat or ZERO) + (step.unit_price or ZERO) * beyond
    return _charge(step, units)


def _by_steps(table: TierTable, units: Decimal, below: Decimal | None) -> Decimal | None:
    """So many units from the first on, each at its step; those before the first step at `below`."""
    apart = min(units, table.begin)
    if apart and below is None:
        return None
    whole = apart * (below or ZERO)
    for step, part in table.parts(ZERO, units):
        whole += _charge(step, part)
    return whole


def _charge(step: TierRule, units: Decimal) -> Decimal:
    """So many units at a step's price, its packages started, and its fee."""
    return _packed(step, units) * (step.unit_price or ZERO) + (step.flat or ZERO)


def _packed(step: TierRule, units: Decimal) -> Decimal:
    """Units, or the packages that were started of them."""
    return units if step.per is None else (units / step.per).to_integral_value(ROUND_CEILING)


@dataclass(frozen=True, slots=True)
class TierRules:
    """Tables by what they are about. The most specific one that is reached applies."""

    by_product: Mapping[ProductKey, tuple[TierTable, ...]] = field(default_factory=dict)
    by_group: Mapping[str, tuple[TierTable, ...]] = field(default_factory=dict)
    for_all: tuple[TierTable, ...] = ()

    @classmethod
    def indexed(
        cls,
        rules: Iterable[tuple[ProductKey | None, str, TierRule]],
        tables: Iterable[tuple[ProductKey | None, str, TierTable]] = (),
        version: int = 0,
    ) -> TierRules:
        """Index steps given as (product or None, group or "", step), and whole tables.

        The loose steps of one product or group make one all-units table.
        """
        loose: dict[tuple[ProductKey | None, str], list[TierRule]] = {}
        for product, group, rule in rules:
            loose.setdefault((product, "" if product is not None else group), []).append(rule)
        found: dict[tuple[ProductKey | None, str], list[TierTable]] = {}
        for product, group, table in tables:
            about = (product, "" if product is not None else group)
            found.setdefault(about, []).append(table)
        for about, steps in loose.items():
            found.setdefault(about, []).append(TierTable(highest_first(steps), version=version))
        return cls(
            {key: tuple(tables) for (key, _), tables in found.items() if key is not None},
            {group: tuple(tables) for (key, group), tables in found.items() if group},
            tuple(found.get((None, ""), ())),
        )

    @property
    def counts_groups(self) -> bool:
        """Whether a table counts the lines of a group together."""
        listed = (*self.by_product.values(), *self.by_group.values(), self.for_all)
        return any(table.scope is TierScope.GROUP for tables in listed for table in tables)

    def speaking_of(self, product_id: ProductKey, group: str) -> tuple[TierTable, ...]:
        """The tables that speak about a product on any day, most specific first."""
        of_group = self.by_group.get(group, ()) if group else ()
        return (*self.by_product.get(product_id, ()), *of_group, *self.for_all)

    def tables_of(self, product_id: ProductKey, group: str, on: date) -> tuple[TierTable, ...]:
        """The tables that speak about a product on a day, most specific first."""
        found = self.speaking_of(product_id, group)
        return tuple(table for table in found if table.holds_on(on))

    def winner(
        self, product_id: ProductKey, group: str, quantity: Decimal, on: date
    ) -> TierRule | None:
        """The step that applies to a line standing alone: product, group, all; highest reached.

        A step whose quantity is not reached does not hide a less specific one. Bounds are
        half-open: 9.5 units are in the tier before 10.
        """
        for table in self.tables_of(product_id, group, on):
            step = table.reached(abs(quantity))
            if step is not None:
                return step
        return None


def highest_first(steps: Iterable[TierRule]) -> tuple[TierRule, ...]:
    """Steps in the order a table keeps them."""
    return tuple(sorted(steps, key=lambda step: step.min_quantity, reverse=True))
