"""An invoice as EN 16931-1 sees it: the semantic model, without syntax.

BT (business term) and BG (group) numbers are the standard's. Amounts, prices, quantities and
percentages are exact decimals; amounts are in the invoice currency (BT-5), save BT-111. Dates
are calendar dates. A period names its first and its last day, as the standard does; the rest
of Handsel keeps half-open ones. ``None`` and the empty tuple mean that the document is silent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Identifier:
    """A value and, where one applies, the code of the scheme it comes from ("0088" for a GLN)."""

    value: str
    scheme: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """BG-5, BG-8, BG-12, BG-15: a postal address."""

    country: str  # BT-40, BT-55, BT-69, BT-80: ISO 3166-1 alpha-2
    line_1: str | None = None
    line_2: str | None = None
    line_3: str | None = None
    city: str | None = None
    post_code: str | None = None
    subdivision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """BG-6, BG-9: whom to ask."""

    name: str | None = None  # BT-41, BT-56
    phone: str | None = None  # BT-42, BT-57
    mail: str | None = None  # BT-43, BT-58


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeParty:
    """BG-4, BG-7: seller or buyer. Identifiers without a scheme come before those with one."""

    name: str  # BT-27, BT-44: the registered name
    address: Address
    trading_name: str | None = None  # BT-28, BT-45
    identifiers: tuple[Identifier, ...] = ()  # BT-29, BT-46
    legal_id: Identifier | None = None  # BT-30, BT-47: trade register
    vat_id: str | None = None  # BT-31, BT-48: with its country prefix
    tax_id: str | None = None  # BT-32: local tax number, seller only
    legal_note: str | None = None  # BT-33: legal form, register court; seller only
    endpoint: Identifier | None = None  # BT-34, BT-49: electronic address
    contact: Contact | None = None

    def __post_init__(self) -> None:
        # CII writes the two kinds apart; one order for both syntaxes keeps invoices comparable.
        ordered = sorted(self.identifiers, key=lambda identifier: identifier.scheme is not None)
        object.__setattr__(self, "identifiers", tuple(ordered))


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """BG-10: who is paid, where it is not the seller."""

    name: str  # BT-59
    identifier: Identifier | None = None  # BT-60
    legal_id: Identifier | None = None  # BT-61


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRepresentative:
    """BG-11: who answers for the seller's VAT."""

    name: str  # BT-62
    vat_id: str  # BT-63
    address: Address  # BG-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """BG-13: where and when it was delivered."""

    name: str | None = None  # BT-70
    location: Identifier | None = None  # BT-71
    delivered_on: date | None = None  # BT-72
    address: Address | None = None  # BG-15


@dataclass(frozen=True, slots=True)
class ServicePeriod:
    """BG-14, BG-26: first and last day, both included; one of the two may be left open."""

    first_on: date | None  # BT-73, BT-134
    last_on: date | None  # BT-74, BT-135


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditTransfer:
    """BG-17: an account to pay to."""

    account: str  # BT-84: IBAN, or a national number
    holder: str | None = None  # BT-85
    bic: str | None = None  # BT-86


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentCard:
    """BG-18: the card paid with; only the last four to six digits of its number."""

    number: str  # BT-87
    holder: str | None = None  # BT-88


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectDebit:
    """BG-19: the mandate by which we collect."""

    mandate: str | None = None  # BT-89
    creditor_id: str | None = None  # BT-90
    account: str | None = None  # BT-91: the account debited


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentInstructions:
    """BG-16: how to pay."""

    means: str  # BT-81: UNTDID 4461, 58 for a SEPA credit transfer
    means_text: str | None = None  # BT-82
    remittance: str | None = None  # BT-83: the reference the payer repeats
    transfers: tuple[CreditTransfer, ...] = ()
    card: PaymentCard | None = None
    direct_debit: DirectDebit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAdjustment:
    """BG-27, BG-28: an allowance (taken off) or a charge (put on) of one line."""

    amount: Decimal  # BT-136, BT-141
    base: Decimal | None = None  # BT-137, BT-142
    percent: Decimal | None = None  # BT-138, BT-143
    reason: str | None = None  # BT-139, BT-144
    reason_code: str | None = None  # BT-140 UNTDID 5189, BT-145 UNTDID 7161


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentAdjustment(LineAdjustment):
    """BG-20, BG-21: an allowance or charge of the whole document, with its VAT."""

    category: str  # BT-95, BT-102
    rate: Decimal | None = None  # BT-96, BT-103


