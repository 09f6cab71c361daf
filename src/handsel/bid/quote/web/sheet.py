"""What the sheet of a quote asks and commands, as JSON."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from handsel.bid.catalog.queries import facts_of, search_products
from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions.draft import MOST_LINES
from handsel.bid.quote.actions.placing import groups_of
from handsel.bid.quote.actions.price_words import row_note
from handsel.bid.quote.actions.sheet import Outcome, check_size
from handsel.bid.quote.actions.waiving import MAY_WAIVE
from handsel.bid.quote.errors import BadQuote
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries.configured import carried
from handsel.bid.quote.queries.costs import SEES_COSTS, line_costs
from handsel.bid.quote.queries.sheet import (
    SheetRow,
    SummedRow,
    line_order,
    read_pasted,
    sheet_rows,
    summands,
)
from handsel.bid.quote.rules.asked import is_fee, without_costs
from handsel.bid.quote.rules.content import plain
from handsel.bid.quote.rules.sheet.edits import AddLine
from handsel.bid.quote.rules.sheet.fields import kind_of
from handsel.bid.quote.rules.sheet.pasted import BadRow, FoundRow, count_rows
from handsel.bid.quote.rules.sheet.price_fields import hand_of, paid_as, term_of
from handsel.bid.quote.rules.sheet.sums import subtotals, totals
from handsel.bid.quote.rules.sheet.tree import reading_order
from handsel.bid.quote.rules.sheet.wire import edits_of
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.configured import note_of
from handsel.bid.quote.web.sheet_answers import wire_conflict, wire_fees, wire_refusal, wire_sums
from handsel.bid.quote.web.sheet_words import titles, words
from handsel.ground.document.units import unit_label
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel import strict_json
from handsel.ground.kernel.errors import HandselError, Invalid
from handsel.ground.kernel.money import exponent
from handsel.ground.kernel.said import said, worded
from handsel.ground.platform import idempotency
from handsel.ground.platform.thread import thread_of

Data = Callable[..., HttpResponseBase]
MOST_SHOWN = 200


def answering(view: Data) -> Data:
    """Refusals as problem documents that the sheet shows; the rest as the view answers."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except HandselError as refused:
            fields = refused.fields if isinstance(refused, Invalid) else {}
            body = {
                "type": f"/problems/{refused.code}",
                "title": refused.code.replace("_", " "),
                "status": refused.http_status,
                "detail": worded(refused.message, _),
                "code": refused.code,
                "fields": {name: worded(text, _) for name, text in fields.items()},
            }
            status = refused.http_status
            return JsonResponse(body, status=status, content_type="application/problem+json")

    return guarded


def _posted(request: Request) -> dict[str, Any]:
    try:
        body = strict_json.loads(request.body)
    except RequestDataTooBig:
        raise BadQuote(
            said(
                "That is too much at once: at most %(most_lines)s lines.",
                most_lines=f"{MOST_LINES:,}",
            )
        ) from None
    if not isinstance(body, dict):
        raise Invalid("Expected an object.", code="bad_edits")
    return body


@page("quote.view")
@answering
def rows(request: Request, quote_id: int) -> HttpResponseBase:
    """All of the sheet, once."""
    version = queries.get_version(request.actor, quote_id)
    return JsonResponse(
        {
            "may_edit": version.state == "draft" and request.actor.may("quote.edit"),
            "currency": version.quote.currency,
            "exponent": exponent(version.quote.currency),
            "decimal_mark": parts.decimal_mark(),
            "language": get_language() or "en",
            "texts": words(),
            "fees": reverse("quote:fees", args=[quote_id])
            if version.state == "draft" and request.actor.may(MAY_WAIVE)
            else "",
            "why": reverse(
                "quote:why",
                args=[quote_id, version.version_no, "00000000-0000-8000-8000-000000000000"],
            ),
            **_whole(request, version),
        }
    )


def _whole(request: Request, version: QuoteVersion) -> dict[str, Any]:
    found = sheet_rows(version.pk)
    own = [row for row in found if not is_fee(row.asked)]
    rows = wire_rows(own, sees_costs=request.actor.may(SEES_COSTS))
    return {"is_whole": True, "rows": rows, **around_of(request, version, found)}


def around_of(
    request: Request, version: QuoteVersion, found: Sequence[SheetRow | SummedRow]
) -> dict[str, Any]:
    """Order, groups and sums: what an edit anywhere can change; the margin for who may see it."""
    groups = groups_of(version.pk)
    costs = (
        line_costs(found, currency=version.quote.currency, on=version.priced_on)
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
        "sums": wire_sums(totals(lines)) | {"fees": wire_fees(found)},
        "net": version.net_minor,
        "gross": version.gross_minor,
    }


def wire_rows(rows: Iterable[SheetRow], *, sees_costs: bool) -> list[list[Any]]:
    """Rows as short lists, in the order of the component's `Row`."""
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


@page("quote.edit")
@answering
def edits(request: Request, quote_id: int) -> HttpResponseBase:
    """Apply a batch once; answers what became of it and every row that changed.

    What changed is read while the draft is still held, so that the state that is told (`lock`) is
    that of the rows. All of the sheet comes where the editor's was older than the one he edited,
    or where the batch is one that was answered before.
    """
    body = _posted(request)
    wanted = body.get("edits")
    check_size(len(wanted) if isinstance(wanted, list) else 0)
    shown: dict[str, Any] = {}

    def effect() -> dict[str, Any]:
        done = actions.apply_edits(
            actor=request.actor, now=request.now, quote_id=quote_id, edits=edits_of(wanted)
        )
        if body.get("lock") == done.lock_before:
            shown.update(_changed(request, done))
        return _outcome(done)

    answer = idempotency.once(
        actor=request.actor,
        route="quote.sheet_edits",
        key=str(body.get("key", "")),
        request={"quote_id": quote_id, "edits": wanted},
        now=request.now,
        effect=effect,
    )
    if not shown:
        shown = _whole(request, queries.get_version(request.actor, quote_id))
    return JsonResponse({**answer, **shown})


