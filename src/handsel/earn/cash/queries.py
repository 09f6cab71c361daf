"""Reading statements, payments and receivables."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import QuerySet, Sum

from handsel.earn.cash.errors import (
    BankEntryMissing,
    PaymentMissing,
    ReceivableMissing,
    StatementMissing,
)
from handsel.earn.cash.models import (
    Allocation,
    BankEntry,
    BankStatement,
    Payment,
    ReceivableBalance,
    ReceivableEntry,
)
from handsel.earn.cash.rules.ageing import Ageing, ReceivableRow, age
from handsel.earn.cash.rules.candidates import Candidate
from handsel.earn.cash.rules.matching import candidates
from handsel.earn.cash.rules.receivables import OpenItem, Receipt
from handsel.earn.cash.rules.statement.parties import normal_iban
from handsel.ground.kernel.money import Money
from handsel.ground.party.models import SellerBankAccount
from handsel.ground.platform.actor import Actor


def visible_statements(actor: Actor) -> QuerySet[BankStatement]:
    """The statements of the actor's sellers."""
    return BankStatement.objects.filter(seller_id__in=actor.seller_ids)


def get_statement(actor: Actor, statement_id: int) -> BankStatement:
    """One statement; foreign and missing ones are not told apart."""
    found = visible_statements(actor).select_related("bank_account", "seller")
    statement = found.filter(pk=statement_id).first()
    if statement is None:
        raise StatementMissing("this bank statement does not exist")
    return statement


def entries_of(statement_id: int) -> list[BankEntry]:
    """The entries of a statement in their order."""
    return list(BankEntry.objects.filter(statement_id=statement_id).order_by("position"))


def open_entries(actor: Actor) -> QuerySet[BankEntry]:
    """Entries of accepted statements that wait for somebody, oldest first."""
    return (
        BankEntry.objects.filter(
            statement__seller_id__in=actor.seller_ids, statement__state="accepted", state="open"
        )
        .select_related("statement")
        .order_by("booked_on", "pk")
    )


def get_entry(actor: Actor, entry_id: int) -> BankEntry:
    """One entry of a visible statement."""
    found = (
        BankEntry.objects.select_related("statement__seller")
        .filter(pk=entry_id, statement__seller_id__in=actor.seller_ids)
        .first()
    )
    if found is None:
        raise BankEntryMissing("this bank entry does not exist")
    return found


def visible_payments(actor: Actor) -> QuerySet[Payment]:
    """The payments of the actor's sellers."""
    return Payment.objects.filter(seller_id__in=actor.seller_ids)


def get_payment(actor: Actor, payment_id: int) -> Payment:
    """One payment; foreign and missing ones are not told apart."""
    found = visible_payments(actor).select_related("organization", "seller")
    payment = found.filter(pk=payment_id).first()
    if payment is None:
        raise PaymentMissing("this payment does not exist")
    return payment


def allocations_of(payment_id: int) -> list[Allocation]:
    """The allocations of a payment with their reversals, in the order they were made."""
    rows = Allocation.objects.filter(payment_id=payment_id).select_related("invoice")
    return list(rows.order_by("pk"))


def unallocated_minor(payment: Payment) -> int:
    """What of a payment (its charges included) is put against no invoice yet."""
    used = Allocation.objects.filter(payment=payment).aggregate(total=Sum("amount_minor"))["total"]
    return payment.amount_minor + payment.charges_minor - (used or 0)


def get_balance(actor: Actor, invoice_id: int) -> ReceivableBalance:
    """What is open on an invoice."""
    found = ReceivableBalance.objects.filter(pk=invoice_id, seller_id__in=actor.seller_ids).first()
    if found is None:
        raise ReceivableMissing("nothing is owed on this invoice")
    return found


def receivable_entries(invoice_id: int) -> list[ReceivableEntry]:
    """Every change of what is owed on an invoice, in order."""
    return list(ReceivableEntry.objects.filter(invoice_id=invoice_id).order_by("pk"))


def open_amount(organization_id: int, currency: str, seller_ids: Collection[int]) -> Money:
    """What a customer owes in a currency, credits subtracted."""
    total = ReceivableBalance.objects.filter(
        organization_id=organization_id, currency=currency, seller_id__in=seller_ids
    ).aggregate(total=Sum("open_minor"))["total"]
    return Money(total or 0, currency)


def open_items(seller_id: int) -> list[OpenItem]:
    """What is open on a seller's invoices and credit notes, for the matcher."""
    rows = (
        ReceivableBalance.objects.filter(seller_id=seller_id)
        .exclude(open_minor=0)
        .select_related("invoice", "organization")
        .order_by("due_on", "invoice_id")
    )
    return [
        OpenItem(
            item_id=row.invoice_id,
            customer_id=row.organization_id,
            number=row.invoice.number,
            currency=row.currency,
            open_minor=row.open_minor,
            due_on=row.due_on,
            references=(row.invoice.payment_reference,) if row.invoice.payment_reference else (),
            customer_name=row.organization.name,
        )
        for row in rows
    ]


def known_ibans(seller_id: int) -> dict[str, set[int]]:
    """IBAN to the customers that have paid from it, learned from matched entries."""
    rows = Payment.objects.filter(
        seller_id=seller_id, bank_entry__isnull=False, amount_minor__gt=0
    ).values_list("bank_entry__counterparty_iban", "organization_id")
    found: dict[str, set[int]] = {}
    for iban, organization_id in rows.distinct():
        if iban:
            found.setdefault(normal_iban(iban), set()).add(organization_id)
    return found


def receipt_of(entry: BankEntry) -> Receipt:
    """A kept entry as the matcher sees it."""
    return Receipt(
        amount_minor=entry.amount_minor,
        currency=entry.currency,
        received_on=entry.value_on or entry.booked_on,
        entry_position=entry.position,
        payer_name=entry.counterparty,
        payer_iban=entry.counterparty_iban,
        ultimate_name=entry.ultimate_name,
        end_to_end_id=entry.end_to_end_id,
        references=(entry.structured_reference,) if entry.structured_reference else (),
        documents=tuple(entry.documents),
        text=entry.remittance,
        charges_minor=entry.charges_minor,
        is_return=entry.is_return,
    )


def match_candidates(entry: BankEntry) -> list[Candidate]:
    """What an entry may pay, best first, with reasons."""
    seller_id = entry.statement.seller_id
    return candidates(receipt_of(entry), open_items(seller_id), known_ibans=known_ibans(seller_id))


def ageing(actor: Actor, *, as_of: date, known_at: datetime | None = None) -> Ageing:
    """Receivables by age on any day, past ones too; totals equal what was open then."""
    rows = ReceivableEntry.objects.filter(
        seller_id__in=actor.seller_ids, effective_on__lte=as_of
    ).values_list(
        "organization_id",
        "currency",
        "kind",
        "amount_minor",
        "effective_on",
        "invoice_id",
        "invoice__due_on",
        "recorded_at",
    )
    return age([ReceivableRow(*row) for row in rows], as_of, known_at=known_at)


def bank_account_by_iban(actor: Actor, iban: str) -> SellerBankAccount | None:
    """The account of one of the actor's sellers with this IBAN."""
    wanted = normal_iban(iban)
    accounts = SellerBankAccount.objects.filter(seller_id__in=actor.seller_ids)
    return next((a for a in accounts if normal_iban(a.iban) == wanted), None)


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
