"""Dates, identifiers, periods and allowances in CII, written and read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from lxml import etree

from handsel.earn.billing.rules.einvoice.cii.names import qdt, ram, udt
from handsel.earn.billing.rules.einvoice.model import (
    DocumentAdjustment,
    Identifier,
    LineAdjustment,
    ServicePeriod,
)
from handsel.earn.billing.rules.einvoice.xml import (
    Reader,
    amount_text,
    branch,
    leaf,
    optional_amount,
    optional_number,
)

_FORMAT = "102"


def write_day(
    parent: etree._Element, name: str, value: date | None, *, kind: str = "DateTimeString"
) -> None:
    """Write a date as 20260301, format 102, if there is one."""
    if value:
        leaf(branch(parent, ram(name)), udt(kind), f"{value:%Y%m%d}", format=_FORMAT)


def write_formatted_day(parent: etree._Element, name: str, value: date | None) -> None:
    """Write a date of another document, which CII keeps in a type of its own."""
    if value:
        leaf(branch(parent, ram(name)), qdt("DateTimeString"), f"{value:%Y%m%d}", format=_FORMAT)


def write_identifier(parent: etree._Element, identifier: Identifier | None) -> None:
    """Write an ID, or a GlobalID where the identifier has a scheme."""
    if identifier:
        name = "GlobalID" if identifier.scheme else "ID"
        leaf(parent, ram(name), identifier.value, schemeID=identifier.scheme)


def read_identifiers(parent: Reader) -> Iterator[Identifier]:
    """Read every ID and GlobalID directly under an element."""
    for element in parent.children("ram:ID | ram:GlobalID"):
        identifier = read_identifier(element)
        if identifier:
            yield identifier


def read_identifier(element: Reader | None) -> Identifier | None:
    """Read a value with its scheme; None if missing or empty."""
    value = element.text() if element else None
    return Identifier(value, element.attribute("schemeID")) if element and value else None


def write_period(parent: etree._Element, period: ServicePeriod | None) -> None:
    """Write BG-14 or BG-26, if there is one."""
    if period:
        element = branch(parent, ram("BillingSpecifiedPeriod"))
        write_day(element, "StartDateTime", period.first_on)
        write_day(element, "EndDateTime", period.last_on)


def read_period(element: Reader | None) -> ServicePeriod | None:
    """Read BG-14 or BG-26; None if it names no day."""
    if element is None:
        return None
    first_on, last_on = element.day("ram:StartDateTime"), element.day("ram:EndDateTime")
    return ServicePeriod(first_on, last_on) if first_on or last_on else None


def write_adjustment(
    parent: etree._Element, adjustment: LineAdjustment, *, is_charge: bool, currency: str
) -> None:
    """Write an allowance or charge, of a line or, with its VAT, of the document."""
    element = branch(parent, ram("SpecifiedTradeAllowanceCharge"))
    indicator = branch(element, ram("ChargeIndicator"))
    leaf(indicator, udt("Indicator"), "true" if is_charge else "false")
    leaf(element, ram("CalculationPercent"), optional_number(adjustment.percent))
    leaf(element, ram("BasisAmount"), optional_amount(adjustment.base, currency))
    leaf(element, ram("ActualAmount"), amount_text(adjustment.amount, currency))
    leaf(element, ram("ReasonCode"), adjustment.reason_code)
    leaf(element, ram("Reason"), adjustment.reason)
    if isinstance(adjustment, DocumentAdjustment):
        category = branch(element, ram("CategoryTradeTax"))
        leaf(category, ram("TypeCode"), "VAT")
        leaf(category, ram("CategoryCode"), adjustment.category)
        leaf(category, ram("RateApplicablePercent"), optional_number(adjustment.rate))


def _indicated(settlement: Reader, *, is_charge: bool) -> Iterator[Reader]:
    wanted = ("true", "1") if is_charge else ("false", "0")
    for element in settlement.children("ram:SpecifiedTradeAllowanceCharge"):
        if element.text("ram:ChargeIndicator/udt:Indicator") in wanted:
            yield element


def read_line_adjustments(settlement: Reader, *, is_charge: bool) -> Iterator[LineAdjustment]:
    """Read BG-27, or BG-28."""
    for element in _indicated(settlement, is_charge=is_charge):
        yield LineAdjustment(
            amount=element.need_number("ram:ActualAmount", "BT-136 or BT-141"),
            base=element.number("ram:BasisAmount"),
            percent=element.number("ram:CalculationPercent"),
            reason=element.text("ram:Reason"),
            reason_code=element.text("ram:ReasonCode"),
        )


def read_document_adjustments(
    settlement: Reader, *, is_charge: bool
) -> Iterator[DocumentAdjustment]:
    """Read BG-20, or BG-21."""
    for element in _indicated(settlement, is_charge=is_charge):
        yield DocumentAdjustment(
            amount=element.need_number("ram:ActualAmount", "BT-92 or BT-99"),
            base=element.number("ram:BasisAmount"),
            percent=element.number("ram:CalculationPercent"),
            reason=element.text("ram:Reason"),
            reason_code=element.text("ram:ReasonCode"),
            category=element.need_text("ram:CategoryTradeTax/ram:CategoryCode", "BT-95 or BT-102"),
            rate=element.number("ram:CategoryTradeTax/ram:RateApplicablePercent"),
        )
