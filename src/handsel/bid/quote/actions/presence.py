"""Being in a draft: who else is, at which line, and whether the draft moved on. Asked every few
seconds by every sheet that is open, so it is one statement, and writes only what is news."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection

from handsel.bid.quote.errors import QuoteNotFound
from handsel.bid.quote.models import QuotePresence
from handsel.ground.platform.actor import Actor

GONE_AFTER: Final = timedelta(seconds=50)
_TOLD_AFTER: Final = timedelta(seconds=8)
_MOST_PEOPLE: Final = 20
_BE: Final = """
    WITH open AS (
        SELECT v.id, v.lock_no, v.state FROM quote_quoteversion v
        JOIN quote_quote q ON q.id = v.quote_id
        WHERE q.id = %(quote)s AND q.seller_id = ANY(%(sellers)s)
        ORDER BY v.version_no DESC LIMIT 1
    ), me AS (
        INSERT INTO quote_quotepresence AS p (quote_id, user_id, line_key, seen_at)
        SELECT %(quote)s, %(user)s, %(line)s, %(now)s FROM open WHERE state = 'draft'
        ON CONFLICT (quote_id, user_id)
        DO UPDATE SET line_key = excluded.line_key, seen_at = excluded.seen_at
        WHERE p.line_key IS DISTINCT FROM excluded.line_key OR p.seen_at < %(told)s
    )
    SELECT open.id, open.lock_no, open.state, ARRAY(
        SELECT ARRAY[u.name, COALESCE(p.line_key::text, '')]
        FROM quote_quotepresence p JOIN identity_user u ON u.id = p.user_id
        WHERE p.quote_id = %(quote)s AND p.user_id <> %(user)s AND p.seen_at > %(gone)s
        ORDER BY p.id LIMIT %(most)s
    ) FROM open
"""


@dataclass(frozen=True, slots=True)
class Here:
    """The newest version of a quote, its state, and who else is in it: name and line."""

    version_id: int
    lock_no: int
    is_draft: bool
    others: tuple[tuple[str, str], ...]


def be_in_quote(*, actor: Actor, now: datetime, quote_id: int, line_key: UUID | None) -> Here:
    """Say that the actor is in a quote, and at which line; a quote that is no draft keeps nobody.

    Raises QuoteNotFound for what he cannot see.
    """
    given: dict[str, Any] = {
        "quote": quote_id,
        "sellers": list(actor.seller_ids),
        "user": actor.user_id,
        "line": line_key,
        "now": now,
        "told": now - _TOLD_AFTER,
        "gone": now - GONE_AFTER,
        "most": _MOST_PEOPLE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BE, given)
        row = cursor.fetchone()
    if row is None:
        raise QuoteNotFound("this quote does not exist", quote_id=quote_id)
    version_id, lock_no, state, others = row
    return Here(version_id, lock_no, state == "draft", tuple((name, line) for name, line in others))


def leave_quote(*, actor: Actor, now: datetime, quote_id: int) -> None:
    """The actor is no longer in the quote; whoever went without a word is forgotten with him."""
    QuotePresence.objects.filter(quote_id=quote_id, user_id=actor.user_id or 0).delete()
    forget_the_gone(now)


def forget_the_gone(now: datetime) -> None:
    """Delete who has not been heard of for a while, in all quotes."""
    QuotePresence.objects.filter(seen_at__lt=now - GONE_AFTER).delete()
