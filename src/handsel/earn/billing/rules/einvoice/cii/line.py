"""Lines in CII, written and read."""

from __future__ import annotations

from decimal import Decimal

from lxml import etree

from handsel.earn.billing.rules.einvoice.cii.names import BILLED_OBJECT, ram, udt
from handsel.earn.billing.rules.einvoice.cii.shared import (
    read_identifier,
    read_line_adjustments,
    read_period,
    write_adjustment,
    write_period,
)
from handsel.earn.billing.rules.einvoice.model import (
    Classification,
    Identifier,
    InvoiceLine,
    Item,
    Price,
)
from handsel.earn.billing.rules.einvoice.xml import (
    Reader,
    amount_text,
    branch,
    leaf,
    number_text,
    optional_number,
)

_GROSS_PRICE = "ram:GrossPriceProductTradePrice"


def write_line(transaction: etree._Element, line: InvoiceLine, currency: str) -> None:
    """Write BG-25."""
    element = branch(transaction, ram("IncludedSupplyChainTradeLineItem"))
    head = branch(element, ram("AssociatedDocumentLineDocument"))
    leaf(head, ram("LineID"), line.number)
    if line.note:
        leaf(branch(head, ram("IncludedNote")), ram("Content"), line.note)
    _write_item(element, line.item)
    agreement = branch(element, ram("SpecifiedLineTradeAgreement"))
    if line.order_line:
        order = branch(agreement, ram("BuyerOrderReferencedDocument"))
        leaf(order, ram("LineID"), line.order_line)
    _write_price(agreement, line.price)
    delivery = branch(element, ram("SpecifiedLineTradeDelivery"))
    leaf(delivery, ram("BilledQuantity"), number_text(line.quantity), unitCode=line.unit)
    _write_settlement(branch(element, ram("SpecifiedLineTradeSettlement")), line, currency)


def _write_item(line: etree._Element, item: Item) -> None:
    element = branch(line, ram("SpecifiedTradeProduct"))
    if item.standard_id:
        leaf(element, ram("GlobalID"), item.standard_id.value, schemeID=item.standard_id.scheme)
    leaf(element, ram("SellerAssignedID"), item.seller_id)
    leaf(element, ram("BuyerAssignedID"), item.buyer_id)
    leaf(element, ram("Name"), item.name)
    leaf(element, ram("Description"), item.description)
    for name, value in item.attributes:
        attribute = branch(element, ram("ApplicableProductCharacteristic"))
        leaf(attribute, ram("Description"), name)
        leaf(attribute, ram("Value"), value)
    for classification in item.classifications:
        leaf(
            branch(element, ram("DesignatedProductClassification")),
            ram("ClassCode"),
            classification.code,
            listID=classification.list_id,
            listVersionID=classification.list_version,
        )
    if item.origin:
        leaf(branch(element, ram("OriginTradeCountry")), ram("ID"), item.origin)


def _write_price(agreement: etree._Element, price: Price) -> None:
    base = optional_number(price.base_quantity)
    if price.gross is not None:
        gross = branch(agreement, ram("GrossPriceProductTradePrice"))
        leaf(gross, ram("ChargeAmount"), number_text(price.gross))
        leaf(gross, ram("BasisQuantity"), base, unitCode=price.base_unit)
        if price.discount is not None:
            allowance = branch(gross, ram("AppliedTradeAllowanceCharge"))
            leaf(branch(allowance, ram("ChargeIndicator")), udt("Indicator"), "false")
            leaf(allowance, ram("ActualAmount"), number_text(price.discount))
    net = branch(agreement, ram("NetPriceProductTradePrice"))
    leaf(net, ram("ChargeAmount"), number_text(price.net))
    leaf(net, ram("BasisQuantity"), base, unitCode=price.base_unit)


def _write_settlement(element: etree._Element, line: InvoiceLine, currency: str) -> None:
    tax = branch(element, ram("ApplicableTradeTax"))
    leaf(tax, ram("TypeCode"), "VAT")
    leaf(tax, ram("CategoryCode"), line.category)
    leaf(tax, ram("RateApplicablePercent"), optional_number(line.rate))
    write_period(element, line.period)
    for is_charge, adjustments in ((False, line.allowances), (True, line.charges)):
        for adjustment in adjustments:
            write_adjustment(element, adjustment, is_charge=is_charge, currency=currency)
    sums = branch(element, ram("SpecifiedTradeSettlementLineMonetarySummation"))
    leaf(sums, ram("LineTotalAmount"), amount_text(line.net, currency))
    if line.billed_object:
        reference = branch(element, ram("AdditionalReferencedDocument"))
        leaf(reference, ram("IssuerAssignedID"), line.billed_object.value)
        leaf(reference, ram("TypeCode"), BILLED_OBJECT)
        leaf(reference, ram("ReferenceTypeCode"), line.billed_object.scheme)
    if line.buyer_accounting:
        account = branch(element, ram("ReceivableSpecifiedTradeAccountingAccount"))
        leaf(account, ram("ID"), line.buyer_accounting)


