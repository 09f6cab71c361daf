"""What customers owe: opened by invoices, reduced by credits, write-offs and payments.

Every change is a row; the balance beside it moves in the same transaction under its lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from handsel.commit.order import actions as orders
from handsel.commit.order import queries as order_queries
from handsel.earn.billing import queries as billing
from handsel.earn.billing.models import Invoice
from handsel.earn.cash.errors import ReceivableMissing
from handsel.earn.cash.events import InvoicePaid, ReceivableOpened
from handsel.earn.cash.models import Allocation, ReceivableBalance, ReceivableEntry
from handsel.ground.kernel.money import Money
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.reading import all_rows, first_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One change of what is open on an invoice; a negative amount lowers what is owed."""

    kind: str
    amount_minor: int
    effective_on: date
    allocation: Allocation | None = None
    source: Invoice | None = None
    tax_minor: int = 0
    reverses: ReceivableEntry | None = None
    reason: str = ""


# No savepoint: what is owed opens with the invoice's issue or not at all.
@transaction.atomic(savepoint=False)
def open_receivable(*, actor: Actor, now: datetime, invoice_id: int) -> ReceivableEntry:
    """What an issued invoice makes its customer owe; a second call changes nothing.

    A credit note opens a negative receivable. An invoice that asks for nothing (all prepaid) is
    paid with its issue.
    """
    invoice = billing.get_owed(actor, invoice_id)
    present = first_row(ReceivableEntry, "invoice_id = %s AND kind = 'invoice'", [invoice.pk])
    if present is not None:
        return present
    if invoice.issued_on is None or invoice.due_on is None:
        raise ReceivableMissing("only an issued invoice is owed")
    sign = -1 if invoice.kind == "credit_note" else 1
    amount = Money(sign * invoice.payable_minor, invoice.currency)
    ReceivableBalance.objects.create(
        invoice=invoice,
        seller_id=invoice.seller_id,
        organization_id=invoice.organization_id,
        open_minor=amount.amount_minor,
        currency=invoice.currency,
        due_on=invoice.due_on,
    )
    opening = Movement(
        kind="invoice", amount_minor=amount.amount_minor, effective_on=invoice.issued_on
    )
    entry = _write(invoice, opening, now)
    log.announce(
        ReceivableOpened(entry.pk, invoice.pk, invoice.organization_id, amount),
        actor=actor,
        now=now,
    )
    if not amount.amount_minor and sign > 0:
        _paid(invoice, actor, now)
    return entry


@transaction.atomic
def apply_credit_note(*, actor: Actor, now: datetime, credit_note_id: int) -> int:
    """Set an issued credit note off against the invoice it corrects, as far as that is open.

    Returns the minor units set off; what remains stays open as credit of the customer.
    """
    note = billing.get_invoice(actor, credit_note_id)
    if note.corrects is None or note.issued_on is None:
        return 0
    target, credit = lock_balances([note.corrects.pk, note.pk])
    used = min(max(target.open_minor, 0), max(-credit.open_minor, 0))
    if used:
        set_off(actor, now, credit=credit, note=note, target=target, amount_minor=used)
    return used


def set_off(
    actor: Actor,
    now: datetime,
    *,
    credit: ReceivableBalance,
    note: Invoice,
    target: ReceivableBalance,
    amount_minor: int,
    effective_on: date | None = None,
) -> None:
    """Move credit from a note to an invoice; both balances are locked by the caller."""
    on = effective_on or note.issued_on
    if on is None:
        raise ReceivableMissing("only an issued credit note can be used")
    invoice = Invoice.objects.get(pk=target.pk)
    before = target.open_minor
    lower = Movement(kind="credit", amount_minor=-amount_minor, effective_on=on, source=note)
    raise_ = Movement(kind="credit", amount_minor=amount_minor, effective_on=on, source=invoice)
    move(target, invoice, lower, now)
    move(credit, note, raise_, now)
    tell_if_paid(before, target, invoice, actor, now)


def lock_balances(invoice_ids: list[int]) -> list[ReceivableBalance]:
    """Lock balances in the order of their keys; returns them in the order asked for."""
    rows = all_rows(
        ReceivableBalance,
        "invoice_id = ANY(%s::bigint[]) ORDER BY invoice_id",
        [invoice_ids],
        lock="FOR UPDATE",
    )
    found = {row.pk: row for row in rows}
    missing = [pk for pk in invoice_ids if pk not in found]
    if missing:
        raise ReceivableMissing("nothing is owed on this invoice", invoices=missing)
    return [found[pk] for pk in invoice_ids]


def move(
    balance: ReceivableBalance, invoice: Invoice, movement: Movement, now: datetime
) -> ReceivableEntry:
    """Change what is open on an invoice whose balance the caller has locked and read."""
    balance.open_minor += movement.amount_minor
    balance.save(update_fields=["open_minor"])
    return _write(invoice, movement, now)


def tell_if_paid(
    before_minor: int, balance: ReceivableBalance, invoice: Invoice, actor: Actor, now: datetime
) -> None:
    """Announce that nothing is open any more, if that has just come true."""
    if before_minor > 0 and balance.open_minor == 0:
        _paid(invoice, actor, now)


def _paid(invoice: Invoice, actor: Actor, now: datetime) -> None:
    log.announce(
        InvoicePaid(invoice.pk, invoice.order_id, invoice.organization_id), actor=actor, now=now
    )
    if invoice.order_id is not None:
        _release_deposit_hold(invoice.order_id, invoice.number, actor, now)


def _release_deposit_hold(order_id: int, number: str, actor: Actor, now: datetime) -> None:
    """End the order's holds for a deposit once no deposit that was asked for is open."""
    holds = [hold for hold in order_queries.open_holds(order_id) if hold.kind == "deposit"]
    if not holds:
        return
    waiting = ReceivableBalance.objects.filter(
        invoice__order_id=order_id, invoice__kind="deposit", open_minor__gt=0
    )
    if waiting.exists():
        return
    for hold in holds:
        orders.release_hold(
            actor=actor, now=now, order_id=order_id, hold_id=hold.pk, reason=f"{number} is paid"
        )


def _write(invoice: Invoice, movement: Movement, now: datetime) -> ReceivableEntry:
    return ReceivableEntry.objects.create(
        seller_id=invoice.seller_id,
        organization_id=invoice.organization_id,
        invoice=invoice,
        kind=movement.kind,
        amount_minor=movement.amount_minor,
        currency=invoice.currency,
        effective_on=movement.effective_on,
        allocation=movement.allocation,
        source_invoice=movement.source,
        tax_minor=movement.tax_minor,
        reverses=movement.reverses,
        reason=movement.reason,
        recorded_at=now,
    )
