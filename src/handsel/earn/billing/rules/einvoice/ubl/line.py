"""Lines, allowances and charges, and periods in UBL, written and read."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from handsel.earn.billing.rules.einvoice.model import (
    Classification,
    DocumentAdjustment,
    InvoiceLine,
    Item,
    LineAdjustment,
    Price,
    ServicePeriod,
)
from handsel.earn.billing.rules.einvoice.ubl.names import (
    BILLED_OBJECT,
    Dialect,
    cac,
    cbc,
)
from handsel.earn.billing.rules.einvoice.ubl.party import read_identifier
from handsel.earn.billing.rules.einvoice.xml import (
    Reader,
    amount_text,
    branch,
    leaf,
    number_text,
    optional_amount,
    optional_number,
)


def write_line(root: etree._Element, line: InvoiceLine, dialect: Dialect, currency: str) -> None:
    """Write BG-25."""
    element = branch(root, cac(dialect.line))
    leaf(element, cbc("ID"), line.number)
    leaf(element, cbc("Note"), line.note)
    leaf(element, cbc(dialect.quantity), number_text(line.quantity), unitCode=line.unit)
    net = amount_text(line.net, currency)
    leaf(element, cbc("LineExtensionAmount"), net, currencyID=currency)
    leaf(element, cbc("AccountingCost"), line.buyer_accounting)
    if line.period:
        write_period(element, line.period)
    if line.order_line:
        leaf(branch(element, cac("OrderLineReference")), cbc("LineID"), line.order_line)
    if line.billed_object:
        billed = line.billed_object
        reference = branch(element, cac("DocumentReference"))
        leaf(reference, cbc("ID"), billed.value, schemeID=billed.scheme)
        leaf(reference, cbc("DocumentTypeCode"), BILLED_OBJECT)
    for is_charge, adjustments in ((False, line.allowances), (True, line.charges)):
        for adjustment in adjustments:
            write_adjustment(element, adjustment, is_charge=is_charge, currency=currency)
    _write_item(element, line)
    _write_price(element, line.price, currency)


def write_period(
    parent: etree._Element, period: ServicePeriod | None, tax_point_code: str | None = None
) -> None:
    """Write BG-14 or BG-26, and BT-8, which UBL keeps in the former."""
    element = branch(parent, cac("InvoicePeriod"))
    if period and period.first_on:
        leaf(element, cbc("StartDate"), period.first_on.isoformat())
    if period and period.last_on:
        leaf(element, cbc("EndDate"), period.last_on.isoformat())
    leaf(element, cbc("DescriptionCode"), tax_point_code)


def write_adjustment(
    parent: etree._Element, adjustment: LineAdjustment, *, is_charge: bool, currency: str
) -> None:
    """Write an allowance or charge, of a line or, with its VAT, of the document."""
    element = branch(parent, cac("AllowanceCharge"))
    leaf(element, cbc("ChargeIndicator"), "true" if is_charge else "false")
    leaf(element, cbc("AllowanceChargeReasonCode"), adjustment.reason_code)
    leaf(element, cbc("AllowanceChargeReason"), adjustment.reason)
    leaf(element, cbc("MultiplierFactorNumeric"), optional_number(adjustment.percent))
    leaf(element, cbc("Amount"), amount_text(adjustment.amount, currency), currencyID=currency)
    base = optional_amount(adjustment.base, currency)
    leaf(element, cbc("BaseAmount"), base, currencyID=currency)
    if isinstance(adjustment, DocumentAdjustment):
        category = branch(element, cac("TaxCategory"))
        leaf(category, cbc("ID"), adjustment.category)
        leaf(category, cbc("Percent"), optional_number(adjustment.rate))
        leaf(branch(category, cac("TaxScheme")), cbc("ID"), "VAT")


def _write_item(parent: etree._Element, line: InvoiceLine) -> None:
    item = line.item
    element = branch(parent, cac("Item"))
    leaf(element, cbc("Description"), item.description)
    leaf(element, cbc("Name"), item.name)
    for name, value in (
        ("BuyersItemIdentification", item.buyer_id),
        ("SellersItemIdentification", item.seller_id),
    ):
        if value:
            leaf(branch(element, cac(name)), cbc("ID"), value)
    if item.standard_id:
        standard = branch(element, cac("StandardItemIdentification"))
        leaf(standard, cbc("ID"), item.standard_id.value, schemeID=item.standard_id.scheme)
    if item.origin:
        leaf(branch(element, cac("OriginCountry")), cbc("IdentificationCode"), item.origin)
    for classification in item.classifications:
        leaf(
            branch(element, cac("CommodityClassification")),
            cbc("ItemClassificationCode"),
            classification.code,
            listID=classification.list_id,
            listVersionID=classification.list_version,
        )
    category = branch(element, cac("ClassifiedTaxCategory"))
    leaf(category, cbc("ID"), line.category)
    leaf(category, cbc("Percent"), optional_number(line.rate))
    leaf(branch(category, cac("TaxScheme")), cbc("ID"), "VAT")
    for name, value in item.attributes:
        attribute = branch(element, cac("AdditionalItemProperty"))
        leaf(attribute, cbc("Name"), name)
        leaf(attribute, cbc("Value"), value)


def _write_price(parent: etree._Element, price: Price, currency: str) -> None:
    element = branch(parent, cac("Price"))
    leaf(element, cbc("PriceAmount"), number_text(price.net), currencyID=currency)
    base = optional_number(price.base_quantity)
    leaf(element, cbc("BaseQuantity"), base, unitCode=price.base_unit)
    if price.gross is not None:
        allowance = branch(element, cac("AllowanceCharge"))
        leaf(allowance, cbc("ChargeIndicator"), "false")
        discount = number_text(price.discount) if price.discount else "0"
        leaf(allowance, cbc("Amount"), discount, currencyID=currency)
        leaf(allowance, cbc("BaseAmount"), number_text(price.gross), currencyID=currency)


def read_line(line: Reader, dialect: Dialect) -> InvoiceLine:
    """Read BG-25."""
    quantity = line.need(f"cbc:{dialect.quantity}", "BT-129")
    item = line.need("cac:Item", "BG-31")
    billed = line.child(f"cac:DocumentReference[cbc:DocumentTypeCode='{BILLED_OBJECT}']/cbc:ID")
    return InvoiceLine(
        number=line.need_text("cbc:ID", "BT-126"),
        note=line.text("cbc:Note"),
        billed_object=read_identifier(billed),
        quantity=quantity.need_number(".", "BT-129"),
        unit=quantity.attribute("unitCode") or "",
        net=line.need_number("cbc:LineExtensionAmount", "BT-131"),
        order_line=line.text("cac:OrderLineReference/cbc:LineID"),
        buyer_accounting=line.text("cbc:AccountingCost"),
        period=read_period(line.child("cac:InvoicePeriod")),
        allowances=tuple(_read_adjustments(line, is_charge=False)),
        charges=tuple(_read_adjustments(line, is_charge=True)),
        price=_read_price(line.need("cac:Price", "BG-29")),
        category=item.need_text("cac:ClassifiedTaxCategory/cbc:ID", "BT-151"),
        rate=item.number("cac:ClassifiedTaxCategory/cbc:Percent"),
        item=_read_item(item),
    )


def read_period(element: Reader | None) -> ServicePeriod | None:
    """Read BG-14 or BG-26; None if it names no day."""
    if element is None:
        return None
    first_on, last_on = element.day("cbc:StartDate"), element.day("cbc:EndDate")
    return ServicePeriod(first_on, last_on) if first_on or last_on else None


def indicated(parent: Reader, *, is_charge: bool) -> Iterator[Reader]:
    """Yield the allowances, or the charges, directly under an element."""
    wanted = ("true", "1") if is_charge else ("false", "0")
    for element in parent.children("cac:AllowanceCharge"):
        if element.text("cbc:ChargeIndicator") in wanted:
            yield element


def _read_adjustments(line: Reader, *, is_charge: bool) -> Iterator[LineAdjustment]:
    for element in indicated(line, is_charge=is_charge):
        yield LineAdjustment(
            amount=element.need_number("cbc:Amount", "BT-136 or BT-141"),
            base=element.number("cbc:BaseAmount"),
            percent=element.number("cbc:MultiplierFactorNumeric"),
            reason=element.text("cbc:AllowanceChargeReason"),
            reason_code=element.text("cbc:AllowanceChargeReasonCode"),
        )


def read_document_adjustments(root: Reader, *, is_charge: bool) -> Iterator[DocumentAdjustment]:
    """Read BG-20, or BG-21."""
    for element in indicated(root, is_charge=is_charge):
        yield DocumentAdjustment(
            amount=element.need_number("cbc:Amount", "BT-92 or BT-99"),
            base=element.number("cbc:BaseAmount"),
            percent=element.number("cbc:MultiplierFactorNumeric"),
            reason=element.text("cbc:AllowanceChargeReason"),
            reason_code=element.text("cbc:AllowanceChargeReasonCode"),
            category=element.need_text("cac:TaxCategory/cbc:ID", "BT-95 or BT-102"),
            rate=element.number("cac:TaxCategory/cbc:Percent"),
        )


def _read_price(element: Reader) -> Price:
    base = element.child("cbc:BaseQuantity")
    return Price(
        net=element.need_number("cbc:PriceAmount", "BT-146"),
        discount=element.number("cac:AllowanceCharge/cbc:Amount"),
        gross=element.number("cac:AllowanceCharge/cbc:BaseAmount"),
        base_quantity=base.number(".") if base else None,
        base_unit=base.attribute("unitCode") if base else None,
    )


def _read_item(element: Reader) -> Item:
    return Item(
        name=element.need_text("cbc:Name", "BT-153"),
        description=element.text("cbc:Description"),
        seller_id=element.text("cac:SellersItemIdentification/cbc:ID"),
        buyer_id=element.text("cac:BuyersItemIdentification/cbc:ID"),
        standard_id=read_identifier(element.child("cac:StandardItemIdentification/cbc:ID")),
        classifications=tuple(
            Classification(
                code=code,
                list_id=found.attribute("listID") or "",
                list_version=found.attribute("listVersionID"),
            )
            for found in element.children("cac:CommodityClassification/cbc:ItemClassificationCode")
            if (code := found.text())
        ),
        origin=element.text("cac:OriginCountry/cbc:IdentificationCode"),
        attributes=tuple(
            (name, attribute.text("cbc:Value") or "")
            for attribute in element.children("cac:AdditionalItemProperty")
            if (name := attribute.text("cbc:Name"))
        ),
    )
