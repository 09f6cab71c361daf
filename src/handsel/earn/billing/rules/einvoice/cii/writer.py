"""Writes an invoice as UN/CEFACT CII. The order of elements is the schema's."""

from __future__ import annotations

import re
from base64 import b64encode

from lxml import etree

from handsel.earn.billing.rules.einvoice.cii.line import write_line
from handsel.earn.billing.rules.einvoice.cii.names import (
    BILLED_OBJECT,
    NAMES,
    SUPPORTING,
    TAX_POINT_CODES,
    TENDER,
    ram,
    rsm,
)
from handsel.earn.billing.rules.einvoice.cii.party import (
    write_address,
    write_payee,
    write_tax_representative,
    write_trade_party,
)
from handsel.earn.billing.rules.einvoice.cii.shared import (
    write_adjustment,
    write_day,
    write_formatted_day,
    write_identifier,
    write_period,
)
from handsel.earn.billing.rules.einvoice.errors import NotExpressible
from handsel.earn.billing.rules.einvoice.model import (
    CreditTransfer,
    Delivery,
    EInvoice,
    PaymentInstructions,
    SupportingDocument,
    VatRow,
)
from handsel.earn.billing.rules.einvoice.xml import (
    amount_text,
    branch,
    leaf,
    optional_amount,
    optional_number,
    render,
)

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")


def write(invoice: EInvoice) -> bytes:
    """Return the invoice as a CrossIndustryInvoice; a credit note differs by its type only.

    Source: CEN/TS 16931-3-3. Raises NotExpressible for what the syntax cannot carry.
    """
    root = etree.Element(rsm("CrossIndustryInvoice"), nsmap=NAMES)
    _write_context(root, invoice)
    _write_document(root, invoice)
    transaction = branch(root, rsm("SupplyChainTradeTransaction"))
    for line in invoice.lines:
        write_line(transaction, line, invoice.currency)
    _write_agreement(transaction, invoice)
    _write_delivery(transaction, invoice)
    _write_settlement(transaction, invoice)
    return render(root)


def _write_context(root: etree._Element, invoice: EInvoice) -> None:
    context = branch(root, rsm("ExchangedDocumentContext"))
    if invoice.business_process:
        process = branch(context, ram("BusinessProcessSpecifiedDocumentContextParameter"))
        leaf(process, ram("ID"), invoice.business_process)
    guideline = branch(context, ram("GuidelineSpecifiedDocumentContextParameter"))
    leaf(guideline, ram("ID"), invoice.specification)


def _write_document(root: etree._Element, invoice: EInvoice) -> None:
    document = branch(root, rsm("ExchangedDocument"))
    leaf(document, ram("ID"), invoice.number)
    leaf(document, ram("TypeCode"), invoice.type_code)
    write_day(document, "IssueDateTime", invoice.issued_on)
    for note in invoice.notes:
        element = branch(document, ram("IncludedNote"))
        leaf(element, ram("Content"), note.text)
        leaf(element, ram("SubjectCode"), note.subject)


def _write_agreement(transaction: etree._Element, invoice: EInvoice) -> None:
    agreement = branch(transaction, ram("ApplicableHeaderTradeAgreement"))
    leaf(agreement, ram("BuyerReference"), invoice.buyer_reference)
    write_trade_party(agreement, "SellerTradeParty", invoice.seller)
    write_trade_party(agreement, "BuyerTradeParty", invoice.buyer)
    if invoice.tax_representative:
        write_tax_representative(agreement, invoice.tax_representative)
    _write_reference(agreement, "SellerOrderReferencedDocument", invoice.sales_order)
    _write_reference(agreement, "BuyerOrderReferencedDocument", invoice.purchase_order)
    _write_reference(agreement, "ContractReferencedDocument", invoice.contract)
    for document in invoice.documents:
        _write_supporting(agreement, document)
    if invoice.tender:
        _write_typed_reference(agreement, invoice.tender, TENDER, None)
    if invoice.billed_object:
        billed = invoice.billed_object
        _write_typed_reference(agreement, billed.value, BILLED_OBJECT, billed.scheme)
    if invoice.project:
        project = branch(agreement, ram("SpecifiedProcuringProject"))
        leaf(project, ram("ID"), invoice.project)
        # The schema wants a name; EN 16931 has none, so the reference stands for it.
        leaf(project, ram("Name"), invoice.project)


