"""The frame of the books: the chart a seller starts with, and the months that close."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Max

from handsel.earn.ledger import queries
from handsel.earn.ledger.errors import PeriodClosedAlready, PeriodMissing, PeriodNotReady
from handsel.earn.ledger.events import PeriodClosed
from handsel.earn.ledger.models import LedgerAccount, LedgerPeriod
from handsel.earn.ledger.rules.chart import CHART
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.period import add_months
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor

_SHARED = """
    SELECT month.id, month.state,
           (SELECT jsonb_object_agg(a.role, a.id) FROM ledger_ledgeraccount a
            WHERE a.seller_id = month.seller_id)
    FROM ledger_ledgerperiod month
    WHERE month.seller_id = %s AND month.from_on = %s
    FOR SHARE OF month
"""


@dataclass(frozen=True, slots=True)
class OpenMonth:
    """An open month that is held open, and the seller's chart: role to account."""

    period_id: int
    accounts: Mapping[str, int]


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
def close_period(*, actor: Actor, now: datetime, period_id: int) -> LedgerPeriod:
    """Close a month: it takes no more entries; what comes late goes into the first open month.

    Closing a closed month changes nothing. Raises PeriodNotReady while the month is not over,
    an earlier one is open, or the books differ from what they are kept of.
    """
    period = (
        LedgerPeriod.objects.select_for_update(of=("self",))
        .select_related("seller")
        .filter(pk=period_id, seller_id__in=actor.seller_ids)
        .first()
    )
    if period is None:
        raise PeriodMissing("this month does not exist")
    if period.state == "closed":
        return period
    _refuse_unready(actor, period, today=local_date(now, period.seller.time_zone))
    period.state, period.closed_at = "closed", now
    period.save(update_fields=["state", "closed_at"])
    log.announce(PeriodClosed(period.pk), actor=actor, now=now)
    return period


def _refuse_unready(actor: Actor, period: LedgerPeriod, *, today: date) -> None:
    if today < period.until_on:
        raise PeriodNotReady(said("%(from_on)s is not over yet", from_on=f"{period.from_on:%B %Y}"))
    earlier = LedgerPeriod.objects.filter(
        seller_id=period.seller_id, from_on__lt=period.from_on, state="open"
    )
    if earlier.exists():
        raise PeriodNotReady("close the earlier months first")
    broken = [one for one in queries.proofs(actor, seller_id=period.seller_id) if not one.holds]
    if broken:
        names = ", ".join(f"{one.name} ({one.currency})" for one in broken)
        raise PeriodNotReady(
            said("the books differ from what they are kept of: %(names)s", names=names)
        )


def open_month(*, actor: Actor, now: datetime, seller_id: int, posted_on: date) -> OpenMonth:
    """The open month of a date, locked against closing until the transaction ends.

    A month and a chart that are not there yet are made. Raises PeriodClosedAlready when the month
    is closed, or lies before one that is.
    """
    first = posted_on.replace(day=1)
    found = _held(seller_id, first)
    if found is None:
        _refuse_before_closed(seller_id, first)
        LedgerPeriod.objects.bulk_create(
            [LedgerPeriod(seller_id=seller_id, from_on=first, until_on=add_months(first, 1))],
            ignore_conflicts=True,
        )
        found = _held(seller_id, first)
    if found is not None and found[2] is None:
        open_books(actor=actor, now=now, seller_id=seller_id)
        found = _held(seller_id, first)
    if found is None or found[1] == "closed":
        raise _closed(first)
    return OpenMonth(found[0], found[2] or {})


def _held(seller_id: int, first: date) -> tuple[int, str, dict[str, int] | None] | None:
    """Key, state and chart of a month; None when there is no such month yet."""
    with connection.cursor() as cursor:
        # Shared lock: entries go in side by side, a closing waits for them and they for it.
        cursor.execute(_SHARED, [seller_id, first])
        row = cursor.fetchone()
    if row is None:
        return None
    return row[0], row[1], json.loads(row[2]) if row[2] else None


def first_open_day(seller_id: int) -> date | None:
    """The first day after the last closed month, or None while none is closed."""
    closed = LedgerPeriod.objects.filter(seller_id=seller_id, state="closed")
    last: date | None = closed.aggregate(last=Max("until_on"))["last"]
    return last


def _refuse_before_closed(seller_id: int, first: date) -> None:
    open_from = first_open_day(seller_id)
    if open_from is not None and first < open_from:
        raise _closed(first)


def _closed(first: date) -> PeriodClosedAlready:
    return PeriodClosedAlready(
        said("%(first)s is closed; post in the first open month", first=f"{first:%B %Y}"),
        month=first.isoformat(),
    )
