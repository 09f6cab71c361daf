"""What was imported before, as far as the statements of one file touch it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from handsel.earn.cash.rules.statement.chain import (
    KnownStatement,
    StatementEnd,
    entry_keys,
    fingerprint,
)
from handsel.earn.cash.rules.statement.model import Statement


@dataclass(frozen=True, slots=True)
class Before:
    """The last accepted statement of an account, repetitions, and entries that came before."""

    end: StatementEnd | None
    known: tuple[KnownStatement, ...]
    entry_keys: frozenset[str]


# By index, however many statements the account has.
_BEFORE = """
    SELECT s.statement_id, s.fingerprint, s.state, s.currency, s.closing_minor, s.until_on,
           s.sequence_no,
           ARRAY(SELECT key FROM jsonb_array_elements_text(s.entry_keys) AS key
                 WHERE key = ANY(%(keys)s::text[]))
    FROM cash_bankstatement s
    WHERE s.id IN (
        SELECT id FROM cash_bankstatement
        WHERE bank_account_id = %(account)s AND state <> 'rejected'
          AND fingerprint = ANY(%(marks)s::text[])
        UNION ALL
        SELECT id FROM cash_bankstatement
        WHERE bank_account_id = %(account)s AND state <> 'rejected'
          AND statement_id = ANY(%(ids)s::text[])
        UNION ALL
        SELECT id FROM cash_bankstatement
        WHERE bank_account_id = %(account)s AND state = 'accepted'
          AND entry_keys ?| %(keys)s::text[]
        UNION ALL
        (SELECT id FROM cash_bankstatement
         WHERE bank_account_id = %(account)s AND state = 'accepted'
         ORDER BY until_on DESC, id DESC LIMIT 1))
    ORDER BY s.until_on, s.id
"""


def before(account_id: int, identification: str, statements: Sequence[Statement]) -> Before:
    """What was imported before of an account that a file calls `identification`."""
    own = [one for one in statements if one.account.identification == identification]
    asked: dict[str, Any] = {
        "account": account_id,
        "marks": [fingerprint(one) for one in own],
        "ids": [one.statement_id for one in own],
        "keys": [key for one in own for key in entry_keys(one)],
    }
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, asked)
        rows = cursor.fetchall()
    end, known, keys = None, [], set()
    for statement_id, mark, state, currency, closing, until_on, sequence, brought in rows:
        known.append(KnownStatement(statement_id, identification, mark))
        if state == "accepted":
            keys.update(brought)
            number = int(sequence) if sequence.isdigit() else None
            end = StatementEnd(statement_id, identification, currency, closing, until_on, number)
    return Before(end, tuple(known), frozenset(keys))