def _write_reference(parent: etree._Element, name: str, value: str | None) -> None:
    if value:
        leaf(branch(parent, ram(name)), ram("IssuerAssignedID"), value)


def _write_typed_reference(
    agreement: etree._Element, value: str, type_code: str, scheme: str | None
) -> None:
    reference = branch(agreement, ram("AdditionalReferencedDocument"))
    leaf(reference, ram("IssuerAssignedID"), value)
    leaf(reference, ram("TypeCode"), type_code)
    leaf(reference, ram("ReferenceTypeCode"), scheme)


def _write_supporting(agreement: etree._Element, document: SupportingDocument) -> None:
    reference = branch(agreement, ram("AdditionalReferencedDocument"))
    leaf(reference, ram("IssuerAssignedID"), document.reference)
    leaf(reference, ram("URIID"), document.uri)
    leaf(reference, ram("TypeCode"), SUPPORTING)
    leaf(reference, ram("Name"), document.description)
    if document.attachment:
        leaf(
            reference,
            ram("AttachmentBinaryObject"),
            b64encode(document.attachment.content).decode("ascii"),
            mimeCode=document.attachment.media_type,
            filename=document.attachment.filename,
        )


def _write_delivery(transaction: etree._Element, invoice: EInvoice) -> None:
    element = branch(transaction, ram("ApplicableHeaderTradeDelivery"))
    delivery = invoice.delivery or Delivery()
    if delivery.name or delivery.location or delivery.address:
        party = branch(element, ram("ShipToTradeParty"))
        write_identifier(party, delivery.location)
        leaf(party, ram("Name"), delivery.name)
        if delivery.address:
            write_address(party, delivery.address)
    if delivery.delivered_on:
        event = branch(element, ram("ActualDeliverySupplyChainEvent"))
        write_day(event, "OccurrenceDateTime", delivery.delivered_on)
    _write_reference(element, "DespatchAdviceReferencedDocument", invoice.despatch_advice)
    _write_reference(element, "ReceivingAdviceReferencedDocument", invoice.receiving_advice)


def _write_settlement(transaction: etree._Element, invoice: EInvoice) -> None:
    element = branch(transaction, ram("ApplicableHeaderTradeSettlement"))
    payment = invoice.payment
    if payment:
        debit = payment.direct_debit
        leaf(element, ram("CreditorReferenceID"), debit.creditor_id if debit else None)
        leaf(element, ram("PaymentReference"), payment.remittance)
    leaf(element, ram("TaxCurrencyCode"), invoice.tax_currency)
    leaf(element, ram("InvoiceCurrencyCode"), invoice.currency)
    if invoice.payee:
        write_payee(element, invoice.payee)
    if payment:
        for transfer in payment.transfers or (None,):
            _write_payment_means(element, payment, transfer)
    for row in invoice.vat_rows:
        _write_vat_row(element, row, invoice)
    write_period(element, invoice.period)
    for is_charge, adjustments in ((False, invoice.allowances), (True, invoice.charges)):
        for adjustment in adjustments:
            write_adjustment(element, adjustment, is_charge=is_charge, currency=invoice.currency)
    _write_payment_terms(element, invoice)
    _write_totals(element, invoice)
    for preceding in invoice.preceding:
        reference = branch(element, ram("InvoiceReferencedDocument"))
        leaf(reference, ram("IssuerAssignedID"), preceding.number)
        write_formatted_day(reference, "FormattedIssueDateTime", preceding.issued_on)
    if invoice.buyer_accounting:
        account = branch(element, ram("ReceivableSpecifiedTradeAccountingAccount"))
        leaf(account, ram("ID"), invoice.buyer_accounting)


