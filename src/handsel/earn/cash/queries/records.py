"""Reading statements, payments and receivables."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, QuerySet, Sum

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
from handsel.earn.cash.rules.statement.parties import normal_iban
from handsel.ground.kernel.money import Money
from handsel.ground.party.models import SellerBankAccount
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.reading import all_rows


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
    return all_rows(BankEntry, "statement_id = %s ORDER BY position", [statement_id])


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
    rows = Allocation.objects.filter(payment_id=payment_id).select_related("invoice", "reverses")
    return list(rows.order_by("pk"))


def unallocated_minor(payment: Payment) -> int:
    """What of a payment (its charges included) is put against no invoice yet."""
    used = Allocation.objects.filter(payment=payment).aggregate(total=Sum("amount_minor"))["total"]
    return payment.amount_minor + payment.charges_minor - int(used or 0)


def get_balance(actor: Actor, invoice_id: int) -> ReceivableBalance:
    """What is open on an invoice."""
    rows = ReceivableBalance.objects.filter(pk=invoice_id, seller_id__in=actor.seller_ids)
    found = rows.select_related("invoice", "organization", "seller").first()
    if found is None:
        raise ReceivableMissing("nothing is owed on this invoice")
    return found


def receivable_entries(invoice_id: int) -> list[ReceivableEntry]:
    """Every change of what is owed on an invoice, in order, with where it came from."""
    rows = ReceivableEntry.objects.filter(invoice_id=invoice_id)
    return list(rows.select_related("allocation__payment", "source_invoice").order_by("pk"))


def open_amount(organization_id: int, currency: str, seller_ids: Collection[int]) -> Money:
    """What a customer owes in a currency, credits subtracted."""
    total = ReceivableBalance.objects.filter(
        organization_id=organization_id, currency=currency, seller_id__in=seller_ids
    ).aggregate(total=Sum("open_minor"))["total"]
    return Money(total or 0, currency)


def bank_account_by_iban(actor: Actor, iban: str) -> SellerBankAccount | None:
    """The account of one of the actor's sellers with this IBAN."""
    wanted = normal_iban(iban)
    of_sellers = "seller_id = ANY(%s::bigint[]) ORDER BY id"
    accounts = all_rows(SellerBankAccount, of_sellers, [list(actor.seller_ids)])
    return next((a for a in accounts if normal_iban(a.iban) == wanted), None)


def chain_before(statement: BankStatement) -> BankStatement | None:
    """The accepted statement of the same account that a statement follows, if any."""
    earlier = BankStatement.objects.filter(
        bank_account_id=statement.bank_account_id, state="accepted"
    ).exclude(pk=statement.pk)
    before = earlier.filter(until_on__lte=statement.from_on or statement.until_on)
    return before.order_by("-until_on", "-pk").first()


def payments_of_entries(statement_id: int) -> dict[int, Payment]:
    """Bank entry to the payment it became, customers loaded."""
    rows = Payment.objects.filter(bank_entry__statement_id=statement_id)
    return {row.bank_entry_id or 0: row for row in rows.select_related("organization")}


def entry_counts(statement_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Statement to how many of its entries are open, matched and ignored."""
    rows = (
        BankEntry.objects.filter(statement_id__in=statement_ids)
        .values_list("statement_id", "state")
        .annotate(n=Count("pk"))
        .order_by()
    )
    found: dict[int, dict[str, int]] = {}
    for statement_id, state, n in rows:
        found.setdefault(statement_id, {})[state] = n
    return found


def allocated_of(payment_ids: Collection[int]) -> dict[int, int]:
    """Payment to what of it is put against invoices, in minor units."""
    rows = Allocation.objects.filter(payment_id__in=payment_ids).values_list("payment_id")
    return {key: int(total) for key, total in rows.annotate(t=Sum("amount_minor")).order_by()}
