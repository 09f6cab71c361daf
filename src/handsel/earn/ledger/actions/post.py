"""Posting entries and reversing them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import connection, transaction

from handsel.earn.ledger import queries
from handsel.earn.ledger.actions.periods import OpenMonth, first_open_day, open_month
from handsel.earn.ledger.errors import (
    EntryReversedAlready,
    LedgerAccountMissing,
    PeriodClosedAlready,
)
from handsel.earn.ledger.events import EntryPosted, EntryReversed
from handsel.earn.ledger.models import JournalEntry
from handsel.earn.ledger.rules.posting import Leg
from handsel.ground.kernel.said import said
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
    month, on = _month_for(actor, now, seller_id, posted_on, is_late_allowed)
    said = text if on == posted_on else f"{text[:180]} (of {posted_on})"
    entry = JournalEntry(
        seller_id=seller_id,
        period_id=month.period_id,
        number=next_number(seller_id=seller_id, kind="journal", year=on.year),
        posted_on=on,
        rule=rule,
        text=said[:200],
        invoice_id=invoice_id,
        payment_id=payment_id,
        reverses_id=reverses_id,
        posted_at=now,
    )
    _write(entry, month, legs, currency, organization_id)
    log.announce(EntryPosted(entry.pk, invoice_id, payment_id, rule), actor=actor, now=now)
    return entry


def _month_for(
    actor: Actor, now: datetime, seller_id: int, posted_on: date, is_late_allowed: bool
) -> tuple[OpenMonth, date]:
    def month(on: date) -> OpenMonth:
        return open_month(actor=actor, now=now, seller_id=seller_id, posted_on=on)

    try:
        return month(posted_on), posted_on
    except PeriodClosedAlready:
        open_from = first_open_day(seller_id)
        if not is_late_allowed or open_from is None:
            raise
        return month(open_from), open_from


# One statement an entry: it and its legs.
_WRITE = """
    WITH entry AS (
        INSERT INTO ledger_journalentry
            (seller_id, period_id, number, posted_on, rule, text, invoice_id, payment_id,
             reverses_id, posted_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        RETURNING id
    ), legs AS (
        INSERT INTO ledger_journalline
            (entry_id, currency, organization_id, ledger_account_id, amount_minor, text,
             invoice_line_id, allocation_id, receivable_entry_id)
        SELECT entry.id, %s, %s, leg.account_id, leg.amount_minor, leg.text,
               leg.invoice_line_id, leg.allocation_id, leg.receivable_entry_id
        FROM entry, unnest(%s::bigint[], %s::bigint[], %s::text[],
                           %s::bigint[], %s::bigint[], %s::bigint[]) WITH ORDINALITY
            AS leg (account_id, amount_minor, text,
                    invoice_line_id, allocation_id, receivable_entry_id, place)
        ORDER BY leg.place
    )
    SELECT id FROM entry
"""


def _write(
    entry: JournalEntry,
    month: OpenMonth,
    legs: Sequence[Leg],
    currency: str,
    organization_id: int | None,
) -> None:
    head = (
        entry.seller_id,
        entry.period_id,
        entry.number,
        entry.posted_on,
        entry.rule,
        entry.text,
        entry.invoice_id,
        entry.payment_id,
        entry.reverses_id,
        entry.posted_at,
    )
    columns = (
        [_account(month.accounts, leg.role) for leg in legs],
        [leg.amount_minor for leg in legs],
        [leg.text for leg in legs],
        [leg.invoice_line_id for leg in legs],
        [leg.allocation_id for leg in legs],
        [leg.receivable_entry_id for leg in legs],
    )
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [*head, currency, organization_id, *columns])
        entry.pk = int(cursor.fetchone()[0])
    entry._state.adding = False


def _account(accounts: Mapping[str, int], role: str) -> int:
    if role not in accounts:
        raise LedgerAccountMissing(
            said("the chart has no account with the role %(role)s", role=repr(role)), role=role
        )
    return accounts[role]


@transaction.atomic
def reverse_entry(
    *, actor: Actor, now: datetime, entry_id: int, posted_on: date, reason: str
) -> JournalEntry:
    """Undo an entry by its mirror image, in an open month; once at most."""
    entry = queries.get_entry(actor, entry_id)
    locked = JournalEntry.objects.select_for_update().get(pk=entry.pk)
    if JournalEntry.objects.filter(reverses=locked).exists():
        raise EntryReversedAlready(
            said("entry %(number)s was reversed before", number=locked.number)
        )
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