def read_line(line: Reader) -> InvoiceLine:
    """Read BG-25."""
    agreement = line.need("ram:SpecifiedLineTradeAgreement", "BG-29")
    settlement = line.need("ram:SpecifiedLineTradeSettlement", "BG-30")
    tax = settlement.need("ram:ApplicableTradeTax", "BG-30")
    quantity = line.need("ram:SpecifiedLineTradeDelivery/ram:BilledQuantity", "BT-129")
    summation = "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
    return InvoiceLine(
        number=line.need_text("ram:AssociatedDocumentLineDocument/ram:LineID", "BT-126"),
        note=line.text("ram:AssociatedDocumentLineDocument/ram:IncludedNote/ram:Content"),
        billed_object=read_billed_object(settlement),
        quantity=quantity.need_number(".", "BT-129"),
        unit=quantity.attribute("unitCode") or "",
        net=settlement.need_number(summation, "BT-131"),
        order_line=agreement.text("ram:BuyerOrderReferencedDocument/ram:LineID"),
        buyer_accounting=settlement.text("ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"),
        period=read_period(settlement.child("ram:BillingSpecifiedPeriod")),
        allowances=tuple(read_line_adjustments(settlement, is_charge=False)),
        charges=tuple(read_line_adjustments(settlement, is_charge=True)),
        price=_read_price(agreement),
        category=tax.need_text("ram:CategoryCode", "BT-151"),
        rate=tax.number("ram:RateApplicablePercent"),
        item=_read_item(line.need("ram:SpecifiedTradeProduct", "BG-31")),
    )


def read_billed_object(parent: Reader) -> Identifier | None:
    """Read BT-18 or BT-128, which CII keeps among the referenced documents."""
    document = parent.child(f"ram:AdditionalReferencedDocument[ram:TypeCode='{BILLED_OBJECT}']")
    value = document.text("ram:IssuerAssignedID") if document else None
    if document is None or value is None:
        return None
    return Identifier(value, document.text("ram:ReferenceTypeCode"))


def _read_price(agreement: Reader) -> Price:
    net = agreement.need("ram:NetPriceProductTradePrice", "BG-29")
    base = net.child("ram:BasisQuantity") or agreement.child(f"{_GROSS_PRICE}/ram:BasisQuantity")
    allowance = f"{_GROSS_PRICE}/ram:AppliedTradeAllowanceCharge/ram:ActualAmount"
    return Price(
        net=net.need_number("ram:ChargeAmount", "BT-146"),
        gross=agreement.number(f"{_GROSS_PRICE}/ram:ChargeAmount"),
        discount=_sum_or_none(agreement, allowance),
        base_quantity=base.number(".") if base else None,
        base_unit=base.attribute("unitCode") if base else None,
    )


def _sum_or_none(parent: Reader, path: str) -> Decimal | None:
    amounts = [element.need_number(".", "BT-147") for element in parent.children(path)]
    return sum(amounts, start=Decimal(0)) if amounts else None


def _read_item(element: Reader) -> Item:
    return Item(
        name=element.need_text("ram:Name", "BT-153"),
        description=element.text("ram:Description"),
        seller_id=element.text("ram:SellerAssignedID"),
        buyer_id=element.text("ram:BuyerAssignedID"),
        standard_id=read_identifier(element.child("ram:GlobalID")),
        classifications=tuple(
            Classification(
                code=code,
                list_id=found.attribute("listID") or "",
                list_version=found.attribute("listVersionID"),
            )
            for found in element.children("ram:DesignatedProductClassification/ram:ClassCode")
            if (code := found.text())
        ),
        origin=element.text("ram:OriginTradeCountry/ram:ID"),
        attributes=tuple(
            (name, attribute.text("ram:Value") or "")
            for attribute in element.children("ram:ApplicableProductCharacteristic")
            if (name := attribute.text("ram:Description"))
        ),
    )
