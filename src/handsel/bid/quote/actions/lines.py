"""Editing a draft's lines and terms. `lock_no` is the state the editor saw; a program that edits
by itself leaves it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from handsel.bid.configure.queries.products import main_choices
from handsel.bid.price.queries import book_on
from handsel.bid.quote import queries
from handsel.bid.quote.actions.draft import (
    MOST_LINES,
    NewLine,
    check_amounts,
    columns_of_terms,
    new_work_lines,
)
from handsel.bid.quote.actions.edit import keep, open_draft
from handsel.bid.quote.actions.pricing import WorkLine
from handsel.bid.quote.errors import BadQuote, LineNotFound, NotQuotable
from handsel.bid.quote.models import Quote, QuoteLine, QuoteVersion
from handsel.bid.quote.queries.configured import quotable
from handsel.bid.quote.rules.line_keys import FIRST_FEE, line_key, serial_of
from handsel.bid.quote.rules.terms import Terms, check_terms
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.free_text import free_text
from handsel.ground.kernel.said import said
from handsel.ground.party import queries as party
from handsel.ground.platform.actor import Actor


@transaction.atomic
def add_lines(
    *,
    actor: Actor,
    now: datetime,
    quote_id: int,
    lines: Sequence[NewLine],
    lock_no: int | None = None,
) -> QuoteVersion:
    """Add lines at the end of a draft and price all of it. Raises BadQuote and NoPrice."""
    draft = open_draft(actor, quote_id, lock_no)
    if not lines or len(draft.lines) + len(lines) > MOST_LINES:
        raise BadQuote(
            said(
                "Add at least one line; a quote has at most %(most_lines)s.", most_lines=MOST_LINES
            )
        )
    first = last_serial(quote_id) + 1
    added = new_work_lines(
        quote_id,
        lines,
        first_serial=first,
        language=draft.version.quote.language,
        seller_id=draft.version.quote.seller_id,
    )
    return keep(draft, [*draft.lines, *added], actor=actor, now=now)


def last_serial(quote_id: int) -> int:
    """The highest serial number any version of the quote has used: identities are never reused."""
    keys = QuoteLine.objects.filter(
        version__quote_id=quote_id, line_key__lt=line_key(quote_id, FIRST_FEE)
    ).order_by("-line_key")
    last: UUID | None = keys.values_list("line_key", flat=True).first()
    return serial_of(last) if last else 0


@transaction.atomic
def set_line(
    *,
    actor: Actor,
    now: datetime,
    quote_id: int,
    line_key: UUID,
    quantity: Decimal | None = None,
    discount_bps: int | None = None,
    name: str | None = None,
    description: str | None = None,
    is_optional: bool | None = None,
    is_chosen: bool | None = None,
    position: int | None = None,
    configuration_id: int | None = None,
    lock_no: int | None = None,
) -> QuoteVersion:
    """Change what is given on one line of a draft; None leaves a field as it is.

    Another configuration must be of the line's product; its main choices become the description.

    `position` counts from 1 and moves the line there, or to the end when there are fewer.
    """
    draft = open_draft(actor, quote_id, lock_no)
    line = _find(draft.lines, line_key)
    if quantity is not None:
        line.quantity = quantity
    if discount_bps is not None:
        line.discount_bps = discount_bps
    check_amounts(draft.lines.index(line) + 1, line.quantity, line.discount_bps)
    if name is not None:
        line.name = _name(name)
    if description is not None:
        line.description = description[:10_000]
    if is_optional is not None:
        line.is_optional = is_optional
    if is_chosen is not None:
        line.is_chosen = is_chosen
    line.is_chosen = line.is_chosen or not line.is_optional
    if configuration_id is not None:
        _carry(line, configuration_id, draft.version.quote, description)
    if position is not None:
        draft.lines.remove(line)
        draft.lines.insert(max(position, 1) - 1, line)
    return keep(draft, draft.lines, actor=actor, now=now)


def _carry(line: WorkLine, configuration_id: int, quote: Quote, description: str | None) -> None:
    found = quotable({configuration_id}, seller_id=quote.seller_id)[configuration_id]
    if found.product_id != line.product_id:
        raise NotQuotable(
            said(
                "“%(title)s” is no %(title2)s; add it as a line of its own.",
                title=found.title,
                title2=line.product.title,
            )
        )
    line.configuration_id = configuration_id
    if description is None:
        line.description = main_choices(found, quote.language)


def _name(text: str) -> str:
    if not 0 < len(text.strip()) <= 200:
        raise BadQuote("A line needs a name.", fields={"name": "at most 200 characters"})
    return text.strip()


@transaction.atomic
def remove_line(
    *,
    actor: Actor,
    now: datetime,
    quote_id: int,
    line_key: UUID,
    lock_no: int | None = None,
) -> QuoteVersion:
    """Take a line out of a draft; earlier versions keep theirs."""
    draft = open_draft(actor, quote_id, lock_no)
    gone = _find(draft.lines, line_key)
    return keep(draft, [line for line in draft.lines if line is not gone], actor=actor, now=now)


@transaction.atomic
def reorder(
    *,
    actor: Actor,
    now: datetime,
    quote_id: int,
    line_keys: Sequence[UUID],
    lock_no: int | None = None,
) -> QuoteVersion:
    """Put a draft's lines into the given order; every line must be named once."""
    draft = open_draft(actor, quote_id, lock_no)
    by_key = {line.key: line for line in draft.lines}
    if len(line_keys) != len(by_key) or set(line_keys) != by_key.keys():
        raise BadQuote(
            "Name every line of the quote once.", fields={"line_keys": "every line once"}
        )
    return keep(draft, [by_key[key] for key in line_keys], actor=actor, now=now)


