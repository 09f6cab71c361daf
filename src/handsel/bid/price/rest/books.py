"""Price books: their entries, discounts and life; a price and why."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from ninja import Path, Query
from pydantic import Field

from handsel.bid.price import actions, queries
from handsel.bid.price.actions import NewRule
from handsel.bid.price.models import PriceBook, PriceRule
from handsel.bid.price.rest.routing import router
from handsel.ground.identity.access import Request
from handsel.ground.kernel.grammar import parse_date, parse_decimal
from handsel.ground.platform.api import (
    AnswerSchema,
    ClosedSchema,
    CurrencyCode,
    NameText,
)

Key = Annotated[int, Field(ge=1, le=2**63 - 1)]
KeyInPath = Annotated[int, Path(..., ge=1, le=2**63 - 1)]
KeyInQuery = Annotated[int, Query(ge=1, le=2**63 - 1)]
Limit = Annotated[int, Query(ge=1, le=1_000)]
Word = Annotated[str, Query(max_length=100, pattern=r"^[^\x00]*$")]
DayText = Annotated[str, Field(max_length=10, examples=["2026-01-01"])]
PriceText = Annotated[str, Field(pattern=r"^[0-9]{1,14}(\.[0-9]{1,6})?$", examples=["135.50"])]
QuantityPattern = r"^[0-9]{1,12}(\.[0-9]{1,6})?$"
QuantityText = Annotated[str, Field(pattern=QuantityPattern, examples=["10"])]


class BookIn(ClosedSchema):
    """A book to begin. `valid_until` is the first day it is no longer valid."""

    name: NameText
    currency: CurrencyCode
    valid_from: DayText
    valid_until: DayText | None = None
    segment: Annotated[str, Field(max_length=50)] = ""


class CopyIn(ClosedSchema):
    """The first day of the next version."""

    valid_from: DayText
    name: NameText = ""


class EntryIn(ClosedSchema):
    """A list price per the product's unit."""

    product_id: Key
    unit_price: PriceText


class EntriesIn(ClosedSchema):
    """Prices to be set; others stay."""

    entries: Annotated[list[EntryIn], Field(min_length=1, max_length=20_000)]


class RuleIn(ClosedSchema):
    """A discount from a quantity: on a product, a group, or (neither given) everything."""

    discount_bps: Annotated[int, Field(ge=-100_000, le=10_000)]
    min_quantity: QuantityText = "0"
    product_id: Key | None = None
    product_group: Annotated[str, Field(max_length=60)] = ""
    label: NameText = ""


class RulesIn(ClosedSchema):
    """Rules to be added."""

    rules: Annotated[list[RuleIn], Field(min_length=1, max_length=20_000)]


class PublishIn(ClosedSchema):
    """Whether a book that began earlier ends where this one begins."""

    end_previous: bool = False


class BookOut(AnswerSchema):
    """A price book."""

    id: int
    name: str
    name_texts: dict[str, str]
    currency: str
    segment: str
    valid_from: date
    valid_until: date | None
    state: str
    version: int
    published_at: datetime | None

    @classmethod
    def of(cls, book: PriceBook) -> BookOut:
        """From the row."""
        return cls(**{name: getattr(book, name) for name in cls.model_fields})


class EntryOut(AnswerSchema):
    """A product's list price."""

    product_id: int
    sku: str
    name: str
    unit_price: str


class EntryListOut(AnswerSchema):
    """A page of entries; `next_after` is empty on the last."""

    rows: list[EntryOut]
    next_after: str


class RuleOut(AnswerSchema):
    """A discount."""

    id: int
    product_id: int | None
    product_group: str
    min_quantity: str
    discount_bps: int
    label: str
    label_texts: dict[str, str]

    @classmethod
    def of(cls, rule: PriceRule) -> RuleOut:
        """From the row."""
        values = {name: getattr(rule, name) for name in cls.model_fields if name != "min_quantity"}
        return cls(**values, min_quantity=f"{rule.min_quantity.normalize():f}")


class RulesOut(AnswerSchema):
    """Discounts that were added."""

    rules: list[RuleOut]


@router.get("/books", permission="price.view", response=list[BookOut], summary="List price books")
def books(request: Request) -> list[BookOut]:
    """By currency and segment, the latest first."""
    return [BookOut.of(book) for book in queries.books()]


