"""How customers stand: receivables by age on any day, a customer's account, the recount."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet, Sum

from handsel.earn.cash.models import Allocation, Payment, ReceivableBalance, ReceivableEntry
from handsel.earn.cash.rules.ageing import Ageing, ReceivableRow, age
from handsel.ground.platform.actor import Actor


def ageing(
    actor: Actor,
    *,
    as_of: date,
    known_at: datetime | None = None,
    organization_id: int | None = None,
) -> Ageing:
    """Receivables by age on any day, past ones too; totals equal what was open then.

    Money not put against any invoice on that day is told apart, negative. With `known_at`, what
    was recorded after that moment is left out. The database sums per invoice, so that the
    answer costs what is open, not what ever happened.
    """
    entries = ReceivableEntry.objects.filter(
        seller_id__in=actor.seller_ids, effective_on__lte=as_of
    )
    if organization_id is not None:
        entries = entries.filter(organization_id=organization_id)
    if known_at is not None:
        entries = entries.filter(recorded_at__lte=known_at)
    summed = (
        entries.values_list("organization_id", "currency", "invoice_id", "invoice__due_on")
        .annotate(open=Sum("amount_minor"))
        .exclude(open=0)
        .order_by()
    )
    rows = [
        ReceivableRow(customer, currency, "open", int(minor), as_of, invoice_id, due_on)
        for customer, currency, invoice_id, due_on, minor in summed
    ]
    rows += _unapplied(actor, as_of, known_at, organization_id)
    return age(rows, as_of)


def _unapplied(
    actor: Actor, as_of: date, known_at: datetime | None, organization_id: int | None
) -> list[ReceivableRow]:
    payments = Payment.objects.filter(seller_id__in=actor.seller_ids, received_on__lte=as_of)
    used = Allocation.objects.filter(
        payment__seller_id__in=actor.seller_ids, allocated_on__lte=as_of
    )
    if organization_id is not None:
        payments = payments.filter(organization_id=organization_id)
        used = used.filter(payment__organization_id=organization_id)
    if known_at is not None:
        payments = payments.filter(recorded_at__lte=known_at)
        used = used.filter(allocated_at__lte=known_at)
    left: dict[tuple[int, str], int] = {}
    received = payments.values_list("organization_id", "currency").annotate(
        amount=Sum("amount_minor"), kept=Sum("charges_minor")
    )
    for customer, currency, amount, kept in received.order_by():
        left[(customer, currency)] = int(amount) + int(kept)
    allocated = used.values_list("payment__organization_id", "currency").annotate(
        amount=Sum("amount_minor")
    )
    for customer, currency, amount in allocated.order_by():
        left[(customer, currency)] = left.get((customer, currency), 0) - int(amount)
    return [
        ReceivableRow(customer, currency, "unapplied", -minor, as_of)
        for (customer, currency), minor in left.items()
        if minor
    ]


@dataclass(frozen=True, slots=True)
class CustomerMove:
    """One document on a customer's account: it charged (positive) or settled (negative)."""

    on: date
    number: str
    kind: str
    amount_minor: int
    due_on: date | None
    invoice_id: int | None
    payment_id: int | None


def customer_moves(
    actor: Actor, *, organization_id: int, currency: str, as_of: date
) -> list[CustomerMove]:
    """What changed a customer's account up to a day: documents, payments, write-offs, by date.

    Allocations are left out: they only put money that came in against what is owed. The sum is
    what the customer owes after unapplied money.
    """
    entries = _entries_of(actor, organization_id, currency, as_of)
    moves = [
        CustomerMove(
            on, number, kind if kind != "invoice" else document, minor, due_on, invoice_id, None
        )
        for on, number, kind, document, minor, due_on, invoice_id in entries
    ]
    payments = Payment.objects.filter(
        seller_id__in=actor.seller_ids,
        organization_id=organization_id,
        currency=currency,
        received_on__lte=as_of,
    )
    moves += [
        CustomerMove(p.received_on, p.number, "payment", -gross, None, None, p.pk)
        for p in payments.order_by("pk")
        if (gross := p.amount_minor + p.charges_minor)
    ]
    return sorted(moves, key=lambda move: (move.on, move.amount_minor < 0, move.number))


def _entries_of(
    actor: Actor, organization_id: int, currency: str, as_of: date
) -> list[tuple[date, str, str, str, int, date | None, int]]:
    rows = ReceivableEntry.objects.filter(
        seller_id__in=actor.seller_ids,
        organization_id=organization_id,
        currency=currency,
        effective_on__lte=as_of,
        kind__in=["invoice", "write_off", "discount"],
    )
    return list(
        rows.order_by("pk").values_list(
            "effective_on",
            "invoice__number",
            "kind",
            "invoice__kind",
            "amount_minor",
            "invoice__due_on",
            "invoice_id",
        )
    )


def visible_balances(actor: Actor) -> QuerySet[ReceivableBalance]:
    """What is owed to the actor's sellers, settled invoices too."""
    return ReceivableBalance.objects.filter(seller_id__in=actor.seller_ids)


def recount_balances() -> list[tuple[int, int, int]]:
    """(invoice, kept open, sum of entries) wherever the two differ; empty when all is well."""
    rows = (
        ReceivableEntry.objects.values("invoice_id")
        .annotate(counted=Sum("amount_minor"))
        .values_list("invoice_id", "counted")
    )
    counted = dict(rows)
    kept = dict(ReceivableBalance.objects.values_list("invoice_id", "open_minor"))
    return [
        (invoice_id, kept.get(invoice_id, 0), counted.get(invoice_id, 0))
        for invoice_id in sorted(set(kept) | set(counted))
        if kept.get(invoice_id, 0) != counted.get(invoice_id, 0)
    ]
