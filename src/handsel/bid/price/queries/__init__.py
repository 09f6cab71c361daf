"""Reading price books, and freezing the context that the engine needs."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet

from handsel.bid.catalog.queries import ProductFact, named_like
from handsel.bid.price.errors import BookNotFound, NoBook, TermNotFound
from handsel.bid.price.models import BookTerm, PriceBook, PriceEntry, PriceRule
from handsel.bid.price.queries.agreed import agreed_for, foreign_prices
from handsel.bid.price.queries.agreed import agreements_of as agreements_of
from handsel.bid.price.queries.lent import lent_prices, of_time
from handsel.bid.price.rules.checks import Finding, findings, priced_at_zero
from handsel.bid.price.rules.context import (
    Entry,
    LineTax,
    PriceContext,
    TierRule,
    TierRules,
)
from handsel.bid.price.rules.mass_change import PriceChange, changed
from handsel.bid.price.rules.proration import Convention
from handsel.bid.price.rules.stored import (
    ReadTerms,
    StoredTerm,
    read_terms,
)
from handsel.bid.price.rules.terms import Channel, Contracted, ExchangeRate, ForeignEntry, of_tier
from handsel.ground.kernel.names import translated
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.reading import first_row


def get_book(actor: Actor, book_id: int) -> PriceBook:
    """A price book by its key; raises BookNotFound. Books are shared by all sellers."""
    book = PriceBook.objects.filter(pk=book_id).first()
    if book is None:
        raise BookNotFound("this price book does not exist", book_id=book_id)
    return book


# The general book's segment is empty, so the segment's own comes first.
_ON_DAY = """
    state = 'published' AND currency = %s AND segment IN (%s, '')
    AND valid_from <= %s AND (valid_until IS NULL OR valid_until > %s)
    ORDER BY segment DESC
"""


def book_on(*, currency: str, segment: str = "", on: date) -> PriceBook:
    """The published book for a currency and day: the segment's own, else the general one.

    Raises NoBook naming currency, segment and day.
    """
    book = first_row(PriceBook, _ON_DAY, [currency, segment, on, on])
    if book is None:
        raise NoBook(currency, segment, on)
    return book


@dataclass(frozen=True, slots=True)
class BookOnDay:
    """A book's prices and rules for some products on a day: read once, for however many deals."""

    book: PriceBook
    on: date
    entries: Mapping[int | str, Entry]
    rules: TierRules
    stored: ReadTerms
    foreign: Mapping[int | str, ForeignEntry]
    rates: Mapping[str, ExchangeRate]
    conventions: Mapping[int | str, Convention]
    price_months: Mapping[int | str, int]
    lent: Mapping[int | str, tuple[Entry, ...]] = field(default_factory=dict)

    def context(
        self,
        *,
        taxes: Mapping[Any, LineTax],
        contracted: Sequence[Contracted] = (),
        header_bps: int = 0,
        codes: Collection[str] = (),
        tier: str = "",
    ) -> PriceContext:
        """What the engine needs for one deal: asks the database nothing."""
        lists = self.stored.lists
        return PriceContext(
            priced_on=self.on,
            currency=self.book.currency,
            book_id=self.book.pk,
            book_name=self.book.called,
            book_version=self.book.version,
            entries=self.entries,
            rules=self.rules,
            taxes=taxes,
            header_bps=header_bps,
            terms=self.stored.terms(
                contracted,
                foreign=self.foreign,
                rates=self.rates,
                codes=frozenset(codes) if lists.get("promotions") else None,
                partners=self._channel("partners", tier),
                distributors=self._channel("distributors", tier),
                conventions=self.conventions,
                price_months=self.price_months,
            ),
            lent=self.lent,
        )

    def _channel(self, name: str, tier: str) -> Sequence[Channel]:
        """What resellers get: nothing where nobody resells. A segment's own book is for them."""
        listed = self.stored.lists.get(name, ())
        return of_tier(listed, tier) if tier or self.book.segment else ()