def _outcome(done: Outcome) -> dict[str, Any]:
    return {
        "applied": list(done.applied),
        "conflicts": [wire_conflict(one) for one in done.conflicts],
        "refused": [wire_refusal(one) for one in done.refused],
        "added": {ref: str(key) for ref, key in done.added.items()},
    }


def _changed(request: Request, done: Outcome) -> dict[str, Any]:
    return {
        "is_whole": False,
        "rows": wire_rows(
            sheet_rows(done.version.pk, done.changed), sees_costs=request.actor.may(SEES_COSTS)
        ),
        "order": [str(row.key) for row in done.rows if not is_fee(row.asked)]
        if done.is_moved
        else None,
        **around_of(request, done.version, done.rows),
    }


@page("quote.edit")
@answering
def preview(request: Request, quote_id: int) -> HttpResponseBase:
    """What a batch would do: the total before and after, and the lines it changes."""
    body = _posted(request)
    wanted = body.get("edits")
    check_size(len(wanted) if isinstance(wanted, list) else 0)
    seen = actions.preview_edits(
        actor=request.actor, now=request.now, quote_id=quote_id, edits=edits_of(wanted)
    )
    return JsonResponse(_previewed(seen))


def _previewed(seen: actions.Previewed) -> dict[str, Any]:
    return {
        "conflicts": [wire_conflict(one) for one in seen.conflicts],
        "refused": [wire_refusal(one) for one in seen.refused],
        "net_before": seen.version.net_minor,
        "net_after": seen.net_minor,
        "changed": len(seen.changed),
        "changes": [
            {"name": line.name, "before": before, "after": after}
            for line, before, after in seen.changed[:MOST_SHOWN]
        ],
    }


@page("quote.edit")
@answering
def paste(request: Request, quote_id: int) -> HttpResponseBase:
    """Pasted rows: what was found, what not, and what the lines would cost."""
    body = _posted(request)
    text, own = body.get("text"), body.get("columns", [])
    if not isinstance(text, str) or not isinstance(own, list):
        raise Invalid("Expected text.", code="bad_edits")
    check_size(count_rows(text))
    found, bad = read_pasted(
        text,
        decimal_mark=parts.decimal_mark(),
        titles=titles(),
        own=[name for name in own if isinstance(name, str)],
    )
    seen = actions.preview_edits(
        actor=request.actor,
        now=request.now,
        quote_id=quote_id,
        edits=[_line(row) for row in found],
    )
    refused = {one.index for one in seen.refused}
    bad += [
        BadRow(found[one.index].number, "article", one.given, one.expected) for one in seen.refused
    ]
    return JsonResponse(
        {
            "found": _pasted([row for at, row in enumerate(found) if at not in refused], seen),
            "bad": [
                {
                    "number": one.number,
                    "column": one.column,
                    "given": one.given,
                    "expected": worded(one.expected, _),
                }
                for one in sorted(bad, key=lambda one: one.number)
            ],
            "net_before": seen.version.net_minor,
            "net_after": seen.net_minor,
        }
    )


def _pasted(rows: Sequence[FoundRow], seen: actions.Previewed) -> list[dict[str, Any]]:
    by_key = {line.key: net for line, _before, net in seen.changed}
    nets = {ref: by_key.get(key) for ref, key in seen.added.items()}
    names = facts_of([row.product_id for row in rows], language=seen.version.quote.language)
    return [
        {
            "number": row.number,
            "product_id": row.product_id,
            "sku": names[row.product_id].sku,
            "name": names[row.product_id].name,
            "other_name": "" if row.name == names[row.product_id].name else row.name,
            "quantity": plain(row.quantity),
            "discount_bps": row.discount_bps,
            "asked": row.asked,
            "lacks_reason": row.lacks_reason,
            "note": row_note("one_time", row.asked, ""),
            "net": nets.get(str(row.number)),
        }
        for row in rows
    ]


def _line(row: FoundRow) -> AddLine:
    return AddLine(
        ref=str(row.number),
        product_id=row.product_id,
        quantity=row.quantity,
        discount_bps=row.discount_bps,
        name=row.name,
        # It is asked for before the line is added; the price does not depend on it.
        asked={**row.asked, "reason": "…"} if row.lacks_reason else row.asked,
    )


@page("quote.view")
@answering
def products(request: Request, quote_id: int) -> HttpResponseBase:
    """Products by the beginning of a number or a part of a name."""
    queries.get_version(request.actor, quote_id)
    text = parts.asked_text(request, "q")
    found = search_products(text, sellable_only=True, limit=12) if text else []
    return JsonResponse(
        {"products": [{"id": one.pk, "sku": one.sku, "name": one.name} for one in found]}
    )


@page("quote.view")
def around(request: Request, quote_id: int) -> HttpResponseBase:
    """What else on the page shows the quote's totals, as it is now."""
    from handsel.bid.quote.web.fitting import panel
    from handsel.bid.quote.web.record import header
    from handsel.bid.quote.web.version_rows import version_rows

    version = queries.get_version(request.actor, quote_id)
    version.quote = queries.get_quote(request.actor, quote_id)
    head = header(request, version, line_order(version.pk))
    context = {
        "totals": parts.totals(version),
        "header": head,
        "fitting": panel(request, version, head["fitting"]),
        "thread": thread_of("quote", quote_id, request.actor),
        "versions": version_rows(request, quote_id),
        "lock_no": version.lock_no,
    }
    return render(request, "quote/sheet_around.html", context)
