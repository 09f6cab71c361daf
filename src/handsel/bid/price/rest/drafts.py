"""Drafts of price books: name and days, prices brought in as a list, what publishing would meet."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from handsel.bid.price import actions, queries
from handsel.bid.price.rest.books import BookOut, DayText, KeyInPath
from handsel.bid.price.rest.routing import router
from handsel.ground.identity.access import Request
from handsel.ground.kernel.grammar import parse_date
from handsel.ground.platform.api import ClosedSchema
from handsel.ground.platform.table_rest import ImportedOut, TableIn


class HeadIn(ClosedSchema):
    """What a draft is called and when it is valid; `valid_until` is the first day it is not."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    valid_from: DayText
    valid_until: DayText | None = None
    segment: Annotated[str, Field(max_length=50)] = ""


@router.post(
    "/books/{book_id}/head",
    permission="price.edit",
    response=BookOut,
    summary="Change name, segment and days of a draft",
)
def head(request: Request, book_id: KeyInPath, body: HeadIn) -> BookOut:
    """The currency stays: the prices are in it."""
    book = actions.change_book(
        actor=request.actor,
        now=request.now,
        book_id=book_id,
        name=body.name,
        segment=body.segment,
        valid_from=parse_date(body.valid_from),
        valid_until=parse_date(body.valid_until) if body.valid_until else None,
    )
    return BookOut.of(book)


@router.post(
    "/books/{book_id}/entries/import",
    permission="price.edit",
    response=ImportedOut,
    summary="Set prices of a draft, given as CSV",
)
def import_entries(request: Request, book_id: KeyInPath, body: TableIn) -> ImportedOut:
    """Columns sku, name, unit_price. Rows that are refused come back with the reason; with
    `is_trial` nothing is kept."""
    queries.get_book(request.actor, book_id)
    done = actions.import_entries(
        actor=request.actor, now=request.now, book_id=book_id, **body.model_dump()
    )
    return ImportedOut.of(done)
