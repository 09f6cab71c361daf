"""Changing a draft: lock it, check that the editor saw its newest state, price what changed of it,
keep that."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from handsel.bid.price.models import PriceBook
from handsel.bid.price.queries import book_on
from handsel.bid.price.rules.document import PricedDocument
from handsel.bid.price.rules.reprice import Repriced
from handsel.bid.price.rules.terms import HeaderTarget
from handsel.bid.quote import queries
from handsel.bid.quote.actions.fees import fee_lines, places_of_fees
from handsel.bid.quote.actions.line_table import (
    COLUMNS,
    insert_lines,
    is_asked_anew,
    keep_asked,
    line_row,
    place_lines,
    update_lines,
)
from handsel.bid.quote.actions.pricing import (
    Deal,
    WorkLine,
    apply_totals,
    price_lines,
    with_basis,
)
from handsel.bid.quote.actions.standing import (
    Change,
    KeptLine,
    is_asking_anew,
    price_change,
    read_lines,
    shift_lines,
)
from handsel.bid.quote.errors import QuoteNotEditable, StaleEdit
from handsel.bid.quote.events import QuoteRepriced
from handsel.bid.quote.models import Quote, QuoteLine, QuoteVersion
from handsel.bid.quote.queries.choice import header_bps_of
from handsel.bid.quote.rules.asked import is_fee
from handsel.bid.quote.rules.line_keys import is_fee_key, serial_of
from handsel.bid.quote.rules.sheet.ordering import places
from handsel.bid.quote.rules.sheet.touched import MOST, NOTHING, WORTH_NAMING, Touched, ranges
from handsel.bid.quote.rules.states import LIVE
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor

_POSITION, _KEY = COLUMNS.index("position"), COLUMNS.index("line_key")


@dataclass(slots=True)
class Draft:
    """A locked draft with its lines as they were read and as they are kept.

    `fees` are lines too, of the price book and not of any person, and stand apart. `changed` are
    the list and net amounts of lines of which `keep` wrote other fields or amounts.
    """

    version: QuoteVersion
    lines: list[WorkLine]
    kept: dict[UUID, KeptLine]
    fees: list[WorkLine] = field(default_factory=list)
    changed: dict[UUID, tuple[int, int]] = field(default_factory=dict)

    @property
    def quote(self) -> Quote:
        """The quote of the draft."""
        return self.version.quote


def lock_live(actor: Actor, quote_id: int, known: Quote | None = None) -> QuoteVersion:
    """Lock the quote's live version, which owns everything about the offer.

    `known` is the quote where it was read already. Raises QuoteNotFound for what the actor cannot
    see, QuoteNotEditable when no version is live.
    """
    live = QuoteVersion.objects.select_for_update(of=("self",)).filter(
        quote_id=quote_id, quote__seller_id__in=actor.seller_ids, state__in=LIVE
    )
    if known is None:
        live = live.select_related("quote", "price_book")
    # While we waited for the lock the live version may have given way to the next one.
    version = live.first() or live.first()
    if version is None:
        quote = queries.get_quote(actor, quote_id)
        raise QuoteNotEditable(
            said(
                "Quote %(number)s is %(state)s; start a new version to go on with it.",
                number=quote.number,
                state=quote.state,
            ),
            state=quote.state,
        )
    if known is not None:
        version.quote = known
    return version


def lock_draft(
    actor: Actor, quote_id: int, lock_no: int | None, known: Quote | None = None
) -> QuoteVersion:
    """Lock the quote's draft; `lock_no` is the state the editor saw, None for programs.

    Raises QuoteNotEditable when the live version is no draft and StaleEdit when it moved on.
    """
    version = lock_live(actor, quote_id, known)
    if version.state != "draft":
        raise QuoteNotEditable(
            said(
                "Version %(version_no)s of quote %(number)s is %(state)s and never "
                "changes; start a new version.",
                version_no=version.version_no,
                number=version.quote.number,
                state=version.state,
            ),
            state=version.state,
        )
    if lock_no is not None and lock_no != version.lock_no:
        newest = log.timeline(("quote", quote_id), limit=1)
        by, at = (newest[0].actor_label, newest[0].recorded_at) if newest else ("", None)
        raise StaleEdit(lock_no=version.lock_no, by=by, at=at)
    return version


def open_draft(actor: Actor, quote_id: int, lock_no: int | None) -> Draft:
    """Lock a draft and read its lines: three queries."""
    version = lock_draft(actor, quote_id, lock_no)
    lines, kept = read_lines(version.pk)
    fees = [line for line in lines if is_fee(line.asked)]
    own = [line for line in lines if not is_fee(line.asked)] if fees else lines
    return Draft(version, own, kept, fees)


def keep(
    draft: Draft,
    lines: Sequence[WorkLine],
    *,
    actor: Actor,
    now: datetime,
    touched: Touched = NOTHING,
) -> QuoteVersion:
    """Price the lines and write what differs from what is kept; announces QuoteRepriced.

    Everything is priced from the book and on the day the version was frozen to, so that an edit
    changes the prices of the lines it concerns and no others; only those are priced, unless
    others depend on them. The book's fees for these lines come last. `touched` says what was
    edited, for whoever wants to know who did it.
    """
    version = draft.version
    deal, basis = with_basis(deal_of(version))
    before = [*draft.lines, *draft.fees]
    draft.fees = fee_lines(version, deal, lines, actor=actor, now=now)
    lines = [*lines, *draft.fees]
    found = _change(draft, before, lines, deal, basis)
    if found is None:
        priced = price_lines(lines, deal)
        _keep_all(draft, lines, priced)
        apply_totals(version, priced)
    else:
        _keep_change(draft, lines, *found)
        apply_totals(version, found[1].document)
    version.priced_with = basis
    version.lock_no += 1
    version.save()
    own = [line.key for line in lines if not is_fee_key(line.key)]
    is_moved = own != [line.key for line in draft.lines]
    changed = replace(touched, changed=_named(draft.changed), is_moved=is_moved)
    announce_repriced(version, actor=actor, now=now, touched=changed)
    return version


def _named(keys: Collection[UUID]) -> str:
    """Lines by their serial numbers, as short as it is useful to know them one by one."""
    own = [serial_of(key) for key in keys if not is_fee_key(key)]
    return MOST if len(own) > WORTH_NAMING else ranges(own)


def net_amounts(
    draft: Draft, lines: Sequence[WorkLine], *, actor: Actor, now: datetime
) -> tuple[int, dict[UUID, int]]:
    """What the draft would come to with these lines and their fees, and the net amounts of those
    that were priced for it; all others keep theirs. Writes nothing."""
    deal, basis = with_basis(deal_of(draft.version))
    before = [*draft.lines, *draft.fees]
    lines = [*lines, *fee_lines(draft.version, deal, lines, actor=actor, now=now)]
    found = _change(draft, before, lines, deal, basis)
    if found is None:
        priced = price_lines(lines, deal)
        return priced.net_minor, {line.key: line.net_minor for line in priced.lines}
    change, repriced = found
    nets = {UUID(int=key): line.net_minor for key, line in repriced.lines.items()}
    for line in change.standing:
        if line.key in repriced.shifted:
            nets[UUID(int=line.key)] = line.amount_minor + repriced.shifted[line.key][0]
    return repriced.document.net_minor, nets


def _change(
    draft: Draft, before: Sequence[WorkLine], lines: Sequence[WorkLine], deal: Deal, basis: str
) -> tuple[Change, Repriced] | None:
    """What changed, priced by itself; None where all lines must be priced."""
    if not basis or basis != draft.version.priced_with:
        return None
    return price_change(deal, before, lines, draft.kept)


def deal_of(version: QuoteVersion) -> Deal:
    """What the lines of a version are priced with."""
    quote = version.quote
    return Deal(
        book_of(version, quote),
        version.priced_on,
        queries.deal_facts(quote),
        header_bps_of(version),
        target_of(version),
        version.pricing,
    )


def target_of(version: QuoteVersion) -> HeaderTarget | None:
    """The net total that is wanted of the whole quote, if one is."""
    if version.target_minor is None:
        return None
    return HeaderTarget(total=Money(version.target_minor, version.quote.currency).amount)


def book_of(version: QuoteVersion, quote: Quote) -> PriceBook:
    """The price book the version was frozen to; the one of its day where it has none yet."""
    if version.price_book is None:
        segment = queries.deal_facts(quote).price_segment
        version.price_book = book_on(currency=quote.currency, segment=segment, on=version.priced_on)
    return version.price_book


def _keep_change(draft: Draft, lines: Sequence[WorkLine], change: Change, found: Repriced) -> None:
    """Write lines that were priced, and the shares that moved of those that were not."""
    version_id, kept = draft.version.pk, draft.kept
    _take_out(draft, [line.key for line in change.gone])
    standing: dict[UUID, int] = {}
    if change.is_moved or change.fresh:
        standing = dict(zip((line.key for line in lines), _places(lines, kept), strict=True))
    edited = {
        line.key: line_row(
            version_id,
            standing.get(line.key) or kept[line.key].position,
            line,
            found.lines[line.key.int],
        )
        for line in change.edited
    }
    update_lines(version_id, list(edited.values()))
    asks = [line.key for line in change.edited if is_asking_anew(kept[line.key], line)]
    keep_asked(version_id, [edited[key] for key in asks])
    place_lines(
        version_id,
        [
            (key, place)
            for key, place in standing.items()
            if key in kept and key not in edited and kept[key].position != place
        ],
    )
    currency = draft.version.quote.currency
    draft.changed |= shift_lines(version_id, change, found.shifted, kept, currency=currency)
    insert_lines(
        version_id,
        change.fresh,
        [found.lines[line.key.int] for line in change.fresh],
        [standing[line.key] for line in change.fresh],
    )
    draft.changed |= {
        line.key: (amounts.list_minor, amounts.net_minor)
        for line in (*change.edited, *change.fresh)
        for amounts in (found.lines[line.key.int],)
    }


def _keep_all(draft: Draft, lines: Sequence[WorkLine], priced: PricedDocument) -> None:
    """Write of all lines, each priced, those that differ."""
    version_id = draft.version.pk
    _take_out(draft, draft.kept.keys() - {line.key for line in lines})
    stored = QuoteLine.objects.filter(version_id=version_id).values_list(*COLUMNS)
    kept = {row[_KEY]: row for row in stored}
    changed, moved, asked = [], [], []
    run: list[tuple[int, WorkLine, Any]] = []
    standing = _places(lines, draft.kept)
    for place, line, amounts in zip(standing, lines, priced.lines, strict=True):
        if line.key not in kept:
            run.append((place, line, amounts))
            continue
        before = kept[line.key]
        row = line_row(version_id, place, line, amounts)
        if row == before:
            continue
        if is_asked_anew(before, row):
            asked.append(row)
        if row[:_POSITION] + row[_POSITION + 1 :] == before[:_POSITION] + before[_POSITION + 1 :]:
            moved.append((line.key, place))
        else:
            changed.append(row)
    update_lines(version_id, changed)
    keep_asked(version_id, asked)
    place_lines(version_id, moved)
    anew = {row[_KEY] for row in changed} | {line.key for _, line, _ in run}
    draft.changed |= {
        amounts.key: (amounts.list_minor, amounts.net_minor)
        for amounts in priced.lines
        if amounts.key in anew
    }
    insert_lines(
        version_id,
        [line for _, line, _ in run],
        [amounts for _, _, amounts in run],
        [place for place, _, _ in run],
    )


def _take_out(draft: Draft, gone: Collection[UUID]) -> None:
    if gone:
        QuoteLine.objects.filter(version_id=draft.version.pk, line_key__in=gone).delete()


def _places(lines: Sequence[WorkLine], kept: Mapping[UUID, KeptLine]) -> list[int]:
    own = [line for line in lines if not is_fee(line.asked)]
    found = places([kept[line.key].position if line.key in kept else None for line in own])
    return [*found, *places_of_fees(len(lines) - len(own))]


def announce_repriced(
    version: QuoteVersion, *, actor: Actor, now: datetime, touched: Touched = NOTHING
) -> None:
    """Say that a draft has new totals."""
    quote = version.quote
    log.announce(
        QuoteRepriced(
            quote_id=quote.pk,
            version_id=version.pk,
            opportunity_id=quote.opportunity_id,
            net=Money(version.net_minor, quote.currency),
            gross=Money(version.gross_minor, quote.currency),
            touched=touched.lines,
            fields=touched.fields,
            lock_no=version.lock_no,
            changed=touched.changed,
            is_moved=touched.is_moved,
        ),
        actor=actor,
        now=now,
    )
