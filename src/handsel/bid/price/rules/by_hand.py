"""Stage 9: what a person took off a line, or the price he wants."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from handsel.bid.price.rules.context import ManualKind
from handsel.bid.price.rules.exactness import ONE, SHOWN_SCALE, ZERO, plain, rounded, share
from handsel.bid.price.rules.plan import LineWork, Step
from handsel.bid.price.rules.waterfall import Stage
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import said

RESIDUE: Final = Decimal(1).scaleb(-15)
"""What is left over of the last of 28 digits is no difference."""


def manual(work: LineWork) -> None:
    """Stage 9: what a person took off this line, or the price he wants."""
    line, wanted = work.line, work.facts.manual
    if line.discount_bps:
        change = -share(work.discountable, line.discount_bps)
        work.add(Step(Stage.MANUAL, "", change, "", line.discount_bps))
    if wanted is None:
        return
    way = -1 if work.quantity < 0 else 1  # off a credit means less of a credit
    if wanted.kind is ManualKind.PER_UNIT:
        _take_amount(work, wanted.amount * work.quantity, way)
    elif wanted.kind is ManualKind.PER_LINE:
        if work.quantity:
            _take_amount(work, wanted.amount * way, way)
    elif wanted.kind is ManualKind.TARGET_UNIT:
        change = wanted.amount * work.quantity - work.amount
        work.add(Step(Stage.MANUAL, "target", change, "target_unit"))
    else:
        # The row says what the unit shown comes to; the rounding row closes to the target (P-32).
        whole = wanted.amount * way
        unit = rounded(whole / (work.quantity or ONE), work.plan.shown_scale)
        shown = unit * (work.quantity or ONE) - work.amount
        change = whole - work.amount
        work.add(Step(Stage.MANUAL, "target", change, "target_line", shown=shown))


def _take_amount(work: LineWork, off: Decimal, way: int) -> None:
    """Take an amount off by hand. Raises Invalid for more than there is to be discounted."""
    most = max(work.discountable * way, ZERO)
    if off * way > most + RESIDUE:
        raise Invalid(
            said(
                "%(product)s: %(off)s cannot be taken off; there is %(most)s to take it from.",
                product=work.line.product,
                off=_told(work, off * way),
                most=_told(work, most),
            ),
            code="manual_discount",
        )
    work.add(Step(Stage.MANUAL, "", -off))


def _told(work: LineWork, amount: Decimal) -> str:
    """An amount with the decimals of its currency, and more where it has them."""
    whole, _, rest = plain(rounded(amount, SHOWN_SCALE)).partition(".")
    rest = rest.ljust(work.plan.scale.places, "0")
    return f"{whole}.{rest}" if rest else whole
