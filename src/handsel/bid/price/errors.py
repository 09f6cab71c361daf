"""What the price room refuses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handsel.ground.kernel.errors import Invalid, NotFound, Refused


class BookNotFound(NotFound):
    """There is no such price book."""

    default_code = "price_book_missing"


class NoBook(Refused):
    """No published book covers a currency, segment and day."""

    default_code = "no_price_book"

    def __init__(self, currency: str, segment: str, on: date) -> None:
        who = f" for {segment!r}" if segment else ""
        super().__init__(
            f"No published price book in {currency}{who} is valid on {on}; publish one first.",
            currency=currency,
            segment=segment,
            on=on.isoformat(),
        )


class NoPrice(Refused):
    """Products without a price in the book; nothing is guessed."""

    default_code = "no_price"

    def __init__(self, products: Sequence[str], book: str, on: date) -> None:
        shown = ", ".join(products[:5]) + (" and others" if len(products) > 5 else "")
        super().__init__(
            f"{shown}: no price in {book} on {on}; add it to the book or take another product.",
            products=list(products),
            book=book,
            on=on.isoformat(),
        )


class BookNotEditable(Refused):
    """A published or retired book never changes; a new version of it can."""

    default_code = "price_book_frozen"


class BookOverlaps(Refused):
    """Two published books of one currency and segment would be valid on the same day."""

    default_code = "price_book_overlaps"


class BadBook(Invalid):
    """What was given for a book, entry or rule cannot be a price."""

    default_code = "bad_price"
