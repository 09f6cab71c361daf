"""Lines that go from one quote to another: copied, split off, merged; and quotes begun anew.

A line taken along keeps everything a person decided; it gets an identity of its new quote, and
what named it (scenarios, percentages of other lines) names the new identity.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from handsel.bid.price.queries import book_on
from handsel.bid.quote import queries
from handsel.bid.quote.actions.close import withdraw_quote
from handsel.bid.quote.actions.draft import MOST_LINES, draft_quote
from handsel.bid.quote.actions.edit import keep, lock_draft, open_draft
from handsel.bid.quote.actions.lines import last_serial
from handsel.bid.quote.actions.waiving import charged_by, waived_on_part
from handsel.bid.quote.errors import BadQuote, LineNotFound
from handsel.bid.quote.events import QuoteCopied, QuotesMerged, QuoteSplit
from handsel.bid.quote.models import ProposalChoice, QuoteGroup, QuoteLine, QuoteVersion
from handsel.bid.quote.rules.asked import is_fee
from handsel.bid.quote.rules.line_keys import FIRST_PLACE, line_key
from handsel.bid.quote.rules.terms import DAYS_VALID
from handsel.bid.quote.rules.waived import waivers_of, with_waivers
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor

Names = Mapping[UUID, UUID]


@transaction.atomic
def copy_quote(
    *,
    actor: Actor,
    now: datetime,
    quote_id: int,
    version_no: int | None = None,
    organization_id: int | None = None,
    person_id: int | None = None,
    title: str = "",
) -> QuoteVersion:
    """Begin a quote with the lines and terms of another one, for the same or another customer.

    Priced anew: today's book, today's taxes, what is agreed with this customer. Valid for the
    usual days from today. Raises QuoteNotFound, and what pricing refuses.
    """
    source = queries.get_version(actor, quote_id, version_no)
    quote = queries.get_quote(actor, quote_id)
    is_other = organization_id is not None and organization_id != quote.organization_id
    today = local_date(now, quote.seller.time_zone)
    terms = replace(queries.terms_of(source), valid_until=today + timedelta(days=DAYS_VALID))
    copy = draft_quote(
        actor=actor,
        now=now,
        opportunity_id=None if is_other else quote.opportunity_id,
        organization_id=organization_id or quote.organization_id,
        person_id=person_id or (None if is_other else quote.person_id),
        seller_id=quote.seller_id,
        currency=quote.currency,
        language="" if is_other else quote.language,
        title=title or quote.title,
        terms=terms,
    )
    copy.target_minor = source.target_minor
    pricing = _of_buyer(copy, source) if is_other else source.pricing
    copy.pricing = with_waivers(pricing, {})  # a fee is waived on one quote
    copy.save(update_fields=["target_minor", "pricing"])
    _copy_choice(source, copy)
    take_lines(_rows(source), source, copy)
    event = QuoteCopied(
        quote_id=copy.quote_id, source_id=quote_id, source_version=source.version_no
    )
    log.announce(event, actor=actor, now=now)
    return _priced(copy, actor=actor, now=now)


@transaction.atomic
def split_quote(
    *,
    actor: Actor,
    now: datetime,
    quote_id: int,
    line_keys: Collection[UUID],
    title: str = "",
    lock_no: int | None = None,
) -> QuoteVersion:
    """Move chosen lines of a draft into a new quote to the same customer; returns that draft.

    Both are priced from the same book and day as before, so that the parts come to the whole where
    lines stand by themselves (no discount on the whole, no tier or percentage over all lines). A
    fee that is an amount stays with this quote where it still has a line the fee is about; the part
    is not charged it, which can be changed there (`charge_fee`).
    Raises BadQuote where nothing or all is chosen, where an
    alternative would lose its others, or where a target price stands on the whole.
    """
    source = lock_draft(actor, quote_id, lock_no)
    quote = source.quote
    rows = _rows(source)
    chosen = [row for row in rows if row.line_key in set(line_keys)]
    _check_split(source, rows, chosen, set(line_keys))
    part = draft_quote(
        actor=actor,
        now=now,
        opportunity_id=quote.opportunity_id,
        organization_id=quote.organization_id,
        person_id=quote.person_id,
        seller_id=quote.seller_id,
        currency=quote.currency,
        language=quote.language,
        title=title or quote.title,
        terms=queries.terms_of(source),
    )
    part.priced_on, part.price_book_id = source.priced_on, source.price_book_id
    part.pricing = with_waivers(source.pricing, {})
    part.save(update_fields=["priced_on", "price_book", "pricing"])
    _copy_choice(source, part)
    take_lines(chosen, source, part)
    QuoteLine.objects.filter(pk__in=[row.pk for row in chosen]).delete()
    event = QuoteSplit(quote_id=quote_id, part_id=part.quote_id, lines=len(chosen))
    log.announce(event, actor=actor, now=now)
    _drop_from_scenarios(source, {row.line_key for row in chosen})
    source = _priced(source, actor=actor, now=now)
    waived = waived_on_part(source, part.quote_id)
    part.pricing = with_waivers(part.pricing, waived)
    part.save(update_fields=["pricing"])
    return _priced(part, actor=actor, now=now)


def _check_split(
    source: QuoteVersion,
    rows: Sequence[QuoteLine],
    chosen: Sequence[QuoteLine],
    wanted: Collection[UUID],
) -> None:
    if len(chosen) != len(wanted):
        raise LineNotFound("this draft has no such line")
    if not chosen or len(chosen) == len(rows):
        raise BadQuote(
            "Choose some of the lines, not all; to have them all again, copy the quote.",
            fields={"line_keys": "some of the lines"},
        )
    if source.target_minor is not None:
        raise BadQuote("Take the target price off first: it is a price for all lines together.")
    kept = {row.alternative_set for row in rows if row.line_key not in wanted}
    torn = sorted({row.alternative_set for row in chosen if row.alternative_set} & kept)
    if torn:
        raise BadQuote(
            said("Alternatives stay together: %(listed)s.", listed=", ".join(torn)),
            fields={"line_keys": "whole sets"},
        )
    bound = [row.name for row in rows if row.asked and _is_torn(row, wanted)]
    if bound:
        raise BadQuote(
            said(
                "%(listed)s: goes with the lines it is a percentage or a period of.",
                listed=", ".join(bound[:5]),
            ),
            fields={"line_keys": "lines that belong together"},
        )


def _is_torn(row: QuoteLine, wanted: Collection[UUID]) -> bool:
    """Whether the line would part from lines its price names."""
    named = list(row.asked.get("percent_of", {}).get("lines", ()))
    named += [row.asked["ramp"]["of"]] if "ramp" in row.asked else []
    return any((UUID(key) in wanted) != (row.line_key in wanted) for key in named)


@transaction.atomic
def merge_quotes(
    *, actor: Actor, now: datetime, quote_id: int, other_id: int, lock_no: int | None = None
) -> QuoteVersion:
    """Take the lines of another draft of the same customer and currency to the end of this one.

    The other quote is withdrawn; its lines stay readable there. Terms are this quote's. Raises
    BadQuote where the two do not fit, QuoteNotEditable where one is no draft.
    """
    if quote_id == other_id:
        raise BadQuote("A quote cannot be merged with itself.", fields={"other_id": "another"})
    # In the order of their keys, so that two merges the other way round do not wait for each other.
    locked = {
        key: lock_draft(actor, key, lock_no if key == quote_id else None)
        for key in sorted((quote_id, other_id))
    }
    target, other = locked[quote_id], locked[other_id]
    for name, what in (("seller_id", said("seller")), ("organization_id", said("customer"))):
        if getattr(target.quote, name) != getattr(other.quote, name):
            raise BadQuote(
                said("These quotes have not the same %(what)s.", what=what),
                fields={"other_id": what},
            )
    if target.quote.currency != other.quote.currency:
        raise BadQuote("These quotes are in two currencies.", fields={"other_id": "currency"})
    rows = _rows(other)
    if len(rows) + QuoteLine.objects.filter(version=target).count() > MOST_LINES:
        raise BadQuote(said("A quote has at most %(most_lines)s lines.", most_lines=MOST_LINES))
    take_lines(rows, other, target)
    waivers = charged_by(waivers_of(target.pricing), other_id)
    target.pricing = with_waivers(target.pricing, waivers)
    target.save(update_fields=["pricing"])
    event = QuotesMerged(quote_id=quote_id, merged_id=other_id, lines=len(rows))
    log.announce(event, actor=actor, now=now)
    merged = _priced(target, actor=actor, now=now)
    withdraw_quote(actor=actor, now=now, quote_id=other_id)
    return merged


def take_lines(rows: Sequence[QuoteLine], source: QuoteVersion, target: QuoteVersion) -> Names:
    """Write copies of lines, with their groups and scenarios, at the end of a draft.

    Returns the new identity of each line. The lines carry the amounts they had; the caller prices.
    """
    quote_id = target.quote_id
    first = last_serial(quote_id) + 1
    names = {row.line_key: line_key(quote_id, at) for at, row in enumerate(rows, first)}
    taken = set(QuoteLine.objects.filter(version=target).values_list("alternative_set", flat=True))
    sets = _free_names({row.alternative_set for row in rows} - {""}, taken)
    own = QuoteLine.objects.filter(version=target, position__lt=FIRST_PLACE)
    last = own.order_by("-position").first()
    place = last.position if last else 0
    QuoteLine.objects.bulk_create(
        [
            _copied(row, target, names, sets.get(row.alternative_set, ""), place + at)
            for at, row in enumerate(rows, 1)
        ]
    )
    _take_groups({row.group_key for row in rows} - {None}, source, target)
    _take_scenarios(source, target, names)
    return names


def _of_buyer(copy: QuoteVersion, source: QuoteVersion) -> dict[str, Any]:
    """What prices depend on, with the partner tier of the copy's own customer."""
    own = {name: value for name, value in copy.pricing.items() if name == "partner"}
    return {name: value for name, value in source.pricing.items() if name != "partner"} | own