def read_book(
    book: PriceBook,
    *,
    on: date,
    products: Collection[ProductFact],
    general: PriceBook | None = None,
) -> BookOnDay:
    """One query; one more each where the book has rules in the written form, for the general book
    behind that of a segment, where a price has to be converted, where other books' prices have
    rules of time. `general` is tried in the place of the published general book."""
    ids = [product.product_id for product in products]
    group_of: dict[int | str, str] = {product.product_id: product.group for product in products}
    groups = {*group_of.values(), ""}
    found, rules = _prices_and_rules(book.pk, ids, groups)
    stored = read_terms(_terms(book, ids, groups)) if book.has_terms else ReadTerms()
    lent = lent_prices(book, ids, group_of, on, general)
    missing = [product_id for product_id in ids if product_id not in found]
    foreign, rates, lenders = foreign_prices(book, missing, on) if missing else ({}, {}, {})
    borrowed = {**lenders, **{key: one for key, one in lent.lenders.items() if key not in found}}
    times = of_time(stored, products, borrowed)
    return BookOnDay(
        book,
        on,
        found,
        TierRules.indexed(rules, stored.tables),
        stored,
        foreign,
        rates,
        times.conventions,
        times.price_months,
        lent.entries,
    )


def context_for(
    book: PriceBook,
    *,
    on: date,
    products: Collection[ProductFact],
    taxes: Mapping[Any, LineTax],
    header_bps: int = 0,
    organization_id: int | None = None,
    codes: Collection[str] = (),
    tier: str = "",
) -> PriceContext:
    """Freeze what the engine needs for these products, however many lines.

    The queries of `read_book`, and one for what was agreed with the organization and those above
    it. `taxes` maps the lines' tax keys to decisions; `header_bps` is the document's discount,
    `codes` those of promotions the buyer gave, `tier` that of the reseller.
    """
    contracted: Sequence[Contracted] = ()
    if organization_id is not None:
        contracted = agreed_for(
            organization_id,
            currency=book.currency,
            product_ids=[product.product_id for product in products],
            groups={product.group for product in products} | {""},
        )
    found = read_book(book, on=on, products=products)
    return found.context(
        taxes=taxes, contracted=contracted, header_bps=header_bps, codes=codes, tier=tier
    )


_WrittenRule = tuple[int | None, str, TierRule]
# One statement for both, because every quote asks for both.
_PRICES_AND_RULES = """
    SELECT id, product_id, NULL, unit_price, NULL, NULL, NULL, NULL
    FROM price_priceentry WHERE book_id = %s AND product_id = ANY(%s::bigint[])
    UNION ALL
    SELECT id, product_id, product_group, NULL, min_quantity, discount_bps, label, label_texts
    FROM price_pricerule
    WHERE book_id = %s AND (product_id = ANY(%s::bigint[])
                            OR (product_id IS NULL AND product_group = ANY(%s::text[])))
"""


def _prices_and_rules(
    book_id: int, product_ids: Collection[int], groups: Collection[str]
) -> tuple[dict[int | str, Entry], list[_WrittenRule]]:
    """A book's prices of these products and its rules for them: (by product, rules)."""
    ids = list(product_ids)
    entries: dict[int | str, Entry] = {}
    rules: list[_WrittenRule] = []
    with connection.cursor() as cursor:
        cursor.execute(_PRICES_AND_RULES, [book_id, ids, book_id, ids, list(groups)])
        for pk, product_id, group, unit_price, quantity, bps, *label in cursor.fetchall():
            if group is None:
                entries[product_id] = Entry(pk, unit_price)
            else:
                rules.append((product_id, group, TierRule(pk, quantity, bps, _label(*label))))
    return entries, rules


def _label(text: str, texts: str) -> str:
    """A label with its translations, of which most have none."""
    return text if texts == "{}" else translated(text, json.loads(texts))


def _indexed(rules: QuerySet[PriceRule], stored: ReadTerms) -> TierRules:
    return TierRules.indexed(
        (
            (
                rule.product_id,
                rule.product_group,
                TierRule(rule.pk, rule.min_quantity, rule.discount_bps, rule.called),
            )
            for rule in rules
        ),
        stored.tables,
    )


def _terms(
    book: PriceBook, product_ids: Collection[int], groups: Collection[str]
) -> list[StoredTerm]:
    about = Q(product_id__in=product_ids) | Q(product=None, product_group__in=groups)
    return _stored(terms_of(book.pk).filter(about), book.version)


