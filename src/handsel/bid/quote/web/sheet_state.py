"""The sheet of a version as it is now, as JSON values: rows, groups, sums; and following it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import get_language

from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions.placing import groups_of
from handsel.bid.quote.actions.price_words import row_note
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries.configured import carried
from handsel.bid.quote.queries.costs import SEES_COSTS, line_costs
from handsel.bid.quote.queries.sheet import SheetRow, SummedRow, sheet_rows, summands
from handsel.bid.quote.queries.since import Since, changed_since
from handsel.bid.quote.rules.asked import is_fee, without_costs
from handsel.bid.quote.rules.content import plain
from handsel.bid.quote.rules.sheet.fields import kind_of
from handsel.bid.quote.rules.sheet.price_fields import hand_of, paid_as, term_of
from handsel.bid.quote.rules.sheet.sums import subtotals, totals
from handsel.bid.quote.rules.sheet.tree import reading_order
from handsel.bid.quote.web.configured import note_of
from handsel.bid.quote.web.sheet_answers import answering, posted, wire_fees, wire_sums
from handsel.ground.document.units import unit_label
from handsel.ground.identity.access import Request, page

MOST_MARKED = 200


def whole_of(request: Request, version: QuoteVersion) -> dict[str, Any]:
    found = sheet_rows(version.pk)
    own = [row for row in found if not is_fee(row.asked)]
    return {"is_whole": True, "rows": wire_rows(request, own), **around_of(request, version, found)}


def around_of(
    request: Request, version: QuoteVersion, found: Sequence[SheetRow | SummedRow]
) -> dict[str, Any]:
    """Order, groups and sums: what an edit anywhere can change; the margin for who may see it."""
    groups = groups_of(version.pk)
    costs = (
        line_costs(
            found,
            currency=version.quote.currency,
            on=version.priced_on,
            book=version.price_book,
        )
        if request.actor.may(SEES_COSTS)
        else {}
    )
    lines = summands(found, costs)
    sums = subtotals(lines, groups)
    return {
        "lock": version.lock_no,
        "groups": [
            {
                "key": str(place.group.key),
                "title": place.group.title,
                "parent": str(place.group.parent_key or ""),
                "depth": place.depth,
                "sums": sums[place.group.key],
            }
            for place in reading_order(groups.values())
        ],
        "sums": wire_sums(totals(lines)) | {"fees": wire_fees(version.pk, found)},
        "net": version.net_minor,
        "gross": version.gross_minor,
    }


def wire_rows(request: Request, rows: Iterable[SheetRow]) -> list[list[Any]]:
    """Rows as short lists, in the order of the component's `Row`; costs for who may see them."""
    sees_costs = request.actor.may(SEES_COSTS)
    found = list(rows)
    products = carried(row.configuration_id for row in found)
    notes = {key: note_of(product) for key, product in products.items()}
    language = get_language() or "en"
    units: dict[str, str] = {}
    wired = []
    for row in found:
        unit = units.get(row.unit) or units.setdefault(
            row.unit, unit_label(row.unit, language, one=True)
        )
        wired.append(
            [
                str(row.key),
                row.sku,
                row.name,
                row.description,
                plain(row.quantity),
                unit,
                plain(row.list_price),
                row.discount_bps,
                kind_of(row.is_optional, row.is_chosen),
                row.alternative_set,
                str(row.group_key or ""),
                row.list_minor,
                row.net_minor,
                row.charge,
                row.product_id,
                row.configuration_id or 0,
                row_note(row.charge, row.asked, notes.get(row.configuration_id or 0, "")),
                row.asked if sees_costs else without_costs(row.asked),
                paid_as(row.charge, row.asked),
                term_of(row.asked),
                hand_of(row.asked),
            ]
        )
    return wired


def told_steps(since: Since | None, *, but: int | None = None) -> list[dict[str, Any]]:
    """Who did what of what is new, but for one state, which the reader made himself."""
    return [
        {
            "by": step.by,
            "count": len(step.touched),
            "keys": [str(key) for key in step.touched[:MOST_MARKED]],
        }
        for step in (since.steps if since else ())
        if step.lock_no != but
    ]


@page("quote.view")
@answering
def since(request: Request, quote_id: int) -> HttpResponseBase:
    """Who else is in the quote and at which line; and what became of the sheet since the state the
    reader has, if anything. Asked every few seconds, so it costs next to nothing when nothing did.
    """
    body = posted(request)
    if body.get("is_leaving"):
        actions.leave_quote(actor=request.actor, now=request.now, quote_id=quote_id)
        return HttpResponse(status=204)
    here = actions.be_in_quote(
        actor=request.actor, now=request.now, quote_id=quote_id, line_key=_line(body.get("line"))
    )
    if body.get("is_new"):
        actions.forget_the_gone(request.now)
    answer: dict[str, Any] = {
        "version": here.version_id,
        "person": request.actor.user_id,
        "is_draft": here.is_draft,
        "here": [{"name": name, "line": line} for name, line in here.others],
        "lock": here.lock_no,
    }
    had = body.get("lock")
    if isinstance(had, int) and here.lock_no != had and body.get("version") == here.version_id:
        answer["news"] = _news(request, quote_id, had)
    return JsonResponse(answer)


def _line(text: object) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) and text else None
    except ValueError:
        return None


def _news(request: Request, quote_id: int, had: int) -> dict[str, Any]:
    version = queries.get_version(request.actor, quote_id)
    known = changed_since(version, had)
    if known is None:
        return {**whole_of(request, version), "others": []}
    found = sheet_rows(version.pk)
    own = [row for row in found if not is_fee(row.asked)]
    return {
        "is_whole": False,
        "rows": wire_rows(request, [row for row in own if row.key in known.keys]),
        "order": [str(row.key) for row in own] if known.is_moved else None,
        "others": told_steps(known),
        **around_of(request, version, found),
    }