def _copied(
    row: QuoteLine, target: QuoteVersion, names: Names, alternative_set: str, position: int
) -> QuoteLine:
    fields = {
        field.attname: getattr(row, field.attname)
        for field in QuoteLine._meta.concrete_fields
        if not field.primary_key
    }
    renamed = {str(old): str(new) for old, new in names.items()}
    return QuoteLine(
        **{
            **fields,
            "version_id": target.pk,
            "line_key": names[row.line_key],
            "position": position,
            "alternative_set": alternative_set,
            "asked": _renamed(row.asked, renamed) if row.asked else row.asked,
        }
    )


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """A JSON value in which keys of lines are replaced wherever they stand."""
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, list):
        return [_renamed(one, names) for one in value]
    if isinstance(value, dict):
        return {key: _renamed(one, names) for key, one in value.items()}
    return value


def _free_names(wanted: Collection[str], taken: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in sorted(wanted):
        free, number = name, 2
        while free in taken or free in found.values():
            free, number = f"{name[:35]} {number}", number + 1
        found[name] = free
    return found


def _take_groups(keys: Collection[Any], source: QuoteVersion, target: QuoteVersion) -> None:
    """The groups of the lines and those they lie in; one that is there already stays as it is."""
    groups = {group.group_key: group for group in QuoteGroup.objects.filter(version=source)}
    there = list(QuoteGroup.objects.filter(version=target))
    wanted: set[UUID] = set()
    above: list[UUID | None] = list(keys)
    while above:
        key = above.pop()
        if key in groups and key not in wanted:
            wanted.add(key)
            above.append(groups[key].parent_key)
    known = {group.group_key for group in there}
    place = max((group.position for group in there), default=0)
    fresh = sorted((groups[key] for key in wanted - known), key=lambda group: group.position)
    QuoteGroup.objects.bulk_create(
        QuoteGroup(
            version=target,
            group_key=group.group_key,
            parent_key=group.parent_key,
            title=group.title,
            position=place + at,
        )
        for at, group in enumerate(fresh, 1)
    )


def _take_scenarios(source: QuoteVersion, target: QuoteVersion, names: Names) -> None:
    renamed = {str(old): str(new) for old, new in names.items()}
    there = {scenario["name"] for scenario in target.scenarios}
    is_begun = bool(target.scenarios)
    fresh = []
    for scenario in source.scenarios:
        chosen = [renamed[key] for key in scenario["chosen"] if key in renamed]
        if chosen and scenario["name"] not in there:
            taken = {**scenario, "chosen": chosen}
            if is_begun:  # which one is offered was decided there
                taken.pop("is_offered", None)
            fresh.append(taken)
    if fresh:
        target.scenarios = [*target.scenarios, *fresh]
        target.save(update_fields=["scenarios"])


def _drop_from_scenarios(source: QuoteVersion, gone: Collection[UUID]) -> None:
    if not source.scenarios:
        return
    names = {str(key) for key in gone}
    source.scenarios = [
        {**scenario, "chosen": [key for key in scenario["chosen"] if key not in names]}
        for scenario in source.scenarios
    ]
    source.save(update_fields=["scenarios"])


def _copy_choice(source: QuoteVersion, target: QuoteVersion) -> None:
    choice = ProposalChoice.objects.filter(version=source).first()
    if choice is not None:
        ProposalChoice.objects.create(
            version=target, template_id=choice.template_id, with_waterfall=choice.with_waterfall
        )


def _rows(version: QuoteVersion) -> list[QuoteLine]:
    """The lines of a version without fees: those come with the price book."""
    rows = QuoteLine.objects.filter(version=version).order_by("position")
    return [row for row in rows if not is_fee(row.asked)]


def _priced(version: QuoteVersion, *, actor: Actor, now: datetime) -> QuoteVersion:
    draft = open_draft(actor, version.quote_id, None)
    quote = draft.version.quote
    if draft.version.price_book_id is None:
        segment = queries.deal_facts(quote).price_segment
        on = draft.version.priced_on
        draft.version.price_book = book_on(currency=quote.currency, segment=segment, on=on)
    # Lines came and went without their prices: nothing stands as it was.
    draft.version.priced_with = ""
    return keep(draft, draft.lines, actor=actor, now=now)