def _stored(terms: QuerySet[BookTerm], version: int) -> list[StoredTerm]:
    rows = terms.values_list("pk", "kind", "product_id", "product_group", "definition")
    return [
        StoredTerm(pk, version, kind, product_id, group, definition)
        for pk, kind, product_id, group, definition in rows
    ]


def stored_terms(book: PriceBook, *, kind: str) -> list[StoredTerm]:
    """A book's rules of one kind, as they are kept."""
    return _stored(terms_of(book.pk).filter(kind=kind), book.version)


def terms_of(book_id: int) -> QuerySet[BookTerm]:
    """A book's rules in the written form, in their order."""
    return BookTerm.objects.filter(book_id=book_id).order_by("position", "pk")


def get_term(book_id: int, term_id: int) -> BookTerm:
    """A rule of a book; raises TermNotFound."""
    found = BookTerm.objects.filter(book_id=book_id, pk=term_id).select_related("product").first()
    if found is None:
        raise TermNotFound("this rule does not exist in this book", term_id=term_id)
    return found


def tells_costs(kind: str, definition: Mapping[str, Any]) -> bool:
    """Whether a rule tells, beside the price, what a product costs us."""
    return kind == "cost_plus" or (kind == "limits" and "margin_percent" in definition)


def findings_of(book: PriceBook) -> list[Finding]:
    """What a publisher should know of a book: gaps, overlaps, inversions, cycles, idle rules."""
    stored = read_terms(_stored(terms_of(book.pk), book.version)) if book.has_terms else ReadTerms()
    rules = PriceRule.objects.filter(book_id=book.pk)
    context = PriceContext(
        book.valid_from,
        book.currency,
        book.pk,
        book.called,
        book.version,
        {},
        _indexed(rules, stored),
        {},
        terms=stored.terms(),
    )
    return [*findings(context), *priced_at_zero(_zero_entries(book.pk), context)]


def _zero_entries(book_id: int) -> list[tuple[int, str, str]]:
    """Products that are in a book for nothing: (key, group, number)."""
    entries = PriceEntry.objects.filter(book_id=book_id, unit_price=0).order_by("product__sku")
    return list(entries.values_list("product_id", "product__group", "product__sku"))


def changed_prices(book_id: int, change: PriceChange) -> dict[int, tuple[Decimal, Decimal]]:
    """What a mass change would make of a book's prices, by product: (before, after)."""
    entries = PriceEntry.objects.filter(book_id=book_id)
    if change.product_group:
        entries = entries.filter(product__group=change.product_group)
    return changed(dict(entries.values_list("product_id", "unit_price")), change)


def books() -> QuerySet[PriceBook]:
    """All books: drafts first, then what is valid last."""
    return PriceBook.objects.order_by("currency", "segment", "-valid_from", "-version")


def entries_of(book_id: int, *, text: str = "") -> QuerySet[PriceEntry]:
    """A book's entries with their products, by article number."""
    entries = PriceEntry.objects.filter(book_id=book_id).select_related("product")
    if text:
        entries = entries.filter(named_like(text, "product__"))
    return entries.order_by("product__sku")


def rules_of(book_id: int) -> QuerySet[PriceRule]:
    """A book's rules: most specific first, then by quantity."""
    rules = PriceRule.objects.filter(book_id=book_id).select_related("product")
    return rules.order_by(F("product__sku").asc(nulls_last=True), "-product_group", "min_quantity")


def prices_of_product(product_id: int) -> QuerySet[PriceEntry]:
    """Where a product has a price: entries with their books, published ones first."""
    entries = PriceEntry.objects.filter(product_id=product_id).select_related("book")
    return entries.order_by("book__currency", "book__segment", "-book__valid_from")


def overlapping(book: PriceBook) -> PriceBook | None:
    """The published book that is valid on a day this one would be valid on, if there is one."""
    others = PriceBook.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=book.valid_from),
        state="published",
        currency=book.currency,
        segment=book.segment,
    ).exclude(pk=book.pk)
    if book.valid_until is not None:
        others = others.filter(valid_from__lt=book.valid_until)
    return others.order_by("valid_from").first()
