"""What the price room refuses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handsel.ground.kernel.errors import Invalid, NotFound, Refused
from handsel.ground.kernel.said import said


class BookNotFound(NotFound):
    """There is no such price book."""

    default_code = "price_book_missing"


class NoBook(Refused):
    """No published book covers a currency, segment and day."""

    default_code = "no_price_book"

    def __init__(self, currency: str, segment: str, on: date) -> None:
        super().__init__(
            said(
                "No published price book in %(currency)s for %(segment)s is valid on %(on)s; "
                "publish one first.",
                currency=currency,
                segment=repr(segment),
                on=on,
            )
            if segment
            else said(
                "No published price book in %(currency)s is valid on %(on)s; publish one first.",
                currency=currency,
                on=on,
            ),
            currency=currency,
            segment=segment,
            on=on.isoformat(),
        )


class NoPrice(Refused):
    """Products without a price in the book; nothing is guessed."""

    default_code = "no_price"

    def __init__(self, products: Sequence[str], book: str, on: date) -> None:
        shown: str = ", ".join(products[:5])
        if len(products) > 5:
            shown = said("%(some)s and others", some=shown)
        super().__init__(
            said(
                "%(shown)s: no price in %(book)s on %(on)s; add it to the book or "
                "take another product.",
                shown=shown,
                book=book,
                on=on,
            ),
            products=list(products),
            book=book,
            on=on.isoformat(),
        )


class NoRate(Refused):
    """A price in another currency, and no rate to convert it by."""

    default_code = "no_exchange_rate"

    def __init__(self, source: str, target: str, product: str, on: date) -> None:
        super().__init__(
            said(
                "%(product)s has a price in %(source)s only, and there is no rate "
                "from %(source)s to %(target)s on %(on)s; add the rate or a price in "
                "%(target)s.",
                product=product,
                source=source,
                target=target,
                on=on,
            ),
            source=source,
            target=target,
            on=on.isoformat(),
        )


class RuleCycle(Invalid):
    """Rules that need each other's result first."""

    default_code = "price_rule_cycle"

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(
            said(
                "%(listed)s: each needs the other first; take one of them out.",
                listed=" → ".join([*names, names[0]]),
            ),
            names=list(names),
        )


class TermNotFound(NotFound):
    """There is no such rule in the book."""

    default_code = "price_rule_missing"


class BookNotEditable(Refused):
    """A published or retired book never changes; a new version of it can."""

    default_code = "price_book_frozen"


class BookNotPublishable(Refused):
    """Rules of the book contradict each other; the message names them."""

    default_code = "price_book_contradicts"


class AgreementNotFound(NotFound):
    """There is no such agreed price."""

    default_code = "agreed_price_missing"


class AgreementBegun(Refused):
    """Prices may have been made from the agreement; it can end, not vanish."""

    default_code = "agreed_price_begun"


class BadRates(Invalid):
    """What was given is no exchange rate, or no list of them."""

    default_code = "bad_exchange_rate"


class BookOverlaps(Refused):
    """Two published books of one currency and segment would be valid on the same day."""

    default_code = "price_book_overlaps"


class BadBook(Invalid):
    """What was given for a book, entry or rule cannot be a price."""

    default_code = "bad_price"
