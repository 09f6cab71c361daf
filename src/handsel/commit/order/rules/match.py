"""The buyer's purchase order against our order, line by line (features CPQ-86).

What the buyer's paper says is compared with what he accepted: item, quantity, unit price, and
whether it was written while the quote was valid. Each difference has a class, by which it is
routed: a price goes to the rep, everything else to the order desk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from handsel.ground.kernel.exact import EXACT

DifferenceClass = Literal["price", "quantity", "item", "missing", "validity"]
HoldKind = Literal["price", "document"]

WHOLE_BPS = 10_000
# Which hold a class of difference places: prices are decided by who sold, the rest by the desk.
ROUTES: Mapping[DifferenceClass, HoldKind] = {
    "price": "price",
    "quantity": "document",
    "item": "document",
    "missing": "document",
    "validity": "document",
}


@dataclass(frozen=True, slots=True)
class Tolerances:
    """How far the buyer's paper may be off before it matters, in basis points."""

    price_bps: int = 0
    quantity_bps: int = 0


@dataclass(frozen=True, slots=True)
class OurLine:
    """A line of the order; the unit price is what the buyer accepted, net of discounts."""

    line_id: int
    sku: str
    quantity: Decimal
    unit_net: Decimal


@dataclass(frozen=True, slots=True)
class TheirLine:
    """The same line as the buyer's purchase order has it; an empty `sku` names no item."""

    line_id: int
    quantity: Decimal
    unit_price: Decimal
    sku: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs, on which line (None: on the whole paper), ours and theirs as text."""

    kind: DifferenceClass
    line_id: int | None
    ours: str
    theirs: str


def compare(
    ours: Sequence[OurLine],
    theirs: Sequence[TheirLine],
    *,
    valid_until: date,
    dated_on: date | None,
    tolerances: Tolerances | None = None,
) -> list[Difference]:
    """Every difference beyond the tolerances, in the order of our lines."""
    allowed = tolerances or Tolerances()
    by_line = {line.line_id: line for line in theirs}
    found: list[Difference] = []
    if dated_on is not None and dated_on > valid_until:
        found.append(Difference("validity", None, str(valid_until), str(dated_on)))
    for line in ours:
        other = by_line.get(line.line_id)
        if other is None:
            found.append(Difference("missing", line.line_id, line.sku, ""))
            continue
        found.extend(_line(line, other, allowed))
    return found


def _line(ours: OurLine, theirs: TheirLine, allowed: Tolerances) -> list[Difference]:
    found: list[Difference] = []
    if theirs.sku and theirs.sku.casefold() != ours.sku.casefold():
        found.append(Difference("item", ours.line_id, ours.sku, theirs.sku))
    if _is_off(ours.quantity, theirs.quantity, allowed.quantity_bps):
        text = (_plain(ours.quantity), _plain(theirs.quantity))
        found.append(Difference("quantity", ours.line_id, *text))
    if _is_off(ours.unit_net, theirs.unit_price, allowed.price_bps):
        text = (_plain(ours.unit_net), _plain(theirs.unit_price))
        found.append(Difference("price", ours.line_id, *text))
    return found


def _is_off(ours: Decimal, theirs: Decimal, tolerance_bps: int) -> bool:
    gap = abs(EXACT.subtract(ours, theirs))
    return EXACT.multiply(gap, Decimal(WHOLE_BPS)) > EXACT.multiply(ours, Decimal(tolerance_bps))


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
