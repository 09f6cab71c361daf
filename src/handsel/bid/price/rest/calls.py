"""Prices for programs: lines against a book, or a whole case; nothing is kept."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import JsonResponse
from pydantic import Field

from handsel.bid.price.queries import get_book
from handsel.bid.price.queries.calls import MOST_LINES, Asked, header_bps, priced_lines
from handsel.bid.price.rest.routing import router
from handsel.bid.price.rules.case.answer import price_case
from handsel.bid.price.rules.case.reading import strict_json
from handsel.ground.identity.access import Request
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_date
from handsel.ground.platform.api import AnswerSchema, ClosedSchema, CurrencyCode

Key = Annotated[int, Field(ge=1, le=2**63 - 1)]
Line = Annotated[
    dict[str, Any],
    Field(examples=[{"product": "BELT-PU-600", "quantity": "3", "discount_percent": "9"}]),
]


class PricedLinesIn(ClosedSchema):
    """What is asked, and of which book: `book_id`, or the one that is valid for `currency` and
    `segment` `on` a day (today). Lines are those of a price case, their `product` an article
    number; with `organization_id` what was agreed with that customer counts."""

    lines: Annotated[list[Line], Field(min_length=1, max_length=MOST_LINES)]
    book_id: Key | None = None
    currency: CurrencyCode | None = None
    segment: Annotated[str, Field(max_length=50)] = ""
    on: Annotated[str, Field(max_length=10, examples=["2026-03-01"])] = ""
    organization_id: Key | None = None
    discount_percent: Annotated[str, Field(max_length=6, examples=["2.5"])] = "0"
    codes: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=20)] = []
    partner: Annotated[str, Field(max_length=40)] = ""


class CaseIn(ClosedSchema):
    """A price case: context, rules and lines, as docs/reference/price-case.md tells."""

    context: dict[str, Any]
    lines: list[Any]
    about: Annotated[str, Field(max_length=200)] = ""


class PricedBookOut(AnswerSchema):
    """The book prices are from."""

    name: str
    version: int


class PricedOut(AnswerSchema):
    """Lines with their waterfalls in the written form of an answer to a price case, and totals;
    a case's also with its fees and a `fingerprint`."""

    priced_on: str
    currency: str
    book: PricedBookOut
    model_version: str
    lines: list[dict[str, Any]]
    fees: list[dict[str, Any]]
    totals: dict[str, Any]
    fingerprint: str = ""


@router.post(
    "/lines",
    permission="price.view",
    response=PricedOut,
    summary="Price lines against a book; nothing is kept",
    command=False,
)
def lines(request: Request, body: PricedLinesIn) -> JsonResponse:
    """Before tax, which a deal decides. Numbers are read as they are written."""
    if (body.book_id is None) == (body.currency is None):
        raise Invalid("Say book_id or currency.", fields={"currency": "or book_id"})
    asked = Asked(
        on=parse_date(body.on) if body.on else request.now.date(),
        book=get_book(request.actor, body.book_id) if body.book_id is not None else None,
        currency=body.currency or "",
        segment=body.segment,
        organization_id=body.organization_id,
        header_bps=header_bps(body.discount_percent),
        codes=body.codes,
        tier=body.partner,
        seller_ids=request.actor.seller_ids,
    )
    return JsonResponse(priced_lines(asked, _written(request)["lines"]))


@router.post(
    "/case",
    permission="price.view",
    response=PricedOut,
    summary="Price a case: its own rules, no price book",
    command=False,
)
def case(request: Request, body: CaseIn) -> JsonResponse:
    """What `./handsel price` answers for a file."""
    return JsonResponse(price_case(_written(request)))


def _written(request: Request) -> Any:
    # The library has read the body, and made floats of numbers.
    return strict_json(request.body.decode("utf-8"))
