"""The line grid of a draft: lines edited in place, the whole quote priced with every change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.catalog.queries import search_products
from handsel.bid.price.queries.lent import list_prices
from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.errors import StaleEdit
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import LineView
from handsel.bid.quote.rules.asked import is_fee
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.configured import configuration_notes
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import HandselError, Invalid
from handsel.ground.kernel.grammar import parse_instant
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.rate import Rate
from handsel.ground.platform.naming import shown_name
from handsel.ground.platform.posted import go_to, once_posted
from handsel.ground.platform.thread import thread_of

GRID_ID = "quote-lines"
Errors = Mapping[tuple[str, str], tuple[str, str]]
"""(line key, field) → (what was typed, what is wrong with it)."""


def grid(version: QuoteVersion, lines: list[LineView], errors: Errors | None = None) -> Any:
    """The lines of a draft for the shell's `linegrid`."""
    currency, quote_id = version.quote.currency, version.quote_id
    notes = configuration_notes(lines)
    return {
        "id": GRID_ID,
        "columns": [
            {"name": "quantity", "label": _("Quantity"), "type": "decimal", "width": "s"},
            {"name": "unit_price", "label": _("List price"), "type": "money", "width": "s"},
            {"name": "discount", "label": _("Discount %"), "type": "percent", "width": "s"},
            {"name": "kind", "label": _("Included"), "type": "select", "width": "s"},
        ],
        "rows": [_row(version, line, errors or {}, notes.get(line.key, "")) for line in lines],
        "add_url": _with_lock("quote:line_add", version, quote_id),
        "add_label": _("Add a product: name or number"),
        "product_search_url": reverse("quote:products", args=[quote_id]),
        "total": Money(version.net_minor, currency),
        "total_label": _("Net"),
    }


def _row(version: QuoteVersion, line: LineView, errors: Errors, note: str) -> dict[str, Any]:
    quote_id, key, currency = version.quote_id, str(line.key), version.quote.currency
    row = {
        "id": key,
        "name": line.name,
        "detail": " · ".join(one for one in (line.sku, line.description, note) if one),
        "position": line.position,
        "amount": Money(line.net_minor, currency),
        "why": reverse("quote:why", args=[quote_id, version.version_no, line.key]),
    }
    if is_fee(line.asked):
        return row | {"fields": {}}
    fields: dict[str, dict[str, Any]] = {
        "quantity": {"value": parts.shown_number(line.quantity)},
        "unit_price": {"value": parts.shown_price(line, currency), "readonly": True},
        "discount": {"value": parts.shown_percent(line.discount_bps)},
        "kind": {"value": _kind(line), "options": _kinds()},
    }
    for name, field in fields.items():
        if (key, name) in errors:
            field["value"], field["error"] = errors[key, name]
    return row | {
        "update_url": _with_lock("quote:line_set", version, quote_id, line.key),
        "delete_url": _with_lock("quote:line_remove", version, quote_id, line.key),
        "fields": fields,
    }


def _kind(line: LineView) -> str:
    if not line.is_optional:
        return "fixed"
    return "chosen" if line.is_chosen else "option"


def _kinds() -> list[tuple[str, str]]:
    return [
        ("fixed", _("Always")),
        ("option", _("Option")),
        ("chosen", _("Option, chosen")),
    ]


def _with_lock(name: str, version: QuoteVersion, *args: Any) -> str:
    return f"{reverse(name, args=args)}?lock={version.lock_no}"


def lock_no_of(request: Request) -> int | None:
    """The state of the draft that the page showed, from its address or form."""
    text = request.POST.get("lock_no", "") or request.GET.get("lock", "")
    return parts.whole_number(text)


@page("quote.view")
def products(request: Request, quote_id: int) -> HttpResponseBase:
    """Products to add, with their list price from the draft's book."""
    version = queries.get_version(request.actor, quote_id)
    text = parts.asked_text(request, "q")
    found = list(search_products(text, sellable_only=True, limit=12)) if text else []
    keys = [product.pk for product in found]
    book = version.price_book
    prices = list_prices(book, keys, on=version.priced_on) if book is not None else {}
    currency = version.quote.currency
    suggestions = [
        {
            "value": product.pk,
            "label": shown_name(product.called),
            "detail": product.sku,
            "amount": Rate(prices[product.pk], currency) if product.pk in prices else None,
            "off": "" if product.pk in prices else _("No price in this price book"),
        }
        for product in found
    ]
    context = {"name": "product_id", "suggestions": suggestions, "text": text}
    return render(request, "shell/suggestions.html", context)


@page("quote.edit")
def line_add(request: Request, quote_id: int) -> HttpResponseBase:
    """Add one product at the end, quantity one."""
    product_id = parts.whole_number(request.POST.get("product_id", ""))
    if product_id is None:
        raise Invalid(_("Choose a product from the list."), code="no_product")

    def add() -> None:
        def effect() -> dict[str, Any]:
            line = NewLine(product_id=product_id, quantity=parts.posted_number("1", "quantity"))
            version = actions.add_lines(
                actor=request.actor,
                now=request.now,
                quote_id=quote_id,
                lines=[line],
                lock_no=lock_no_of(request),
            )
            return {"lock_no": version.lock_no}

        once_posted(
            request, actor=request.actor, now=request.now, route="quote.line_add", effect=effect
        )

    return _edited(request, quote_id, add, _("Add a product"))


