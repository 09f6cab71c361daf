"""Writes an invoice as UBL 2.1. The order of elements is the schema's."""

from __future__ import annotations

from base64 import b64encode
from datetime import date
from typing import cast

from lxml import etree

from handsel.earn.billing.rules.einvoice.codes import is_credit_note
from handsel.earn.billing.rules.einvoice.errors import NotExpressible
from handsel.earn.billing.rules.einvoice.model import (
    Delivery,
    EInvoice,
    Payee,
    PaymentInstructions,
    SupportingDocument,
    TaxRepresentative,
    Totals,
    TradeParty,
    VatRow,
)
from handsel.earn.billing.rules.einvoice.ubl.line import (
    write_adjustment,
    write_line,
    write_period,
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
    cac,
    cbc,
)
from handsel.earn.billing.rules.einvoice.ubl.party import (
    write_address,
    write_identifier,
    write_trade_party,
    write_vat_scheme,
)
from handsel.earn.billing.rules.einvoice.xml import (
    amount_text,
    branch,
    leaf,
    optional_amount,
    optional_number,
    render,
)


def write(invoice: EInvoice) -> bytes:
    """Return the invoice as a UBL Invoice, or a CreditNote if its type is one.

    Source: CEN/TS 16931-3-2. Raises NotExpressible for what the syntax cannot carry.
    """
    dialect = CREDIT_NOTE if is_credit_note(invoice.type_code) else INVOICE
    prefixes = cast(dict[str, str], {None: dialect.namespace, **NAMES})  # stubs know no None
    root = etree.Element(f"{{{dialect.namespace}}}{dialect.root}", nsmap=prefixes)
    _write_head(root, invoice, dialect)
    _write_references(root, invoice, dialect)
    _write_parties(root, invoice)
    if invoice.delivery:
        _write_delivery(root, invoice.delivery)
    _write_payment(root, invoice, dialect)
    for is_charge, adjustments in ((False, invoice.allowances), (True, invoice.charges)):
        for adjustment in adjustments:
            write_adjustment(root, adjustment, is_charge=is_charge, currency=invoice.currency)
    _write_vat(root, invoice)
    _write_totals(root, invoice.totals, invoice.currency)
    for line in invoice.lines:
        write_line(root, line, dialect, invoice.currency)
    return render(root)


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _write_head(root: etree._Element, invoice: EInvoice, dialect: Dialect) -> None:
    leaf(root, cbc("CustomizationID"), invoice.specification)
    leaf(root, cbc("ProfileID"), invoice.business_process)
    leaf(root, cbc("ID"), invoice.number)
    leaf(root, cbc("IssueDate"), _day(invoice.issued_on))
    if dialect is INVOICE:
        leaf(root, cbc("DueDate"), _day(invoice.due_on))
    else:
        leaf(root, cbc("TaxPointDate"), _day(invoice.tax_point_on))
    leaf(root, cbc(dialect.type_code), invoice.type_code)
    for note in invoice.notes:
        leaf(root, cbc("Note"), f"#{note.subject}#{note.text}" if note.subject else note.text)
    if dialect is INVOICE:
        leaf(root, cbc("TaxPointDate"), _day(invoice.tax_point_on))
    leaf(root, cbc("DocumentCurrencyCode"), invoice.currency)
    leaf(root, cbc("TaxCurrencyCode"), invoice.tax_currency)
    leaf(root, cbc("AccountingCost"), invoice.buyer_accounting)
    leaf(root, cbc("BuyerReference"), invoice.buyer_reference)
    if invoice.period or invoice.tax_point_code:
        write_period(root, invoice.period, invoice.tax_point_code)


def _write_references(root: etree._Element, invoice: EInvoice, dialect: Dialect) -> None:
    if invoice.purchase_order or invoice.sales_order:
        order = branch(root, cac("OrderReference"))
        leaf(order, cbc("ID"), invoice.purchase_order or ABSENT)
        leaf(order, cbc("SalesOrderID"), invoice.sales_order)
    for preceding in invoice.preceding:
        billing = branch(root, cac("BillingReference"))
        reference = branch(billing, cac("InvoiceDocumentReference"))
        leaf(reference, cbc("ID"), preceding.number)
        leaf(reference, cbc("IssueDate"), _day(preceding.issued_on))
    _write_reference(root, "DespatchDocumentReference", invoice.despatch_advice)
    _write_reference(root, "ReceiptDocumentReference", invoice.receiving_advice)
    if dialect is INVOICE:
        _write_reference(root, "OriginatorDocumentReference", invoice.tender)
    _write_reference(root, "ContractDocumentReference", invoice.contract)
    _write_additional_references(root, invoice, dialect)
    if dialect is INVOICE:
        _write_reference(root, "ProjectReference", invoice.project)
    else:
        _write_reference(root, "OriginatorDocumentReference", invoice.tender)


