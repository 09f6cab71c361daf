"""What the JSON API of billing takes and answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Path, Query
from pydantic import Field

from handsel.earn.billing.actions.documents import is_passed
from handsel.earn.billing.models import (
    Invoice,
    InvoiceLine,
    InvoiceTax,
    ValidationReport,
)
from handsel.earn.billing.ports import Settlement
from handsel.ground.platform.api import AnswerSchema, ClosedSchema, MoneyOut

Key = Annotated[int, Field(ge=1, le=2**63 - 1)]
KeyInPath = Annotated[int, Path(..., ge=1, le=2**63 - 1)]
Word = Annotated[str, Query(max_length=100)]
PageSize = Annotated[int, Query(ge=1, le=200)]
Start = Annotated[int, Query(ge=0, le=1_000_000)]
QuantityText = Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,6})?$", examples=["1.5"])]
DocumentKind = Literal["pdf", "ubl", "cii", "facturx"]


class InvoiceRowOut(AnswerSchema):
    """An invoice in a list. `open` is what is not settled; absent before the issue."""

    id: int
    number: str
    kind: str
    state: str
    order_id: int | None
    organization_id: int
    issued_on: date | None
    due_on: date | None
    payable: MoneyOut
    open: MoneyOut | None

    @classmethod
    def of(cls, one: Invoice, standing: Settlement | None) -> InvoiceRowOut:
        """From a record and what cash says of it."""
        return cls(
            id=one.pk,
            number=one.number,
            kind=one.kind,
            state=one.state,
            order_id=one.order_id,
            organization_id=one.organization_id,
            issued_on=one.issued_on,
            due_on=one.due_on,
            payable=MoneyOut.of(one.payable_minor, one.currency),
            open=MoneyOut.of(standing.open_minor, one.currency) if standing else None,
        )


class LineOut(AnswerSchema):
    """A billed line: quantity × unit price − discount = net."""

    id: int
    position: int
    sku: str
    name: str
    quantity: str
    unit: str
    unit_price: str
    net: MoneyOut
    tax_category: str
    tax_rate_bps: int
    order_line_id: int | None
    shipment_line_id: int | None
    credits_id: int | None

    @classmethod
    def of(cls, line: InvoiceLine, currency: str) -> LineOut:
        """From a record."""
        same = ("position", "sku", "name", "unit", "tax_category", "tax_rate_bps")
        keys = ("order_line_id", "shipment_line_id", "credits_id")
        return cls(
            id=line.pk,
            quantity=f"{line.quantity:f}",
            unit_price=f"{line.unit_price:f}",
            net=MoneyOut.of(line.net_minor, currency),
            **{name: getattr(line, name) for name in (*same, *keys)},
        )


class TaxOut(AnswerSchema):
    """A row of the VAT breakdown."""

    category: str
    rate_bps: int
    reason: str
    base: MoneyOut
    tax: MoneyOut

    @classmethod
    def of(cls, row: InvoiceTax, currency: str) -> TaxOut:
        """From a record."""
        return cls(
            category=row.category,
            rate_bps=row.rate_bps,
            reason=row.reason,
            base=MoneyOut.of(row.basis_minor, currency),
            tax=MoneyOut.of(row.tax_minor, currency),
        )


class DeductionOut(AnswerSchema):
    """A deposit that a final invoice deducts."""

    deposit_id: int
    number: str
    net: MoneyOut
    tax: MoneyOut


class DocumentOut(AnswerSchema):
    """A kept document."""

    kind: str
    name: str
    media_type: str
    sha256: str
    size: int


class ReportOut(AnswerSchema):
    """What the official rules and our own check said of a document."""

    syntax: str
    passed: bool
    validator: str
    rules_run: int
    rules_failed: int
    own_failed: int
    findings: list[dict[str, Any]]
    checked_at: datetime

    @classmethod
    def of(cls, report: ValidationReport) -> ReportOut:
        """From a record."""
        names = [name for name in cls.model_fields if name != "passed"]
        return cls(passed=is_passed(report), **{name: getattr(report, name) for name in names})


class SendingOut(AnswerSchema):
    """To whom it went and when; the mail tells what became of it."""

    recipient: str
    mail_id: int
    sent_at: datetime


class InvoiceOut(AnswerSchema):
    """An invoice with everything that belongs to it."""

    invoice: InvoiceRowOut
    purchase_order: str
    buyer_reference: str
    payment_reference: str
    corrects_id: int | None
    correction_reason: str
    content_hash: str
    previous_hash: str
    net: MoneyOut
    tax: MoneyOut
    gross: MoneyOut
    prepaid: MoneyOut
    rounding: MoneyOut
    lines: list[LineOut]
    taxes: list[TaxOut]
    deductions: list[DeductionOut]
    documents: list[DocumentOut]
    reports: list[ReportOut]
    sendings: list[SendingOut]


class InvoiceListOut(AnswerSchema):
    """A page of invoices; `next_start` is 0 on the last one."""

    rows: list[InvoiceRowOut]
    next_start: int


class DocumentContentOut(DocumentOut):
    """A kept document with its bytes."""

    content_base64: str


class MadeOut(AnswerSchema):
    """Documents made, or the reports that say why not."""

    passed: bool
    documents: list[DocumentOut]
    reports: list[ReportOut]


class SendIn(ClosedSchema):
    """Where to send; nothing means the address we know. `again` sends once more to the same."""

    recipient: Annotated[str, Field(max_length=200)] = ""
    again: bool = False


class CreditLineIn(ClosedSchema):
    """How much of a line is taken back."""

    line_id: Key
    quantity: QuantityText


class CreditIn(ClosedSchema):
    """What is credited and why; no lines means all that is left."""

    reason: Annotated[str, Field(min_length=1, max_length=200)]
    lines: Annotated[list[CreditLineIn], Field(max_length=2000)] = []


class PlanItemOut(AnswerSchema):
    """A part of a plan."""

    id: int
    trigger: str
    share_bps: int | None
    state: str
    net: MoneyOut
    invoice_id: int | None


class PlanOut(AnswerSchema):
    """The billing plan of an order."""

    order_id: int
    method: str
    net: MoneyOut
    items: list[PlanItemOut]
