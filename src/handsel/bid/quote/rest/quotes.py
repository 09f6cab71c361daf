"""Quotes and their versions: create, list, get, compare."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Query

from handsel.bid.quote import actions, queries
from handsel.bid.quote.models import Quote
from handsel.bid.quote.queries.compare import compared
from handsel.bid.quote.queries.configured import carried
from handsel.bid.quote.rest.answers import (
    DiffOut,
    LineOut,
    QuoteListOut,
    QuoteOut,
    QuoteRecordOut,
    QuoteRowOut,
    VersionOut,
)
from handsel.bid.quote.rest.price_schemas import SumsOut
from handsel.bid.quote.rest.routing import router
from handsel.bid.quote.rest.schemas import DraftIn, KeyInPath, VersionInPath
from handsel.bid.quote.rules.paid import summands_of_kept
from handsel.bid.quote.rules.sheet.sums import totals
from handsel.bid.quote.rules.states import QUOTE
from handsel.ground.identity.access import Request
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_instant
from handsel.ground.platform.api import MoneyOut

Limit = Annotated[int, Query(ge=1, le=200)]
Word = Annotated[str, Query(max_length=100, pattern=r"^[^\x00]*$")]
KeyOrNone = Annotated[int | None, Query(ge=1, le=2**63 - 1)]


@router.post(
    "/",
    permission="quote.edit",
    response=QuoteOut,
    summary="Draft a quote from an opportunity or for an organization, with its lines",
    status=201,
)
def draft(request: Request, body: DraftIn) -> QuoteOut:
    """Prices come from the price book of currency, segment and day; totals are never taken."""
    version = actions.draft_quote(
        actor=request.actor,
        now=request.now,
        opportunity_id=body.opportunity_id,
        organization_id=body.organization_id,
        person_id=body.person_id,
        seller_id=body.seller_id,
        currency=body.currency or "",
        language=body.language,
        title=body.title,
        lines=[line.new_line() for line in body.lines],
    )
    return QuoteOut.of(version)


@router.get(
    "/", permission="quote.view", response=QuoteListOut, summary="List quotes, newest first"
)
def list_quotes(
    request: Request,
    q: Word = "",
    state: Word = "",
    organization_id: KeyOrNone = None,
    opportunity_id: KeyOrNone = None,
    cursor: Word = "",
    limit: Limit = 50,
) -> QuoteListOut:
    """`cursor` is the `next_cursor` of the page before."""
    if state and state not in QUOTE:
        raise Invalid("There is no such state.", fields={"state": ", ".join(QUOTE)})
    wanted = queries.ListFilter(
        text=q, state=state, organization_id=organization_id, opportunity_id=opportunity_id
    )
    found = queries.listed(request.actor, wanted)
    if cursor:
        found = queries.after(found, *_position(cursor))
    rows = list(found[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    return QuoteListOut(
        rows=[_row(quote) for quote in rows[:limit]],
        next_cursor=f"{last.created_at.isoformat()}_{last.pk}" if last else "",
    )


def _position(cursor: str) -> tuple[datetime, int]:
    instant, _, key = cursor.rpartition("_")
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        raise Invalid("This cursor was not given out here.", fields={"cursor": "a next_cursor"})
    return parse_instant(instant), int(key)


def _row(quote: Quote) -> QuoteRowOut:
    amounts = queries.amounts_of(quote)
    return QuoteRowOut(
        id=quote.pk,
        number=quote.number,
        state=quote.state,
        title=quote.title,
        organization=quote.organization.name,
        valid_until=amounts.valid_until,
        net=MoneyOut.of(amounts.net_minor, quote.currency),
        gross=MoneyOut.of(amounts.gross_minor, quote.currency),
        created_at=quote.created_at,
    )


@router.get(
    "/{quote_id}",
    permission="quote.view",
    response=QuoteRecordOut,
    summary="Get a quote with the lines of its newest version",
)
def get(request: Request, quote_id: KeyInPath) -> QuoteRecordOut:
    """Every line with its waterfall."""
    return _record(request, quote_id, None)


@router.get(
    "/{quote_id}/versions",
    permission="quote.view",
    response=list[VersionOut],
    summary="List the versions of a quote, newest first",
)
def versions(request: Request, quote_id: KeyInPath) -> list[VersionOut]:
    """Without their lines."""
    found = queries.versions_of(request.actor, quote_id)
    return [VersionOut.of(version, version.quote.currency) for version in found]


@router.get(
    "/{quote_id}/versions/{version_no}",
    permission="quote.view",
    response=QuoteRecordOut,
    summary="Get one version of a quote",
)
def get_version(request: Request, quote_id: KeyInPath, version_no: VersionInPath) -> QuoteRecordOut:
    """With its lines."""
    return _record(request, quote_id, version_no)


def _record(request: Request, quote_id: int, version_no: int | None) -> QuoteRecordOut:
    version = queries.get_version(request.actor, quote_id, version_no)
    lines = queries.lines_of(version.pk)
    currency = version.quote.currency
    products = carried(line.configuration_id for line in lines)
    return QuoteRecordOut(
        quote=QuoteOut.of(version),
        lines=[
            LineOut.of(line, currency, products.get(line.configuration_id or 0)) for line in lines
        ],
        sums=SumsOut.of(totals(summands_of_kept(lines)), currency),
    )


@router.get(
    "/{quote_id}/compare/{before}/{after}",
    permission="quote.view",
    response=DiffOut,
    summary="Compare two versions of a quote",
)
def compare(
    request: Request, quote_id: KeyInPath, before: VersionInPath, after: VersionInPath
) -> DiffOut:
    """Lines by their identity, terms, totals."""
    _old, _new, found = compared(request.actor, quote_id, before, after)
    return DiffOut.of(found)