def _write_reference(root: etree._Element, name: str, value: str | None) -> None:
    if value:
        leaf(branch(root, cac(name)), cbc("ID"), value)


def _write_additional_references(root: etree._Element, invoice: EInvoice, dialect: Dialect) -> None:
    billed = invoice.billed_object
    if billed:
        reference = branch(root, cac("AdditionalDocumentReference"))
        leaf(reference, cbc("ID"), billed.value, schemeID=billed.scheme)
        leaf(reference, cbc("DocumentTypeCode"), BILLED_OBJECT)
    if dialect is CREDIT_NOTE and invoice.project:
        reference = branch(root, cac("AdditionalDocumentReference"))
        leaf(reference, cbc("ID"), invoice.project)
        leaf(reference, cbc("DocumentTypeCode"), PROJECT)
    for document in invoice.documents:
        _write_document(root, document)


def _write_document(root: etree._Element, document: SupportingDocument) -> None:
    reference = branch(root, cac("AdditionalDocumentReference"))
    leaf(reference, cbc("ID"), document.reference)
    leaf(reference, cbc("DocumentDescription"), document.description)
    if not document.attachment and not document.uri:
        return
    holder = branch(reference, cac("Attachment"))
    if document.attachment:
        leaf(
            holder,
            cbc("EmbeddedDocumentBinaryObject"),
            b64encode(document.attachment.content).decode("ascii"),
            mimeCode=document.attachment.media_type,
            filename=document.attachment.filename,
        )
    if document.uri:
        leaf(branch(holder, cac("ExternalReference")), cbc("URI"), document.uri)


def _write_parties(root: etree._Element, invoice: EInvoice) -> None:
    creditor = _creditor_id(invoice.payment)
    _write_side(
        root, "AccountingSupplierParty", invoice.seller, None if invoice.payee else creditor
    )
    _write_side(root, "AccountingCustomerParty", invoice.buyer, None)
    if invoice.payee:
        _write_payee(root, invoice.payee, creditor)
    if invoice.tax_representative:
        _write_tax_representative(root, invoice.tax_representative)


def _creditor_id(payment: PaymentInstructions | None) -> str | None:
    return payment.direct_debit.creditor_id if payment and payment.direct_debit else None


def _write_side(
    root: etree._Element, name: str, party: TradeParty, creditor_id: str | None
) -> None:
    write_trade_party(branch(root, cac(name)), party, creditor_id=creditor_id)


def _write_payee(root: etree._Element, payee: Payee, creditor_id: str | None) -> None:
    party = branch(root, cac("PayeeParty"))
    write_identifier(party, payee.identifier)
    if creditor_id:
        leaf(branch(party, cac("PartyIdentification")), cbc("ID"), creditor_id, schemeID=SEPA)
    leaf(branch(party, cac("PartyName")), cbc("Name"), payee.name)
    if payee.legal_id:
        entity = branch(party, cac("PartyLegalEntity"))
        leaf(entity, cbc("CompanyID"), payee.legal_id.value, schemeID=payee.legal_id.scheme)


def _write_tax_representative(root: etree._Element, representative: TaxRepresentative) -> None:
    party = branch(root, cac("TaxRepresentativeParty"))
    leaf(branch(party, cac("PartyName")), cbc("Name"), representative.name)
    write_address(party, "PostalAddress", representative.address)
    write_vat_scheme(party, representative.vat_id)


def _write_delivery(root: etree._Element, delivery: Delivery) -> None:
    element = branch(root, cac("Delivery"))
    leaf(element, cbc("ActualDeliveryDate"), _day(delivery.delivered_on))
    if delivery.location or delivery.address:
        location = branch(element, cac("DeliveryLocation"))
        if delivery.location:
            place = delivery.location
            leaf(location, cbc("ID"), place.value, schemeID=place.scheme)
        if delivery.address:
            write_address(location, "Address", delivery.address)
    if delivery.name:
        party = branch(branch(element, cac("DeliveryParty")), cac("PartyName"))
        leaf(party, cbc("Name"), delivery.name)


