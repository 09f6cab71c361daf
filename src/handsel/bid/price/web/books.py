"""Price books: the list, one book with its prices and discounts, and its life."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from handsel.bid.price import actions, queries
from handsel.bid.price.errors import BookOverlaps
from handsel.bid.price.models import PriceBook, PriceEntry, PriceRule
from handsel.bid.price.web import parts
from handsel.bid.price.web.entries import grid
from handsel.bid.price.web.terms import notices
from handsel.ground.document.units import unit_label
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_date
from handsel.ground.kernel.rate import Rate
from handsel.ground.kernel.said import worded
from handsel.ground.platform.posted import go_to, once_posted
from handsel.ground.platform.timeline_view import timeline_of

PAGE_SIZE = 50


@page("price.view")
def book_list(request: Request) -> HttpResponseBase:
    """All price books."""
    table = {
        "id": "books",
        "caption": _("Price books"),
        "columns": [
            {"key": "name", "label": _("Price book"), "format": "link"},
            {"key": "state", "label": _("State"), "format": "badge"},
            {"key": "currency", "label": _("Currency")},
            {"key": "segment", "label": _("For"), "phone": False},
            {"key": "validity", "label": _("Valid")},
        ],
        "rows": [_row(book) for book in queries.books()],
        "empty": {
            "title": _("No price books"),
            "text": _("Begin one; nothing can be quoted without prices."),
            "icon": "tag",
        },
    }
    header = {
        "title": _("Price books"),
        "actions": [
            parts.action(request, _("New price book"), reverse("price:new"), "plus"),
            {
                "label": _("Agreed prices"),
                "url": reverse("price:agreements"),
                "icon": "handshake",
            },
            {"label": _("Exchange rates"), "url": reverse("price:rates"), "icon": "banknote"},
            {"label": _("Why a price"), "url": reverse("price:why"), "icon": "calculator"},
        ],
    }
    return render(request, "price/list.html", {"header": header, "table": table})


def _row(book: PriceBook) -> dict[str, Any]:
    return {
        "id": book.pk,
        "url": reverse("price:record", args=[book.pk]),
        "cells": [
            (book.name, _("version %(version)s") % {"version": book.version}),
            parts.STATES[book.state],
            book.currency,
            book.segment or _("everybody"),
            parts.validity(book),
        ],
        "state": "muted" if book.state == "retired" else "",
    }


@page("price.view")
def record(request: Request, book_id: int) -> HttpResponseBase:
    """One book: its prices (to be edited in a draft), and its discounts."""
    book = queries.get_book(request.actor, book_id)
    text = parts.asked(request, "q")
    start = parts.key(parts.asked(request, "from")) or 0
    rows = list(queries.entries_of(book_id, text=text)[start : start + PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    may_edit = book.state == "draft" and request.actor.may("price.edit")
    context: dict[str, Any] = {
        "book": book,
        "header": _header(request, book),
        "facts": _facts(book),
        "notices": notices(book),
        "may_edit": may_edit,
        "rules": [_rule(rule) for rule in queries.rules_of(book_id)],
        "rule_fields": _rule_fields(),
        "timeline": timeline_of(("price_book", book_id)),
        "text": text,
        "shown": f"{start + 1}–{start + len(shown)}" if shown else "",
        "previous_url": _from(request, max(0, start - PAGE_SIZE)) if start else "",
        "next_url": _from(request, start + PAGE_SIZE) if len(rows) > PAGE_SIZE else "",
    }
    if may_edit:
        context["grid"] = grid(book, shown)
    else:
        context["table"] = _table(book, shown)
    return render(request, "price/record.html", context)


def _header(request: Request, book: PriceBook) -> dict[str, Any]:
    copy = parts.action(
        request,
        _("New version"),
        reverse("price:copy", args=[book.pk]),
        "copy",
        kind="primary" if book.state != "draft" else "secondary",
        method="dialog",
    )
    by_state: dict[str, list[dict[str, Any]]] = {
        "draft": [
            parts.action(
                request,
                _("Publish"),
                reverse("price:publish", args=[book.pk]),
                "check",
                method="post",
                kind="primary",
                confirm=_("A published book never changes any more. Publish it?"),
            )
        ],
        "published": [
            copy,
            parts.action(
                request,
                _("Retire"),
                reverse("price:retire", args=[book.pk]),
                "ban",
                method="post",
                kind="danger",
                confirm=_("No new quote takes prices from this book any more. Retire it?"),
            ),
        ],
        "retired": [copy],
    }
    rules = {
        "label": _("Rules and trial"),
        "url": reverse("price:terms", args=[book.pk]),
        "icon": "scale",
    }
    why = {
        "label": _("Why a price"),
        "url": f"{reverse('price:why')}?book={book.pk}",
        "icon": "calculator",
    }
    return {
        "title": book.name,
        "number": _("version %(version)s") % {"version": book.version},
        "state": parts.STATES[book.state],
        "subtitle": f"{book.currency} · {parts.validity(book)}",
        "trail": [(_("Price books"), reverse("price:list"))],
        "actions": [*by_state[book.state], rules, why],
    }


def _facts(book: PriceBook) -> list[dict[str, Any]]:
    last = book.valid_until - timedelta(days=1) if book.valid_until else None
    facts: list[dict[str, Any]] = [
        {"label": _("Currency"), "value": book.currency},
        {"label": _("For"), "value": book.segment or _("everybody")},
        {"label": _("First day"), "value": book.valid_from, "format": "day"},
        {"label": _("Last day"), "value": last, "format": "day"},
        {"label": _("Published"), "value": book.published_at, "format": "instant"},
        {
            "label": _("Prices"),
            "value": PriceEntry.objects.filter(book=book).count(),
            "format": "number",
        },
        {
            "label": _("Discounts"),
            "value": PriceRule.objects.filter(book=book).count(),
            "format": "number",
        },
    ]
    return [fact for fact in facts if fact["value"] not in ("", None)]


def _table(book: PriceBook, entries: list[PriceEntry]) -> dict[str, Any]:
    return {
        "id": "entries",
        "caption": _("Prices"),
        "columns": [
            {"key": "product", "label": _("Product"), "format": "link"},
            {"key": "unit", "label": _("Unit"), "phone": False},
            {"key": "price", "label": _("List price"), "format": "rate", "align": "right"},
        ],
        "rows": [
            {
                "id": entry.pk,
                "url": f"{reverse('price:why')}?book={book.pk}&product={entry.product_id}",
                "cells": [
                    (entry.product.name, entry.product.sku),
                    unit_label(entry.product.unit, (get_language() or "en")[:2], one=True),
                    Rate(entry.unit_price, book.currency),
                ],
            }
            for entry in entries
        ],
        "empty": {"title": _("No prices here")},
    }


def _rule(rule: PriceRule) -> dict[str, Any]:
    return {
        "scope": parts.scope_of(rule),
        "since": rule.min_quantity if rule.min_quantity else None,
        "bps": rule.discount_bps,
        "label": rule.label,
        "remove_url": reverse("price:rule_remove", args=[rule.book_id, rule.pk]),
    }


def _rule_fields() -> list[dict[str, Any]]:
    return [
        {
            "name": "scope",
            "label": _("Product number or group"),
            "help": _("Leave it empty for everything."),
        },
        {"name": "min_quantity", "label": _("From quantity"), "type": "money", "value": "0"},
        {
            "name": "discount",
            "label": _("Discount"),
            "type": "money",
            "suffix": "%",
            "required": True,
            "help": _("A minus makes it a surcharge."),
        },
        {"name": "label", "label": _("Words for it")},
    ]


def _from(request: Request, start: int) -> str:
    query = request.GET.copy()
    query["from"] = str(start)
    return f"?{query.urlencode()}"


@page("price.edit")
def new(request: Request) -> HttpResponseBase:
    """Begin a price book."""
    if request.method != "POST":
        values = {"currency": "EUR", "valid_from": request.now.date().isoformat()}
        return _form(request, values, {}, "")

    def effect() -> dict[str, Any]:
        until = parts.posted(request, "last_day")
        book = actions.draft_book(
            actor=request.actor,
            now=request.now,
            name=parts.posted(request, "name"),
            currency=parts.posted(request, "currency").upper(),
            segment=parts.posted(request, "segment"),
            valid_from=parse_date(parts.posted(request, "valid_from")),
            valid_until=parse_date(until) + timedelta(days=1) if until else None,
        )
        return {"book_id": book.pk}

    try:
        made = once_posted(
            request, actor=request.actor, now=request.now, route="price.new", effect=effect
        )
    except Invalid as wrong:
        typed = {name: parts.posted(request, name) for name in request.POST}
        return _form(request, typed, parts.told_fields(wrong), worded(wrong.message, _), status=422)
    return go_to(request, reverse("price:record", args=[made["book_id"]]))


def _form(
    request: Request,
    values: dict[str, str],
    errors: dict[str, str],
    message: str,
    status: int = 200,
) -> HttpResponseBase:
    fields: list[dict[str, Any]] = [
        {"name": "name", "label": _("Name"), "required": True},
        {"name": "currency", "label": _("Currency"), "required": True},
        {
            "name": "segment",
            "label": _("For the price segment"),
            "help": _("Leave it empty for everybody."),
        },
        {"name": "valid_from", "label": _("First day"), "type": "date", "required": True},
        {"name": "last_day", "label": _("Last day"), "type": "date"},
    ]
    for field in fields:
        field |= {"value": values.get(field["name"], ""), "error": errors.get(field["name"], "")}
    context = {
        "header": {
            "title": _("New price book"),
            "trail": [(_("Price books"), reverse("price:list"))],
        },
        "fields": fields,
        "message": message,
        "action_url": request.path,
        "submit": _("Begin the book"),
    }
    return render(request, "price/form.html", context, status=status)


@page("price.edit")
def copy(request: Request, book_id: int) -> HttpResponseBase:
    """Begin the next version of a book."""
    book = queries.get_book(request.actor, book_id)
    if request.method == "POST":
        made = once_posted(
            request,
            actor=request.actor,
            now=request.now,
            route="price.copy",
            effect=lambda: {
                "book_id": actions.copy_book(
                    actor=request.actor,
                    now=request.now,
                    book_id=book_id,
                    name=parts.posted(request, "name"),
                    valid_from=parse_date(parts.posted(request, "valid_from")),
                ).pk
            },
        )
        return go_to(request, reverse("price:record", args=[made["book_id"]]))
    context = {
        "title": _("New version of %(name)s") % {"name": book.name},
        "header": {"title": _("New version of %(name)s") % {"name": book.name}},
        "fields": [
            {"name": "name", "label": _("Name"), "value": book.name, "required": True},
            {
                "name": "valid_from",
                "label": _("First day"),
                "type": "date",
                "value": (request.now + timedelta(days=1)).date().isoformat(),
                "required": True,
            },
        ],
        "action_url": request.path,
        "submit": _("Begin the new version"),
    }
    is_fragment = bool(request.headers.get("HX-Request"))
    return render(request, "price/dialog.html" if is_fragment else "price/form.html", context)


@page("price.edit")
def publish(request: Request, book_id: int) -> HttpResponseBase:
    """Publish a draft; where another book is in the way, say which and offer to end it."""
    if request.method != "POST":
        return go_to(request, reverse("price:record", args=[book_id]))
    try:
        actions.publish_book(
            actor=request.actor,
            now=request.now,
            book_id=book_id,
            end_previous="end_previous" in request.POST,
        )
    except BookOverlaps as overlap:
        book = queries.get_book(request.actor, book_id)
        other_id = overlap.facts["other_book_id"]
        other = queries.get_book(request.actor, other_id) if isinstance(other_id, int) else None
        context = {
            "header": _header(request, book),
            "message": overlap.message,
            "other": other,
            "can_end": other is not None and other.valid_from < book.valid_from,
            "book": book,
        }
        return render(request, "price/overlap.html", context, status=409)
    messages.success(request, _("The price book is published."))
    return go_to(request, reverse("price:record", args=[book_id]))


@page("price.edit")
def retire(request: Request, book_id: int) -> HttpResponseBase:
    """Stop using a book."""
    if request.method == "POST":
        actions.retire_book(actor=request.actor, now=request.now, book_id=book_id)
    return go_to(request, reverse("price:record", args=[book_id]))