@router.post(
    "/books",
    permission="price.edit",
    response=BookOut,
    summary="Begin a price book",
    status=201,
)
def draft(request: Request, body: BookIn) -> BookOut:
    """An empty draft."""
    book = actions.draft_book(
        actor=request.actor,
        now=request.now,
        name=body.name,
        currency=body.currency,
        valid_from=parse_date(body.valid_from),
        valid_until=parse_date(body.valid_until) if body.valid_until else None,
        segment=body.segment,
    )
    return BookOut.of(book)


@router.get(
    "/books/{book_id}", permission="price.view", response=BookOut, summary="Get a price book"
)
def get(request: Request, book_id: KeyInPath) -> BookOut:
    """Without its entries."""
    return BookOut.of(queries.get_book(request.actor, book_id))


@router.get(
    "/books/{book_id}/entries",
    permission="price.view",
    response=EntryListOut,
    summary="List the prices of a book",
)
def entries(
    request: Request, book_id: KeyInPath, q: Word = "", after: Word = "", limit: Limit = 200
) -> EntryListOut:
    """By article number; `after` is the `next_after` of the page before."""
    queries.get_book(request.actor, book_id)
    found = queries.entries_of(book_id, text=q)
    if after:
        found = found.filter(product__sku__gt=after)
    rows = list(found[: limit + 1])
    return EntryListOut(
        rows=[
            EntryOut(
                product_id=row.product_id,
                sku=row.product.sku,
                name=row.product.name,
                unit_price=f"{row.unit_price:f}",
            )
            for row in rows[:limit]
        ],
        next_after=rows[limit - 1].product.sku if len(rows) > limit else "",
    )


@router.post(
    "/books/{book_id}/entries",
    permission="price.edit",
    response=BookOut,
    summary="Set prices in a draft",
)
def set_entries(request: Request, book_id: KeyInPath, body: EntriesIn) -> BookOut:
    """Prices not named stay as they are."""
    prices = {entry.product_id: parse_decimal(entry.unit_price) for entry in body.entries}
    actions.set_entries(actor=request.actor, now=request.now, book_id=book_id, prices=prices)
    return BookOut.of(queries.get_book(request.actor, book_id))


@router.get(
    "/books/{book_id}/rules",
    permission="price.view",
    response=list[RuleOut],
    summary="List the discounts of a book",
)
def rules(request: Request, book_id: KeyInPath) -> list[RuleOut]:
    """Most specific first."""
    queries.get_book(request.actor, book_id)
    return [RuleOut.of(rule) for rule in queries.rules_of(book_id)]


@router.post(
    "/books/{book_id}/rules",
    permission="price.edit",
    response=RulesOut,
    summary="Add discounts to a draft",
    status=201,
)
def add_rules(request: Request, book_id: KeyInPath, body: RulesIn) -> RulesOut:
    """Two of one scope cannot begin at the same quantity."""
    wanted = [
        NewRule(
            discount_bps=rule.discount_bps,
            min_quantity=parse_decimal(rule.min_quantity, max_digits=18),
            product_id=rule.product_id,
            product_group=rule.product_group,
            label=rule.label,
        )
        for rule in body.rules
    ]
    made = actions.add_rules(actor=request.actor, now=request.now, book_id=book_id, rules=wanted)
    return RulesOut(rules=[RuleOut.of(rule) for rule in made])


@router.post(
    "/books/{book_id}/copy",
    permission="price.edit",
    response=BookOut,
    summary="Begin the next version of a book",
    status=201,
)
def copy(request: Request, book_id: KeyInPath, body: CopyIn) -> BookOut:
    """With all its prices and discounts, as a draft."""
    book = actions.copy_book(
        actor=request.actor,
        now=request.now,
        book_id=book_id,
        valid_from=parse_date(body.valid_from),
        name=body.name,
    )
    return BookOut.of(book)


@router.post(
    "/books/{book_id}/publish",
    permission="price.edit",
    response=BookOut,
    summary="Publish a book",
)
def publish(request: Request, book_id: KeyInPath, body: PublishIn) -> BookOut:
    """Refused while another book of the currency and segment is valid on one of its days."""
    book = actions.publish_book(
        actor=request.actor, now=request.now, book_id=book_id, end_previous=body.end_previous
    )
    return BookOut.of(book)


@router.post(
    "/books/{book_id}/retire",
    permission="price.edit",
    response=BookOut,
    summary="Stop using a book",
)
def retire(request: Request, book_id: KeyInPath) -> BookOut:
    """Quotes priced from it keep their prices."""
    return BookOut.of(actions.retire_book(actor=request.actor, now=request.now, book_id=book_id))
