"""Reading the books."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Sum

from handsel.earn.ledger.errors import EntryMissing, LedgerAccountMissing, PeriodMissing
from handsel.earn.ledger.models import JournalEntry, JournalLine, LedgerAccount, LedgerPeriod
from handsel.ground.platform.actor import Actor


@dataclass(frozen=True, slots=True)
class TrialBalanceRow:
    """One account in one currency: what moved before, in and up to the end of a range."""

    ledger_account_id: int
    code: str
    name: str
    kind: str
    currency: str
    opening_minor: int
    debit_minor: int
    credit_minor: int

    @property
    def closing_minor(self) -> int:
        """Balance at the end, debit positive."""
        return self.opening_minor + self.debit_minor - self.credit_minor


_TRIAL_BALANCE = """
    SELECT a.id, a.code, a.name, a.kind, l.currency,
           COALESCE(SUM(l.amount_minor) FILTER (WHERE e.posted_on < %(from)s), 0),
           COALESCE(SUM(l.amount_minor) FILTER (
               WHERE e.posted_on >= %(from)s AND l.amount_minor > 0), 0),
           COALESCE(-SUM(l.amount_minor) FILTER (
               WHERE e.posted_on >= %(from)s AND l.amount_minor < 0), 0)
    FROM ledger_journalline l
    JOIN ledger_journalentry e ON e.id = l.entry_id
    JOIN ledger_ledgeraccount a ON a.id = l.ledger_account_id
    WHERE e.seller_id = %(seller)s AND e.posted_on < %(until)s
    GROUP BY a.id, a.code, a.name, a.kind, l.currency
    ORDER BY a.code, l.currency
"""


def trial_balance(
    actor: Actor, *, seller_id: int, from_on: date, until_on: date
) -> list[TrialBalanceRow]:
    """Balances of a seller's accounts in [from_on, until_on), with what stood before."""
    if seller_id not in actor.seller_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_TRIAL_BALANCE, {"seller": seller_id, "from": from_on, "until": until_on})
        return [TrialBalanceRow(*row[:5], *(int(n) for n in row[5:])) for row in cursor.fetchall()]


def visible_entries(actor: Actor) -> QuerySet[JournalEntry]:
    """The entries of the actor's sellers."""
    return JournalEntry.objects.filter(seller_id__in=actor.seller_ids)


def get_entry(actor: Actor, entry_id: int) -> JournalEntry:
    """One entry; foreign and missing ones are not told apart."""
    entries = visible_entries(actor).select_related(
        "seller", "period", "invoice", "payment", "reverses"
    )
    entry = entries.filter(pk=entry_id).first()
    if entry is None:
        raise EntryMissing("this journal entry does not exist")
    return entry


def lines_of(entry_id: int) -> list[JournalLine]:
    """The legs of an entry in the order they were written, accounts loaded."""
    lines = JournalLine.objects.filter(entry_id=entry_id).select_related(
        "ledger_account", "organization", "invoice_line"
    )
    return list(lines.order_by("pk"))


def account_lines(
    actor: Actor, ledger_account_id: int, *, from_on: date, until_on: date
) -> QuerySet[JournalLine]:
    """The legs on one account in [from_on, until_on), for drill-down."""
    return (
        JournalLine.objects.filter(
            ledger_account_id=ledger_account_id,
            entry__seller_id__in=actor.seller_ids,
            entry__posted_on__gte=from_on,
            entry__posted_on__lt=until_on,
        )
        .select_related("entry", "entry__invoice", "entry__payment", "organization")
        .order_by("entry__posted_on", "pk")
    )


def balance_of_role(seller_id: int, role: str, currency: str) -> int:
    """The balance of the account with a role, debit positive, in minor units."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT COALESCE(SUM(l.amount_minor), 0) FROM ledger_journalline l
            JOIN ledger_ledgeraccount a ON a.id = l.ledger_account_id
            WHERE a.seller_id = %s AND a.role = %s AND l.currency = %s
            """,
            [seller_id, role, currency],
        )
        return int(cursor.fetchone()[0])


def accounts_of(seller_id: int) -> QuerySet[LedgerAccount]:
    """A seller's chart in the order of its codes."""
    return LedgerAccount.objects.filter(seller_id=seller_id).order_by("code")


def periods_of(seller_id: int) -> QuerySet[LedgerPeriod]:
    """A seller's months, newest first."""
    return LedgerPeriod.objects.filter(seller_id=seller_id).order_by("-from_on")


def get_account(actor: Actor, ledger_account_id: int) -> LedgerAccount:
    """One account of a visible seller's chart."""
    found = LedgerAccount.objects.select_related("seller").filter(
        pk=ledger_account_id, seller_id__in=actor.seller_ids
    )
    account = found.first()
    if account is None:
        raise LedgerAccountMissing("this ledger account does not exist")
    return account


def get_period(actor: Actor, period_id: int) -> LedgerPeriod:
    """One month of a visible seller's books."""
    period = LedgerPeriod.objects.filter(pk=period_id, seller_id__in=actor.seller_ids).first()
    if period is None:
        raise PeriodMissing("this month does not exist")
    return period


def balance_before(ledger_account_id: int, *, on: date, currency: str) -> int:
    """The balance of an account before a day, debit positive, in minor units."""
    lines = JournalLine.objects.filter(
        ledger_account_id=ledger_account_id, currency=currency, entry__posted_on__lt=on
    )
    return int(lines.aggregate(total=Sum("amount_minor"))["total"] or 0)


def reversal_of(entry_id: int) -> JournalEntry | None:
    """The entry that undid an entry, if any."""
    return JournalEntry.objects.filter(reverses_id=entry_id).first()


def amounts_of(entry_ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """Entry to what it moves (the sum of its debits, in minor units) and the currency."""
    rows = (
        JournalLine.objects.filter(entry_id__in=entry_ids, amount_minor__gt=0)
        .values_list("entry_id", "currency")
        .annotate(total=Sum("amount_minor"))
        .order_by()
    )
    return {entry_id: (int(total), currency) for entry_id, currency, total in rows}


def journal_rows(
    actor: Actor, *, seller_id: int, from_on: date, until_on: date
) -> Iterator[dict[str, Any]]:
    """Every leg in [from_on, until_on) in the order of posting, for export; debit positive."""
    lines = JournalLine.objects.filter(
        entry__seller_id__in=actor.seller_ids & {seller_id},
        entry__posted_on__gte=from_on,
        entry__posted_on__lt=until_on,
    )
    rows = lines.order_by("entry__posted_on", "entry_id", "pk").values(*_EXPORTED)
    yield from rows.iterator(chunk_size=5000)


_EXPORTED = (
    "entry__number",
    "entry__posted_on",
    "entry__rule",
    "entry__text",
    "entry__invoice__number",
    "entry__payment__number",
    "organization__name",
    "ledger_account__code",
    "ledger_account__name",
    "text",
    "amount_minor",
    "currency",
)