def _write_payment_means(
    settlement: etree._Element, payment: PaymentInstructions, transfer: CreditTransfer | None
) -> None:
    element = branch(settlement, ram("SpecifiedTradeSettlementPaymentMeans"))
    leaf(element, ram("TypeCode"), payment.means)
    leaf(element, ram("Information"), payment.means_text)
    if payment.card:
        card = branch(element, ram("ApplicableTradeSettlementFinancialCard"))
        leaf(card, ram("ID"), payment.card.number)
        leaf(card, ram("CardholderName"), payment.card.holder)
    if payment.direct_debit and payment.direct_debit.account:
        account = branch(element, ram("PayerPartyDebtorFinancialAccount"))
        leaf(account, ram("IBANID"), payment.direct_debit.account)
    if transfer:
        is_iban = _IBAN.fullmatch(transfer.account)
        account = branch(element, ram("PayeePartyCreditorFinancialAccount"))
        leaf(account, ram("IBANID"), transfer.account if is_iban else None)
        leaf(account, ram("AccountName"), transfer.holder)
        leaf(account, ram("ProprietaryID"), None if is_iban else transfer.account)
        if transfer.bic:
            institution = branch(element, ram("PayeeSpecifiedCreditorFinancialInstitution"))
            leaf(institution, ram("BICID"), transfer.bic)


def _write_vat_row(settlement: etree._Element, row: VatRow, invoice: EInvoice) -> None:
    element = branch(settlement, ram("ApplicableTradeTax"))
    leaf(element, ram("CalculatedAmount"), amount_text(row.tax, invoice.currency))
    leaf(element, ram("TypeCode"), "VAT")
    leaf(element, ram("ExemptionReason"), row.reason)
    leaf(element, ram("BasisAmount"), amount_text(row.base, invoice.currency))
    leaf(element, ram("CategoryCode"), row.category)
    leaf(element, ram("ExemptionReasonCode"), row.reason_code)
    write_day(element, "TaxPointDate", invoice.tax_point_on, kind="DateString")
    if invoice.tax_point_code:
        code = TAX_POINT_CODES.get(invoice.tax_point_code)
        if code is None:
            raise NotExpressible(
                f"“{invoice.tax_point_code}” is not a tax point code; expected 3, 35 or 432."
            )
        leaf(element, ram("DueDateTypeCode"), code)
    leaf(element, ram("RateApplicablePercent"), optional_number(row.rate))


def _write_payment_terms(settlement: etree._Element, invoice: EInvoice) -> None:
    debit = invoice.payment.direct_debit if invoice.payment else None
    mandate = debit.mandate if debit else None
    if invoice.payment_terms or invoice.due_on or mandate:
        terms = branch(settlement, ram("SpecifiedTradePaymentTerms"))
        leaf(terms, ram("Description"), invoice.payment_terms)
        write_day(terms, "DueDateDateTime", invoice.due_on)
        leaf(terms, ram("DirectDebitMandateID"), mandate)


def _write_totals(settlement: etree._Element, invoice: EInvoice) -> None:
    totals, currency = invoice.totals, invoice.currency
    element = branch(settlement, ram("SpecifiedTradeSettlementHeaderMonetarySummation"))
    for name, value in (
        ("LineTotalAmount", totals.lines),
        ("ChargeTotalAmount", totals.charges),
        ("AllowanceTotalAmount", totals.allowances),
        ("TaxBasisTotalAmount", totals.net),
    ):
        leaf(element, ram(name), optional_amount(value, currency))
    vat = amount_text(totals.vat, currency)
    leaf(element, ram("TaxTotalAmount"), vat, currencyID=currency)
    if totals.vat_in_tax_currency is not None and invoice.tax_currency:
        vat = amount_text(totals.vat_in_tax_currency, invoice.tax_currency)
        leaf(element, ram("TaxTotalAmount"), vat, currencyID=invoice.tax_currency)
    for name, value in (
        ("RoundingAmount", totals.rounding),
        ("GrandTotalAmount", totals.gross),
        ("TotalPrepaidAmount", totals.prepaid),
        ("DuePayableAmount", totals.due),
    ):
        leaf(element, ram(name), optional_amount(value, currency))
