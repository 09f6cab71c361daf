"""How far a change reaches by what is counted over several lines.

A tier over a group or a whole document changes the price of a line that nobody touched as soon as
the count reaches another step, or, where every unit has the step it falls into, moves at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

from handsel.bid.price.rules.engine import begin_all
from handsel.bid.price.rules.exactness import ZERO
from handsel.bid.price.rules.plan import (
    LineWork,
    Plan,
    Recipe,
    counted_in,
    is_base_table,
    is_counted,
    is_summed,
    measure,
)
from handsel.bid.price.rules.tiers import Measured, TierKind, TierScope, TierTable

_BEYOND: Final = (TierScope.CONTRACT, TierScope.ORDERS)


def reached(
    plan: Plan, kept: Sequence[LineWork], after: Sequence[LineWork], before: Sequence[LineWork]
) -> list[LineWork] | None:
    """Those of the `kept` lines whose own price the change may reach.

    `kept` and `after` are what the plan has taken; `before` what the changed lines were, and those
    that are gone. None where what was bought elsewhere counts: that may have changed too.
    """
    changing = {
        id(table): table for work in (*after, *before) for table in work.recipe.counting
    }  # by identity: tables of the same words may stand in one book twice
    concerned = [
        work for work in kept if any(id(table) in changing for table in work.recipe.counting)
    ]
    if not concerned:
        return []
    tables = {id(table): table for work in concerned for table in work.recipe.counting}
    tables = {key: table for key, table in tables.items() if key in changing}
    if any(table.is_cumulative and table.scope in _BEYOND for table in tables.values()):
        return None
    if any(table.basis == "amount" for table in tables.values()):
        works = (*kept, *after, *before)
        if any(_has_counting_base(recipe) for recipe in {work.recipe for work in works}):
            return None
        begin_all([work for work in works if is_summed(work) and _counts(work, tables)])
    moved = {
        (key, group): now
        for key, table in tables.items()
        for group, now in _moved(plan, table, after, before).items()
    }
    return [work for work in concerned if _is_reached(work, moved)]


def _counts(work: LineWork, tables: dict[int, TierTable]) -> bool:
    return any(id(table) in tables for table in work.recipe.counting)


def _has_counting_base(recipe: Recipe) -> bool:
    """Whether the amount that is counted itself depends on what other lines count."""
    return any(is_base_table(table) for table in recipe.counting)


def _moved(
    plan: Plan, table: TierTable, after: Iterable[LineWork], before: Iterable[LineWork]
) -> dict[str, bool]:
    """The groups of which the table counts something else than it did, and whether that changes
    the price of a line it counts."""
    own: dict[str, list[Decimal]] = {}
    ramped: set[str] = set()
    for works, sign in ((after, 1), (before, -1)):
        for work in works:
            if is_counted(table, work) and any(one is table for one in work.recipe.counting):
                if work.facts.segment_of is not None:
                    ramped.add(counted_in(table, work))  # its segments count without it
                sums = own.setdefault(counted_in(table, work), [ZERO, ZERO])
                sums[0] += sign * measure(table, work)
                sums[1] += sign * work.facts.sold
    found = dict.fromkeys(ramped, True)
    for group, (more, sold) in own.items():
        if more or sold:
            now = plan.summed(table, group)
            was = (now[0] - more, now[1] - sold)
            found[group] = group in ramped or _effect(table, *now) != _effect(table, *was)
    return found


def _effect(table: TierTable, total: Decimal, sold: Decimal) -> Any:
    """What the price of a counted line depends on: the step alone where that decides."""
    before = sold if table.is_cumulative else ZERO
    step = table.reached(Measured(before, total, total).mirrored.end)
    is_alone = step is None or (step.flat is None and step.per is None)
    by_step = table.kind is TierKind.FLAT or (table.kind is TierKind.ALL_UNITS and is_alone)
    return id(step) if by_step and total else (total, sold)


def _is_reached(work: LineWork, moved: dict[tuple[int, str], bool]) -> bool:
    for table in work.recipe.counting:
        by_other_step = moved.get((id(table), counted_in(table, work)))
        # An option adds itself to the count: what it reaches is its own.
        if by_other_step or (by_other_step is not None and not is_counted(table, work)):
            return True
    return False
