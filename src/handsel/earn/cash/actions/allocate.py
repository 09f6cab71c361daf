"""Putting payments against invoices, and undoing that."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from handsel.earn.billing import queries as billing
from handsel.earn.billing.models import Invoice
from handsel.earn.cash import queries
from handsel.earn.cash.actions.receivable import (
    Movement,
    lock_balances,
    move,
    set_off,
    tell_if_paid,
)
from handsel.earn.cash.errors import AllocationRefused, PaymentMissing
from handsel.earn.cash.events import AllocationReversed, PaymentAllocated
from handsel.earn.cash.models import Allocation, Payment
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.joined import joined


@joined
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
    sellers. Using a credit note takes a negative amount: it gives the payment more to allocate,
    or is what a refund (a negative payment) pays back.
    """
    return put_against(
        actor,
        now,
        _locked_payment(actor, payment_id),
        invoice_id,
        amount,
        allocated_on=allocated_on,
        evidence=evidence,
        is_automatic=is_automatic,
    )


def put_against(
    actor: Actor,
    now: datetime,
    payment: Payment,
    invoice_id: int,
    amount: Money,
    *,
    allocated_on: date,
    evidence: list[dict[str, str]] | None = None,
    is_automatic: bool = False,
) -> Allocation:
    """As `allocate`, for a payment whose row this transaction has locked, or has made."""
    invoice = billing.get_owed(actor, invoice_id)
    (balance,) = lock_balances([invoice.pk])
    before = balance.open_minor
    _refuse_misfit(payment, invoice, amount, before)
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
    movement = Movement(
        kind="payment",
        amount_minor=-amount.amount_minor,
        effective_on=allocated_on,
        allocation=row,
    )
    move(balance, invoice, movement, now)
    log.announce(
        PaymentAllocated(
            row.pk, payment.pk, invoice.pk, invoice.organization_id, amount, allocated_on
        ),
        actor=actor,
        now=now,
        at_hand=[row],
    )
    tell_if_paid(before, balance, invoice, actor, now)
    return row


def _refuse_misfit(payment: Payment, invoice: Invoice, amount: Money, open_minor: int) -> None:
    if payment.seller_id != invoice.seller_id:
        raise AllocationRefused("the payment came to another seller")
    if not payment.currency == invoice.currency == amount.currency:
        raise AllocationRefused("payment, invoice and amount must be in one currency")
    same_side = amount.amount_minor * open_minor > 0
    if not same_side or abs(amount.amount_minor) > abs(open_minor):
        shown = Money(open_minor, amount.currency).text()
        raise AllocationRefused(
            said(
                "%(amount)s does not fit: %(shown)s is open on the invoice",
                amount=amount.text(),
                shown=shown,
            )
        )
    left = queries.unallocated_minor(payment)
    is_too_much = (
        amount.amount_minor > max(left, 0)
        if amount.amount_minor > 0
        # A refund pays back no more credit than money went out.
        else payment.amount_minor < 0 and amount.amount_minor < min(left, 0)
    )
    if is_too_much:
        shown = Money(left, amount.currency).text()
        raise AllocationRefused(
            said(
                "%(amount)s is more than the %(shown)s left of the payment",
                amount=amount.text(),
                shown=shown,
            )
        )


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
    _refuse_used(payment, row)
    invoice = billing.get_invoice(actor, row.invoice_id)
    (balance,) = lock_balances([invoice.pk])
    before = balance.open_minor
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
    movement = Movement(
        kind="payment", amount_minor=row.amount_minor, effective_on=allocated_on, allocation=mirror
    )
    move(balance, invoice, movement, now)
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
    tell_if_paid(before, balance, invoice, actor, now)
    return mirror


def _refuse_used(payment: Payment, row: Allocation) -> None:
    """Credit that has already paid for other invoices cannot be taken away from under them."""
    left = queries.unallocated_minor(payment)
    if payment.amount_minor > 0 and row.amount_minor < 0 and left + row.amount_minor < 0:
        raise AllocationRefused(
            "this credit has paid for other invoices; undo those allocations first"
        )


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
    theirs = (invoice.seller_id, invoice.organization_id, invoice.currency)
    if (note.seller_id, note.organization_id, note.currency) != theirs:
        raise AllocationRefused("credit is used on invoices of the same customer and currency")
    if amount.currency != note.currency or note.pk == invoice.pk:
        raise AllocationRefused("credit is used on another invoice in the credit note's currency")
    credit, target = lock_balances([note.pk, invoice.pk])
    if not 0 < amount.amount_minor <= min(-credit.open_minor, target.open_minor):
        raise AllocationRefused(
            said("%(amount)s is more than the credit or the invoice has left", amount=amount.text())
        )
    set_off(
        actor,
        now,
        credit=credit,
        note=note,
        target=target,
        amount_minor=amount.amount_minor,
        effective_on=effective_on,
    )


def _locked_payment(actor: Actor, payment_id: int) -> Payment:
    rows = queries.visible_payments(actor).select_for_update(of=("self",))
    payment = rows.filter(pk=payment_id).first()
    if payment is None:
        raise PaymentMissing("this payment does not exist")
    return payment
