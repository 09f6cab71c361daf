"""What customers owe: opened by invoices, reduced by credits, write-offs and payments.

Every change is a row; the balance beside it moves in the same transaction under its lock.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from handsel.earn.billing import queries as billing
from handsel.earn.billing.models import Invoice
from handsel.earn.cash.errors import AllocationRefused, ReasonMissing, ReceivableMissing
from handsel.earn.cash.events import InvoicePaid, ReceivableOpened, ReceivableWrittenOff
from handsel.earn.cash.models import Allocation, ReceivableBalance, ReceivableEntry
from handsel.earn.cash.rules.discount import TaxedAmount, split_discount
from handsel.ground.kernel.money import Money
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor


@transaction.atomic
def open_receivable(*, actor: Actor, now: datetime, invoice_id: int) -> ReceivableEntry:
    """What an issued invoice makes its customer owe; a second call changes nothing."""
    invoice = billing.get_invoice(actor, invoice_id)
    present = ReceivableEntry.objects.filter(invoice=invoice, kind="invoice").first()
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
    entry = _write(invoice, "invoice", amount.amount_minor, invoice.issued_on, now)
    log.announce(
        ReceivableOpened(entry.pk, invoice.pk, invoice.organization_id, amount),
        actor=actor,
        now=now,
    )
    return entry


@transaction.atomic
def apply_credit_note(*, actor: Actor, now: datetime, credit_note_id: int) -> int:
    """Set an issued credit note off against the invoice it corrects, as far as that is open.

    Returns the minor units set off; what remains stays open as credit of the customer.
    """
    note = billing.get_invoice(actor, credit_note_id)
    if note.corrects_id is None or note.issued_on is None:
        return 0
    target, credit = lock_balances([note.corrects_id, note.pk])
    used = min(max(target.open_minor, 0), max(-credit.open_minor, 0))
    if used:
        corrected = billing.get_invoice(actor, note.corrects_id)
        move(corrected, "credit", -used, note.issued_on, actor, now, source=note)
        move(note, "credit", used, note.issued_on, actor, now, source=corrected)
    return used


@transaction.atomic
def write_off(
    *,
    actor: Actor,
    now: datetime,
    invoice_id: int,
    amount: Money,
    effective_on: date,
    reason: str,
    kind: str = "write_off",
) -> ReceivableEntry:
    """Give up a part of a claim (`write_off`) or grant a `discount` on it, with its VAT."""
    if not reason.strip():
        raise ReasonMissing("a claim is given up for a reason", fields={"reason": "why"})
    invoice = billing.get_invoice(actor, invoice_id)
    (balance,) = lock_balances([invoice.pk])
    if not 0 < amount.amount_minor <= balance.open_minor or amount.currency != balance.currency:
        raise AllocationRefused(
            f"{amount.text()} cannot be given up: "
            f"{Money(balance.open_minor, balance.currency).text()} is open"
        )
    entry = move(
        invoice, kind, -amount.amount_minor, effective_on, actor, now, reason=reason.strip()
    )
    rows = [
        TaxedAmount(t.category, t.rate_bps, t.basis_minor + t.tax_minor)
        for t in billing.taxes_of(invoice.pk)
    ]
    tax = sum(part.tax_minor for part in split_discount(amount, rows))
    log.announce(
        ReceivableWrittenOff(
            entry.pk,
            invoice.pk,
            invoice.organization_id,
            kind,
            amount,
            Money(tax, amount.currency),
            effective_on,
        ),
        actor=actor,
        now=now,
    )
    return entry


def lock_balances(invoice_ids: list[int]) -> list[ReceivableBalance]:
    """Lock balances in the order of their keys; returns them in the order asked for."""
    rows = ReceivableBalance.objects.select_for_update().filter(pk__in=invoice_ids).order_by("pk")
    found = {row.pk: row for row in rows}
    missing = [pk for pk in invoice_ids if pk not in found]
    if missing:
        raise ReceivableMissing("nothing is owed on this invoice", invoices=missing)
    return [found[pk] for pk in invoice_ids]


def move(
    invoice: Invoice,
    kind: str,
    amount_minor: int,
    effective_on: date,
    actor: Actor,
    now: datetime,
    *,
    allocation: Allocation | None = None,
    source: Invoice | None = None,
    reason: str = "",
) -> ReceivableEntry:
    """Change what is open on an invoice whose balance the caller has locked."""
    before = ReceivableBalance.objects.get(pk=invoice.pk).open_minor
    ReceivableBalance.objects.filter(pk=invoice.pk).update(
        open_minor=F("open_minor") + amount_minor
    )
    entry = _write(invoice, kind, amount_minor, effective_on, now, allocation, source, reason)
    if before > 0 and before + amount_minor == 0:
        log.announce(
            InvoicePaid(invoice.pk, invoice.order_id, invoice.organization_id),
            actor=actor,
            now=now,
        )
    return entry


def _write(
    invoice: Invoice,
    kind: str,
    amount_minor: int,
    effective_on: date,
    now: datetime,
    allocation: Allocation | None = None,
    source: Invoice | None = None,
    reason: str = "",
) -> ReceivableEntry:
    return ReceivableEntry.objects.create(
        seller_id=invoice.seller_id,
        organization_id=invoice.organization_id,
        invoice=invoice,
        kind=kind,
        amount_minor=amount_minor,
        currency=invoice.currency,
        effective_on=effective_on,
        allocation=allocation,
        source_invoice=source,
        reason=reason[:200],
        recorded_at=now,
    )