def _write_payment(root: etree._Element, invoice: EInvoice, dialect: Dialect) -> None:
    # A credit note has no due date of its own in UBL; it stands with the means of payment.
    due = _day(invoice.due_on) if dialect is CREDIT_NOTE else None
    if invoice.payment:
        for element in _payment_means(root, invoice.payment, due):
            _write_card_and_debit(element, invoice.payment)
    elif due:
        raise NotExpressible(
            "A UBL credit note keeps its due date with the means of payment; name one."
        )
    if invoice.payment_terms:
        leaf(branch(root, cac("PaymentTerms")), cbc("Note"), invoice.payment_terms)


def _payment_means(
    root: etree._Element, payment: PaymentInstructions, due: str | None
) -> list[etree._Element]:
    elements: list[etree._Element] = []
    for transfer in payment.transfers or (None,):
        element = branch(root, cac("PaymentMeans"))
        is_first = not elements  # each account repeats the means, but text and date stand once
        text = payment.means_text if is_first else None
        leaf(element, cbc("PaymentMeansCode"), payment.means, name=text)
        leaf(element, cbc("PaymentDueDate"), due if is_first else None)
        leaf(element, cbc("PaymentID"), payment.remittance)
        elements.append(element)
        if not transfer:
            continue
        account = etree.Element(cac("PayeeFinancialAccount"))
        leaf(account, cbc("ID"), transfer.account)
        leaf(account, cbc("Name"), transfer.holder)
        if transfer.bic:
            leaf(branch(account, cac("FinancialInstitutionBranch")), cbc("ID"), transfer.bic)
        element.append(account)
    return elements


def _write_card_and_debit(element: etree._Element, payment: PaymentInstructions) -> None:
    if payment.card:
        card = etree.Element(cac("CardAccount"))
        leaf(card, cbc("PrimaryAccountNumberID"), payment.card.number)
        leaf(card, cbc("NetworkID"), ABSENT)
        leaf(card, cbc("HolderName"), payment.card.holder)
        account = element.find(cac("PayeeFinancialAccount"))
        if account is None:
            element.append(card)
        else:
            account.addprevious(card)
    debit = payment.direct_debit
    if debit and (debit.mandate or debit.account):
        mandate = branch(element, cac("PaymentMandate"))
        leaf(mandate, cbc("ID"), debit.mandate)
        if debit.account:
            leaf(branch(mandate, cac("PayerFinancialAccount")), cbc("ID"), debit.account)


def _write_vat(root: etree._Element, invoice: EInvoice) -> None:
    currency, totals = invoice.currency, invoice.totals
    element = branch(root, cac("TaxTotal"))
    leaf(element, cbc("TaxAmount"), amount_text(totals.vat, currency), currencyID=currency)
    for row in invoice.vat_rows:
        _write_vat_row(element, row, currency)
    if totals.vat_in_tax_currency is not None and invoice.tax_currency:
        text = amount_text(totals.vat_in_tax_currency, invoice.tax_currency)
        element = branch(root, cac("TaxTotal"))
        leaf(element, cbc("TaxAmount"), text, currencyID=invoice.tax_currency)


def _write_vat_row(parent: etree._Element, row: VatRow, currency: str) -> None:
    element = branch(parent, cac("TaxSubtotal"))
    leaf(element, cbc("TaxableAmount"), amount_text(row.base, currency), currencyID=currency)
    leaf(element, cbc("TaxAmount"), amount_text(row.tax, currency), currencyID=currency)
    category = branch(element, cac("TaxCategory"))
    leaf(category, cbc("ID"), row.category)
    leaf(category, cbc("Percent"), optional_number(row.rate))
    leaf(category, cbc("TaxExemptionReasonCode"), row.reason_code)
    leaf(category, cbc("TaxExemptionReason"), row.reason)
    leaf(branch(category, cac("TaxScheme")), cbc("ID"), "VAT")


def _write_totals(root: etree._Element, totals: Totals, currency: str) -> None:
    element = branch(root, cac("LegalMonetaryTotal"))
    for name, value in (
        ("LineExtensionAmount", totals.lines),
        ("TaxExclusiveAmount", totals.net),
        ("TaxInclusiveAmount", totals.gross),
        ("AllowanceTotalAmount", totals.allowances),
        ("ChargeTotalAmount", totals.charges),
        ("PrepaidAmount", totals.prepaid),
        ("PayableRoundingAmount", totals.rounding),
        ("PayableAmount", totals.due),
    ):
        leaf(element, cbc(name), optional_amount(value, currency), currencyID=currency)
