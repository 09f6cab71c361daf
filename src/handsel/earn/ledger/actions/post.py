"""Posting entries and reversing them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from handsel.earn.ledger import queries
from handsel.earn.ledger.actions.periods import first_open_day, open_books, open_period
from handsel.earn.ledger.errors import (
    EntryReversedAlready,
    LedgerAccountMissing,
    PeriodClosedAlready,
)
from handsel.earn.ledger.events import EntryPosted, EntryReversed
from handsel.earn.ledger.models import JournalEntry, JournalLine, LedgerAccount, LedgerPeriod
from handsel.earn.ledger.rules.posting import Leg
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.numbering import next_number


# No savepoint: an entry is posted with its fact or not at all.
@transaction.atomic(savepoint=False)
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
    is_late_allowed: bool = False,
) -> JournalEntry:
    """Write one entry with its legs, numbered last, in the open month of `posted_on`.

    A date in a closed month is refused. With `is_late_allowed`, as for facts that a listener
    hears, the entry goes into the first open month instead and its text keeps the date. The
    database checks month and balance once more.
    """
    accounts = _accounts(actor, now, seller_id)
    period, on = _period_for(seller_id, posted_on, is_late_allowed)
    said = text if on == posted_on else f"{text[:180]} (of {posted_on})"
    entry = JournalEntry.objects.create(
        seller_id=seller_id,
        period=period,
        number=next_number(seller_id=seller_id, kind="journal", year=on.year),
        posted_on=on,
        rule=rule,
        text=said[:200],
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


def _period_for(
    seller_id: int, posted_on: date, is_late_allowed: bool
) -> tuple[LedgerPeriod, date]:
    try:
        return open_period(seller_id, posted_on), posted_on
    except PeriodClosedAlready:
        open_from = first_open_day(seller_id)
        if not is_late_allowed or open_from is None:
            raise
        return open_period(seller_id, open_from), open_from


def _accounts(actor: Actor, now: datetime, seller_id: int) -> dict[str, int]:
    chart = LedgerAccount.objects.filter(seller_id=seller_id).values_list("role", "pk")
    found = dict(chart)
    if not found:
        open_books(actor=actor, now=now, seller_id=seller_id)
        found = dict(chart.all())
    return found


def _account(accounts: dict[str, int], role: str) -> int:
    if role not in accounts:
        raise LedgerAccountMissing(f"the chart has no account with the role {role!r}", role=role)
    return accounts[role]


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
        organization_id=lines[0].organization_id,
        invoice_id=locked.invoice_id,
        payment_id=locked.payment_id,
        reverses_id=locked.pk,
    )
    log.announce(EntryReversed(reversal.pk, locked.pk), actor=actor, now=now)
    return reversal
