"""The only writers of price books. A published book never changes; a new version replaces it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, connection, transaction

from handsel.bid.catalog.queries import facts_of
from handsel.bid.price import queries
from handsel.bid.price.errors import (
    BadBook,
    BookNotEditable,
    BookNotFound,
    BookNotPublishable,
    BookOverlaps,
)
from handsel.bid.price.events import (
    PriceBookDrafted,
    PriceBookEnded,
    PriceBookPublished,
    PriceBookRetired,
    PriceBookRevised,
)
from handsel.bid.price.models import PriceBook, PriceEntry, PriceRule
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.money import is_currency
from handsel.ground.kernel.names import longest_text, texts_of
from handsel.ground.kernel.said import said, strung
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.log import announce

_UPSERT_ENTRIES = """
    INSERT INTO price_priceentry (book_id, product_id, unit_price)
    SELECT %s, * FROM unnest(%s::bigint[], %s::numeric[])
    ON CONFLICT (book_id, product_id) DO UPDATE SET unit_price = EXCLUDED.unit_price
"""
_COPY_ENTRIES = """
    INSERT INTO price_priceentry (book_id, product_id, unit_price)
    SELECT %s, product_id, unit_price FROM price_priceentry WHERE book_id = %s
"""
_COPY_RULES = """
    INSERT INTO price_pricerule
        (book_id, product_id, product_group, min_quantity, discount_bps, label, label_texts)
    SELECT %s, product_id, product_group, min_quantity, discount_bps, label, label_texts
    FROM price_pricerule WHERE book_id = %s
"""
_COPY_TERMS = """
    INSERT INTO price_bookterm (book_id, kind, product_id, product_group, position, definition)
    SELECT %s, kind, product_id, product_group, position, definition
    FROM price_bookterm WHERE book_id = %s