@dataclass(frozen=True, slots=True, kw_only=True)
class VatRow:
    """BG-23: one row of the VAT breakdown."""

    category: str  # BT-118
    rate: Decimal | None  # BT-119: percent; None only where VAT does not apply (O)
    base: Decimal  # BT-116
    tax: Decimal  # BT-117
    reason: str | None = None  # BT-120: why there is no VAT
    reason_code: str | None = None  # BT-121: VATEX


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """BG-22: the sums of the document."""

    lines: Decimal  # BT-106
    net: Decimal  # BT-109
    gross: Decimal  # BT-112
    due: Decimal  # BT-115
    allowances: Decimal | None = None  # BT-107
    charges: Decimal | None = None  # BT-108
    vat: Decimal = Decimal(0)  # BT-110: nothing where the document is silent
    vat_in_tax_currency: Decimal | None = None  # BT-111
    prepaid: Decimal | None = None  # BT-113
    rounding: Decimal | None = None  # BT-114


@dataclass(frozen=True, slots=True)
class PrecedingInvoice:
    """BG-3: an invoice this document follows, corrects or deducts."""

    number: str  # BT-25
    issued_on: date | None = None  # BT-26


@dataclass(frozen=True, slots=True)
class InvoiceNote:
    """BG-1: free text, with the code of its subject where it has one."""

    text: str  # BT-22
    subject: str | None = None  # BT-21: UNTDID 4451


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """BT-125: a file carried inside the document, byte for byte."""

    content: bytes
    media_type: str
    filename: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportingDocument:
    """BG-24: a paper that supports the invoice: a timesheet, a delivery note."""

    reference: str  # BT-122
    description: str | None = None  # BT-123
    uri: str | None = None  # BT-124
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """BG-29: what ``base_quantity`` units cost before VAT; any number of decimals.

    A discount of nothing is none, and one without a gross price implies it, because the two
    syntaxes differ in which of the two they demand.
    """

    net: Decimal  # BT-146
    discount: Decimal | None = None  # BT-147
    gross: Decimal | None = None  # BT-148
    base_quantity: Decimal | None = None  # BT-149
    base_unit: str | None = None  # BT-150

    def __post_init__(self) -> None:
        if not self.discount:
            object.__setattr__(self, "discount", None)
        elif self.gross is None:
            object.__setattr__(self, "gross", self.net + self.discount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """BT-158: a code of the item in a public list, such as UNSPSC or the customs tariff."""

    code: str
    list_id: str  # UNTDID 7143
    list_version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """BG-31: what was sold."""

    name: str  # BT-153
    description: str | None = None  # BT-154
    seller_id: str | None = None  # BT-155
    buyer_id: str | None = None  # BT-156
    standard_id: Identifier | None = None  # BT-157: a GTIN has scheme 0160
    classifications: tuple[Classification, ...] = ()
    origin: str | None = None  # BT-159: country
    attributes: tuple[tuple[str, str], ...] = ()  # BG-32: name and value


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """BG-25: one billed line."""

    number: str  # BT-126
    quantity: Decimal  # BT-129
    unit: str  # BT-130: UNECE Recommendation 20
    net: Decimal  # BT-131
    price: Price
    item: Item
    category: str  # BT-151
    rate: Decimal | None = None  # BT-152
    note: str | None = None  # BT-127
    billed_object: Identifier | None = None  # BT-128
    order_line: str | None = None  # BT-132: the buyer's own line number
    buyer_accounting: str | None = None  # BT-133
    period: ServicePeriod | None = None
    allowances: tuple[LineAdjustment, ...] = ()
    charges: tuple[LineAdjustment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EInvoice:
    """The document. ``codes`` names its types; a credit note carries positive amounts."""

    specification: str  # BT-24
    number: str  # BT-1
    issued_on: date  # BT-2
    type_code: str  # BT-3
    currency: str  # BT-5
    seller: TradeParty
    buyer: TradeParty
    lines: tuple[InvoiceLine, ...]
    vat_rows: tuple[VatRow, ...]
    totals: Totals
    business_process: str | None = None  # BT-23
    tax_currency: str | None = None  # BT-6: of BT-111
    tax_point_on: date | None = None  # BT-7
    tax_point_code: str | None = None  # BT-8: UNTDID 2005: 3 issue, 35 delivery, 432 payment
    due_on: date | None = None  # BT-9
    buyer_reference: str | None = None  # BT-10
    project: str | None = None  # BT-11
    contract: str | None = None  # BT-12
    purchase_order: str | None = None  # BT-13
    sales_order: str | None = None  # BT-14
    receiving_advice: str | None = None  # BT-15
    despatch_advice: str | None = None  # BT-16
    tender: str | None = None  # BT-17
    billed_object: Identifier | None = None  # BT-18
    buyer_accounting: str | None = None  # BT-19
    payment_terms: str | None = None  # BT-20
    notes: tuple[InvoiceNote, ...] = ()
    preceding: tuple[PrecedingInvoice, ...] = ()
    payee: Payee | None = None
    tax_representative: TaxRepresentative | None = None
    delivery: Delivery | None = None
    period: ServicePeriod | None = None
    payment: PaymentInstructions | None = None
    allowances: tuple[DocumentAdjustment, ...] = ()
    charges: tuple[DocumentAdjustment, ...] = ()
    documents: tuple[SupportingDocument, ...] = ()
