"""What cash takes and gives on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Path, Query
from pydantic import Field

from handsel.earn.cash.models import (
    Allocation,
    BankEntry,
    BankStatement,
    Payment,
    ReceivableBalance,
    ReceivableEntry,
)
from handsel.earn.cash.rules.statement.findings import told
from handsel.ground.platform.api import AnswerSchema, ClosedSchema, CurrencyCode, MoneyOut

KeyInPath = Annotated[int, Path(..., ge=1, le=2**63 - 1)]
Key = Annotated[int, Field(ge=1, le=2**63 - 1)]
PageSize = Annotated[int, Query(ge=1, le=200)]
Start = Annotated[int, Query(ge=0, le=1_000_000)]
DayInQuery = Annotated[str, Query(max_length=10, examples=["2026-03-31"])]
DayText = Annotated[str, Field(max_length=10, examples=["2026-03-02"])]
# No control characters: PostgreSQL keeps no NUL, and a reason is one line.
Reason = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")]
Line = Annotated[str, Field(max_length=140, pattern=r"^[^\x00-\x1f]*$")]
AmountText = Annotated[str, Field(pattern=r"^-?[0-9]{1,13}(\.[0-9]{1,4})?$", examples=["119.00"])]
Positive = Annotated[str, Field(pattern=r"^[0-9]{1,13}(\.[0-9]{1,4})?$", examples=["119.00"])]


class StatementOut(AnswerSchema):
    """One bank statement."""

    id: int
    statement_id: str
    iban: str
    seller_id: int
    state: str = Field(examples=["accepted", "held", "rejected"])
    until_on: date
    opening: MoneyOut
    closing: MoneyOut
    difference: MoneyOut
    findings: list[dict[str, str]]
    decision: str

    @classmethod
    def of(cls, row: BankStatement) -> StatementOut:
        """From its row, account loaded."""
        return cls(
            id=row.pk,
            statement_id=row.statement_id,
            iban=row.bank_account.iban,
            seller_id=row.seller_id,
            state=row.state,
            until_on=row.until_on,
            opening=MoneyOut.of(row.opening_minor, row.currency),
            closing=MoneyOut.of(row.closing_minor, row.currency),
            difference=MoneyOut.of(row.difference_minor, row.currency),
            findings=[
                {"code": one["code"], "weight": one["weight"], "message": told(one)}
                for one in row.findings
            ],
            decision=row.accepted_reason,
        )


class EntryOut(AnswerSchema):
    """One entry of a statement."""

    id: int
    statement_id: int
    state: str = Field(examples=["open", "matched", "ignored"])
    booked_on: date
    value_on: date | None
    amount: MoneyOut
    counterparty: str
    counterparty_iban: str
    reference: str
    text: str
    ignored_reason: str

    @classmethod
    def of(cls, row: BankEntry) -> EntryOut:
        """From its row."""
        return cls(
            id=row.pk,
            statement_id=row.statement_id,
            state=row.state,
            booked_on=row.booked_on,
            value_on=row.value_on,
            amount=MoneyOut.of(row.amount_minor, row.currency),
            counterparty=row.counterparty,
            counterparty_iban=row.counterparty_iban,
            reference=row.structured_reference,
            text=row.remittance,
            ignored_reason=row.ignored_reason,
        )


class StatementRecordOut(AnswerSchema):
    """A statement with its entries."""

    statement: StatementOut
    entries: list[EntryOut]


class StatementListOut(AnswerSchema):
    """Statements, newest first."""

    rows: list[StatementOut]
    next_start: int | None


class ImportIn(ClosedSchema):
    """A bank's file. With `dry_run` everything is done and undone again."""

    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")]
    content_base64: Annotated[str, Field(max_length=28_000_000, min_length=4)]
    dry_run: bool = False

    model_config = {**ClosedSchema.model_config, "str_max_length": 28_000_000}


class ImportedEntryOut(AnswerSchema):
    """What became of one entry of an imported statement."""

    amount: MoneyOut
    counterparty: str
    payment_number: str
    paid: list[str]
    reason: str


class ImportedOut(AnswerSchema):
    """What became of one statement of the file."""

    statement_id: str
    outcome: str = Field(examples=["accepted", "held", "known"])
    id: int | None
    messages: list[str]
    matched: int
    waiting: int
    entries: list[ImportedEntryOut]


class ImportOut(AnswerSchema):
    """What became of the file."""

    dry_run: bool
    statements: list[ImportedOut]


class PartIn(ClosedSchema):
    """What one invoice gets: money, and a discount that closes the rest."""

    invoice_id: Key
    amount: AmountText
    discount: Positive = "0"


class MatchIn(ClosedSchema):
    """A customer and what his money is put against; what is left stays on the payment."""

    organization_id: Key
    parts: Annotated[list[PartIn], Field(max_length=200)]


class ConfirmIn(ClosedSchema):
    """The mark of the candidate to confirm."""

    mark: Annotated[str, Field(pattern=r"^[0-9a-f]{24}$")]


class ReasonIn(ClosedSchema):
    """Why."""

    reason: Reason


class CandidatePartOut(AnswerSchema):
    """What a candidate gives one invoice."""

    invoice_id: int
    amount: MoneyOut
    discount: MoneyOut
    charge: MoneyOut


