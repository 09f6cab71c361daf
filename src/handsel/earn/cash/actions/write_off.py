"""Giving up a claim or granting a discount on it, with the VAT inside, and undoing that."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum

from handsel.earn.billing import queries as billing
from handsel.earn.billing.models import Invoice
from handsel.earn.cash.actions.receivable import Movement, lock_balances, move, tell_if_paid
from handsel.earn.cash.errors import AllocationRefused, ReasonMissing, WriteOffMissing
from handsel.earn.cash.events import ReceivableWrittenOff, WriteOffReversed
from handsel.earn.cash.models import ReceivableBalance, ReceivableEntry
from handsel.earn.cash.rules.discount import TaxedAmount, split_discount
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.free_text import free_text
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor

KINDS = ("write_off", "discount")


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
    """Give up a part of a claim (`write_off`) or grant a `discount` on it; `amount` is gross.

    The VAT inside goes back in the same proportion as it was charged: parts given up one after
    another take together exactly the VAT of their sum. Raises ReasonMissing, and
    AllocationRefused for more than is open.
    """
    if not reason.strip():
        raise ReasonMissing("a claim is given up for a reason", fields={"reason": "why"})
    if kind not in KINDS:
        raise Invalid(
            said("%(kind)s is no kind of write-off", kind=repr(kind)),
            fields={"kind": " or ".join(KINDS)},
        )
    invoice = billing.get_invoice(actor, invoice_id)
    (balance,) = lock_balances([invoice.pk])
    _refuse_too_much(amount, balance)
    before = balance.open_minor
    tax = Money(_tax_inside(invoice, amount), amount.currency)
    movement = Movement(
        kind=kind,
        amount_minor=-amount.amount_minor,
        effective_on=effective_on,
        tax_minor=tax.amount_minor,
        reason=free_text(reason, field="reason", longest=200),
    )
    entry = move(balance, invoice, movement, now)
    log.announce(
        ReceivableWrittenOff(
            entry.pk, invoice.pk, invoice.organization_id, kind, amount, tax, effective_on
        ),
        actor=actor,
        now=now,
    )
    tell_if_paid(before, balance, invoice, actor, now)
    return entry


def _refuse_too_much(amount: Money, balance: ReceivableBalance) -> None:
    if amount.currency != balance.currency:
        raise AllocationRefused(
            said(
                "the invoice is in %(currency)s, not %(currency2)s",
                currency=balance.currency,
                currency2=amount.currency,
            )
        )
    if not 0 < amount.amount_minor <= balance.open_minor:
        shown = Money(balance.open_minor, balance.currency).text()
        raise AllocationRefused(
            said(
                "%(amount)s cannot be given up: %(shown)s is open",
                amount=amount.text(),
                shown=shown,
            )
        )


def _tax_inside(invoice: Invoice, amount: Money) -> int:
    """The VAT of this part: of all that was given up with it, less what went before."""
    given_up = ReceivableEntry.objects.filter(invoice=invoice, kind__in=KINDS).aggregate(
        amount=Sum("amount_minor"), tax=Sum("tax_minor")
    )
    rows = [
        TaxedAmount(row.category, row.rate_bps, row.basis_minor + row.tax_minor)
        for row in billing.taxes_of(invoice.pk)
    ]
    together = Money(amount.amount_minor - (given_up["amount"] or 0), amount.currency)
    return sum(part.tax_minor for part in split_discount(together, rows)) - (given_up["tax"] or 0)


@transaction.atomic
def reverse_write_off(
    *,
    actor: Actor,
    now: datetime,
    invoice_id: int,
    entry_id: int,
    effective_on: date,
    reason: str,
) -> ReceivableEntry:
    """Undo a write-off or discount by a row that mirrors it; once at most."""
    if not reason.strip():
        raise ReasonMissing("a claim is taken up again for a reason", fields={"reason": "why"})
    invoice = billing.get_invoice(actor, invoice_id)
    (balance,) = lock_balances([invoice.pk])
    row = ReceivableEntry.objects.filter(
        pk=entry_id, invoice=invoice, kind__in=KINDS, reverses=None
    ).first()
    if row is None:
        raise WriteOffMissing("this invoice has no such write-off")
    present = ReceivableEntry.objects.filter(reverses=row).first()
    if present is not None:
        return present
    movement = Movement(
        kind=row.kind,
        amount_minor=-row.amount_minor,
        effective_on=effective_on,
        tax_minor=-row.tax_minor,
        reverses=row,
        reason=free_text(reason, field="reason", longest=200),
    )
    entry = move(balance, invoice, movement, now)
    log.announce(
        WriteOffReversed(
            entry.pk,
            invoice.pk,
            invoice.organization_id,
            row.kind,
            Money(-row.amount_minor, row.currency),
            Money(row.tax_minor, row.currency),
            effective_on,
        ),
        actor=actor,
        now=now,
    )
    return entry
