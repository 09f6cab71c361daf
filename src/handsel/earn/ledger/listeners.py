"""What the books hear; each listener turns one fact into one entry by the posting rules.

A fact is posted whenever it is heard: if its month is closed, in the first open one.
"""

from __future__ import annotations

from datetime import datetime

from handsel.earn.billing.events import InvoiceIssued
from handsel.earn.billing.models import Invoice, InvoiceLine, InvoicePrepayment
from handsel.earn.cash.events import (
    AllocationReversed,
    PaymentAllocated,
    PaymentRecorded,
    ReceivableWrittenOff,
    WriteOffReversed,
)
from handsel.earn.cash.models import Allocation, Payment
from handsel.earn.ledger import actions
from handsel.earn.ledger.rules import posting
from handsel.ground.platform import at_hand
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.dispatch import listener

_READ = (
    "kind",
    "number",
    "seller_id",
    "organization_id",
    "currency",
    "tax_minor",
    "payable_minor",
    "rounding_minor",
    "corrects__kind",
)

_NAMES = ("payment__seller_id", "payment__number", "invoice__number")


@listener(InvoiceIssued)
def post_invoice(event: InvoiceIssued, *, actor: Actor, now: datetime) -> None:
    """Post an issued invoice, deposit, final invoice or credit note."""
    invoice = at_hand.one(Invoice, event.invoice_id)
    if invoice is None:
        rows = Invoice.objects.select_related("corrects").only(*_READ)
        invoice = rows.get(pk=event.invoice_id)
    legs = posting.legs_of_document(_document(invoice))
    if not legs:
        return
    actions.post_entry(
        actor=actor,
        now=now,
        seller_id=invoice.seller_id,
        posted_on=event.issued_on,
        rule=invoice.kind,
        text=f"{invoice.kind.replace('_', ' ')} {invoice.number}",
        currency=invoice.currency,
        legs=legs,
        organization_id=invoice.organization_id,
        invoice_id=invoice.pk,
        is_late_allowed=True,
    )


def _document(invoice: Invoice) -> posting.BilledDocument:
    lines = InvoiceLine.objects.filter(invoice=invoice).order_by("position")
    billed = lines.values_list(
        "pk", "name", "net_minor", "tax_category", "order_line__product__kind"
    )
    deducted = (
        list(InvoicePrepayment.objects.filter(final=invoice).values_list("net_minor", "tax_minor"))
        if invoice.kind == "final"
        else []
    )
    return posting.BilledDocument(
        kind=invoice.kind,
        corrects_deposit=invoice.corrects is not None and invoice.corrects.kind == "deposit",
        lines=tuple(
            posting.BilledLine(pk, name, net_minor, category, product_kind == "service")
            for pk, name, net_minor, category, product_kind in billed
        ),
        tax_minor=invoice.tax_minor,
        payable_minor=invoice.payable_minor,
        rounding_minor=invoice.rounding_minor,
        deducted_net_minor=sum(net for net, _ in deducted),
        deducted_tax_minor=sum(tax for _, tax in deducted),
    )


@listener(PaymentRecorded)
def post_payment(event: PaymentRecorded, *, actor: Actor, now: datetime) -> None:
    """Post money that came in, and what the bank kept of it."""
    payment = at_hand.one(Payment, event.payment_id) or Payment.objects.get(pk=event.payment_id)
    actions.post_entry(
        actor=actor,
        now=now,
        seller_id=payment.seller_id,
        posted_on=event.received_on,
        rule="payment",
        text=f"payment {payment.number} {payment.reference}".strip(),
        currency=payment.currency,
        legs=posting.legs_of_payment(event.amount.amount_minor, event.charges.amount_minor),
        organization_id=payment.organization_id,
        payment_id=payment.pk,
        is_late_allowed=True,
    )


@listener(PaymentAllocated)
def post_allocation(event: PaymentAllocated, *, actor: Actor, now: datetime) -> None:
    """Post a payment put against an invoice."""
    _post_allocation(event, event.amount.amount_minor, "allocation", actor, now)


@listener(AllocationReversed)
def post_allocation_reversal(event: AllocationReversed, *, actor: Actor, now: datetime) -> None:
    """Post the undoing of an allocation; the event's amount is the one undone."""
    _post_allocation(event, -event.amount.amount_minor, "allocation_reversal", actor, now)


def _post_allocation(
    event: PaymentAllocated | AllocationReversed,
    amount_minor: int,
    rule: str,
    actor: Actor,
    now: datetime,
) -> None:
    allocation = at_hand.one(Allocation, event.allocation_id)
    if allocation is None:
        rows = Allocation.objects.select_related("payment", "invoice")
        allocation = rows.only(*_NAMES).get(pk=event.allocation_id)
    payment, invoice = allocation.payment, allocation.invoice
    actions.post_entry(
        actor=actor,
        now=now,
        seller_id=payment.seller_id,
        posted_on=event.allocated_on,
        rule=rule,
        text=f"{payment.number} on {invoice.number}",
        currency=event.amount.currency,
        legs=posting.legs_of_allocation(amount_minor, event.allocation_id),
        organization_id=event.organization_id,
        invoice_id=event.invoice_id,
        payment_id=event.payment_id,
        is_late_allowed=True,
    )


@listener(ReceivableWrittenOff)
def post_write_off(event: ReceivableWrittenOff, *, actor: Actor, now: datetime) -> None:
    """Post a claim given up or a discount granted, with its share of VAT."""
    _post_write_off(event, 1, event.kind, actor, now)


@listener(WriteOffReversed)
def post_write_off_reversal(event: WriteOffReversed, *, actor: Actor, now: datetime) -> None:
    """Post that a claim is owed again; the event's amounts are those undone."""
    _post_write_off(event, -1, f"{event.kind}_reversal", actor, now)


def _post_write_off(
    event: ReceivableWrittenOff | WriteOffReversed,
    sign: int,
    rule: str,
    actor: Actor,
    now: datetime,
) -> None:
    seller_id, number = Invoice.objects.values_list("seller_id", "number").get(pk=event.invoice_id)
    actions.post_entry(
        actor=actor,
        now=now,
        seller_id=seller_id,
        posted_on=event.effective_on,
        rule=rule,
        text=f"{rule.replace('_', ' ')} on {number}",
        currency=event.amount.currency,
        legs=posting.legs_of_write_off(
            event.kind,
            sign * event.amount.amount_minor,
            sign * event.tax_part.amount_minor,
            event.receivable_entry_id,
        ),
        organization_id=event.organization_id,
        invoice_id=event.invoice_id,
        is_late_allowed=True,
    )
