"""Document numbers without gaps.

The counter row is locked by the UPDATE until the issuing transaction ends, so a rollback gives
its number back and the next issuer takes it. Call last, shortly before commit.
"""

from __future__ import annotations

from django.db import connection

from handsel.ground.kernel.errors import Invalid
from handsel.ground.platform.models import NumberSeries

PREFIXES = {
    "lead": "L",
    "quote": "Q",
    "order": "O",
    "shipment": "S",
    "invoice": "I",
    "credit_note": "C",
    "journal": "J",
    "payment": "P",
}


def next_number(*, seller_id: int, kind: str, year: int) -> str:
    """The next number of a series, e.g. ``I-2026-00042``; kinds are those of `PREFIXES`."""
    return next_numbers(seller_id=seller_id, kind=kind, year=year, count=1)[0]


def next_numbers(*, seller_id: int, kind: str, year: int, count: int) -> list[str]:
    """Claim `count` consecutive numbers with one statement (batch issue)."""
    if kind not in PREFIXES or count < 1:
        raise Invalid(f"no number series for {kind!r}", code="series_unknown", kind=kind)
    if not connection.in_atomic_block:
        raise RuntimeError("numbers are given inside the issuing transaction")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO platform_numberseries (seller_id, kind, year, last_number)
            VALUES (%s, %s, %s, %s)
            ON CONFLICT (seller_id, kind, year)
            DO UPDATE SET last_number = platform_numberseries.last_number + EXCLUDED.last_number
            RETURNING last_number
            """,
            [seller_id, kind, year, count],
        )
        last = int(cursor.fetchone()[0])
    return [number_text(kind, year, number) for number in range(last - count + 1, last + 1)]


def number_text(kind: str, year: int, number: int) -> str:
    """A number as it is printed, e.g. ``I-2026-00042``."""
    return f"{PREFIXES[kind]}-{year}-{number:05d}"


def series_of(seller_id: int) -> list[NumberSeries]:
    """A seller's series and how far each has come, newest year first."""
    return list(NumberSeries.objects.filter(seller_id=seller_id).order_by("-year", "kind"))
