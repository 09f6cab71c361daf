"""Price books: the list, and one book with its prices and discounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from handsel.bid.price import queries
from handsel.bid.price.models import PriceBook, PriceEntry, PriceRule
from handsel.bid.price.rules.checks import Finding
from handsel.bid.price.web import parts, term_words
from handsel.bid.price.web.entries import grid, rule_fields, shown_entries
from handsel.bid.price.web.terms import notices
from handsel.ground.document.units import unit_label
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.rate import Rate
from handsel.ground.kernel.said import worded
from handsel.ground.platform.naming import shown_name
from handsel.ground.platform.timeline_view import timeline_of


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
            (shown_name(book.called), _("version %(version)s") % {"version": book.version}),
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
    return record_page(request, book_id)


def record_page(
    request: Request,
    book_id: int,
    typed: Mapping[str, str] | None = None,
    wrong: Invalid | None = None,
) -> HttpResponseBase:
    """The page of a book; `typed` is a discount that could not be added, `wrong` why."""
    book = queries.get_book(request.actor, book_id)
    may_edit = book.state == "draft" and request.actor.may("price.edit")
    found = queries.findings_of(book) if book.state == "draft" else []
    shown, groups = shown_entries(request, book), parts.groups_shown()
    context: dict[str, Any] = {
        "book": book,
        "header": header(request, book, found),
        "facts": _facts(book),
        "notices": notices(found),
        "may_edit": may_edit,
        "rules": [_rule(rule, groups) for rule in queries.rules_of(book_id)],
        "rule_fields": rule_fields(typed or {}, wrong),
        "rule_open": wrong is not None,
        "message": worded(wrong.message, _) if wrong else "",
        "timeline": timeline_of(("price_book", book_id)),
        "shown": shown,
    }
    if may_edit:
        context["grid"] = grid(book, shown)
    else:
        context["table"] = _table(book, shown.entries)
    return render(request, "price/record.html", context, status=422 if wrong else 200)


def header(request: Request, book: PriceBook, found: Sequence[Finding] = ()) -> dict[str, Any]:
    """What a book is and what can be done with it; `found` is what a publisher should know."""
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
    taken_out = {
        "label": _("Prices as CSV"),
        "url": reverse("price:entries_file", args=[book.pk]),
        "icon": "download",
    }
    if book.state == "draft":
        actions = _draft_actions(request, book, found, rules)
    else:
        actions = [*_kept_actions(request, book), rules]
    return {
        "title": shown_name(book.called),
        "number": _("version %(version)s") % {"version": book.version},
        "state": parts.STATES[book.state],
        "subtitle": f"{book.currency} · {parts.validity(book)}",
        "trail": [(_("Price books"), reverse("price:list"))],
        "actions": [*actions, why, taken_out],
    }


def _draft_actions(
    request: Request, book: PriceBook, found: Sequence[Finding], rules: dict[str, Any]
) -> list[dict[str, Any]]:
    publish = parts.action(
        request,
        _("Publish"),
        reverse("price:publish", args=[book.pk]),
        "check",
        method="post",
        confirm=_publish_question(book, found),
    )
    forbidding = [term_words.finding(one) for one in found if one.forbids]
    if publish["ok"] and forbidding:
        publish |= {"ok": False, "why_not": forbidding[0]}
    elif publish["ok"] and not PriceEntry.objects.filter(book=book).exists():
        publish |= {"ok": False, "why_not": _("it has no prices yet")}
    bring = parts.action(
        request,
        _("Bring in prices"),
        reverse("price:entries_import", args=[book.pk]),
        "upload",
        kind="secondary",
    )
    head = parts.action(
        request,
        _("Name and days"),
        reverse("price:head", args=[book.pk]),
        "pencil",
        kind="secondary",
    )
    aside = parts.action(
        request,
        _("Lay aside"),
        reverse("price:retire", args=[book.pk]),
        "ban",
        method="post",
        kind="danger",
        confirm=_("This draft is not going to be published. Lay it aside?"),
    )
    return [publish, bring, rules, head, aside]


def _publish_question(book: PriceBook, found: Sequence[Finding]) -> str:
    """What publishing does, with what a publisher should know."""
    said = [
        _("“%(name)s” is valid for everybody, %(days)s.")
        % {"name": shown_name(book.called), "days": parts.validity(book)}
        if not book.segment
        else _("“%(name)s” is valid for the segment %(segment)s, %(days)s.")
        % {"name": shown_name(book.called), "segment": book.segment, "days": parts.validity(book)}
    ]
    if found:
        said.append(
            ngettext(
                "%(count)s warning stands on this page.",
                "%(count)s warnings stand on this page.",
                len(found),
            )
            % {"count": len(found)}
        )
    return " ".join([*said, _("A published book never changes any more. Publish it?")])


def _kept_actions(request: Request, book: PriceBook) -> list[dict[str, Any]]:
    copy = parts.action(
        request,
        _("New version"),
        reverse("price:copy", args=[book.pk]),
        "copy",
        method="dialog",
    )
    retire = parts.action(
        request,
        _("Retire"),
        reverse("price:retire", args=[book.pk]),
        "ban",
        method="post",
        kind="danger",
        confirm=_("No new quote takes prices from this book any more. Retire it?"),
    )
    return [copy, retire] if book.state == "published" else [copy]


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
                    (shown_name(entry.product.called), entry.product.sku),
                    unit_label(entry.product.unit, (get_language() or "en")[:2], one=True),
                    Rate(entry.unit_price, book.currency),
                ],
            }
            for entry in entries
        ],
        "empty": {"title": _("No prices here")},
    }


def _rule(rule: PriceRule, groups: Mapping[str, str]) -> dict[str, Any]:
    return {
        "scope": parts.scope_of(rule, groups),
        "since": rule.min_quantity if rule.min_quantity else None,
        "bps": rule.discount_bps,
        "label": shown_name(rule.called),
        "remove_url": reverse("price:rule_remove", args=[rule.book_id, rule.pk]),
    }