"""
_MOST_PRICE = Decimal(10) ** 14


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRule:
    """A discount from a quantity: on a product, a group, or (neither given) everything."""

    discount_bps: int
    min_quantity: Decimal = Decimal(0)
    product_id: int | None = None
    product_group: str = ""
    label: str = ""


@transaction.atomic
def draft_book(
    *,
    actor: Actor,
    now: datetime,
    name: str,
    currency: str,
    valid_from: date,
    valid_until: date | None = None,
    segment: str = "",
) -> PriceBook:
    """Begin an empty book of a currency for a segment ("" is everybody). `valid_until` is the
    first day it is no longer valid."""
    _check_head(name, currency, segment, valid_from, valid_until)
    book = PriceBook.objects.create(
        name=str(name).strip(),
        name_texts=dict(texts_of(name)),
        currency=currency,
        segment=segment.strip(),
        valid_from=valid_from,
        valid_until=valid_until,
        created_at=now,
    )
    announce(PriceBookDrafted(book_id=book.pk, copied_from_id=None), actor=actor, now=now)
    return book


@transaction.atomic
def change_book(
    *,
    actor: Actor,
    now: datetime,
    book_id: int,
    name: str,
    valid_from: date,
    valid_until: date | None = None,
    segment: str = "",
) -> PriceBook:
    """Change what a draft is called, for which segment and when it is valid. Its currency stays:
    its prices are in it. Raises BookNotEditable unless the book is a draft."""
    book = lock_draft(actor, book_id)
    _check_head(name, book.currency, segment, valid_from, valid_until)
    book.name, book.segment = str(name).strip(), segment.strip()
    book.name_texts = dict(texts_of(name))
    book.valid_from, book.valid_until = valid_from, valid_until
    book.save(update_fields=["name", "name_texts", "segment", "valid_from", "valid_until"])
    revised(actor, now, book_id)
    return book


@transaction.atomic
def copy_book(
    *, actor: Actor, now: datetime, book_id: int, valid_from: date, name: str = ""
) -> PriceBook:
    """Begin the next version of a book, with all its entries and rules, valid from a day."""
    source = queries.get_book(actor, book_id)
    called = name or source.called
    _check_head(called, source.currency, source.segment, valid_from, None)
    book = PriceBook.objects.create(
        name=str(called).strip(),
        name_texts=dict(texts_of(called)),
        currency=source.currency,
        segment=source.segment,
        valid_from=valid_from,
        version=source.version + 1,
        has_terms=source.has_terms,
        created_at=now,
    )
    with connection.cursor() as cursor:
        cursor.execute(_COPY_ENTRIES, [book.pk, book_id])
        cursor.execute(_COPY_RULES, [book.pk, book_id])
        cursor.execute(_COPY_TERMS, [book.pk, book_id])
    announce(PriceBookDrafted(book_id=book.pk, copied_from_id=book_id), actor=actor, now=now)
    return book


@transaction.atomic
def set_entries(
    *, actor: Actor, now: datetime, book_id: int, prices: Mapping[int, Decimal]
) -> None:
    """Set list prices by product key, in the book's currency per the product's unit.

    One statement however many. Raises BookNotEditable unless the book is a draft.
    """
    lock_draft(actor, book_id)
    for product_id, unit_price in prices.items():
        _check_price(product_id, unit_price)
    facts_of(prices.keys())
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT_ENTRIES, [book_id, list(prices), list(prices.values())])
    revised(actor, now, book_id, entries=len(prices))


@transaction.atomic
def remove_entry(*, actor: Actor, now: datetime, book_id: int, product_id: int) -> None:
    """Take a product out of a draft."""
    lock_draft(actor, book_id)
    PriceEntry.objects.filter(book_id=book_id, product_id=product_id).delete()
    revised(actor, now, book_id, entries=1)


@transaction.atomic
def add_rules(
    *, actor: Actor, now: datetime, book_id: int, rules: Sequence[NewRule]
) -> list[PriceRule]:
    """Add discounts to a draft. Two rules of one scope cannot begin at the same quantity."""
    lock_draft(actor, book_id)
    for rule in rules:
        _check_rule(rule)
    facts_of({rule.product_id for rule in rules if rule.product_id is not None})
    try:
        with transaction.atomic():
            made = PriceRule.objects.bulk_create(
                PriceRule(
                    book_id=book_id,
                    product_id=rule.product_id,
                    product_group=rule.product_group,
                    min_quantity=rule.min_quantity,
                    discount_bps=rule.discount_bps,
                    label=str(rule.label),
                    label_texts=dict(texts_of(rule.label)),
                )
                for rule in rules
            )
    except IntegrityError as clash:
        raise BadBook(
            "A rule for this product or group from this quantity is in the book already.",
            code="price_rule_taken",
            fields={"min_quantity": "another quantity, or remove the other rule first"},
        ) from clash
    revised(actor, now, book_id, rules=len(rules))
    return made


@transaction.atomic
def remove_rule(*, actor: Actor, now: datetime, book_id: int, rule_id: int) -> None:
    """Take a discount out of a draft."""
    lock_draft(actor, book_id)
    PriceRule.objects.filter(book_id=book_id, pk=rule_id).delete()
    revised(actor, now, book_id, rules=1)


@transaction.atomic
def publish_book(
    *, actor: Actor, now: datetime, book_id: int, end_previous: bool = False
) -> PriceBook:
    """Make a draft valid for its period; from then on it never changes.

    Raises BookNotPublishable for rules that need each other first, and BookOverlaps naming the
    other book when one of the same currency and segment is valid on one of its days. With
    `end_previous`, a book that began earlier is ended on the day this one begins.
    """
    book = lock_draft(actor, book_id)
    if not PriceEntry.objects.filter(book_id=book_id).exists():
        raise BadBook(
            said("%(name)s has no prices yet; add some before publishing it.", name=book.called)
        )
    forbidding = [one for one in queries.findings_of(book) if one.forbids]
    if forbidding:
        raise BookNotPublishable(strung((one.message for one in forbidding), " "))
    other = queries.overlapping(book)
    if other is not None and end_previous and other.valid_from < book.valid_from:
        PriceBook.objects.filter(pk=other.pk).update(valid_until=book.valid_from)
        ended = PriceBookEnded(book_id=other.pk, valid_until=book.valid_from)
        announce(ended, actor=actor, now=now)
        other = queries.overlapping(book)
    if other is not None:
        raise _overlap(book, other)
    try:
        with transaction.atomic():
            PriceBook.objects.filter(pk=book_id).update(state="published", published_at=now)
    except IntegrityError as clash:  # somebody published the other one meanwhile
        raise _overlap(book, queries.overlapping(book)) from clash
    published = PriceBookPublished(
        book_id=book_id, valid_from=book.valid_from, valid_until=book.valid_until
    )
    announce(published, actor=actor, now=now)
    return queries.get_book(actor, book_id)


@transaction.atomic
def retire_book(*, actor: Actor, now: datetime, book_id: int) -> PriceBook:
    """Stop using a published book at once, or lay a draft aside; quotes priced from a book keep
    their prices."""
    moved = PriceBook.objects.filter(pk=book_id).exclude(state="retired").update(state="retired")
    if not moved:
        book = queries.get_book(actor, book_id)
        raise BookNotEditable(said("%(name)s is retired already.", name=book.called))
    announce(PriceBookRetired(book_id=book_id), actor=actor, now=now)
    return queries.get_book(actor, book_id)


def lock_draft(actor: Actor, book_id: int) -> PriceBook:
    """The book, locked; BookNotEditable unless it is a draft."""
    book = PriceBook.objects.select_for_update().filter(pk=book_id).first()
    if book is None:
        raise BookNotFound("this price book does not exist", book_id=book_id)
    if book.state != "draft":
        raise BookNotEditable(
            said(
                "%(name)s is %(state)s and never changes; make a new version of it.",
                name=book.called,
                state=book.state,
            )
        )
    return book


def revised(actor: Actor, now: datetime, book_id: int, entries: int = 0, rules: int = 0) -> None:
    """Announce what was changed in a draft."""
    announce(PriceBookRevised(book_id=book_id, entries=entries, rules=rules), actor=actor, now=now)


def _check_head(
    name: str, currency: str, segment: str, valid_from: date, valid_until: date | None
) -> None:
    fields = {}
    if len(segment.strip()) > 50:
        fields["segment"] = "at most 50 characters"
    if not name.strip() or longest_text(name) > 100:
        fields["name"] = "a name of at most 100 characters"
    if not is_currency(currency):
        fields["currency"] = "an ISO 4217 code such as EUR"
    if valid_until is not None and valid_until <= valid_from:
        fields["valid_until"] = "a day after the first"
    if fields:
        raise BadBook("The price book cannot be kept as it is.", fields=fields)


def _check_price(product_id: int, unit_price: Decimal) -> None:
    if not unit_price.is_finite() or not 0 <= unit_price < _MOST_PRICE:
        raise BadBook(
            said("%(price)s is not a price; expected zero or more.", price=unit_price),
            fields={"unit_price": "zero or more"},
            product_id=product_id,
        )


def _check_rule(rule: NewRule) -> None:
    fields = {}
    if rule.product_id is not None and rule.product_group:
        fields["product_group"] = "a product or a group, not both"
    if not -100_000 <= rule.discount_bps <= 10_000:
        fields["discount_bps"] = "at most 100 %, at least −1000 %"
    if not rule.min_quantity.is_finite() or not 0 <= rule.min_quantity < 10**12:
        fields["min_quantity"] = "zero or more"
    if longest_text(rule.label) > 100:
        fields["label"] = "at most 100 characters"
    if fields:
        raise Invalid("The rule cannot be kept as it is.", code="bad_price", fields=fields)


def _overlap(book: PriceBook, other: PriceBook | None) -> BookOverlaps:
    about = {"currency": book.currency, "book": book.called, "begins": book.valid_from}
    return BookOverlaps(
        said(
            "%(name)s is valid in %(currency)s since %(since)s on days of %(book)s "
            "(from %(begins)s); end it first, or choose another first day.",
            name=other.called,
            since=other.valid_from,
            **about,
        )
        if other
        else said(
            "another book is valid in %(currency)s on days of %(book)s (from %(begins)s); end it "
            "first, or choose another first day.",
            **about,
        ),
        other_book_id=other.pk if other else None,
    )
