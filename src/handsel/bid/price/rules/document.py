"""Stages 14 to 18: what concerns the whole document: its discount, its tax, its totals.

Works on lines that are priced by themselves already. So an offer that is frozen can be settled
again for another choice of options without asking any price book.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from handsel.bid.price.rules.context import LineTax
from handsel.bid.price.rules.lines import ExtendedLine
from handsel.bid.price.rules.waterfall import LAST_LINE_STAGE, ORDER, Row, Stage
from handsel.ground.kernel.exact import EXACT
from handsel.ground.kernel.money import Money, exponent
from handsel.ground.kernel.rounding import Rounding
from handsel.ground.kernel.split import apportion, portion_bps
from handsel.ground.tax.rules.amounts import tax_on

_UNIT_PRICE_SCALE = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with its share of everything; amounts in minor units. `rows` sum to `gross_minor`."""

    key: Any
    product_id: int
    quantity: Decimal
    list_price: Decimal
    unit_net: Decimal
    list_minor: int
    net_minor: int
    tax_minor: int
    tax: LineTax
    rows: tuple[Row, ...]
    counts: bool

    @property
    def gross_minor(self) -> int:
        """Net and tax."""
        return self.net_minor + self.tax_minor


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """One row of the document's tax: taxed once, on the summed base of its kind."""

    tax: LineTax
    base_minor: int
    tax_minor: int


@dataclass(frozen=True, slots=True)
class PricedDocument:
    """Priced lines in the order they were given, and the totals of those that count."""

    currency: str
    lines: tuple[PricedLine, ...]
    list_minor: int
    header_minor: int
    net_minor: int
    taxes: tuple[TaxTotal, ...]
    tax_minor: int

    @property
    def gross_minor(self) -> int:
        """Net and tax."""
        return self.net_minor + self.tax_minor


def settle(
    lines: Sequence[ExtendedLine],
    *,
    currency: str,
    header_bps: int = 0,
    rounding: Rounding = Rounding.HALF_UP,
) -> PricedDocument:
    """Distribute the document's discount, tax the sums, and total what counts.

    The discount is reckoned once on the sum of the lines and distributed by largest remainder;
    ties go by the lines' keys, so that their order on the page changes no amount (P-33, P-34).
    Tax is reckoned once per kind on the summed base (P-35) and shown per line as its share.
    Optional lines that are not chosen get their own discount and tax, and count nowhere.
    """
    counted = sorted((line for line in lines if line.counts), key=lambda line: line.key)
    header = _header_shares(counted, currency, header_bps, rounding)
    net = {line.key: line.amount_minor + header[line.key] for line in counted}
    taxes, tax_shares = _taxes(counted, net, currency)
    priced = tuple(
        _line(line, header[line.key], tax_shares[line.key], currency)
        if line.counts
        else _uncounted(line, currency, header_bps, rounding)
        for line in lines
    )
    return PricedDocument(
        currency,
        priced,
        sum(line.list_minor for line in counted),
        sum(header.values()),
        sum(net.values()),
        taxes,
        sum(total.tax_minor for total in taxes),
    )


def distribute(total_minor: int, weights: Sequence[int], currency: str) -> list[int]:
    """Distribute an amount over weights ≥ 0 by largest remainder, the first among equals first.

    Sums exactly; each part is within one minor unit of its proportion. Where all weights are
    zero there is nothing to give a part to, and the total must be zero too.
    """
    if not total_minor or not any(weights):
        return [0] * len(weights)
    return [part.amount_minor for part in apportion(Money(total_minor, currency), weights)]


def _header_shares(
    lines: Sequence[ExtendedLine], currency: str, header_bps: int, rounding: Rounding
) -> dict[Any, int]:
    weights = [line.amount_minor for line in lines]
    whole = Money(sum(weights), currency)
    discount = portion_bps(whole, header_bps, rounding).amount_minor
    parts = distribute(-discount, weights, currency)
    return {line.key: part for line, part in zip(lines, parts, strict=True)}


def _taxes(
    lines: Sequence[ExtendedLine], net: dict[Any, int], currency: str
) -> tuple[tuple[TaxTotal, ...], dict[Any, int]]:
    groups: dict[LineTax, list[Any]] = defaultdict(list)
    for line in lines:
        groups[line.tax].append(line.key)
    totals: list[TaxTotal] = []
    shares: dict[Any, int] = {}
    order = sorted(groups, key=lambda tax: (-tax.rate_bps, tax.category, tax.reason_code))
    for tax in order:
        weights = [net[key] for key in groups[tax]]
        base = Money(sum(weights), currency)
        amount = tax_on(base, tax.rate_bps).amount_minor
        totals.append(TaxTotal(tax, base.amount_minor, amount))
        shares.update(zip(groups[tax], distribute(amount, weights, currency), strict=True))
    return tuple(totals), shares


def _uncounted(
    line: ExtendedLine, currency: str, header_bps: int, rounding: Rounding
) -> PricedLine:
    amount = Money(line.amount_minor, currency)
    header = -portion_bps(amount, header_bps, rounding).amount_minor
    net = Money(line.amount_minor + header, currency)
    return _line(line, header, tax_on(net, line.tax.rate_bps).amount_minor, currency)


def _line(line: ExtendedLine, header: int, tax_minor: int, currency: str) -> PricedLine:
    rows = line.rows
    unit_net = line.unit_net
    net_minor = line.amount_minor + header
    if header:
        rows = (*rows, Row(Stage.HEADER, "", header))
        unit_net = _per_unit(net_minor, line.quantity, currency)
    if tax_minor:
        rows = (*rows, Row(Stage.TAX, "", tax_minor, _tax_rule(line.tax), line.tax.rate_bps))
    return PricedLine(
        line.key,
        line.product_id,
        line.quantity,
        line.list_price,
        unit_net,
        line.list_minor,
        net_minor,
        tax_minor,
        line.tax,
        rows,
        line.counts,
    )


def _per_unit(net_minor: int, quantity: Decimal, currency: str) -> Decimal:
    """The net unit price that a share of a document's discount leaves, for showing."""
    numerator = EXACT.scaleb(Decimal(net_minor), -exponent(currency))
    return (numerator / quantity).quantize(_UNIT_PRICE_SCALE, Rounding.HALF_UP.value)


def _tax_rule(tax: LineTax) -> str:
    return f"tax:{tax.category}" + (f":{tax.reason_code}" if tax.reason_code else "")


def recalled(
    rows: Sequence[Row],
    *,
    key: Any,
    product_id: int,
    quantity: Decimal,
    list_price: Decimal,
    tax: LineTax,
    counts: bool,
    currency: str,
) -> ExtendedLine:
    """A kept line as it was before stage 14, so that its document can be settled again."""
    own = tuple(row for row in rows if ORDER[row.stage] <= LAST_LINE_STAGE)
    amount = sum(row.amount_minor for row in own)
    return ExtendedLine(
        key,
        product_id,
        quantity,
        list_price,
        _per_unit(amount, quantity, currency),
        own[0].amount_minor,
        amount,
        own,
        tax,
        counts,
    )
