"""What the books hear; each listener turns one fact into one entry by the posting rules."""

from __future__ import annotations

from datetime import datetime

from handsel.earn.billing.events import InvoiceIssued
from handsel.earn.billing.models import Invoice, InvoiceLine, InvoicePrepayment
from handsel.earn.cash.events import (
    AllocationReversed,
    PaymentAllocated,
    PaymentRecorded,
    ReceivableWrittenOff,
)
from handsel.earn.cash.models import Payment
from handsel.earn.ledger import actions
from handsel.earn.ledger.rules import posting
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.dispatch import listener


@listener(InvoiceIssued)
def post_invoice(event: InvoiceIssued, *, actor: Actor, now: datetime) -> None:
    """Post an issued invoice, deposit, final invoice or credit note."""
    invoice = Invoice.objects.select_related("corrects").get(pk=event.invoice_id)
    actions.post_entry(
        actor=actor,
        now=now,
        seller_id=invoice.seller_id,
        posted_on=event.issued_on,
        rule=invoice.kind,
        text=f"{invoice.kind.replace('_', ' ')} {invoice.number}",
        currency=invoice.currency,
        legs=posting.legs_of_document(_document(invoice)),
        organization_id=invoice.organization_id,
        invoice_id=invoice.pk,
    )


def _document(invoice: Invoice) -> posting.BilledDocument:
    lines = InvoiceLine.objects.filter(invoice=invoice).order_by("position")
    services = lines.values_list("pk", "order_line__product__kind")
    kinds = dict(services)
    deducted = list(
        InvoicePrepayment.objects.filter(final=invoice).values_list("net_minor", "tax_minor")
    )
    return posting.BilledDocument(
        kind=invoice.kind,
        corrects_deposit=invoice.corrects is not None and invoice.corrects.kind == "deposit",
        lines=tuple(
            posting.BilledLine(
                line.pk, line.name, line.net_minor, line.tax_category, kinds[line.pk] == "service"
            )
            for line in lines
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
    payment = Payment.objects.get(pk=event.payment_id)
    actions.post_entry(
        actor=actor,
        now=now,
        seller_id=payment.seller_id,
        posted_on=event.received_on,
        rule="payment",
        text=f"payment {payment.number} {payment.reference}",
        currency=payment.currency,
        legs=posting.legs_of_payment(event.amount.amount_minor, event.charges.amount_minor),
        organization_id=payment.organization_id,
        payment_id=payment.pk,
    )


@listener(PaymentAllocated)
def post_allocation(event: PaymentAllocated, *, actor: Actor, now: datetime) -> None:
    """Post a payment put against an invoice."""
    _post_allocation(event, event.amount.amount_minor, "allocation", actor, now)


@listener(AllocationReversed)
def post_allocation_reversal(event: AllocationReversed, *, actor: Actor, now: datetime) -> None:
    """Post the undoing of an allocation; the event's amount is the one undone, positive."""
    _post_allocation(event, -event.amount.amount_minor, "allocation_reversal", actor, now)


def _post_allocation(
    event: PaymentAllocated | AllocationReversed,
    amount_minor: int,
    rule: str,
    actor: Actor,
    now: datetime,
) -> None:
    payment = Payment.objects.get(pk=event.payment_id)
    invoice = Invoice.objects.get(pk=event.invoice_id)
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
        invoice_id=invoice.pk,
        payment_id=payment.pk,
    )


@listener(ReceivableWrittenOff)
def post_write_off(event: ReceivableWrittenOff, *, actor: Actor, now: datetime) -> None:
    """Post a claim given up or a discount granted, with its share of VAT."""
    invoice = Invoice.objects.get(pk=event.invoice_id)
    actions.post_entry(
        actor=actor,
        now=now,
        seller_id=invoice.seller_id,
        posted_on=event.effective_on,
        rule=event.kind,
        text=f"{event.kind.replace('_', ' ')} on {invoice.number}",
        currency=event.amount.currency,
        legs=posting.legs_of_write_off(
            event.kind,
            event.amount.amount_minor,
            event.tax_part.amount_minor,
            event.receivable_entry_id,
        ),
        organization_id=event.organization_id,
        invoice_id=invoice.pk,
    )
