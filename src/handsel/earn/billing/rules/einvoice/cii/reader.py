"""Reads UN/CEFACT CII into our model."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

from handsel.earn.billing.rules.einvoice.cii.line import read_billed_object, read_line
from handsel.earn.billing.rules.einvoice.cii.names import (
    BILLED_OBJECT,
    NAMES,
    TAX_POINT_CODES,
    TENDER,
    rsm,
)
from handsel.earn.billing.rules.einvoice.cii.party import (
    read_address,
    read_payee,
    read_tax_representative,
    read_trade_party,
)
from handsel.earn.billing.rules.einvoice.cii.shared import (
    read_document_adjustments,
    read_identifiers,
    read_period,
)
from handsel.earn.billing.rules.einvoice.errors import UnreadableInvoice
from handsel.earn.billing.rules.einvoice.model import (
    CreditTransfer,
    Delivery,
    DirectDebit,
    EInvoice,
    InvoiceNote,
    PaymentCard,
    PaymentInstructions,
    PrecedingInvoice,
    SupportingDocument,
    Totals,
    VatRow,
)
from handsel.earn.billing.rules.einvoice.xml import Reader, parse, read_attachment

_TAX_POINT_CODES = {cii: standard for standard, cii in TAX_POINT_CODES.items()}
_GUIDELINE = "ram:GuidelineSpecifiedDocumentContextParameter/ram:ID"
_ACCOUNT = "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"
_MEANS = "ram:SpecifiedTradeSettlementPaymentMeans"
_TERMS = "ram:SpecifiedTradePaymentTerms"


def read(content: bytes) -> EInvoice:
    """Read a CrossIndustryInvoice. Raises UnreadableInvoice, naming what is missing."""
    return read_root(parse(content))


def read_root(root: etree._Element) -> EInvoice:
    """Read a parsed CII document."""
    if root.tag != rsm("CrossIndustryInvoice"):
        raise UnreadableInvoice("The document is not a UN/CEFACT CrossIndustryInvoice.")
    message = Reader(root, NAMES)
    context = message.need("rsm:ExchangedDocumentContext", "BG-2")
    document = message.need("rsm:ExchangedDocument", "BT-1")
    transaction = message.need("rsm:SupplyChainTradeTransaction", "BG-25")
    agreement = transaction.need("ram:ApplicableHeaderTradeAgreement", "BG-4")
    settlement = transaction.need("ram:ApplicableHeaderTradeSettlement", "BG-22")
    delivery = transaction.child("ram:ApplicableHeaderTradeDelivery")
    currency = settlement.need_text("ram:InvoiceCurrencyCode", "BT-5")
    tax_currency = settlement.text("ram:TaxCurrencyCode")
    return EInvoice(
        specification=context.need_text(_GUIDELINE, "BT-24"),
        business_process=context.text(
            "ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID"
        ),
        number=document.need_text("ram:ID", "BT-1"),
        issued_on=document.need_day("ram:IssueDateTime", "BT-2"),
        type_code=document.need_text("ram:TypeCode", "BT-3"),
        currency=currency,
        tax_currency=tax_currency,
        tax_point_on=settlement.day("ram:ApplicableTradeTax/ram:TaxPointDate"),
        tax_point_code=_tax_point_code(settlement),
        due_on=settlement.day(f"{_TERMS}/ram:DueDateDateTime"),
        payment_terms=settlement.text(f"{_TERMS}/ram:Description"),
        buyer_reference=agreement.text("ram:BuyerReference"),
        buyer_accounting=settlement.text(_ACCOUNT),
        purchase_order=agreement.text("ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"),
        sales_order=agreement.text("ram:SellerOrderReferencedDocument/ram:IssuerAssignedID"),
        contract=agreement.text("ram:ContractReferencedDocument/ram:IssuerAssignedID"),
        project=agreement.text("ram:SpecifiedProcuringProject/ram:ID"),
        tender=agreement.text(
            f"ram:AdditionalReferencedDocument[ram:TypeCode='{TENDER}']/ram:IssuerAssignedID"
        ),
        billed_object=read_billed_object(agreement),
        despatch_advice=_advice(delivery, "ram:DespatchAdviceReferencedDocument"),
        receiving_advice=_advice(delivery, "ram:ReceivingAdviceReferencedDocument"),
        notes=tuple(_notes(document)),
        preceding=tuple(_preceding(settlement)),
        seller=read_trade_party(agreement.need("ram:SellerTradeParty", "BG-4")),
        buyer=read_trade_party(agreement.need("ram:BuyerTradeParty", "BG-7")),
        payee=read_payee(settlement.child("ram:PayeeTradeParty")),
        tax_representative=read_tax_representative(
            agreement.child("ram:SellerTaxRepresentativeTradeParty")
        ),
        delivery=_delivery(delivery),
        period=read_period(settlement.child("ram:BillingSpecifiedPeriod")),
        payment=_payment(settlement),
        allowances=tuple(read_document_adjustments(settlement, is_charge=False)),
        charges=tuple(read_document_adjustments(settlement, is_charge=True)),
        documents=tuple(_documents(agreement)),
        lines=tuple(
            read_line(line) for line in transaction.children("ram:IncludedSupplyChainTradeLineItem")
        ),
        vat_rows=tuple(_vat_rows(settlement)),
        totals=_totals(settlement, currency, tax_currency),
    )


def _tax_point_code(settlement: Reader) -> str | None:
    code = settlement.text("ram:ApplicableTradeTax/ram:DueDateTypeCode")
    return _TAX_POINT_CODES.get(code, code) if code else None


def _advice(delivery: Reader | None, name: str) -> str | None:
    return delivery.text(f"{name}/ram:IssuerAssignedID") if delivery else None


def _notes(document: Reader) -> Iterator[InvoiceNote]:
    for element in document.children("ram:IncludedNote"):
        text = element.text("ram:Content")
        if text:
            yield InvoiceNote(text, element.text("ram:SubjectCode"))


def _preceding(settlement: Reader) -> Iterator[PrecedingInvoice]:
    for element in settlement.children("ram:InvoiceReferencedDocument"):
        yield PrecedingInvoice(
            element.need_text("ram:IssuerAssignedID", "BT-25"),
            element.day("ram:FormattedIssueDateTime"),
        )


def _delivery(element: Reader | None) -> Delivery | None:
    if element is None:
        return None
    party = element.child("ram:ShipToTradeParty")
    address = party.child("ram:PostalTradeAddress") if party else None
    delivery = Delivery(
        name=party.text("ram:Name") if party else None,
        location=next(read_identifiers(party), None) if party else None,
        delivered_on=element.day("ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime"),
        address=read_address(address) if address else None,
    )
    return delivery if delivery != Delivery() else None


def _payment(settlement: Reader) -> PaymentInstructions | None:
    first = settlement.child(_MEANS)
    if first is None:
        return None
    card = settlement.child(f"{_MEANS}/ram:ApplicableTradeSettlementFinancialCard")
    debit = DirectDebit(
        mandate=settlement.text(f"{_TERMS}/ram:DirectDebitMandateID"),
        creditor_id=settlement.text("ram:CreditorReferenceID"),
        account=settlement.text(f"{_MEANS}/ram:PayerPartyDebtorFinancialAccount/ram:IBANID"),
    )
    return PaymentInstructions(
        means=first.need_text("ram:TypeCode", "BT-81"),
        means_text=first.text("ram:Information"),
        remittance=settlement.text("ram:PaymentReference"),
        transfers=tuple(_transfers(settlement)),
        card=_card(card) if card else None,
        direct_debit=debit if debit != DirectDebit() else None,
    )


def _card(element: Reader) -> PaymentCard:
    return PaymentCard(
        number=element.need_text("ram:ID", "BT-87"), holder=element.text("ram:CardholderName")
    )


def _transfers(settlement: Reader) -> Iterator[CreditTransfer]:
    for means in settlement.children(_MEANS):
        account = means.child("ram:PayeePartyCreditorFinancialAccount")
        number = (
            account.text("ram:IBANID") or account.text("ram:ProprietaryID") if account else None
        )
        if account and number:
            yield CreditTransfer(
                account=number,
                holder=account.text("ram:AccountName"),
                bic=means.text("ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID"),
            )


def _documents(agreement: Reader) -> Iterator[SupportingDocument]:
    for element in agreement.children("ram:AdditionalReferencedDocument"):
        if element.text("ram:TypeCode") in (TENDER, BILLED_OBJECT):
            continue
        attachment = element.child("ram:AttachmentBinaryObject")
        yield SupportingDocument(
            reference=element.need_text("ram:IssuerAssignedID", "BT-122"),
            description=element.text("ram:Name"),
            uri=element.text("ram:URIID"),
            attachment=read_attachment(attachment) if attachment else None,
        )


def _vat_rows(settlement: Reader) -> Iterator[VatRow]:
    for row in settlement.children("ram:ApplicableTradeTax"):
        yield VatRow(
            category=row.need_text("ram:CategoryCode", "BT-118"),
            rate=row.number("ram:RateApplicablePercent"),
            base=row.need_number("ram:BasisAmount", "BT-116"),
            tax=row.need_number("ram:CalculatedAmount", "BT-117"),
            reason=row.text("ram:ExemptionReason"),
            reason_code=row.text("ram:ExemptionReasonCode"),
        )


def _totals(settlement: Reader, currency: str, tax_currency: str | None) -> Totals:
    sums = settlement.need("ram:SpecifiedTradeSettlementHeaderMonetarySummation", "BG-22")
    amounts = list(sums.children("ram:TaxTotalAmount"))
    main = next((it for it in amounts if it.attribute("currencyID") in (currency, None)), None)
    others = (it for it in amounts if main is None or it.element is not main.element)
    other = next((it for it in others if it.attribute("currencyID") == tax_currency), None)
    return Totals(
        lines=sums.need_number("ram:LineTotalAmount", "BT-106"),
        allowances=sums.number("ram:AllowanceTotalAmount"),
        charges=sums.number("ram:ChargeTotalAmount"),
        net=sums.need_number("ram:TaxBasisTotalAmount", "BT-109"),
        vat=(main.number(".") if main else None) or Decimal(0),
        vat_in_tax_currency=other.number(".") if other and tax_currency else None,
        gross=sums.need_number("ram:GrandTotalAmount", "BT-112"),
        prepaid=sums.number("ram:TotalPrepaidAmount"),
        rounding=sums.number("ram:RoundingAmount"),
        due=sums.need_number("ram:DuePayableAmount", "BT-115"),
    )
