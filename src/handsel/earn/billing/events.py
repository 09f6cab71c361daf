"""Facts this room announces. Payloads hold ids, amounts and dates, never models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from handsel.ground.kernel.money import Money
from handsel.ground.platform.events import Event


@dataclass(frozen=True, slots=True)
class BillingPlanned(Event):
    """It is settled when what share of an order is billed."""

    TYPE: ClassVar[str] = "billing.plan.made"
    TOUCHES: ClassVar[dict[str, str]] = {
        "plan_id": "billing_plan",
        "order_id": "order",
    }

    plan_id: int
    order_id: int
    net: Money


@dataclass(frozen=True, slots=True)
class InvoiceDrafted(Event):
    """A draft waits for its issue."""

    TYPE: ClassVar[str] = "billing.invoice.drafted"
    TOUCHES: ClassVar[dict[str, str]] = {
        "invoice_id": "invoice",
        "order_id": "order",
        "organization_id": "organization",
    }

    invoice_id: int
    order_id: int | None
    organization_id: int
    kind: str
    gross: Money


@dataclass(frozen=True, slots=True)
class InvoiceDiscarded(Event):
    """A draft was set aside; it never had a number."""

    TYPE: ClassVar[str] = "billing.invoice.discarded"
    TOUCHES: ClassVar[dict[str, str]] = {
        "invoice_id": "invoice",
        "order_id": "order",
        "organization_id": "organization",
    }

    invoice_id: int
    order_id: int | None
    organization_id: int


@dataclass(frozen=True, slots=True)
class InvoiceIssued(Event):
    """An invoice or credit note got its number and is final."""

    TYPE: ClassVar[str] = "billing.invoice.issued"
    TOUCHES: ClassVar[dict[str, str]] = {
        "invoice_id": "invoice",
        "order_id": "order",
        "organization_id": "organization",
        "corrects_id": "invoice",
    }

    invoice_id: int
    order_id: int | None
    organization_id: int
    kind: str
    issued_on: date
    due_on: date
    net: Money
    tax: Money
    gross: Money
    payable: Money
    corrects_id: int | None


@dataclass(frozen=True, slots=True)
class InvoiceSent(Event):
    """An invoice was handed to the mail."""

    TYPE: ClassVar[str] = "billing.invoice.sent"
    TOUCHES: ClassVar[dict[str, str]] = {
        "invoice_id": "invoice",
        "order_id": "order",
        "organization_id": "organization",
    }

    invoice_id: int
    order_id: int | None
    organization_id: int
    mail_id: int
