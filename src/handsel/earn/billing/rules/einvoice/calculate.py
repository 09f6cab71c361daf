"""What an invoice's amounts are: line nets, VAT breakdown, totals, deposits of a fixed gross.

VAT is computed per category and rate on the summed base, not per line (E3 of the billing
reference), and rounded once. Amounts are decimals of the invoice currency with at most two
decimals; prices and quantities may have more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from handsel.earn.billing.rules.einvoice.codes import NOT_SUBJECT
from handsel.earn.billing.rules.einvoice.model import (
    DocumentAdjustment,
    InvoiceLine,
    LineAdjustment,
    Price,
    Totals,
    VatRow,
)
from handsel.earn.billing.rules.einvoice.settle import cents, exact
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.money import Money, exponent
from handsel.ground.kernel.rounding import divide

VatGroup = tuple[str, Decimal | None]
"""A VAT category and its rate in percent; no rate where VAT does not apply at all."""

_ALL_BPS = 10_000


@dataclass(frozen=True, slots=True)
class Exemption:
    """Why a category has no VAT: the text for people and the VATEX code."""

    reason: str | None = None  # BT-120
    reason_code: str | None = None  # BT-121


def line_net(
    quantity: Decimal,
    price: Price,
    currency: str,
    *,
    allowances: Iterable[LineAdjustment] = (),
    charges: Iterable[LineAdjustment] = (),
) -> Decimal:
    """Return BT-131: quantity × net price ÷ base quantity, rounded, less allowances, plus charges.

    Source: EN 16931-1, BT-131 and BT-149. Raises Invalid for a base quantity of nothing.
    """
    base = exact(price.base_quantity) if price.base_quantity is not None else Fraction(1)
    if base <= 0:
        raise Invalid("A price's base quantity must be more than nothing.", code="base_quantity")
    net = cents(exact(quantity) * exact(price.net) / base, currency)
    return net - _sum(it.amount for it in allowances) + _sum(it.amount for it in charges)


def vat_groups(
    lines: Iterable[InvoiceLine],
    allowances: Iterable[DocumentAdjustment] = (),
    charges: Iterable[DocumentAdjustment] = (),
) -> dict[VatGroup, Decimal]:
    """Return the taxable base (BT-116) of every category and rate, in order of appearance.

    Source: rules BR-S-08, BR-Z-08, BR-E-08, BR-AE-08, BR-IC-08, BR-G-08, BR-O-08.
    """
    bases: dict[VatGroup, Decimal] = {}
    for line in lines:
        group = vat_group(line.category, line.rate)
        bases[group] = bases.get(group, Decimal(0)) + line.net
    for sign, adjustments in ((-1, allowances), (1, charges)):
        for adjustment in adjustments:
            group = vat_group(adjustment.category, adjustment.rate)
            bases[group] = bases.get(group, Decimal(0)) + sign * adjustment.amount
    return bases


def vat_group(category: str, rate: Decimal | None) -> VatGroup:
    """Return the group a rate belongs to: 19 and 19.00 are one, and no rate means 0 %."""
    if category == NOT_SUBJECT:
        return category, None
    return category, rate or Decimal(0)


def vat_of(base: Decimal, rate: Decimal | None, currency: str) -> Decimal:
    """Return BT-117: base × rate ÷ 100, rounded half up (rule BR-CO-17)."""
    return cents(exact(base) * exact(rate or Decimal(0)) / 100, currency)


def vat_rows(
    lines: Sequence[InvoiceLine],
    currency: str,
    *,
    allowances: Sequence[DocumentAdjustment] = (),
    charges: Sequence[DocumentAdjustment] = (),
    exemptions: Mapping[str, Exemption] | None = None,
) -> tuple[VatRow, ...]:
    """Return BG-23. ``exemptions`` gives the reason per category that has no VAT."""
    reasons = exemptions or {}
    return tuple(
        VatRow(
            category=category,
            rate=rate,
            base=base,
            tax=vat_of(base, rate, currency),
            reason=reasons[category].reason if category in reasons else None,
            reason_code=reasons[category].reason_code if category in reasons else None,
        )
        for (category, rate), base in vat_groups(lines, allowances, charges).items()
    )


def totals(
    lines: Sequence[InvoiceLine],
    rows: Sequence[VatRow],
    *,
    allowances: Sequence[DocumentAdjustment] = (),
    charges: Sequence[DocumentAdjustment] = (),
    prepaid: Decimal = Decimal(0),
    rounding: Decimal = Decimal(0),
    vat_in_tax_currency: Decimal | None = None,
) -> Totals:
    """Return BG-22 by the rules BR-CO-10 to BR-CO-16; what is nothing is left out."""
    lines_net = _sum(line.net for line in lines)
    taken_off = _sum(it.amount for it in allowances)
    put_on = _sum(it.amount for it in charges)
    net = lines_net - taken_off + put_on
    vat = _sum(row.tax for row in rows)
    gross = net + vat
    return Totals(
        lines=lines_net,
        allowances=taken_off if allowances else None,
        charges=put_on if charges else None,
        net=net,
        vat=vat,
        vat_in_tax_currency=vat_in_tax_currency,
        gross=gross,
        prepaid=prepaid or None,
        rounding=rounding or None,
        due=gross - prepaid + rounding,
    )


@dataclass(frozen=True, slots=True)
class GrossSplit:
    """An agreed gross amount taken apart: net + vat + rounding is that amount, always."""

    net: Money
    vat: Money
    rounding: Money  # BT-114


def split_gross(gross: Money, rate_bps: int) -> GrossSplit:
    """Take VAT out of an agreed gross amount, as a deposit of "100.00 including VAT" needs.

    Often no net amount gives exactly that gross: at 21 %, 82.64 makes 99.99 and 82.65 makes
    100.01 (D6 of the billing reference). Two ways are open: to bend VAT to gross − net, which
    the official rules let pass by their tolerance, or to state VAT as the rate gives it and the
    missing cent as the rounding amount BT-114. **Handsel takes the second.** A tax is owed as
    base × rate; a bent one differs from what every tax audit, every VAT return and the buyer's
    own check computes, and to allow it would blind our cent-exact check to the very error it
    exists for. The buyer still pays the agreed amount (BT-115), to the cent, and the books show
    the cent as what it is. Net is gross ÷ (1 + rate), rounded half up.
    """
    if rate_bps < 0:
        raise Invalid("A tax rate cannot be negative.", code="tax_rate")
    currency = gross.currency
    # The amounts will stand in an e-invoice, which has two decimals even where money has three.
    if cents(exact(gross.amount), currency) != gross.amount:
        raise Invalid(
            f"{gross} has more decimals than an e-invoice allows.", code="einvoice_decimals"
        )
    step = 10 ** max(0, exponent(currency) - 2)
    minor = gross.amount_minor // step
    net = divide(minor * _ALL_BPS, _ALL_BPS + rate_bps)
    vat = divide(net * rate_bps, _ALL_BPS)
    return GrossSplit(
        net=Money(net * step, currency),
        vat=Money(vat * step, currency),
        rounding=Money((minor - net - vat) * step, currency),
    )


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, start=Decimal(0))