@page("quote.edit")
def line_set(request: Request, quote_id: int, line_key: UUID) -> HttpResponseBase:
    """Change quantity, discount or kind of a line; what is wrong is shown in its cell."""
    try:
        values = _values(request)
    except Invalid as wrong:
        name, message = next(iter(wrong.fields.items()))
        errors = {(str(line_key), name): (parts.posted_text(request, name), message)}
        return _answer(request, quote_id, errors)

    def change() -> None:
        actions.set_line(
            actor=request.actor,
            now=request.now,
            quote_id=quote_id,
            line_key=line_key,
            lock_no=lock_no_of(request),
            **values,
        )

    return _edited(request, quote_id, change, _said(request), line_key)


def _values(request: Request) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "quantity" in request.POST:
        values["quantity"] = parts.posted_number(parts.posted_text(request, "quantity"), "quantity")
        if values["quantity"] <= 0:
            message = _("More than zero.")
            raise Invalid(message, fields={"quantity": message})
    if "discount" in request.POST:
        text = parts.posted_text(request, "discount")
        values["discount_bps"] = parts.posted_percent(text, "discount")
    kind = request.POST.get("kind")
    if kind in ("fixed", "option", "chosen"):
        values |= {"is_optional": kind != "fixed", "is_chosen": kind != "option"}
    return values


def _said(request: Request) -> str:
    """What the editor wanted, in words, for the page that tells him of a conflict."""
    labels = {"quantity": _("Quantity"), "discount": _("Discount %"), "kind": _("Included")}
    words = dict(_kinds())
    typed = {name: parts.posted_text(request, name) for name in labels}
    wanted = [f"{labels[name]}: {words.get(text, text)}" for name, text in typed.items() if text]
    return ", ".join(wanted)


@page("quote.edit")
def line_remove(request: Request, quote_id: int, line_key: UUID) -> HttpResponseBase:
    """Take a line out."""

    def remove() -> None:
        actions.remove_line(
            actor=request.actor,
            now=request.now,
            quote_id=quote_id,
            line_key=line_key,
            lock_no=lock_no_of(request),
        )

    return _edited(request, quote_id, remove, _("Remove the line"), line_key)


def _edited(
    request: Request,
    quote_id: int,
    change: Callable[[], None],
    wish: str,
    line_key: UUID | None = None,
) -> HttpResponseBase:
    if request.method == "POST":
        try:
            change()
        except StaleEdit as stale:
            return conflict(request, quote_id, stale, wish, line_key)
        except HandselError as refused:
            if not request.headers.get("HX-Request"):
                raise
            return _answer(request, quote_id, None, refused.message)
    if not request.headers.get("HX-Request"):
        return go_to(request, reverse("quote:record", args=[quote_id]))
    return _answer(request, quote_id)


def _answer(
    request: Request, quote_id: int, errors: Errors | None = None, refused: str = ""
) -> HttpResponse:
    """The grid as it is now, and what else on the page shows its totals."""
    from handsel.bid.quote.web.fitting import panel
    from handsel.bid.quote.web.record import header
    from handsel.bid.quote.web.version_rows import version_rows

    version = queries.get_version(request.actor, quote_id)
    version.quote = queries.get_quote(request.actor, quote_id)
    lines = queries.lines_of(version.pk)
    head = header(request, version, lines)
    context = {
        "grid": grid(version, lines, errors),
        "totals": parts.totals(version),
        "header": head,
        "fitting": panel(request, version, head["fitting"]),
        "thread": thread_of("quote", quote_id, request.actor),
        "versions": version_rows(request, quote_id),
        "refused": refused,
        "lock_no": version.lock_no,
    }
    return render(request, "quote/grid_answer.html", context)


def conflict(
    request: Request,
    quote_id: int,
    stale: StaleEdit,
    wish: str,
    line_key: UUID | None = None,
) -> HttpResponse:
    """Somebody else was quicker: say who, keep what was typed, offer to apply it now."""
    fresh = stale.facts["lock_no"]
    kept = {
        name: request.POST.get(name, "")
        for name in request.POST
        if name not in ("csrfmiddlewaretoken", "idempotency_key", "lock_no")
    }
    known = {str(line.key): line.name for line in _lines(request, quote_id)}
    context = {
        "by": stale.facts["by"],
        "at": _instant(stale.facts["at"]),
        "wish": wish,
        "line_name": known.get(str(line_key), "") if line_key else "",
        "is_gone": line_key is not None and str(line_key) not in known,
        "again_url": f"{request.path}?lock={fresh}",
        "kept": kept | {"lock_no": fresh},
        "reload_url": reverse("quote:record", args=[quote_id]),
        "status": 409,
    }
    is_fragment = bool(request.headers.get("HX-Request"))
    template = "quote/conflict_fragment.html" if is_fragment else "quote/conflict.html"
    response = render(request, template, context, status=409)
    if is_fragment:
        response["HX-Retarget"] = "#messages"
        response["HX-Reswap"] = "innerHTML"
    return response


def _lines(request: Request, quote_id: int) -> list[LineView]:
    return queries.lines_of(queries.get_version(request.actor, quote_id).pk)


def _instant(text: object) -> datetime | None:
    return parse_instant(str(text)) if text else None
