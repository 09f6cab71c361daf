"""What each document says: frozen snapshots, already authorized, with no model and no id in them.

A room builds one of these from its own rows and hands it to `documents.typeset_document`. Money is
`Money`, quantities are `Quantity`, dates are dates: turning them into text is done here, in the
document's locale, and nowhere else. What all documents share is in `letter.py`. `*_bps` are basis
points. Texts are shown literally; a blank line starts a new paragraph.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal

from handsel.ground.document.letter import BankAccount, Letter
from handsel.ground.document.postal import Address
from handsel.ground.kernel.money import Money, total
from handsel.ground.kernel.period import DatePeriod
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.rate import Rate

Charge = Literal["one_time", "recurring", "usage"]
Interval = Literal["", "day", "week", "month", "quarter", "year"]
SumInterval = Literal[Interval, "periods"]
"""By what is summed; `periods` are such that follow each other with amounts of their own."""
Per = Literal["", "day", "week", "month", "quarter", "year", "use"]
InvoiceKind = Literal["invoice", "deposit", "partial", "final", "credit_note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLine:
    """Quantity × unit price − discount = amount.

    `list_amount` is quantity × unit price as rounded by the engine. `unit_price` is None where no
    single price stands behind the amount (tiers); `description` then says how it came about.
    """

    position: str
    name: str
    quantity: Quantity
    list_amount: Money
    amount: Money
    unit_price: Rate | None = None
    per: Per = ""
    discount: Money | None = None
    discount_bps: int | None = None
    tax_bps: int | None = None
    item_code: str = ""
    description: str = ""
    notes: tuple[str, ...] = ()
    delivery_on: date | None = None
    service_period: DatePeriod | None = None
    charge: Charge = "one_time"
    interval: SumInterval = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRow:
    """One tax rate of a document. `reason` is the legal text of an exemption or reverse charge."""

    rate_bps: int
    base: Money
    tax: Money
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A surcharge or (negative) discount on the whole document, before tax."""

    text: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeTotal:
    """What is paid once, or per interval. `list_total` and `discount` show what is saved."""

    net: Money
    taxes: tuple[TaxRow, ...]
    gross: Money
    charge: Charge = "one_time"
    interval: SumInterval = ""
    list_total: Money | None = None
    discount: Money | None = None
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A piece of the terms, with or without a heading."""

    text: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """Who accepted a quote and when; the hash is of the bytes they saw."""

    name: str
    email: str
    accepted_at: datetime
    document_sha256: str
    order_reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargePart:
    """What one kind of charge adds to a sum, net."""

    charge: Charge
    interval: SumInterval
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSection:
    """Lines under one heading with what they come to; an empty title heads nothing.

    `depth` is 0 for a group that lies in no other; `amount` counts the groups within it too, and
    is None where nothing is summed (options). `parts` tell kinds of charge apart, where there
    are several.
    """

    title: str
    depth: int
    lines: tuple[PricedLine, ...]
    amount: Money | None = None
    parts: tuple[ChargePart, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class YearValue:
    """What falls due in a year of a contract, or in several of them together; net."""

    label: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteDocument(Letter):
    """An offer. `last_valid_on` is the last day it can be accepted, in `time_zone`.

    The sections hold the same lines as `lines` and `optional_lines`, where there are groups or
    sets of alternatives. `contract_value` is net, over all periods, and the sum of `years`;
    `annual_value` what recurs in a year, net.
    """

    TEMPLATE: ClassVar[str] = "quote"

    version: int
    last_valid_on: date
    lines: tuple[PricedLine, ...]
    totals: tuple[ChargeTotal, ...]
    optional_lines: tuple[PricedLine, ...] = ()
    sections: tuple[LineSection, ...] = ()
    option_sections: tuple[LineSection, ...] = ()
    contract_value: Money | None = None
    annual_value: Money | None = None
    years: tuple[YearValue, ...] = ()
    delivery: str = ""
    payment_terms: str = ""
    delivery_terms: str = ""
    terms: tuple[Clause, ...] = ()
    acceptance: Acceptance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderConfirmationDocument(Letter):
    """What we have agreed to deliver."""

    TEMPLATE: ClassVar[str] = "order_confirmation"

    lines: tuple[PricedLine, ...]
    totals: tuple[ChargeTotal, ...]
    ship_to: Address | None = None
    delivery: str = ""
    payment_terms: str = ""
    delivery_terms: str = ""
    terms: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsLine:
    """A line without prices. `open` is what is still to come after this shipment, if anything."""

    position: str
    name: str
    ordered: Quantity
    shipped: Quantity
    open: Quantity | None = None
    item_code: str = ""
    description: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Who took the goods, and what was noted."""

    name: str
    received_at: datetime
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryNoteDocument(Letter):
    """What is in this shipment; no prices. The recipient is the place of delivery."""

    TEMPLATE: ClassVar[str] = "delivery_note"

    lines: tuple[GoodsLine, ...]
    shipped_on: date | None = None
    carrier: str = ""
    tracking: str = ""
    packages: int | None = None
    weight: Quantity | None = None
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyPayment:
    """Skonto: pay `amount` by `pay_by_on` and keep `discount`."""

    pay_by_on: date
    percent_bps: int
    discount: Money
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRequest:
    """What is to be paid, by when, to which account, under which reference."""

    amount: Money
    due_on: date | None = None
    bank: BankAccount | None = None
    reference: str = ""
    terms: str = ""
    discounts: tuple[EarlyPayment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """A deposit invoice that a final invoice deducts."""

    number: str
    issued_on: date
    net: Money
    tax: Money
    gross: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """The invoice that a credit note corrects."""

    number: str
    issued_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountingTax:
    """The VAT in the seller's own currency (Directive 2006/112/EC, art. 230)."""

    tax: Money
    rate_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDocument(Letter):
    """An invoice, a deposit or final invoice, or a credit note (amounts positive)."""

    TEMPLATE: ClassVar[str] = "invoice"
    SHOWN: ClassVar[tuple[str, ...]] = ("prepaid_gross", "prepaid_tax")

    kind: InvoiceKind
    lines: tuple[PricedLine, ...]
    net: Money
    taxes: tuple[TaxRow, ...]
    gross: Money
    due: Money
    adjustments: tuple[Adjustment, ...] = ()
    prepaid: tuple[Deposit, ...] = ()
    rounding: Money | None = None
    service_on: date | None = None
    service_period: DatePeriod | None = None
    corrects: Corrected | None = None
    correction_reason: str = ""
    payment: PaymentRequest | None = None
    accounting_tax: AccountingTax | None = None
    notes: tuple[str, ...] = ()

    @property
    def prepaid_gross(self) -> Money:
        """What the deducted deposits came to, as a negative amount."""
        return -total((row.gross for row in self.prepaid), self.net.currency)

    @property
    def prepaid_tax(self) -> Money:
        """The VAT in the deducted deposits, as a negative amount."""
        return -total((row.tax for row in self.prepaid), self.net.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementEntry:
    """One document on an account: it charged or it settled. `balance` is the sum so far."""

    booked_on: date
    number: str
    balance: Money
    text: str = ""
    due_on: date | None = None
    charged: Money | None = None
    settled: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeBucket:
    """An amount open for so many days; the label is in the document's language."""

    label: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStatementDocument(Letter):
    """What a customer owes on a day and how it came about."""

    TEMPLATE: ClassVar[str] = "account_statement"

    as_of_on: date
    opening: Money
    entries: tuple[StatementEntry, ...]
    balance: Money
    overdue: Money
    ageing: tuple[AgeBucket, ...] = ()
    payment: PaymentRequest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueItem:
    """An invoice that a reminder asks for."""

    number: str
    issued_on: date
    due_on: date
    days_overdue: int
    amount: Money
    open: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReminderDocument(Letter):
    """Overdue invoices of one customer; `level` counts from 1 and chooses title and wording."""

    TEMPLATE: ClassVar[str] = "payment_reminder"

    level: int
    pay_by_on: date
    items: tuple[OverdueItem, ...]
    open: Money
    total: Money
    payment: PaymentRequest
    fee: Money | None = None
    interest: Money | None = None
    interest_text: str = ""
