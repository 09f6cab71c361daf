"""Proofs: what the books say against what they are kept of, per currency.

Each sub-ledger is counted from its own rows and compared with the balance of the account that
stands for it, both debit positive. A difference means that something was written past the rules.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from handsel.ground.platform.actor import Actor


@dataclass(frozen=True, slots=True)
class Proof:
    """One comparison, in minor units, debit positive."""

    name: str
    currency: str
    counted_minor: int
    posted_minor: int

    @property
    def difference_minor(self) -> int:
        """What the books have too much (positive) or too little."""
        return self.posted_minor - self.counted_minor

    @property
    def holds(self) -> bool:
        """Whether both say the same."""
        return self.difference_minor == 0


# Each select gives (currency, amount) rows as the account should show them, debit positive.
_COUNTED = {
    "bank": """
        SELECT currency, SUM(amount_minor) FROM cash_payment
        WHERE seller_id = %(seller)s GROUP BY currency
    """,
    "receivable": """
        SELECT currency, SUM(open_minor) FROM cash_receivablebalance
        WHERE seller_id = %(seller)s GROUP BY currency
    """,
    "unallocated": """
        SELECT currency, -SUM(amount) FROM (
            SELECT currency, amount_minor + charges_minor AS amount FROM cash_payment
            WHERE seller_id = %(seller)s
            UNION ALL
            SELECT a.currency, -a.amount_minor FROM cash_allocation a
            JOIN cash_payment p ON p.id = a.payment_id WHERE p.seller_id = %(seller)s
        ) moves GROUP BY currency
    """,
    "vat": """
        SELECT currency, -SUM(amount) FROM (
            SELECT i.currency, CASE i.kind WHEN 'credit_note' THEN -1 ELSE 1 END * t.tax_minor
                AS amount
            FROM billing_invoicetax t JOIN billing_invoice i ON i.id = t.invoice_id
            WHERE i.seller_id = %(seller)s AND i.state = 'issued'
            UNION ALL
            SELECT i.currency, -p.tax_minor FROM billing_invoiceprepayment p
            JOIN billing_invoice i ON i.id = p.final_id
            WHERE i.seller_id = %(seller)s AND i.state = 'issued'
            UNION ALL
            SELECT currency, -tax_minor FROM cash_receivableentry WHERE seller_id = %(seller)s
        ) taxes GROUP BY currency
    """,
    "deposit": """
        SELECT currency, -SUM(amount) FROM (
            SELECT i.currency, CASE i.kind WHEN 'deposit' THEN i.net_minor ELSE -i.net_minor END
                AS amount
            FROM billing_invoice i LEFT JOIN billing_invoice c ON c.id = i.corrects_id
            WHERE i.seller_id = %(seller)s AND i.state = 'issued'
                AND (i.kind = 'deposit' OR (i.kind = 'credit_note' AND c.kind = 'deposit'))
            UNION ALL
            SELECT i.currency, -p.net_minor FROM billing_invoiceprepayment p
            JOIN billing_invoice i ON i.id = p.final_id
            WHERE i.seller_id = %(seller)s AND i.state = 'issued'
        ) deposits GROUP BY currency
    """,
}

_POSTED = """
    SELECT a.role, l.currency, SUM(l.amount_minor) FROM ledger_journalline l
    JOIN ledger_ledgeraccount a ON a.id = l.ledger_account_id
    WHERE a.seller_id = %(seller)s GROUP BY a.role, l.currency
"""


def proofs(actor: Actor, *, seller_id: int) -> list[Proof]:
    """Compare a seller's sub-ledgers with the books as they stand now; by name and currency.

    `entries` proves that debits equal credits; `receivable`, `unallocated`, `vat`, `deposit` and
    `bank` that the account with this role is the sum of invoices, payments and what was done
    with them.
    """
    if seller_id not in actor.seller_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_POSTED, {"seller": seller_id})
        posted = {(role, currency): int(sum_) for role, currency, sum_ in cursor.fetchall()}
        found = []
        for role, counting in _COUNTED.items():
            cursor.execute(counting, {"seller": seller_id})
            counted = {currency: int(sum_) for currency, sum_ in cursor.fetchall()}
            currencies = {*counted, *(c for r, c in posted if r == role)}
            found += [
                Proof(role, currency, counted.get(currency, 0), posted.get((role, currency), 0))
                for currency in sorted(currencies)
            ]
    totals: dict[str, int] = {}
    for (_, currency), sum_ in posted.items():
        totals[currency] = totals.get(currency, 0) + sum_
    return [Proof("entries", currency, 0, totals[currency]) for currency in sorted(totals)] + found
