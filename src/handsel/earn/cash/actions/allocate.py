"""Putting payments against invoices, and undoing that."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from handsel.earn.billing import queries as billing
from handsel.earn.cash import queries
from handsel.earn.cash.actions.receivable import lock_balances, move
from handsel.earn.cash.errors import AllocationRefused
from handsel.earn.cash.events import AllocationReversed, PaymentAllocated
from handsel.earn.cash.models import Allocation, Payment
from handsel.ground.kernel.money import Money
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor


@transaction.atomic
def allocate(
    *,
    actor: Actor,
    now: datetime,
    payment_id: int,
    invoice_id: int,
    amount: Money,
    allocated_on: date,
    evidence: list[dict[str, str]] | None = None,
    is_automatic: bool = False,
) -> Allocation:
    """Put a part of a payment against an invoice.

    Never more than the payment has left or the invoice has open, never across currencies or
    sellers. Using a credit note takes a negative amount.
    """
    payment = _locked_payment(actor, payment_id)
    invoice = billing.get_invoice(actor, invoice_id)
    (balance,) = lock_balances([invoice.pk])
    left = queries.unallocated_minor(payment)
    _refuse_misfit(payment, invoice, amount, balance.open_minor, left)
    row = Allocation.objects.create(
        payment=payment,
        invoice=invoice,
        amount_minor=amount.amount_minor,
        currency=amount.currency,
        allocated_on=allocated_on,
        evidence=evidence or [],
        is_automatic=is_automatic,
        allocated_at=now,
        allocated_by_id=actor.user_id,
    )
    move(invoice, "payment", -amount.amount_minor, allocated_on, actor, now, allocation=row)
    log.announce(
        PaymentAllocated(
            row.pk, payment.pk, invoice.pk, invoice.organization_id, amount, allocated_on
        ),
        actor=actor,
        now=now,
    )
    return row


def _refuse_misfit(
    payment: Payment, invoice: Any, amount: Money, open_minor: int, left_minor: int
) -> None:
    if payment.seller_id != invoice.seller_id:
        raise AllocationRefused("the payment came to another seller")
    if not payment.currency == invoice.currency == amount.currency:
        raise AllocationRefused("payment, invoice and amount must be in one currency")
    same_side = amount.amount_minor * open_minor > 0
    if not same_side or abs(amount.amount_minor) > abs(open_minor):
        shown = Money(open_minor, amount.currency).text()
        raise AllocationRefused(f"{amount.text()} does not fit: {shown} is open")
    if amount.amount_minor > 0 and amount.amount_minor > left_minor:
        shown = Money(left_minor, amount.currency).text()
        raise AllocationRefused(f"{amount.text()} is more than the {shown} left of the payment")


@transaction.atomic
def reverse_allocation(
    *, actor: Actor, now: datetime, payment_id: int, allocation_id: int, allocated_on: date
) -> Allocation:
    """Undo an allocation by a row that mirrors it; the money is free again. Once at most."""
    payment = _locked_payment(actor, payment_id)
    row = Allocation.objects.filter(pk=allocation_id, payment=payment, reverses=None).first()
    if row is None:
        raise AllocationRefused("this payment has no such allocation", code="allocation_missing")
    present = Allocation.objects.filter(reverses=row).first()
    if present is not None:
        return present
    lock_balances([row.invoice_id])
    invoice = billing.get_invoice(actor, row.invoice_id)
    mirror = Allocation.objects.create(
        payment=payment,
        invoice=invoice,
        amount_minor=-row.amount_minor,
        currency=row.currency,
        allocated_on=allocated_on,
        reverses=row,
        allocated_at=now,
        allocated_by_id=actor.user_id,
    )
    move(invoice, "payment", row.amount_minor, allocated_on, actor, now, allocation=mirror)
    log.announce(
        AllocationReversed(
            mirror.pk,
            payment.pk,
            invoice.pk,
            invoice.organization_id,
            Money(row.amount_minor, row.currency),
            allocated_on,
        ),
        actor=actor,
        now=now,
    )
    return mirror


@transaction.atomic
def use_credit(
    *,
    actor: Actor,
    now: datetime,
    credit_note_id: int,
    invoice_id: int,
    amount: Money,
    effective_on: date,
) -> None:
    """Set what is left of a credit note off against another invoice of the same customer."""
    note = billing.get_invoice(actor, credit_note_id)
    invoice = billing.get_invoice(actor, invoice_id)
    if (note.organization_id, note.currency) != (invoice.organization_id, invoice.currency):
        raise AllocationRefused("credit is used on invoices of the same customer and currency")
    credit, target = lock_balances([note.pk, invoice.pk])
    if not 0 < amount.amount_minor <= min(-credit.open_minor, target.open_minor):
        raise AllocationRefused(f"{amount.text()} is more than the credit or the invoice has left")
    move(invoice, "credit", -amount.amount_minor, effective_on, actor, now, source=note)
    move(note, "credit", amount.amount_minor, effective_on, actor, now, source=invoice)


def _locked_payment(actor: Actor, payment_id: int) -> Payment:
    queries.get_payment(actor, payment_id)
    return Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
