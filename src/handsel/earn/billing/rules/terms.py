"""Dates and references of an invoice."""

from __future__ import annotations

from datetime import date, timedelta


def due_date(issued_on: date, payment_days: int) -> date:
    """The last day to pay: so many calendar days after the issue."""
    return issued_on + timedelta(days=payment_days)


def payment_reference(number: str) -> str:
    """The creditor reference (ISO 11649) customers quote: RF, check digits, the number.

    Every bank's form takes it and it survives retyping, because two digits check the rest.
    """
    body = "".join(c for c in number.upper() if c.isalnum())
    digits = "".join(str(int(c, 36)) for c in body + "RF00")
    return f"RF{98 - int(digits) % 97:02d}{body}"
