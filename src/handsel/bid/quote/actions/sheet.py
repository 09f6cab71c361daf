"""Everything a spreadsheet does to a draft, by one command: edits are merged, priced once, and
only what changed is written. Nobody's edit is lost, and nobody waits for a lock to be free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from handsel.bid.catalog.queries import ProductFact, facts_of
from handsel.bid.price.errors import NoPrice
from handsel.bid.price.rules.document import PricedDocument
from handsel.bid.quote.actions.draft import MOST_LINES, NewLine, new_work_lines
from handsel.bid.quote.actions.edit import Draft, deal_of, keep, net_amounts, open_draft
from handsel.bid.quote.actions.lines import last_serial
from handsel.bid.quote.actions.placing import Before, open_sheet
from handsel.bid.quote.actions.pricing import WorkLine, price_lines
from handsel.bid.quote.errors import BadQuote
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries.sheet import SummedRow
from handsel.bid.quote.rules.line_keys import line_key, serial_of
from handsel.bid.quote.rules.sheet.edits import AddLine, Conflict, Edit, Refusal
from handsel.bid.quote.rules.sheet.fields import Sheet, canonical
from handsel.bid.quote.rules.sheet.merge import Merged, merge
from handsel.bid.quote.rules.sheet.price_fields import Unreadable
from handsel.bid.quote.rules.sheet.touched import Touched, holds, ranges
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor

MOST_EDITS = 15_000
LOOKS_BACK = 200
MOST_SERIAL = 2**40
Fresh = dict[str, WorkLine | Refusal]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch: `applied`, `conflicts` and `refused` name edits by their index.

    `added` tells the keys of new lines by their `ref`; `changed` the lines with new amounts or
    fields; `lock_before` the state the batch met, `version` the one it left; `is_moved` says that
    lines came, went or stand in another order. `rows` are all lines as they are now, for
    sums, fees last.
    """

    applied: tuple[int, ...]
    conflicts: tuple[Conflict, ...]
    refused: tuple[Refusal, ...]
    added: Mapping[str, UUID]
    changed: tuple[UUID, ...]
    lock_before: int
    version: QuoteVersion
    is_moved: bool
    rows: Sequence[SummedRow]


@dataclass(frozen=True, slots=True)
class Previewed:
    """What a batch would do: the sheet and its prices as they would be. Nothing is written.

    `changed` are lines with another net amount than before (None for new ones), in their order.
    """

    conflicts: tuple[Conflict, ...]
    refused: tuple[Refusal, ...]
    version: QuoteVersion
    net_minor: int
    changed: tuple[tuple[WorkLine, int | None, int], ...]
    added: Mapping[str, UUID]


@transaction.atomic
def apply_edits(*, actor: Actor, now: datetime, quote_id: int, edits: Sequence[Edit]) -> Outcome:
    """Merge edits into a draft, price it once, write what changed.

    An edit of a field that somebody else changed meanwhile is a conflict and is not applied; all
    others are. Raises BadQuote for too many edits or lines, QuoteNotEditable, and what pricing
    refuses.
    """
    check_size(len(edits))
    draft = open_draft(actor, quote_id, None)
    lock_before = draft.version.lock_no
    sheet = open_sheet(draft)
    before = Before(sheet)
    merged = _merged(draft, sheet, edits)
    if merged.touched:
        touched = _touched(quote_id, merged)
        _group(sheet)
        keep(draft, sheet.lines, actor=actor, now=now, touched=touched)
        before.keep(draft.version.pk, sheet)
    changed = {*draft.changed, *merged.touched} & {line.key for line in sheet.lines}
    return Outcome(
        tuple(merged.applied),
        tuple(_with_authors(quote_id, merged.conflicts)),
        tuple(merged.refused),
        merged.added,
        tuple(sorted(changed)),
        lock_before,
        draft.version,
        _order(draft.lines) != _order(sheet.lines),
        _rows(draft, sheet),
    )


@transaction.atomic
def preview_edits(
    *, actor: Actor, now: datetime, quote_id: int, edits: Sequence[Edit]
) -> Previewed:
    """What `apply_edits` would do with these edits now. Writes nothing."""
    check_size(len(edits))
    draft = open_draft(actor, quote_id, None)
    sheet = open_sheet(draft)
    merged = _merged(draft, sheet, edits)
    _group(sheet)
    net_minor, nets = net_amounts(draft, sheet.lines, actor=actor, now=now)
    changed = []
    for line in sheet.lines:
        net = nets.get(line.key)
        before = draft.kept[line.key].net_minor if line.key in draft.kept else None
        if net is not None and net != before:
            changed.append((line, before, net))
    conflicts = tuple(_with_authors(quote_id, merged.conflicts))
    refused = tuple(merged.refused)
    return Previewed(conflicts, refused, draft.version, net_minor, tuple(changed), merged.added)


def _group(sheet: Sheet[WorkLine]) -> None:
    """Tell the lines in which groups they are now: tiers may count those of a group together."""
    group_of = sheet.group_of.get
    for line in sheet.lines:
        line.group_key = group_of(line.key)


def check_size(count: int) -> None:
    """Refuse more edits or rows than a quote has lines, before any of them is read."""
    if count > MOST_EDITS:
        raise BadQuote(
            said(
                "%(count)s rows at once; a quote has at most %(most_lines)s lines. "
                "Nothing was read; paste fewer rows, or bring them in by an import "
                "in parts.",
                count=f"{count:,}",
                most_lines=f"{MOST_LINES:,}",
            )
        )


def _order(lines: Sequence[WorkLine]) -> list[UUID]:
    return [line.key for line in lines]


