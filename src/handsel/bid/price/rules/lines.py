"""Stages 1 to 13: what a line costs by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from handsel.bid.price.rules import stages
from handsel.bid.price.rules.context import NO_FACTS, LineFacts, LineTax
from handsel.bid.price.rules.exactness import ONE, SHOWN_SCALE, Scale
from handsel.bid.price.rules.plan import LineWork, is_plain
from handsel.bid.price.rules.surcharges import surcharges
from handsel.bid.price.rules.waterfall import LAST_LIST_STAGE, ORDER, Row, Stage

_UNIT_PRICE_SCALE: Final = Decimal(1).scaleb(-SHOWN_SCALE)


@dataclass(slots=True)
class ExtendedLine:
    """A line after stage 13: its own amount, before anything that concerns the whole document.

    `unit_net` is the exact net unit price, rounded to six decimals for showing only. `trace` is
    how it was reckoned, where it was reckoned and not recalled.
    """

    key: Any
    product_id: Any
    quantity: Decimal
    list_price: Decimal
    unit_net: Decimal
    list_minor: int
    amount_minor: int
    rows: tuple[Row, ...]
    tax: LineTax
    counts: bool = True
    product_group: str = ""
    facts: LineFacts = NO_FACTS
    takes_header: bool = True
    trace: LineWork | None = field(default=None, compare=False, repr=False)


def add_surcharges(work: LineWork) -> None:
    """Stages 2 and 3; then the configured list price stands."""
    if work.recipe.elements or work.facts.deltas:
        surcharges(work)
        work.list_amount = work.amount


def take_discounts(work: LineWork) -> None:
    """Stages 4 to 12."""
    work.off_list = work.list_amount
    if is_plain(work):
        order = stages.PLAIN
    elif work.plan.context.terms.manual_last:
        order = stages.MANUAL_LAST
    else:
        order = stages.IN_ORDER
    for stage in order:
        stage(work)


def extended(work: LineWork) -> ExtendedLine:
    """Stage 13: the amount, rounded once from the exact net price, and the rows that sum to it.

    Where the amount falls on exactly half a minor unit, what is rounded half up is the discount
    that the customer sees taken off the list amount of the term: 3 × 135.50 − 9 % is
    406.50 − 36.59 = 369.91 (P-31). Rows of the list price are rounded so that they sum to it.
    """
    steps, plan, line = work.steps, work.plan, work.line
    scale, minor = plan.scale, plan.scale.minor
    first = steps[0]
    list_minor = minor(first.change)
    rows = [Row(first.stage, first.label, list_minor, first.rule, first.bps, first.version)]
    exact_list, place = first.change, 1
    while place < len(steps) and ORDER[steps[place].stage] <= LAST_LIST_STAGE:
        step = steps[place]
        exact_list += step.change
        reached = minor(exact_list)
        rows.append(
            Row(step.stage, step.label, reached - list_minor, step.rule, step.bps, step.version)
        )
        list_minor = reached
        place += 1
    quantity = work.quantity or ONE
    entry = work.recipe.entry
    is_listed = place == 1 and work.source == "list" and entry is not None
    list_price = entry.unit_price if entry is not None and is_listed else exact_list / quantity
    amount_minor, unit_net = list_minor, list_price
    if place < len(steps):
        for step in steps[place:]:
            amount = minor(step.shown)
            rows.append(Row(step.stage, step.label, amount, step.rule, step.bps, step.version))
        is_one = work.off_list == exact_list
        amount_minor = _rounded(work, scale, list_minor if is_one else minor(work.off_list))
        rest = amount_minor - sum(row.amount_minor for row in rows)
        if rest:
            rows.append(Row(Stage.ROUNDING, "", rest))
        unit_net = work.amount / quantity
    rounding = scale.rounding
    return ExtendedLine(
        line.key,
        line.product_id,
        line.quantity,
        list_price if is_listed else list_price.quantize(_UNIT_PRICE_SCALE, rounding),
        unit_net.quantize(_UNIT_PRICE_SCALE, rounding),
        list_minor,
        amount_minor,
        tuple(rows),
        plan.context.taxes[line.tax_key],
        line.counts,
        line.product_group,
        work.facts,
        first.stage is not Stage.DERIVED and work.facts.is_discountable,
        work,
    )


def _rounded(work: LineWork, scale: Scale, listed: int) -> int:
    """The amount in minor units: what is `listed` for the term, less the rounded discount; a price
    nothing is taken off is rounded as it is."""
    if work.amount == work.off_list:
        return listed
    return listed - scale.minor(scale.major(listed) - work.amount)