class CandidateOut(AnswerSchema):
    """One explanation of an entry, with its reasons."""

    mark: str
    rule: str
    score_bps: int
    residual: str
    is_ambiguous: bool
    customer_ids: list[int]
    parts: list[CandidatePartOut]
    evidence: list[str]


class AllocationOut(AnswerSchema):
    """A part of a payment put against an invoice."""

    id: int
    invoice_id: int
    amount: MoneyOut
    allocated_on: date
    reverses_id: int | None

    @classmethod
    def of(cls, row: Allocation) -> AllocationOut:
        """From its row."""
        return cls(
            id=row.pk,
            invoice_id=row.invoice_id,
            amount=MoneyOut.of(row.amount_minor, row.currency),
            allocated_on=row.allocated_on,
            reverses_id=row.reverses_id,
        )


class PaymentOut(AnswerSchema):
    """Money received (negative: paid back)."""

    id: int
    number: str
    seller_id: int
    organization_id: int
    amount: MoneyOut
    charges: MoneyOut
    received_on: date
    method: str
    reference: str
    recorded_at: datetime

    @classmethod
    def of(cls, row: Payment) -> PaymentOut:
        """From its row."""
        return cls(
            id=row.pk,
            number=row.number,
            seller_id=row.seller_id,
            organization_id=row.organization_id,
            amount=MoneyOut.of(row.amount_minor, row.currency),
            charges=MoneyOut.of(row.charges_minor, row.currency),
            received_on=row.received_on,
            method=row.method,
            reference=row.reference,
            recorded_at=row.recorded_at,
        )


class PaymentListOut(AnswerSchema):
    """Payments, newest first."""

    rows: list[PaymentOut]
    next_start: int | None


class PaymentRecordOut(AnswerSchema):
    """A payment with what it was put against and what is left."""

    payment: PaymentOut
    allocations: list[AllocationOut]
    unallocated: MoneyOut


class RecordIn(ClosedSchema):
    """Money a person knows of, with what it is put against at once."""

    organization_id: Key
    seller_id: Key | None = None
    amount: AmountText
    currency: CurrencyCode
    received_on: DayText
    charges: Positive = "0"
    method: Literal["bank_transfer", "direct_debit", "card", "cash", "cheque", "other"] = (
        "bank_transfer"
    )
    reference: Line = ""
    parts: Annotated[list[PartIn], Field(max_length=200)] = Field(default_factory=list)


class AllocateIn(ClosedSchema):
    """Put a part of what is left against an invoice (negative: use a credit note)."""

    invoice_id: Key
    amount: AmountText
    allocated_on: DayText


class DayIn(ClosedSchema):
    """The day of an act."""

    on: DayText


class ReceivableEntryOut(AnswerSchema):
    """One change of what is owed."""

    id: int
    kind: str
    amount: MoneyOut
    tax: MoneyOut
    effective_on: date
    reason: str

    @classmethod
    def of(cls, row: ReceivableEntry) -> ReceivableEntryOut:
        """From its row."""
        return cls(
            id=row.pk,
            kind=row.kind,
            amount=MoneyOut.of(row.amount_minor, row.currency),
            tax=MoneyOut.of(row.tax_minor, row.currency),
            effective_on=row.effective_on,
            reason=row.reason,
        )


class ReceivableOut(AnswerSchema):
    """What is open on an invoice, and the entries that sum to it."""

    invoice_id: int
    invoice_number: str
    organization_id: int
    due_on: date
    open: MoneyOut
    entries: list[ReceivableEntryOut]

    @classmethod
    def of(cls, row: ReceivableBalance, entries: list[ReceivableEntry]) -> ReceivableOut:
        """From its balance, invoice loaded, and entries."""
        return cls(
            invoice_id=row.pk,
            invoice_number=row.invoice.number,
            organization_id=row.organization_id,
            due_on=row.due_on,
            open=MoneyOut.of(row.open_minor, row.currency),
            entries=[ReceivableEntryOut.of(entry) for entry in entries],
        )


class WriteOffIn(ClosedSchema):
    """How much of a claim to give up, with VAT, and why."""

    amount: Positive
    kind: Literal["write_off", "discount"] = "write_off"
    effective_on: DayText
    reason: Reason


class TakeUpIn(ClosedSchema):
    """Undo a write-off."""

    effective_on: DayText
    reason: Reason


class UseCreditIn(ClosedSchema):
    """Set a credit note off against the invoice."""

    credit_note_id: Key
    amount: Positive
    effective_on: DayText


class AgedItemOut(AnswerSchema):
    """One open item on the day."""

    invoice_id: int
    organization_id: int
    due_on: date
    bucket: str
    open: MoneyOut


class AgedCustomerOut(AnswerSchema):
    """One customer in one currency: open by age, money not allocated apart."""

    organization_id: int
    currency: str
    buckets: dict[str, MoneyOut]
    open: MoneyOut
    unapplied: MoneyOut
    balance: MoneyOut


class AgeingOut(AnswerSchema):
    """Receivables by age as of a day."""

    as_of: date
    customers: list[AgedCustomerOut]
    items: list[AgedItemOut]
    next_start: int | None
