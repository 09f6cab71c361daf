"""Editing a draft. With `lock_no`, an edit of a state that moved on is refused with 409."""

from __future__ import annotations

from uuid import UUID

from handsel.bid.quote import actions
from handsel.bid.quote.rest.answers import QuoteOut
from handsel.bid.quote.rest.routing import router
from handsel.bid.quote.rest.schemas import (
    AddLinesIn,
    KeyInPath,
    LockIn,
    OrderIn,
    SetLineIn,
    SetTermsIn,
    number,
)
from handsel.ground.identity.access import Request


@router.post(
    "/{quote_id}/lines",
    permission="quote.edit",
    response=QuoteOut,
    summary="Add lines to a draft",
)
def add_lines(request: Request, quote_id: KeyInPath, body: AddLinesIn) -> QuoteOut:
    """At the end, priced with all others."""
    version = actions.add_lines(
        actor=request.actor,
        now=request.now,
        quote_id=quote_id,
        lines=[line.new_line() for line in body.lines],
        lock_no=body.lock_no,
    )
    return QuoteOut.of(version)


@router.post(
    "/{quote_id}/lines/{line_key}",
    permission="quote.edit",
    response=QuoteOut,
    summary="Change a line of a draft",
)
def set_line(request: Request, quote_id: KeyInPath, line_key: UUID, body: SetLineIn) -> QuoteOut:
    """What is left out stays."""
    version = actions.set_line(
        actor=request.actor,
        now=request.now,
        quote_id=quote_id,
        line_key=line_key,
        quantity=number(body.quantity) if body.quantity is not None else None,
        discount_bps=body.discount_bps,
        name=body.name,
        description=body.description,
        is_optional=body.is_optional,
        is_chosen=body.is_chosen,
        configuration_id=body.configuration_id,
        lock_no=body.lock_no,
    )
    return QuoteOut.of(version)


@router.post(
    "/{quote_id}/lines/{line_key}/remove",
    permission="quote.edit",
    response=QuoteOut,
    summary="Take a line out of a draft",
)
def remove_line(request: Request, quote_id: KeyInPath, line_key: UUID, body: LockIn) -> QuoteOut:
    """Earlier versions keep theirs."""
    version = actions.remove_line(
        actor=request.actor,
        now=request.now,
        quote_id=quote_id,
        line_key=line_key,
        lock_no=body.lock_no,
    )
    return QuoteOut.of(version)


@router.post(
    "/{quote_id}/reorder",
    permission="quote.edit",
    response=QuoteOut,
    summary="Put the lines of a draft into another order",
)
def reorder(request: Request, quote_id: KeyInPath, body: OrderIn) -> QuoteOut:
    """Every line is named once."""
    version = actions.reorder(
        actor=request.actor,
        now=request.now,
        quote_id=quote_id,
        line_keys=body.line_keys,
        lock_no=body.lock_no,
    )
    return QuoteOut.of(version)


@router.post(
    "/{quote_id}/terms",
    permission="quote.edit",
    response=QuoteOut,
    summary="Change the terms of a draft",
)
def set_terms(request: Request, quote_id: KeyInPath, body: SetTermsIn) -> QuoteOut:
    """What is left out stays; a discount on the whole is distributed over the lines."""
    version = actions.set_terms(
        actor=request.actor,
        now=request.now,
        quote_id=quote_id,
        changes=body.changes(),
        lock_no=body.lock_no,
    )
    return QuoteOut.of(version)


@router.post(
    "/{quote_id}/reprice",
    permission="quote.edit",
    response=QuoteOut,
    summary="Price a draft anew with today's prices and taxes",
)
def reprice(request: Request, quote_id: KeyInPath, body: LockIn) -> QuoteOut:
    """Until then a draft keeps the prices of the day it was begun."""
    version = actions.reprice(
        actor=request.actor, now=request.now, quote_id=quote_id, lock_no=body.lock_no
    )
    return QuoteOut.of(version)


@router.post(
    "/{quote_id}/versions",
    permission="quote.edit",
    response=QuoteOut,
    summary="Begin the next version of a quote",
    status=201,
)
def new_version(request: Request, quote_id: KeyInPath) -> QuoteOut:
    """As a draft with the lines, prices and terms of the last one."""
    version = actions.new_version(actor=request.actor, now=request.now, quote_id=quote_id)
    return QuoteOut.of(version)
