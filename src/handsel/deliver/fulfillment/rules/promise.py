"""Available to promise: when how much of a product can go (billing-and-revenue.md S1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Stock that will come in on a day."""

    on: date
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Portion:
    """So much can go from this day on."""

    on: date
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Promise:
    """The earliest parts of a request, the day it is complete, and what stays uncovered."""

    portions: tuple[Portion, ...]
    complete_on: date | None
    short: Decimal


def promise(
    *,
    today: date,
    on_hand: Decimal,
    reserved: Decimal,
    receipts: Sequence[Receipt],
    wanted: Decimal,
) -> Promise:
    """Promise a quantity from what is free today and from what will come in, soonest first.

    On hand 10, reserved 4, 20 more on day 5, wanted 12: 6 today and 6 on day 5, complete on day 5.
    Receipts before today count as today.
    """
    rest, portions = wanted, []
    free = [Receipt(today, max(on_hand - reserved, ZERO))]
    coming = sorted(
        (Receipt(max(receipt.on, today), receipt.quantity) for receipt in receipts),
        key=lambda receipt: receipt.on,
    )
    for receipt in (*free, *coming):
        part = min(rest, receipt.quantity)
        if part <= ZERO:
            continue
        rest -= part
        portions.append(Portion(receipt.on, part))
    complete_on = portions[-1].on if portions and rest == ZERO else None
    return Promise(tuple(portions), complete_on, rest)
