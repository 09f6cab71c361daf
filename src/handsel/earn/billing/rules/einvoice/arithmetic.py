"""Our own check of an invoice's arithmetic: to the cent, where the official rules allow more.

The official rules compare a category's VAT with a tolerance of 1.00 (BR-CO-17), and do not
look at line amounts at all. Here every amount is recomputed from what it is made of, and a
difference of one cent is a finding. ``rule`` is the standard's own name where it has one:

- ``LINE-NET``     BT-131 = BT-129 × BT-146 ÷ BT-149 − BT-136 + BT-141
- ``PRICE-NET``    BT-146 = BT-148 − BT-147
- ``PERCENT``      an allowance or charge = its base × its percentage
- ``BR-CO-10`` to ``BR-CO-17``  the sums, the totals, and VAT per category
- ``BR-S-08`` and its kin       the base of each category and rate
- ``BR-CO-18``     each category and rate in use has one row of the breakdown, and no other has
- ``BR-DEC``       amounts have no more decimals than the currency, and two at most
- ``BR-53``        VAT in the tax currency is there exactly when a tax currency is

Policy on amounts agreed gross: VAT that was bent to meet a gross amount is refused; the cent
belongs in BT-114, as ``calculate.split_gross`` puts it and explains.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from handsel.earn.billing.rules.einvoice.calculate import (
    line_net,
    vat_group,
    vat_groups,
    vat_of,
)
from handsel.earn.billing.rules.einvoice.codes import SUM_RULE
from handsel.earn.billing.rules.einvoice.model import (
    EInvoice,
    InvoiceLine,
    LineAdjustment,
)
from handsel.earn.billing.rules.einvoice.settle import cents, exact, places
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.money import is_currency


@dataclass(frozen=True, slots=True)
class ArithmeticFinding:
    """An amount that is not what it should be; ``expected`` and ``found`` are as printed."""

    rule: str
    location: str
    expected: str
    found: str


def check(invoice: EInvoice) -> tuple[ArithmeticFinding, ...]:
    """Recompute every amount of an invoice; an empty answer means it adds up to the cent."""
    if not is_currency(invoice.currency):
        return (ArithmeticFinding("BR-CL-04", "BT-5", "an ISO 4217 code", invoice.currency),)
    return tuple(finding for rule in _RULES for finding in rule(invoice))


def _compare(
    rule: str, location: str, expected: Decimal, found: Decimal | None
) -> Iterator[ArithmeticFinding]:
    # Silence is nothing: a document without charges may leave BT-108 out, or state 0.00.
    if expected != (found or Decimal(0)):
        shown = "nothing" if found is None else f"{found:f}"
        yield ArithmeticFinding(rule, location, f"{expected:f}", shown)


def _lines(invoice: EInvoice) -> Iterator[ArithmeticFinding]:
    for line in invoice.lines:
        yield from _line(line, invoice.currency)
        adjustments = (*line.allowances, *line.charges)
        yield from _percentages(adjustments, f"line {line.number}", invoice.currency)


def _line(line: InvoiceLine, currency: str) -> Iterator[ArithmeticFinding]:
    where = f"line {line.number}, BT-131"
    try:
        net = line_net(
            line.quantity,
            line.price,
            currency,
            allowances=line.allowances,
            charges=line.charges,
        )
    except Invalid as error:
        yield ArithmeticFinding("LINE-NET", where, "an amount", error.message)
        return
    yield from _compare("LINE-NET", where, net, line.net)
    price = line.price
    if price.gross is not None:
        expected = price.gross - (price.discount or Decimal(0))
        yield from _compare("PRICE-NET", f"line {line.number}, BT-146", expected, price.net)


def _percentages(
    adjustments: tuple[LineAdjustment, ...], where: str, currency: str
) -> Iterator[ArithmeticFinding]:
    for position, it in enumerate(adjustments, start=1):
        if it.base is not None and it.percent is not None:
            expected = cents(exact(it.base) * exact(it.percent) / 100, currency)
            location = f"{where}, allowance or charge {position}"
            yield from _compare("PERCENT", location, expected, it.amount)


def _document_adjustments(invoice: EInvoice) -> Iterator[ArithmeticFinding]:
    adjustments = (*invoice.allowances, *invoice.charges)
    yield from _percentages(adjustments, "document", invoice.currency)


def _sums(invoice: EInvoice) -> Iterator[ArithmeticFinding]:
    totals = invoice.totals
    nothing = Decimal(0)
    allowances = totals.allowances or nothing
    charges = totals.charges or nothing
    paid, rounding = totals.prepaid or nothing, totals.rounding or nothing
    lines = sum((line.net for line in invoice.lines), start=nothing)
    taken_off = sum((it.amount for it in invoice.allowances), start=nothing)
    put_on = sum((it.amount for it in invoice.charges), start=nothing)
    vat = sum((row.tax for row in invoice.vat_rows), start=nothing)
    yield from _compare("BR-CO-10", "BT-106", lines, totals.lines)
    yield from _compare("BR-CO-11", "BT-107", taken_off, totals.allowances)
    yield from _compare("BR-CO-12", "BT-108", put_on, totals.charges)
    yield from _compare("BR-CO-13", "BT-109", totals.lines - allowances + charges, totals.net)
    yield from _compare("BR-CO-14", "BT-110", vat, totals.vat)
    yield from _compare("BR-CO-15", "BT-112", totals.net + totals.vat, totals.gross)
    yield from _compare("BR-CO-16", "BT-115", totals.gross - paid + rounding, totals.due)


def _vat(invoice: EInvoice) -> Iterator[ArithmeticFinding]:
    bases = vat_groups(invoice.lines, invoice.allowances, invoice.charges)
    for row in invoice.vat_rows:
        where = f"VAT {row.category} {_rate(row.rate)}"
        expected = vat_of(row.base, row.rate, invoice.currency)
        yield from _compare("BR-CO-17", f"{where}, BT-117", expected, row.tax)
        group = vat_group(row.category, row.rate)
        if group in bases:
            rule = SUM_RULE.get(row.category, "BR-S-08")
            yield from _compare(rule, f"{where}, BT-116", bases[group], row.base)


def _vat_rows(invoice: EInvoice) -> Iterator[ArithmeticFinding]:
    wanted = vat_groups(invoice.lines, invoice.allowances, invoice.charges)
    stated = Counter(vat_group(row.category, row.rate) for row in invoice.vat_rows)
    for group in dict.fromkeys((*wanted, *stated)):
        expected = 1 if group in wanted else 0
        if stated[group] != expected:
            where = f"VAT {group[0]} {_rate(group[1])}"
            yield ArithmeticFinding(
                "BR-CO-18", where, f"rows: {expected}", f"rows: {stated[group]}"
            )


def _decimals(invoice: EInvoice) -> Iterator[ArithmeticFinding]:
    most = places(invoice.currency)
    for location, value in _amounts(invoice):
        digits = value.normalize().as_tuple().exponent
        if not isinstance(digits, int) or -digits > most:
            yield ArithmeticFinding("BR-DEC", location, f"at most {most} decimals", f"{value:f}")


def _amounts(invoice: EInvoice) -> Iterator[tuple[str, Decimal]]:
    totals = invoice.totals
    for term, value in (
        ("BT-106", totals.lines),
        ("BT-107", totals.allowances),
        ("BT-108", totals.charges),
        ("BT-109", totals.net),
        ("BT-110", totals.vat),
        ("BT-112", totals.gross),
        ("BT-113", totals.prepaid),
        ("BT-114", totals.rounding),
        ("BT-115", totals.due),
    ):
        if value is not None:
            yield term, value
    for row in invoice.vat_rows:
        yield f"VAT {row.category} {_rate(row.rate)}, BT-116", row.base
        yield f"VAT {row.category} {_rate(row.rate)}, BT-117", row.tax
    for line in invoice.lines:
        yield f"line {line.number}, BT-131", line.net
        for it in (*line.allowances, *line.charges):
            yield f"line {line.number}, allowance or charge", it.amount
    for adjustment in (*invoice.allowances, *invoice.charges):
        yield "document, allowance or charge", adjustment.amount


def _tax_currency(invoice: EInvoice) -> Iterator[ArithmeticFinding]:
    stated = invoice.totals.vat_in_tax_currency
    if stated is None and invoice.tax_currency == invoice.currency:
        return  # BT-110 says it already
    if (invoice.tax_currency is None) != (stated is None):
        expected = "nothing" if invoice.tax_currency is None else f"VAT in {invoice.tax_currency}"
        found = "nothing" if stated is None else f"{stated:f}"
        yield ArithmeticFinding("BR-53", "BT-111", expected, found)
    elif stated is not None and invoice.tax_currency == invoice.currency:
        yield from _compare("BR-53", "BT-111", invoice.totals.vat, stated)


def _rate(rate: Decimal | None) -> str:
    return "without rate" if rate is None else f"{rate:f} %"


_RULES: tuple[Callable[[EInvoice], Iterator[ArithmeticFinding]], ...] = (
    _lines,
    _document_adjustments,
    _sums,
    _vat,
    _vat_rows,
    _decimals,
    _tax_currency,
)
