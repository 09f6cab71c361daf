"""The fees a price book charges on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from handsel.bid.price.models import PriceBook
from handsel.bid.price.queries import stored_terms
from handsel.bid.price.rules.charges import holding
from handsel.bid.price.rules.context import PriceContext
from handsel.bid.price.rules.stored import read_terms
from handsel.bid.price.rules.terms import NO_TERMS, Fee


def fees_of_book(book: PriceBook, *, on: date) -> tuple[Fee, ...]:
    """All fees of a book that hold on a day, whatever they are about: one query, none for a book
    that has prices only."""
    if not book.has_terms:
        return ()
    found: tuple[Fee, ...] = tuple(
        read_terms(stored_terms(book, kind="fees")).lists.get("fees", ())
    )
    return holding(found, on)


def without_fees(context: PriceContext) -> PriceContext:
    """The context for a document whose fees are lines of its own."""
    if not context.terms.fees:
        return context
    terms = replace(context.terms, fees=())
    return replace(context, terms=NO_TERMS if terms == NO_TERMS else terms)


def untaxed_fees(context: PriceContext, tax_key: str) -> PriceContext:
    """The context with all fees under one tax key, where prices are asked before tax."""
    if not context.terms.fees:
        return context
    fees = tuple(replace(fee, tax_key=tax_key) for fee in context.terms.fees)
    return replace(context, terms=replace(context.terms, fees=fees))
