"""Prices a book does not have itself: those of the general book of its currency, and what the
prices of other books are for.

A segment's book goes before the general one, and both before anything converted. Lent is the list
price, with how long it is for; the rules of the book that lends it stay there (decision 0023).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Q

from handsel.bid.catalog.queries import ProductFact, facts_of
from handsel.bid.price.models import BookTerm, PriceBook, PriceEntry
from handsel.bid.price.rules.context import Entry
from handsel.bid.price.rules.plan import A_YEAR
from handsel.bid.price.rules.proration import Convention
from handsel.bid.price.rules.stored import ReadTerms, StoredTerm, of_products, read_terms
from handsel.bid.price.rules.tiers import ProductKey
from handsel.ground.kernel.names import translated

MADE_OF = ("elements", "matrices")
_OF_TIME = ("conventions",)


@dataclass(frozen=True, slots=True)
class Lender:
    """A book whose price of a product is taken."""

    book_id: int
    has_terms: bool


@dataclass(frozen=True, slots=True)
class Lent:
    """Prices of the general book, and who lends them, by product."""

    entries: Mapping[ProductKey, tuple[Entry, ...]] = field(default_factory=dict)
    lenders: Mapping[ProductKey, Lender] = field(default_factory=dict)


def lent_prices(
    book: PriceBook,
    product_ids: Collection[int],
    groups: Mapping[ProductKey, str],
    on: date,
    general: PriceBook | None = None,
) -> Lent:
    """What the general book of the currency has for products, for the book of a segment: one query,
    one more where that book has rules. `general` is tried in the place of the published one.

    A price that is made of elements or a matrix in its own book is none by itself: it is left out.
    """
    if not book.segment or not product_ids:
        return Lent()
    if general is None:
        lending = Q(book__valid_until=None) | Q(book__valid_until__gt=on)
        lending &= Q(book__state="published", book__currency=book.currency, book__segment="")
        lending &= Q(book__valid_from__lte=on)
    else:
        lending = Q(book_id=general.pk)
    rows = PriceEntry.objects.filter(lending, product_id__in=product_ids).values_list(
        "product_id",
        "pk",
        "unit_price",
        "book_id",
        "book__name",
        "book__name_texts",
        "book__version",
        "book__has_terms",
    )
    entries: dict[ProductKey, tuple[Entry, ...]] = {}
    lenders: dict[ProductKey, Lender] = {}
    for product_id, pk, unit_price, book_id, name, texts, version, has_terms in rows:
        entries[product_id] = (Entry(pk, unit_price, version, translated(name, texts)),)
        lenders[product_id] = Lender(book_id, has_terms)
    for built in _built(lenders, groups):
        del entries[built], lenders[built]
    return Lent(entries, lenders)


def list_prices(book: PriceBook, product_ids: Collection[int], *, on: date) -> dict[int, Decimal]:
    """List prices in the book's currency: its own, else those the general book lends it."""
    facts = facts_of(product_ids).values()
    lent = lent_prices(book, product_ids, {one.product_id: one.group for one in facts}, on)
    found = {int(product_id): one[0].unit_price for product_id, one in lent.entries.items()}
    own = PriceEntry.objects.filter(book_id=book.pk, product_id__in=product_ids)
    return found | dict(own.values_list("product_id", "unit_price"))


def _built(
    lenders: Mapping[ProductKey, Lender], groups: Mapping[ProductKey, str]
) -> list[ProductKey]:
    """Those whose price is made of rules of the book that has it."""
    books = {one.book_id for one in lenders.values() if one.has_terms}
    if not books:
        return []
    made = BookTerm.objects.filter(book_id__in=books, kind__in=MADE_OF)
    rows = made.values_list("product_id", "product_group")
    about: set[tuple[ProductKey | None, str]] = set(rows)
    return [
        product_id
        for product_id in lenders
        if (product_id, "") in about
        or (groups.get(product_id) and (None, groups[product_id]) in about)
    ]


@dataclass(slots=True)
class OfTime:
    """How terms of products are counted, and for how many months their prices are."""

    conventions: dict[ProductKey, Convention]
    price_months: dict[ProductKey, int]


def of_time(
    own: ReadTerms, products: Iterable[ProductFact], lenders: Mapping[ProductKey, Lender]
) -> OfTime:
    """Both by product. A price from another book is for as long as it is there; how a term is
    counted is said by the book itself, and where it says nothing, by the one that has the price.

    `lenders` are the books of prices that are not the book's own: one query where one has rules.
    """
    groups: dict[ProductKey, str] = {one.product_id: one.group for one in products}
    found = OfTime(of_products(own.conventions, groups), of_products(own.price_months, groups))
    said = _said_by({one.book_id for one in lenders.values() if one.has_terms})
    for product_id, lender in lenders.items():
        theirs = said.get(lender.book_id, ReadTerms())
        group = {product_id: groups.get(product_id, "")}
        months = of_products(theirs.price_months, group).get(product_id, A_YEAR)
        if months != found.price_months.get(product_id, A_YEAR):
            found.price_months[product_id] = months
        found.conventions = of_products(theirs.conventions, group) | found.conventions
    return found


def _said_by(book_ids: Collection[int]) -> dict[int, ReadTerms]:
    if not book_ids:
        return {}
    rows = BookTerm.objects.filter(book_id__in=book_ids, kind__in=_OF_TIME)
    kept: dict[int, list[StoredTerm]] = {}
    for one in rows.order_by("book_id", "position", "pk"):
        term = StoredTerm(one.pk, 0, one.kind, one.product_id, one.product_group, one.definition)
        kept.setdefault(one.book_id, []).append(term)
    return {book_id: read_terms(terms) for book_id, terms in kept.items()}
