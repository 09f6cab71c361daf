"""One invoice that uses every business term of EN 16931, for what must not get lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from handsel.earn.billing.rules.einvoice import codes
from handsel.earn.billing.rules.einvoice.model import (
    Attachment,
    Classification,
    CreditTransfer,
    Delivery,
    DirectDebit,
    EInvoice,
    Identifier,
    InvoiceLine,
    InvoiceNote,
    Item,
    Payee,
    PaymentCard,
    PaymentInstructions,
    PrecedingInvoice,
    ServicePeriod,
    SupportingDocument,
    TaxRepresentative,
    Totals,
)
from tests.unit.billing.einvoice.samples import BUYER_AT, SELLER, adjusted

_ITEM = Item(
    name="Motor 370 W",
    description="Three-phase, IE3 & IP55, <370 W>",
    seller_id="M-370",
    buyer_id="4711-08",
    standard_id=Identifier("4012345000016", "0160"),
    classifications=(
        Classification(code="26101500", list_id="TST", list_version="19.05.01"),
        Classification(code="85015100", list_id="HS"),
    ),
    origin="DE",
    attributes=(("Voltage", "3 × 400 V"), ("Colour", "RAL 5010")),
)


_NOTES = (
    InvoiceNote("Retention of title until paid in full.", "AAI"),
    InvoiceNote("Thank you.\nSecond line: äöü €"),
)
_PRECEDING = (
    PrecedingInvoice("AN-2026-0001", date(2026, 1, 5)),
    PrecedingInvoice("AN-2026-0002"),
)
_PAYEE = Payee(
    name="Halden Factoring GmbH",
    identifier=Identifier("4012345000023", "0088"),
    legal_id=Identifier("HRB 50111"),
)
_REPRESENTATIVE = TaxRepresentative(
    name="Fiskal Partner GmbH", vat_id="ATU87654321", address=BUYER_AT.address
)
_DELIVERY = Delivery(
    name="Nordpack, Lager 2",
    location=Identifier("4012345000030", "0088"),
    delivered_on=date(2026, 2, 27),
    address=replace(BUYER_AT.address, line_2="Tor 3", line_3="Rampe B", subdivision="Wien"),
)
_PAYMENT = PaymentInstructions(
    means=codes.SEPA_CREDIT_TRANSFER,
    means_text="SEPA credit transfer",
    remittance="RF18539007547034",
    transfers=(
        CreditTransfer(account="DE89370400440532013000", holder=SELLER.name, bic="COBADEFFXXX"),
        CreditTransfer(account="AT611904300234573201"),
    ),
)
_DOCUMENTS = (
    SupportingDocument(
        reference="LS-2026-0031",
        description="Delivery note",
        attachment=Attachment(
            content=b"%PDF-1.7\n\x00\xff bytes as they are",
            media_type="application/pdf",
            filename="LS-2026-0031.pdf",
        ),
    ),
    SupportingDocument(reference="Terms", uri="https://halden.example/terms.pdf"),
)


def _detailed(line: InvoiceLine) -> InvoiceLine:
    return replace(
        line,
        item=_ITEM,
        note="Replaces the motor of 2019",
        billed_object=Identifier("SN-77120", "AVE"),
        order_line="20",
        buyer_accounting="4401",
        period=ServicePeriod(date(2026, 2, 1), date(2026, 2, 28)),
    )


def _paid_in_part(totals: Totals) -> Totals:
    return replace(
        totals,
        vat_in_tax_currency=Decimal("122.04"),
        prepaid=Decimal("100.00"),
        rounding=Decimal("-0.30"),
        due=totals.gross - Decimal("100.30"),
    )


def everything(type_code: str = codes.INVOICE) -> EInvoice:
    """Every group at least once, save the two ways to pay that exclude each other."""
    base = adjusted()
    return replace(
        base,
        type_code=type_code,
        business_process="urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
        tax_currency="CHF",
        tax_point_on=date(2026, 2, 28),
        project="P-2026-14",
        contract="RV-2025-003",
        sales_order="AB-2026-0007",
        receiving_advice="WE-881",
        despatch_advice="LS-2026-0031",
        tender="VG-12",
        billed_object=Identifier("DE0001234", "ABZ"),
        buyer_accounting="4400:Cost centre 7",
        notes=_NOTES,
        preceding=_PRECEDING,
        payee=_PAYEE,
        tax_representative=_REPRESENTATIVE,
        delivery=_DELIVERY,
        payment=_PAYMENT,
        documents=_DOCUMENTS,
        lines=(base.lines[0], _detailed(base.lines[1])),
        totals=_paid_in_part(base.totals),
    )


def collected(type_code: str = codes.INVOICE) -> EInvoice:
    """Paid by direct debit, which names a mandate and a creditor."""
    payment = PaymentInstructions(
        means=codes.SEPA_DIRECT_DEBIT,
        remittance="RE-2026-0001",
        direct_debit=DirectDebit(
            mandate="M-2025-17", creditor_id="DE98ZZZ09999999999", account="AT611904300234573201"
        ),
    )
    return replace(adjusted(), type_code=type_code, payment=payment, tax_point_code="35")


def paid_by_card() -> EInvoice:
    """Paid already, by card."""
    payment = PaymentInstructions(
        means=codes.CARD, card=PaymentCard(number="4242", holder="NORDPACK LOGISTIK AG")
    )
    return replace(adjusted(), payment=payment)


def paid_to_a_national_account() -> EInvoice:
    """An account outside the world of IBANs."""
    payment = PaymentInstructions(
        means=codes.CREDIT_TRANSFER, transfers=(CreditTransfer(account="021000021/12345678"),)
    )
    return replace(adjusted(), payment=payment)
