"""The only writers of the books. Entries are posted and reversed, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from handsel.earn.ledger import queries
from handsel.earn.ledger.errors import (
    EntryReversedAlready,
    LedgerAccountMissing,
    PeriodClosedAlready,
    PeriodNotReady,
)
from handsel.earn.ledger.events import EntryPosted, EntryReversed, PeriodClosed
from handsel.earn.ledger.models import JournalEntry, JournalLine, LedgerAccount, LedgerPeriod
from handsel.earn.ledger.rules.chart import CHART
from handsel.earn.ledger.rules.posting import Leg
from handsel.ground.kernel.period import add_months
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.numbering import next_number


def open_books(*, actor: Actor, now: datetime, seller_id: int) -> None:
    """Give a seller the starting chart of accounts (once; again changes nothing)."""
    LedgerAccount.objects.bulk_create(
        [
            LedgerAccount(seller_id=seller_id, code=a.code, name=a.name, kind=a.kind, role=a.role)
            for a in CHART
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def post_entry(
    *,
    actor: Actor,
    now: datetime,
    seller_id: int,
    posted_on: date,
    rule: str,
    text: str,
    currency: str,
    legs: Sequence[Leg],
    organization_id: int | None = None,
    invoice_id: int | None = None,
    payment_id: int | None = None,
    reverses_id: int | None = None,
) -> JournalEntry:
    """Write one entry with its legs, numbered last, in the open month of `posted_on`.

    A date in a closed month is refused; the database checks the balance once more at commit.
    """
    accounts = _accounts(actor, now, seller_id)
    period = _open_period(seller_id, posted_on)
    entry = JournalEntry.objects.create(
        seller_id=seller_id,
        period=period,
        number=next_number(seller_id=seller_id, kind="journal", year=posted_on.year),
        posted_on=posted_on,
        rule=rule,
        text=text[:200],
        invoice_id=invoice_id,
        payment_id=payment_id,
        reverses_id=reverses_id,
        posted_at=now,
    )
    JournalLine.objects.bulk_create(
        JournalLine(
            entry=entry,
            ledger_account_id=_account(accounts, leg.role),
            amount_minor=leg.amount_minor,
            currency=currency,
            organization_id=organization_id,
            invoice_line_id=leg.invoice_line_id,
            allocation_id=leg.allocation_id,
            receivable_entry_id=leg.receivable_entry_id,
            text=leg.text,
        )
        for leg in legs
    )
    log.announce(EntryPosted(entry.pk, invoice_id, payment_id, rule), actor=actor, now=now)
    return entry


def _accounts(actor: Actor, now: datetime, seller_id: int) -> dict[str, int]:
    found = dict(LedgerAccount.objects.filter(seller_id=seller_id).values_list("role", "pk"))
    if not found:
        open_books(actor=actor, now=now, seller_id=seller_id)
        found = dict(LedgerAccount.objects.filter(seller_id=seller_id).values_list("role", "pk"))
    return found


def _account(accounts: dict[str, int], role: str) -> int:
    if role not in accounts:
        raise LedgerAccountMissing(f"the chart has no account with the role {role!r}", role=role)
    return accounts[role]


def _open_period(seller_id: int, posted_on: date) -> LedgerPeriod:
    first = posted_on.replace(day=1)
    LedgerPeriod.objects.bulk_create(
        [LedgerPeriod(seller_id=seller_id, from_on=first, until_on=add_months(first, 1))],
        ignore_conflicts=True,
    )
    # Shared lock: entries go in side by side, a closing waits for them and they for it.
    period = LedgerPeriod.objects.raw(
        "SELECT * FROM ledger_ledgerperiod WHERE seller_id = %s AND from_on = %s FOR SHARE",
        [seller_id, first],
    )[0]
    if period.state == "closed":
        raise PeriodClosedAlready(
            f"{first:%B %Y} is closed; post in the first open month", month=first.isoformat()
        )
    return period


@transaction.atomic
def reverse_entry(
    *, actor: Actor, now: datetime, entry_id: int, posted_on: date, reason: str
) -> JournalEntry:
    """Undo an entry by its mirror image, in an open month; once at most."""
    entry = queries.get_entry(actor, entry_id)
    locked = JournalEntry.objects.select_for_update().get(pk=entry.pk)
    if JournalEntry.objects.filter(reverses=locked).exists():
        raise EntryReversedAlready(f"entry {locked.number} was reversed before")
    lines = queries.lines_of(locked.pk)
    mirrored = [
        Leg(
            line.ledger_account.role,
            -line.amount_minor,
            line.text,
            line.invoice_line_id,
            line.receivable_entry_id,
            line.allocation_id,
        )
        for line in lines
    ]
    reversal = post_entry(
        actor=actor,
        now=now,
        seller_id=locked.seller_id,
        posted_on=posted_on,
        rule="reversal",
        text=f"reverses {locked.number}: {reason}",
        currency=lines[0].currency,
        legs=mirrored,
        invoice_id=locked.invoice_id,
        payment_id=locked.payment_id,
        reverses_id=locked.pk,
    )
    log.announce(EntryReversed(reversal.pk, locked.pk), actor=actor, now=now)
    return reversal


@transaction.atomic
def close_period(*, actor: Actor, now: datetime, period_id: int) -> LedgerPeriod:
    """Close a month: it takes no more entries. Earlier months must be closed first."""
    period = (
        LedgerPeriod.objects.select_for_update()
        .filter(pk=period_id, seller_id__in=actor.seller_ids)
        .first()
    )
    if period is None:
        raise LedgerAccountMissing("this month does not exist", code="period_missing")
    if period.state == "closed":
        return period
    earlier = LedgerPeriod.objects.filter(
        seller_id=period.seller_id, from_on__lt=period.from_on, state="open"
    )
    if earlier.exists():
        raise PeriodNotReady("close the earlier months first")
    period.state, period.closed_at = "closed", now
    period.save(update_fields=["state", "closed_at"])
    log.announce(PeriodClosed(period.pk), actor=actor, now=now)
    return period
