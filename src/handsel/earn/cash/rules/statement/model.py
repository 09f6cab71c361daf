"""The neutral bank statement: what any format is read into, exactly as the bank stated it.

Words: a *file* holds a *header* and *statements*; a statement belongs to one bank account and
holds *balances* and *entries*; an entry is one line of the account and may hold several
*details*, one per payment of a batch. Amounts carry the sign of the account: money in is
positive, money out negative. A text the bank left out is "", anything else it left out is None.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from handsel.earn.cash.rules.statement.parties import (
    Agent,
    BankAccount,
    Party,
    Side,
)
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.money import Money


class Kind(StrEnum):
    """What the bank promises by the message. Only a statement is final and may be posted."""

    STATEMENT = "statement"  # camt.053, MT940: booked, with balances
    REPORT = "report"  # camt.052: intraday, may still change
    NOTIFICATION = "notification"  # camt.054: details of single bookings, no balances


class Direction(StrEnum):
    """Which way the money goes, seen from the account."""

    CREDIT = "CRDT"
    DEBIT = "DBIT"

    def signed(self, value: Decimal) -> Decimal:
        """Return the value as it changes the account: a debit is negative, zero has no sign."""
        return -value if self is Direction.DEBIT and value else value


@dataclass(frozen=True, slots=True)
class StatedAmount:
    """An amount exactly as stated, up to five decimals, which may be finer than the currency."""

    value: Decimal
    currency: str

    @property
    def minor(self) -> int | None:
        """Minor units, or None when the amount is finer or the currency has no minor unit."""
        try:
            return self.money().amount_minor
        except Invalid:
            return None

    def money(self) -> Money:
        """Return it as Money. Raises Invalid when it is finer than the currency's minor unit."""
        return Money.exact(self.value, self.currency)

    def text(self) -> str:
        """Return "8.85" where the currency can hold the amount, else the digits as stated."""
        try:
            return self.money().text()
        except Invalid:
            return f"{self.value:f}"

    def __str__(self) -> str:
        return f"{self.text()} {self.currency}"


@dataclass(frozen=True, slots=True)
class BankTransactionCode:
    """What kind of movement it is: ISO domain, family and sub-family, and the bank's own code."""

    domain: str = ""
    family: str = ""
    sub_family: str = ""
    proprietary: str = ""
    proprietary_issuer: str = ""


@dataclass(frozen=True, slots=True)
class Balance:
    """One balance. ``code`` is ISO's: OPBD, CLBD, PRCD, ITBD, OPAV, CLAV, FWAV, XPCD, INFO …

    ``sub_code`` INTM marks the balance of a page inside a statement.
    """

    code: str
    amount: StatedAmount
    on: date
    at: datetime | None = None
    sub_code: str = ""
    proprietary: str = ""


@dataclass(frozen=True, slots=True)
class Charge:
    """A fee the bank took (positive) or gave back (negative)."""

    amount: StatedAmount
    is_included: bool | None = None
    bearer: str = ""
    kind: str = ""
    agent: Agent | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What the bank says about payments booked in one sum. The total is unsigned."""

    message_id: str = ""
    payment_information_id: str = ""
    count: int | None = None
    total: StatedAmount | None = None
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class ProprietaryReference:
    """A reference of the bank's own kind."""

    kind: str
    reference: str


@dataclass(frozen=True, slots=True)
class References:
    """All the names one payment goes by."""

    message_id: str = ""
    account_servicer_ref: str = ""
    payment_information_id: str = ""
    instruction_id: str = ""
    end_to_end_id: str = ""
    uetr: str = ""
    transaction_id: str = ""
    mandate_id: str = ""
    cheque_number: str = ""
    clearing_system_ref: str = ""
    account_owner_transaction_id: str = ""
    account_servicer_transaction_id: str = ""
    market_infrastructure_transaction_id: str = ""
    processing_id: str = ""
    proprietary: tuple[ProprietaryReference, ...] = ()


@dataclass(frozen=True, slots=True)
class ReferredDocument:
    """A document the payer names in structured remittance, with what he says he pays on it."""

    number: str
    code: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class StructuredRemittance:
    """One structured block: the creditor's reference, documents, and words beside them."""

    reference: str = ""
    reference_code: str = ""
    reference_proprietary: str = ""
    reference_issuer: str = ""
    documents: tuple[ReferredDocument, ...] = ()
    remitted: StatedAmount | None = None
    discount: StatedAmount | None = None
    additional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """How one currency became another; the rate is text because it is shown, never computed."""

    source_currency: str
    target_currency: str
    unit_currency: str
    rate: str
    contract_id: str = ""


