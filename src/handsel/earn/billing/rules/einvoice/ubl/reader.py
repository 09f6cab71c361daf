"""Reads UBL 2.1 into our model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

from handsel.earn.billing.rules.einvoice.errors import UnreadableInvoice
from handsel.earn.billing.rules.einvoice.model import (
    Attachment,
    CreditTransfer,
    Delivery,
    DirectDebit,
    EInvoice,
    InvoiceNote,
    Payee,
    PaymentCard,
    PaymentInstructions,
    PrecedingInvoice,
    SupportingDocument,
    TaxRepresentative,
    Totals,
    VatRow,
)
from handsel.earn.billing.rules.einvoice.ubl.line import (
    read_document_adjustments,
    read_line,
    read_period,
)
from handsel.earn.billing.rules.einvoice.ubl.names import (
    ABSENT,
    BILLED_OBJECT,
    CREDIT_NOTE,
    INVOICE,
    NAMES,
    PROJECT,
    SEPA,
    Dialect,
)
from handsel.earn.billing.rules.einvoice.ubl.party import (
    read_address,
    read_identifier,
    read_trade_party,
    read_vat_id,
)
from handsel.earn.billing.rules.einvoice.xml import Reader, parse, read_attachment

_BILLED_OBJECT = f"cac:AdditionalDocumentReference[cbc:DocumentTypeCode='{BILLED_OBJECT}']/cbc:ID"
_PROJECT_REFERENCE = f"cac:AdditionalDocumentReference[cbc:DocumentTypeCode='{PROJECT}']/cbc:ID"
_CREDITOR_ID = (
    f"(cac:AccountingSupplierParty/cac:Party | cac:PayeeParty)"
    f"/cac:PartyIdentification/cbc:ID[@schemeID='{SEPA}']"
)
_NOTE_WITH_SUBJECT = re.compile(r"#([A-Z]{2,3})#(.+)", re.DOTALL)


def read(content: bytes) -> EInvoice:
    """Read a UBL Invoice or CreditNote. Raises UnreadableInvoice, naming what is missing."""
    return read_root(parse(content))


def read_root(root: etree._Element) -> EInvoice:
    """Read a parsed UBL document."""
    dialect = _dialect(root)
    document = Reader(root, NAMES)
    currency = document.need_text("cbc:DocumentCurrencyCode", "BT-5")
    tax_currency = document.text("cbc:TaxCurrencyCode")
    return EInvoice(
        specification=document.need_text("cbc:CustomizationID", "BT-24"),
        business_process=document.text("cbc:ProfileID"),
        number=document.need_text("cbc:ID", "BT-1"),
        issued_on=document.need_day("cbc:IssueDate", "BT-2"),
        due_on=document.day("cbc:DueDate") or document.day("cac:PaymentMeans/cbc:PaymentDueDate"),
        type_code=document.need_text(f"cbc:{dialect.type_code}", "BT-3"),
        currency=currency,
        tax_currency=tax_currency,
        tax_point_on=document.day("cbc:TaxPointDate"),
        tax_point_code=document.text("cac:InvoicePeriod/cbc:DescriptionCode"),
        buyer_accounting=document.text("cbc:AccountingCost"),
        buyer_reference=document.text("cbc:BuyerReference"),
        purchase_order=_purchase_order(document),
        sales_order=document.text("cac:OrderReference/cbc:SalesOrderID"),
        despatch_advice=document.text("cac:DespatchDocumentReference/cbc:ID"),
        receiving_advice=document.text("cac:ReceiptDocumentReference/cbc:ID"),
        tender=document.text("cac:OriginatorDocumentReference/cbc:ID"),
        contract=document.text("cac:ContractDocumentReference/cbc:ID"),
        project=document.text("cac:ProjectReference/cbc:ID") or document.text(_PROJECT_REFERENCE),
        billed_object=read_identifier(document.child(_BILLED_OBJECT)),
        notes=tuple(_notes(document)),
        preceding=tuple(_preceding(document)),
        seller=read_trade_party(document.need("cac:AccountingSupplierParty/cac:Party", "BG-4")),
        buyer=read_trade_party(document.need("cac:AccountingCustomerParty/cac:Party", "BG-7")),
        payee=_payee(document.child("cac:PayeeParty")),
        tax_representative=_tax_representative(document.child("cac:TaxRepresentativeParty")),
        delivery=_delivery(document.child("cac:Delivery")),
        period=read_period(document.child("cac:InvoicePeriod")),
        payment=_payment(document),
        payment_terms=document.text("cac:PaymentTerms/cbc:Note"),
        allowances=tuple(read_document_adjustments(document, is_charge=False)),
        charges=tuple(read_document_adjustments(document, is_charge=True)),
        documents=tuple(_documents(document)),
        lines=tuple(read_line(line, dialect) for line in document.children(f"cac:{dialect.line}")),
        vat_rows=tuple(_vat_rows(document)),
        totals=_totals(document, currency, tax_currency),
    )


def _dialect(root: etree._Element) -> Dialect:
    for dialect in (INVOICE, CREDIT_NOTE):
        if root.tag == f"{{{dialect.namespace}}}{dialect.root}":
            return dialect
    raise UnreadableInvoice("The document is neither a UBL Invoice nor a UBL CreditNote.")


def _purchase_order(document: Reader) -> str | None:
    number = document.text("cac:OrderReference/cbc:ID")
    stands_in = number == ABSENT and document.text("cac:OrderReference/cbc:SalesOrderID")
    return None if stands_in else number


def _notes(document: Reader) -> Iterator[InvoiceNote]:
    for element in document.children("cbc:Note"):
        text = element.text()
        if text:
            match = _NOTE_WITH_SUBJECT.fullmatch(text)
            yield InvoiceNote(match[2].strip(), match[1]) if match else InvoiceNote(text)


def _preceding(document: Reader) -> Iterator[PrecedingInvoice]:
    for element in document.children("cac:BillingReference/cac:InvoiceDocumentReference"):
        yield PrecedingInvoice(element.need_text("cbc:ID", "BT-25"), element.day("cbc:IssueDate"))


def _payee(party: Reader | None) -> Payee | None:
    if party is None:
        return None
    return Payee(
        name=party.need_text("cac:PartyName/cbc:Name", "BT-59"),
        identifier=read_identifier(
            party.child(f"cac:PartyIdentification/cbc:ID[not(@schemeID='{SEPA}')]")
        ),
        legal_id=read_identifier(party.child("cac:PartyLegalEntity/cbc:CompanyID")),
    )


def _tax_representative(party: Reader | None) -> TaxRepresentative | None:
    if party is None:
        return None
    vat_id = read_vat_id(party)
    if vat_id is None:
        raise UnreadableInvoice("BT-63 is missing.", location=party.where)
    return TaxRepresentative(
        name=party.need_text("cac:PartyName/cbc:Name", "BT-62"),
        vat_id=vat_id,
        address=read_address(party.need("cac:PostalAddress", "BG-12")),
    )


def _delivery(element: Reader | None) -> Delivery | None:
    if element is None:
        return None
    address = element.child("cac:DeliveryLocation/cac:Address")
    delivery = Delivery(
        name=element.text("cac:DeliveryParty/cac:PartyName/cbc:Name"),
        location=read_identifier(element.child("cac:DeliveryLocation/cbc:ID")),
        delivered_on=element.day("cbc:ActualDeliveryDate"),
        address=read_address(address) if address else None,
    )
    return delivery if delivery != Delivery() else None


def _payment(document: Reader) -> PaymentInstructions | None:
    means = list(document.children("cac:PaymentMeans"))
    if not means:
        return None
    first = means[0]
    return PaymentInstructions(
        means=first.need_text("cbc:PaymentMeansCode", "BT-81"),
        means_text=first.need("cbc:PaymentMeansCode", "BT-81").attribute("name"),
        remittance=first.text("cbc:PaymentID"),
        transfers=tuple(_transfers(means)),
        card=_card(document.child("cac:PaymentMeans/cac:CardAccount")),
        direct_debit=_direct_debit(document),
    )


def _transfers(means: list[Reader]) -> Iterator[CreditTransfer]:
    for element in means:
        for account in element.children("cac:PayeeFinancialAccount"):
            yield CreditTransfer(
                account=account.need_text("cbc:ID", "BT-84"),
                holder=account.text("cbc:Name"),
                bic=account.text("cac:FinancialInstitutionBranch/cbc:ID"),
            )


def _card(element: Reader | None) -> PaymentCard | None:
    if element is None:
        return None
    return PaymentCard(
        number=element.need_text("cbc:PrimaryAccountNumberID", "BT-87"),
        holder=element.text("cbc:HolderName"),
    )


def _direct_debit(document: Reader) -> DirectDebit | None:
    mandate = "cac:PaymentMeans/cac:PaymentMandate"
    debit = DirectDebit(
        mandate=document.text(f"{mandate}/cbc:ID"),
        creditor_id=document.text(_CREDITOR_ID),
        account=document.text(f"{mandate}/cac:PayerFinancialAccount/cbc:ID"),
    )
    return debit if debit != DirectDebit() else None


def _documents(document: Reader) -> Iterator[SupportingDocument]:
    for element in document.children("cac:AdditionalDocumentReference"):
        if element.text("cbc:DocumentTypeCode") in (BILLED_OBJECT, PROJECT):
            continue
        yield SupportingDocument(
            reference=element.need_text("cbc:ID", "BT-122"),
            description=element.text("cbc:DocumentDescription"),
            uri=element.text("cac:Attachment/cac:ExternalReference/cbc:URI"),
            attachment=_attachment(
                element.child("cac:Attachment/cbc:EmbeddedDocumentBinaryObject")
            ),
        )


def _attachment(element: Reader | None) -> Attachment | None:
    return None if element is None else read_attachment(element)


def _vat_rows(document: Reader) -> Iterator[VatRow]:
    for row in document.children("cac:TaxTotal/cac:TaxSubtotal"):
        yield VatRow(
            category=row.need_text("cac:TaxCategory/cbc:ID", "BT-118"),
            rate=row.number("cac:TaxCategory/cbc:Percent"),
            base=row.need_number("cbc:TaxableAmount", "BT-116"),
            tax=row.need_number("cbc:TaxAmount", "BT-117"),
            reason=row.text("cac:TaxCategory/cbc:TaxExemptionReason"),
            reason_code=row.text("cac:TaxCategory/cbc:TaxExemptionReasonCode"),
        )


def _totals(document: Reader, currency: str, tax_currency: str | None) -> Totals:
    sums = document.need("cac:LegalMonetaryTotal", "BG-22")
    main, other = _tax_amounts(document, currency, tax_currency)
    return Totals(
        lines=sums.need_number("cbc:LineExtensionAmount", "BT-106"),
        allowances=sums.number("cbc:AllowanceTotalAmount"),
        charges=sums.number("cbc:ChargeTotalAmount"),
        net=sums.need_number("cbc:TaxExclusiveAmount", "BT-109"),
        vat=(main.number(".") if main else None) or Decimal(0),
        vat_in_tax_currency=other.number(".") if other else None,
        gross=sums.need_number("cbc:TaxInclusiveAmount", "BT-112"),
        prepaid=sums.number("cbc:PrepaidAmount"),
        rounding=sums.number("cbc:PayableRoundingAmount"),
        due=sums.need_number("cbc:PayableAmount", "BT-115"),
    )


def _tax_amounts(
    document: Reader, currency: str, tax_currency: str | None
) -> tuple[Reader | None, Reader | None]:
    # Both are a TaxTotal; the one with a breakdown is BT-110, whatever currency it names.
    amounts = list(document.children("cac:TaxTotal[cac:TaxSubtotal]/cbc:TaxAmount"))
    amounts += document.children("cac:TaxTotal[not(cac:TaxSubtotal)]/cbc:TaxAmount")
    main = next((it for it in amounts if it.attribute("currencyID") in (currency, None)), None)
    others = (it for it in amounts if main is None or it.element is not main.element)
    other = next((it for it in others if it.attribute("currencyID") == tax_currency), None)
    return main, other if tax_currency else None
