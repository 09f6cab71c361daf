"""A book's rules in the written form, what a publisher should know, and what quotes it touches."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.price import actions, queries
from handsel.bid.price.models import BookTerm, PriceBook
from handsel.bid.price.queries import trial
from handsel.bid.price.rules.checks import Finding
from handsel.bid.price.rules.stored import KINDS
from handsel.bid.price.rules.term_form import FORMS
from handsel.bid.price.web import mass_change, parts, term_words
from handsel.bid.price.web.term_products import named_products
from handsel.ground.document.formatting import readers_day
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import worded
from handsel.ground.platform.naming import shown_name
from handsel.ground.platform.posted import go_to

MOST_UNFOLDED = 8


@page("price.view")
def terms(request: Request, book_id: int) -> HttpResponseBase:
    """Rules, warnings, a mass change with its preview, and the book tried on quotes."""
    book = queries.get_book(request.actor, book_id)
    tried_on = parts.asked(request, "on")
    kept = queries.terms_of(book_id).select_related("product", "book")
    groups = parts.groups_shown()
    context: dict[str, Any] = {
        "book": book,
        "header": {
            "title": _("Rules and trial of %(name)s") % {"name": shown_name(book.called)},
            "trail": [
                (_("Price books"), reverse("price:list")),
                (shown_name(book.called), reverse("price:record", args=[book.pk])),
            ],
        },
        "notices": notices(queries.findings_of(book) if book.state == "draft" else []),
        **_grouped([_row(request, term, groups) for term in kept]),
        "may_edit": book.state == "draft" and request.actor.may("price.edit"),
        "adding": _adding(request, book),
        "change_fields": mass_change.fields(request, book.currency),
        "tried_on": tried_on,
    }
    try:
        if mass_change.is_asked(request):
            context |= mass_change.preview(request, book)
        if tried_on:
            context["trial"] = _trial(request, book, tried_on)
    except Invalid as wrong:
        context["message"] = worded(wrong.message, _)
        context["change_fields"] = mass_change.fields(request, book.currency, wrong)
    return render(request, "price/terms.html", context)


def notices(found: Sequence[Finding]) -> list[dict[str, str]]:
    """What a publisher should know of a book, as notices."""
    return [
        {"text": term_words.finding(one), "kind": "bad" if one.forbids else "warn"} for one in found
    ]


def _grouped(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Rules as they are; those of a product or group with many of them folded together."""
    by_scope: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_scope.setdefault(row["scope"], []).append(row)
    many = {scope: of for scope, of in by_scope.items() if len(of) > MOST_UNFOLDED}
    return {
        "rows": rows,
        "few": [row for row in rows if row["scope"] not in many],
        "groups": [{"scope": scope, "rows": of} for scope, of in many.items()],
    }


def _row(request: Request, term: BookTerm, groups: Mapping[str, str]) -> dict[str, Any]:
    is_hidden = queries.tells_costs(term.kind, term.definition) and not request.actor.may(
        "cost.view"
    )
    return {
        "kind": term_words.kind_name(term.kind),
        "scope": parts.scope_of(term, groups),
        "told": term_words.told(term, request.actor),
        "text": ""
        if is_hidden
        else json.dumps(named_products(term.kind, term.definition), ensure_ascii=False),
        "edit_url": "" if is_hidden else reverse("price:term_edit", args=[term.book_id, term.pk]),
        "remove_url": reverse("price:term_remove", args=[term.book_id, term.pk]),
    }


def _adding(request: Request, book: PriceBook) -> dict[str, list[dict[str, Any]]]:
    """Kinds of rules to add: those with a form, and those of the written form alone."""
    rows: dict[str, list[dict[str, Any]]] = {"forms": [], "written": []}
    for kind in dict.fromkeys((*FORMS, *KINDS)):
        if kind == "cost_plus" and not request.actor.may("cost.view"):
            continue
        rows["forms" if kind in FORMS else "written"].append(
            {
                "label": term_words.kind_name(kind),
                "url": reverse("price:term_new", args=[book.pk, kind]),
            }
        )
    return rows


def _trial(request: Request, book: PriceBook, tried_on: str) -> dict[str, Any]:
    if tried_on == "quarter":
        since, until = trial.quarter_before(request.now.date())
        found = trial.tried_on_days(actor=request.actor, book=book, since=since, until=until)
        title = _("Quotes begun from %(since)s to %(until)s, under this book") % {
            "since": readers_day(since),
            "until": readers_day(until - timedelta(days=1)),
        }
    else:
        found = trial.tried_on_open_quotes(actor=request.actor, book=book)
        title = _("Open quotes under this book")
    return mass_change.tried_table(found, "trial", title, _("No quotes in this currency"))


@page("price.edit")
def term_remove(request: Request, book_id: int, term_id: int) -> HttpResponseBase:
    """Take a rule out of a draft."""
    if request.method == "POST":
        actions.remove_term(actor=request.actor, now=request.now, book_id=book_id, term_id=term_id)
    return go_to(request, reverse("price:terms", args=[book_id]))
