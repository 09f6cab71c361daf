"""Stage 16: fees and freight, as a sum beside the lines or as lines of their own.

A fee is charged where a line counts that it is about. It bears nothing of the document's discount,
is no part of a target for the whole, and nothing is a percentage of it.
"""

from __future__ import annotations

import decimal
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

from handsel.bid.price.rules.context import LineTax, PriceContext, RequestLine
from handsel.bid.price.rules.exactness import ONE, SHOWN_SCALE, WORK, Scale
from handsel.bid.price.rules.lines import ExtendedLine
from handsel.bid.price.rules.priced import PricedFee
from handsel.bid.price.rules.terms import About, Fee
from handsel.bid.price.rules.waterfall import Row, Stage
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.split import portion_bps

_SHOWN = decimal.Decimal(1).scaleb(-SHOWN_SCALE)


class Chargeable(Protocol):
    """A line as a fee sees it: what it is, and what it comes to by itself."""

    @property
    def key(self) -> Any: ...
    @property
    def product_id(self) -> Any: ...
    @property
    def product_group(self) -> str: ...
    @property
    def amount_minor(self) -> int: ...
    @property
    def counts(self) -> bool: ...


def concerns(about: About, product_id: Any, group: str) -> bool:
    """Whether a rule about one product, a group or everything is about this product."""
    if about.product_id is not None:
        return bool(about.product_id == product_id)
    return not about.group or about.group == group


def fee_minor(
    fee: Fee, lines: Iterable[Chargeable], shares: Mapping[Any, int], currency: str
) -> int | None:
    """What a fee comes to: its amount, or its percentage of the net of the lines it is about.

    `shares` are what lines bear of the document's discount. None where it is not charged.
    """
    bases = [
        line.amount_minor + shares.get(line.key, 0)
        for line in lines
        if line.counts and concerns(fee.about, line.product_id, line.product_group)
    ]
    if not bases:
        return None
    if fee.amount is not None:
        return Scale.of(currency).minor(fee.amount)
    return portion_bps(Money(sum(bases), currency), fee.bps).amount_minor


def fees_of(
    fees: Sequence[Fee],
    taxes: Mapping[Any, LineTax],
    lines: Sequence[Chargeable],
    shares: Mapping[Any, int],
    currency: str,
) -> tuple[PricedFee, ...]:
    """The fees a document is charged beside its lines."""
    found = []
    for fee in fees:
        amount = fee_minor(fee, lines, shares, currency)
        if amount is not None:
            found.append(PricedFee(fee.rule, fee.version, fee.label, amount, taxes[fee.tax_key]))
    return tuple(found)


def holding(fees: Sequence[Fee], on: date) -> tuple[Fee, ...]:
    """The fees that hold on a day."""
    return tuple(fee for fee in fees if fee.holds_on(on))


def parted(lines: Sequence[RequestLine]) -> tuple[Sequence[RequestLine], list[RequestLine]]:
    """Lines that have a price, and those that are a fee."""
    charged = [line for line in lines if line.facts.fee is not None]
    if not charged:
        return lines, charged
    return [line for line in lines if line.facts.fee is None], charged


def charge(
    context: PriceContext,
    charged: Iterable[RequestLine],
    lines: Sequence[Chargeable],
    shares: Mapping[Any, int],
) -> dict[Any, ExtendedLine]:
    """Lines that are a fee, priced on the `lines` that are none; 0.00 where it is not charged."""
    found = {}
    for line in charged:
        fee = line.facts.fee
        assert fee is not None  # noqa: S101  # only fees come here
        empty = ExtendedLine(
            line.key,
            line.product_id,
            ONE,
            ONE,
            ONE,
            0,
            0,
            (),
            context.taxes[line.tax_key],
            line.counts,
            line.product_group,
            line.facts,
            takes_header=False,
        )
        found[line.key] = _with_amount(empty, fee, lines, shares, context.currency)
    return found


def recharged(
    lines: Sequence[ExtendedLine], shares: Mapping[Any, int], currency: str
) -> Sequence[ExtendedLine]:
    """Kept lines of which those that are a fee are charged anew for the lines that count."""
    if all(line.facts.fee is None for line in lines):
        return lines
    others = [line for line in lines if line.facts.fee is None]
    return [
        line
        if line.facts.fee is None
        else _with_amount(line, line.facts.fee, others, shares, currency)
        for line in lines
    ]


def _with_amount(
    line: ExtendedLine,
    fee: Fee,
    lines: Sequence[Chargeable],
    shares: Mapping[Any, int],
    currency: str,
) -> ExtendedLine:
    amount = fee_minor(fee, lines, shares, currency) or 0
    bps = None if fee.amount is not None else fee.bps
    rows: tuple[Row, ...] = (Row(Stage.FEE, fee.label, amount, fee.rule, bps, fee.version),)
    if fee.waived:
        rows += (Row(Stage.FEE, fee.waived, -amount),)
        amount = 0
    unit = WORK.quantize(Scale.of(currency).major(amount), _SHOWN)
    return replace(
        line,
        list_price=unit,
        unit_net=unit,
        list_minor=amount,
        amount_minor=amount,
        rows=rows,
        takes_header=False,
    )