@dataclass(frozen=True, slots=True)
class ReturnInformation:
    """Why a payment came back."""

    code: str = ""
    proprietary: str = ""
    originator: str = ""
    additional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TransactionDetail:
    """One payment inside an entry.

    ``amount``, ``transaction_amount``, ``instructed_amount`` and ``counter_value`` are signed
    by the *entry's* direction. ``stated_direction`` is what the detail itself says, which in a
    netted batch, and in careless files, is not the same.
    """

    amount: StatedAmount | None = None
    stated_direction: Direction | None = None
    transaction_amount: StatedAmount | None = None
    instructed_amount: StatedAmount | None = None
    counter_value: StatedAmount | None = None
    exchange: Exchange | None = None
    references: References = References()
    bank_transaction_code: BankTransactionCode = BankTransactionCode()
    debtor: Side = field(default_factory=Side)
    creditor: Side = field(default_factory=Side)
    initiating_party: Party | None = None
    unstructured: tuple[str, ...] = ()
    structured: tuple[StructuredRemittance, ...] = ()
    charges: tuple[Charge, ...] = ()
    return_information: ReturnInformation | None = None
    accepted_at: datetime | None = None
    additional_info: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the account. ``position`` counts from 0 within the statement."""

    position: int
    amount: StatedAmount
    direction: Direction
    status: str
    is_reversal: bool
    booked_on: date | None
    value_on: date | None
    booked_at: datetime | None = None
    value_at: datetime | None = None
    reference: str = ""
    account_servicer_ref: str = ""
    bank_transaction_code: BankTransactionCode = BankTransactionCode()
    batches: tuple[Batch, ...] = ()
    charges: tuple[Charge, ...] = ()
    details: tuple[TransactionDetail, ...] = ()
    additional_info: str = ""

    @property
    def is_booked(self) -> bool:
        """Only booked entries move the balance; pending and informational ones do not."""
        return self.status == "BOOK"


@dataclass(frozen=True, slots=True)
class Totals:
    """The bank's own control sums over the entries of a statement; all unsigned."""

    count: int | None = None
    credit_count: int | None = None
    credit_sum: Decimal | None = None
    debit_count: int | None = None
    debit_sum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Where a message or statement stands among several."""

    number: int
    is_last: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, report or notification of one bank account."""

    kind: Kind
    statement_id: str
    account: BankAccount
    created_at: datetime | None
    electronic_sequence: int | None = None
    legal_sequence: int | None = None
    page: Page | None = None
    from_at: datetime | None = None
    to_at: datetime | None = None
    copy_duplicate: str = ""
    balances: tuple[Balance, ...] = ()
    totals: Totals | None = None
    entries: tuple[Entry, ...] = ()
    additional_info: str = ""

    @property
    def booked(self) -> tuple[Entry, ...]:
        """The entries that move the balance."""
        return tuple(entry for entry in self.entries if entry.is_booked)

    @property
    def currency(self) -> str:
        """The account's currency: as stated, else that of the opening or the first balance."""
        if self.account.currency:
            return self.account.currency
        for code in ("OPBD", "CLBD"):
            for balance in self.balances:
                if balance.code == code:
                    return balance.amount.currency
        if self.balances:
            return self.balances[0].amount.currency
        return self.entries[0].amount.currency if self.entries else ""


@dataclass(frozen=True, slots=True)
class OriginalQuery:
    """The request that a message answers."""

    message_id: str
    message_name: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """The group header of a message."""

    message_id: str = ""
    created_at: datetime | None = None
    recipient: Party | None = None
    page: Page | None = None
    original_query: OriginalQuery | None = None
    additional_info: str = ""


@dataclass(frozen=True, slots=True)
class StatementFile:
    """One file as read. ``message_format`` is "camt.053" or "mt940"; ``sha256`` is of its bytes."""

    message_format: str
    version: str
    sha256: str
    header: Header
    statements: tuple[Statement, ...]
    warnings: tuple[str, ...] = ()
