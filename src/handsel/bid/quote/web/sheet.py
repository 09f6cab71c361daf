"""What the sheet of a quote asks and commands, as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from handsel.bid.catalog.queries import facts_of, search_products
from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions.price_words import row_note
from handsel.bid.quote.actions.sheet import Outcome, check_size
from handsel.bid.quote.actions.waiving import MAY_WAIVE
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries.sheet import line_order, read_pasted, sheet_rows
from handsel.bid.quote.queries.since import changed_since
from handsel.bid.quote.rules.asked import is_fee
from handsel.bid.quote.rules.content import plain
from handsel.bid.quote.rules.sheet.edits import AddLine
from handsel.bid.quote.rules.sheet.pasted import BadRow, FoundRow, count_rows
from handsel.bid.quote.rules.sheet.wire import edits_of
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.sheet_answers import answering, posted, wire_conflict, wire_refusal
from handsel.bid.quote.web.sheet_state import around_of, told_steps, whole_of, wire_rows
from handsel.bid.quote.web.sheet_words import titles, words
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.money import exponent
from handsel.ground.kernel.said import said, worded
from handsel.ground.platform import idempotency
from handsel.ground.platform.thread import thread_of

MOST_SHOWN = 200


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
            "version": version.pk,
            "person": request.actor.user_id,
            "is_draft": version.state == "draft",
            **whole_of(request, version),
        }
    )


@page("quote.edit")
@answering
def edits(request: Request, quote_id: int) -> HttpResponseBase:
    """Apply a batch once; answers what became of it and every row that changed.

    What changed is read while the draft is still held, so that the state that is told (`lock`) is
    that of the rows; what others changed since the state the editor had comes with it. All of the
    sheet comes where that cannot be told line by line, or where the batch was answered before.
    """
    body = posted(request)
    wanted = body.get("edits")
    if body.get("person", request.actor.user_id) != request.actor.user_id:
        raise Invalid(
            said("Somebody else is signed in here now. Open the page again."), code="other_person"
        )
    check_size(len(wanted) if isinstance(wanted, list) else 0)
    shown: dict[str, Any] = {}

    def effect() -> dict[str, Any]:
        done = actions.apply_edits(
            actor=request.actor, now=request.now, quote_id=quote_id, edits=edits_of(wanted)
        )
        shown.update(_changed(request, done, _had(body, done.version)) or {})
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
        shown = whole_of(request, queries.get_version(request.actor, quote_id))
    return JsonResponse({**answer, **shown})


def _outcome(done: Outcome) -> dict[str, Any]:
    return {
        "applied": list(done.applied),
        "conflicts": [wire_conflict(one) for one in done.conflicts],
        "refused": [wire_refusal(one) for one in done.refused],
        "added": {ref: str(key) for ref, key in done.added.items()},
    }


def _had(body: Mapping[str, Any], version: QuoteVersion) -> object:
    """The state of this version that the editor had on screen, if it was one of this version."""
    return body.get("lock") if body.get("version", version.pk) == version.pk else None


def _changed(request: Request, done: Outcome, had: object) -> dict[str, Any] | None:
    """The rows of a batch and those of others since the state the editor had."""
    since = changed_since(done.version, had) if isinstance(had, int) else None
    if since is None and had != done.lock_before:
        return None
    is_moved = done.is_moved or (since is not None and since.is_moved)
    keys = {*done.changed, *(since.keys if since else ())}
    mine = done.version.lock_no if done.version.lock_no > done.lock_before else None
    return {
        "is_whole": False,
        "rows": wire_rows(request, sheet_rows(done.version.pk, keys)),
        "order": [str(row.key) for row in done.rows if not is_fee(row.asked)] if is_moved else None,
        "others": told_steps(since, but=mine),
        **around_of(request, done.version, done.rows),
    }


@page("quote.edit")
@answering
def preview(request: Request, quote_id: int) -> HttpResponseBase:
    """What a batch would do: the total before and after, and the lines it changes."""
    body = posted(request)
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
        "lock": seen.version.lock_no,
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
    body = posted(request)
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