def _rows(draft: Draft, sheet: Sheet[WorkLine]) -> list[SummedRow]:
    group_of, kept, changed = sheet.group_of.get, draft.kept, draft.changed
    found = []
    for line in (*sheet.lines, *draft.fees):
        key = line.key
        amounts = changed.get(key)
        if amounts is None:
            one = kept[key]
            amounts = (one.list_minor, one.net_minor)
        found.append(
            SummedRow(
                key,
                line.product.product_id,
                line.quantity,
                line.is_chosen or not line.is_optional,
                *amounts,
                group_of(key),
                line.charge,
                line.asked,
            )
        )
    return found


def _priced(draft: Draft, lines: Sequence[WorkLine]) -> PricedDocument:
    return price_lines(lines, deal_of(draft.version))


def _merged(draft: Draft, sheet: Sheet[WorkLine], edits: Sequence[Edit]) -> Merged:
    fresh = _fresh(draft, edits)
    count = len(sheet.lines) + sum(1 for line in fresh.values() if isinstance(line, WorkLine))
    if count > MOST_LINES:
        raise BadQuote(
            said(
                "That makes %(count)s lines; a quote has at most %(most_lines)s.",
                count=f"{count:,}",
                most_lines=f"{MOST_LINES:,}",
            )
        )
    return merge(sheet, edits, fresh)


def _fresh(draft: Draft, edits: Sequence[Edit]) -> Fresh:
    """New lines by their `ref`, or why there is none: a handful of queries for all of them."""
    wanted = [(at, edit) for at, edit in enumerate(edits) if isinstance(edit, AddLine)]
    if not wanted:
        return {}
    fresh: Fresh = {}
    language = draft.version.quote.language
    products = _sellable([edit.product_id for _, edit in wanted], language)
    good: list[AddLine] = []
    for at, edit in wanted:
        try:
            good.append(_checked(edit, draft.version.quote_id, products))
        except Unreadable as wrong:
            fresh[edit.ref] = Refusal(at, None, wrong.field, wrong.given, wrong.expected)
    lines = _lines_of(draft, good)
    unpriced = _unpriced(draft, lines)
    for edit, line in zip(good, lines, strict=True):
        title = line.product.title
        fresh[edit.ref] = (
            Refusal(0, None, "product_id", title, "a product with a price in this price book")
            if title in unpriced
            else line
        )
    return fresh


def _sellable(product_ids: Sequence[int], language: str) -> dict[int, ProductFact]:
    from handsel.bid.catalog.models import Product

    known = Product.objects.filter(pk__in=set(product_ids), lifecycle="active")
    return facts_of(list(known.values_list("pk", flat=True)), language=language)


def _checked(edit: AddLine, quote_id: int, products: Mapping[int, Any]) -> AddLine:
    if edit.product_id not in products:
        expected = "a product that is offered now"
        raise Unreadable("product_id", str(edit.product_id), expected)
    canonical("quantity", f"{edit.quantity:f}")
    canonical("discount_bps", str(edit.discount_bps))
    canonical("kind", edit.kind)
    key = edit.line_key
    if key is not None and (
        not 0 < serial_of(key) <= MOST_SERIAL or line_key(quote_id, serial_of(key)) != key
    ):
        raise Unreadable("line_key", str(key), "a line of this quote")
    return edit


def _lines_of(draft: Draft, edits: Sequence[AddLine]) -> list[WorkLine]:
    quote_id = draft.version.quote_id
    taken = [serial_of(edit.line_key) for edit in edits if edit.line_key is not None]
    lines = new_work_lines(
        quote_id,
        [
            NewLine(
                product_id=edit.product_id,
                quantity=edit.quantity,
                discount_bps=edit.discount_bps,
                is_optional=edit.kind != "fixed",
                is_chosen=edit.kind != "option",
                name=edit.name,
                description=edit.description,
                configuration_id=edit.configuration_id,
                charge=edit.charge,
                asked=edit.asked,
            )
            for edit in edits
        ],
        first_serial=max([last_serial(quote_id), *taken]) + 1,
        language=draft.version.quote.language,
        seller_id=draft.version.quote.seller_id,
    )
    return [
        line if edit.line_key is None else replace(line, key=edit.line_key)
        for line, edit in zip(lines, edits, strict=True)
    ]


def _unpriced(draft: Draft, lines: Sequence[WorkLine]) -> frozenset[str]:
    if not lines:
        return frozenset()
    one_each = {line.product_id: line for line in lines}
    try:
        _priced(draft, list(one_each.values()))
    except NoPrice as missing:
        titles = missing.facts["products"]
        return frozenset(titles if isinstance(titles, list) else ())
    return frozenset()


def _touched(quote_id: int, merged: Merged) -> Touched:
    serials = [
        serial_of(key)
        for key in merged.touched
        if 0 < serial_of(key) <= MOST_SERIAL and line_key(quote_id, serial_of(key)) == key
    ]
    fields = sorted({name for names in merged.touched.values() for name in names})
    return Touched(ranges(serials), tuple(fields))


def _with_authors(quote_id: int, conflicts: Sequence[Conflict]) -> list[Conflict]:
    """Say who edited those fields last, as far back as the log is looked at."""
    if not conflicts:
        return []
    newest = log.timeline(("quote", quote_id), limit=LOOKS_BACK, of_rooms=("quote",))
    found = []
    for one in conflicts:
        wanted = {one.field} if one.found is not None else {"line", "group"}
        event = next((event for event in newest if _edited(event.payload, one.key, wanted)), None)
        known = replace(one, by=event.actor_label, at=event.recorded_at) if event else one
        found.append(known)
    return found


def _edited(payload: Mapping[str, Any], key: UUID, fields: set[str]) -> bool:
    touched = payload.get("touched", "")
    is_named = bool(fields & set(payload.get("fields", ())))
    return is_named and (holds(touched, serial_of(key)) or bool(fields & {"title", "group"}))
