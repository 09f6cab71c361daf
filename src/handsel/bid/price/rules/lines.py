"""Stages 1 to 13: what a line costs by itself.

Each stage looks at the unit price it is handed and may add one step. A new stage is a function of
the same form, put in its place in `LINE_STAGES`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from handsel.bid.price.rules.context import Entry, LineTax, PriceContext, RequestLine
from handsel.bid.price.rules.waterfall import Row, Stage
from handsel.ground.kernel.exact import EXACT
from handsel.ground.kernel.money import exponent
from handsel.ground.kernel.rate import round_amount

_BPS: Final = Decimal("0.0001")
_UNIT_PRICE_SCALE: Final = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Step:
    """A change of the unit price, exact."""

    stage: Stage
    label: str
    change: Decimal
    rule: str = ""
    bps: int | None = None


@dataclass(frozen=True, slots=True)
class ExtendedLine:
    """A line after stage 13: its own amount, before anything that concerns the whole document.

    `unit_net` is the exact net unit price, rounded to six decimals for showing only.
    """

    key: Any
    product_id: int
    quantity: Decimal
    list_price: Decimal
    unit_net: Decimal
    list_minor: int
    amount_minor: int
    rows: tuple[Row, ...]
    tax: LineTax
    counts: bool = True


LineStage = Callable[[PriceContext, RequestLine, Decimal], Step | None]


def tier(context: PriceContext, line: RequestLine, unit: Decimal) -> Step | None:
    """Stage 4: the all-units discount of the most specific rule that is reached."""
    rule = context.rules.winner(line.product_id, line.product_group, line.quantity)
    if rule is None or not rule.discount_bps:
        return None
    return Step(
        Stage.TIER,
        rule.label,
        -_share(unit, rule.discount_bps),
        f"price_rule:{rule.rule_id}",
        rule.discount_bps,
    )


def manual(context: PriceContext, line: RequestLine, unit: Decimal) -> Step | None:
    """Stage 9: the discount a person gave on this line."""
    if not line.discount_bps:
        return None
    change = -_share(unit, line.discount_bps)
    return Step(Stage.MANUAL, "", change, "", line.discount_bps)


LINE_STAGES: Final[tuple[LineStage, ...]] = (tier, manual)


def extend_line(context: PriceContext, line: RequestLine, entry: Entry) -> ExtendedLine:
    """Price one line: list amount, steps, and its amount rounded once.

    The amount is rounded from the unrounded net unit price. Where that falls on exactly half a
    minor unit, what is rounded half up is the discount that the customer sees taken off the list
    amount: 3 × 135.50 − 9 % is 406.50 − 36.59 = 369.91 (P-31).
    """
    unit = entry.unit_price
    steps: list[Step] = []
    for stage in LINE_STAGES:
        step = stage(context, line, unit)
        if step is not None:
            unit = EXACT.add(unit, step.change)
            steps.append(step)
    list_minor = _minor(context, entry.unit_price, line.quantity)
    rows = [Row(Stage.BASE, "", list_minor, f"price_entry:{entry.entry_id}")]
    amount_minor = list_minor
    if steps:
        rows.extend(_row(context, step, line.quantity) for step in steps)
        amount_minor = _after_discount(context, list_minor, unit, line.quantity)
        rest = amount_minor - sum(row.amount_minor for row in rows)
        if rest:
            rows.append(Row(Stage.ROUNDING, "", rest))
    return ExtendedLine(
        line.key,
        line.product_id,
        line.quantity,
        entry.unit_price,
        unit.quantize(_UNIT_PRICE_SCALE, context.rounding.value),
        list_minor,
        amount_minor,
        tuple(rows),
        context.taxes[line.tax_key],
        line.counts,
    )


def _row(context: PriceContext, step: Step, quantity: Decimal) -> Row:
    amount = _minor(context, step.change, quantity)
    return Row(step.stage, step.label, amount, step.rule, step.bps)


def _after_discount(
    context: PriceContext, list_minor: int, unit: Decimal, quantity: Decimal
) -> int:
    exact = EXACT.multiply(unit, quantity)
    shown = EXACT.scaleb(Decimal(list_minor), -exponent(context.currency))
    taken_off = EXACT.subtract(shown, exact)
    return list_minor - round_amount(taken_off, context.currency, context.rounding).amount_minor


def _minor(context: PriceContext, unit: Decimal, quantity: Decimal) -> int:
    amount = EXACT.multiply(unit, quantity)
    return round_amount(amount, context.currency, context.rounding).amount_minor


def _share(unit: Decimal, bps: int) -> Decimal:
    return EXACT.multiply(unit, EXACT.multiply(Decimal(bps), _BPS))