@transaction.atomic
def set_terms(
    *,
    actor: Actor,
    now: datetime,
    quote_id: int,
    changes: dict[str, Any],
    lock_no: int | None = None,
) -> QuoteVersion:
    """Change terms of a draft; `changes` are any fields of `Terms`. Prices follow the discount.

    A method other than `shares` drops the shares, a discount the target price. Raises BadQuote
    naming every wrong field.
    """
    draft = open_draft(actor, quote_id, lock_no)
    unknown = changes.keys() - Terms.__dataclass_fields__.keys()
    if unknown:
        raise BadQuote(said("Not terms of a quote: %(listed)s.", listed=", ".join(sorted(unknown))))
    wanted = replace(queries.terms_of(draft.version), **changes)
    if wanted.billing_method != "shares" and "billing_shares" not in changes:
        wanted = replace(wanted, billing_shares=())
    check_terms(wanted)
    for column, value in columns_of_terms(wanted).items():
        setattr(draft.version, column, value)
    if changes.get("discount_bps"):  # and a percentage instead of a target
        draft.version.target_minor = None
        draft.version.pricing = {
            name: value for name, value in draft.version.pricing.items() if name != "reason"
        }
    return keep(draft, draft.lines, actor=actor, now=now)


@transaction.atomic
def set_head(
    *,
    actor: Actor,
    now: datetime,
    quote_id: int,
    title: str | None = None,
    person_id: int | None = None,
    language: str | None = None,
    lock_no: int | None = None,
) -> QuoteVersion:
    """Change title, recipient or language of a quote whose live version is a draft."""
    draft = open_draft(actor, quote_id, lock_no)
    quote = draft.version.quote
    if title is not None:
        quote.title = free_text(title, field="title", longest=200)
    if person_id is not None:
        quote.person = party.get_person(person_id)
    if language is not None:
        quote.language = language[:8]
    quote.save(update_fields=["title", "person", "language"])
    return keep(draft, draft.lines, actor=actor, now=now)


@transaction.atomic
def reprice(
    *, actor: Actor, now: datetime, quote_id: int, lock_no: int | None = None
) -> QuoteVersion:
    """Price a draft anew: today's date in the seller's zone, today's book, today's taxes."""
    draft = open_draft(actor, quote_id, lock_no)
    version, quote = draft.version, draft.version.quote
    facts = queries.deal_facts(quote)
    version.priced_on = local_date(now, facts.time_zone)
    version.price_book = book_on(
        currency=quote.currency, segment=facts.price_segment, on=version.priced_on
    )
    return keep(draft, draft.lines, actor=actor, now=now)


def _find(lines: Sequence[WorkLine], line_key: UUID) -> WorkLine:
    for line in lines:
        if line.key == line_key:
            return line
    raise LineNotFound("this draft has no such line", line_key=str(line_key))
