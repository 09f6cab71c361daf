"""Facts this room announces. Payloads hold ids, amounts and dates, never models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from handsel.ground.kernel.money import Money
from handsel.ground.platform.events import Event


@dataclass(frozen=True, slots=True)
class StatementImported(Event):
    """A bank statement was read and adds up."""

    TYPE: ClassVar[str] = "cash.statement.imported"
    TOUCHES: ClassVar[dict[str, str]] = {
        "statement_id": "bank_statement",
    }

    statement_id: int
    entries: int


@dataclass(frozen=True, slots=True)
class StatementHeld(Event):
    """A bank statement does not add up or does not chain."""

    TYPE: ClassVar[str] = "cash.statement.held"
    TOUCHES: ClassVar[dict[str, str]] = {
        "statement_id": "bank_statement",
    }

    statement_id: int
    difference_minor: int


@dataclass(frozen=True, slots=True)
class ReceivableOpened(Event):
    """A customer owes an invoice."""

    TYPE: ClassVar[str] = "cash.receivable.opened"
    TOUCHES: ClassVar[dict[str, str]] = {
        "invoice_id": "invoice",
        "organization_id": "organization",
    }

    receivable_entry_id: int
    invoice_id: int
    organization_id: int
    amount: Money


@dataclass(frozen=True, slots=True)
class PaymentRecorded(Event):
    """Money came in (or went back)."""

    TYPE: ClassVar[str] = "cash.payment.recorded"
    TOUCHES: ClassVar[dict[str, str]] = {
        "payment_id": "payment",
        "organization_id": "organization",
        "bank_entry_id": "bank_entry",
    }

    payment_id: int
    organization_id: int
    amount: Money
    charges: Money
    received_on: date
    bank_entry_id: int | None


@dataclass(frozen=True, slots=True)
class PaymentAllocated(Event):
    """A part of a payment was put against an invoice."""

    TYPE: ClassVar[str] = "cash.payment.allocated"
    TOUCHES: ClassVar[dict[str, str]] = {
        "payment_id": "payment",
        "invoice_id": "invoice",
        "organization_id": "organization",
    }

    allocation_id: int
    payment_id: int
    invoice_id: int
    organization_id: int
    amount: Money
    allocated_on: date


@dataclass(frozen=True, slots=True)
class AllocationReversed(Event):
    """An allocation was undone."""

    TYPE: ClassVar[str] = "cash.allocation.reversed"
    TOUCHES: ClassVar[dict[str, str]] = {
        "payment_id": "payment",
        "invoice_id": "invoice",
        "organization_id": "organization",
    }

    allocation_id: int
    payment_id: int
    invoice_id: int
    organization_id: int
    amount: Money
    allocated_on: date


@dataclass(frozen=True, slots=True)
class InvoicePaid(Event):
    """Nothing is open on an invoice any more."""

    TYPE: ClassVar[str] = "cash.invoice.paid"
    TOUCHES: ClassVar[dict[str, str]] = {
        "invoice_id": "invoice",
        "order_id": "order",
        "organization_id": "organization",
    }

    invoice_id: int
    order_id: int | None
    organization_id: int


@dataclass(frozen=True, slots=True)
class ReceivableWrittenOff(Event):
    """We gave up a claim, or granted a discount on it."""

    TYPE: ClassVar[str] = "cash.receivable.written_off"
    TOUCHES: ClassVar[dict[str, str]] = {
        "invoice_id": "invoice",
        "organization_id": "organization",
    }

    receivable_entry_id: int
    invoice_id: int
    organization_id: int
    kind: str
    amount: Money
    tax_part: Money
    effective_on: date


@dataclass(frozen=True, slots=True)
class WriteOffReversed(Event):
    """A claim that was given up, or a discount, is owed again."""

    TYPE: ClassVar[str] = "cash.write_off.reversed"
    TOUCHES: ClassVar[dict[str, str]] = {
        "invoice_id": "invoice",
        "organization_id": "organization",
    }

    receivable_entry_id: int
    invoice_id: int
    organization_id: int
    kind: str
    amount: Money
    tax_part: Money
    effective_on: date


@dataclass(frozen=True, slots=True)
class StatementRejected(Event):
    """A held statement was set aside; a corrected one may come."""

    TYPE: ClassVar[str] = "cash.statement.rejected"
    TOUCHES: ClassVar[dict[str, str]] = {
        "statement_id": "bank_statement",
    }

    statement_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class BankEntrySetAside(Event):
    """A bank entry is no customer's payment."""

    TYPE: ClassVar[str] = "cash.bank_entry.set_aside"
    TOUCHES: ClassVar[dict[str, str]] = {
        "bank_entry_id": "bank_entry",
        "statement_id": "bank_statement",
    }

    bank_entry_id: int
    statement_id: int
    reason: str
