"""A book's rules in the written form, what a publisher should know, and what quotes it touches."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.catalog.queries import facts_of, ids_of
from handsel.bid.catalog.queries import groups as product_groups
from handsel.bid.price import actions, queries
from handsel.bid.price.models import BookTerm, PriceBook
from handsel.bid.price.queries import trial
from handsel.bid.price.queries.trial import Tried
from handsel.bid.price.rules.case.reading import strict_json
from handsel.bid.price.rules.mass_change import PriceChange
from handsel.bid.price.rules.stored import KINDS, NewTerm
from handsel.bid.price.web import parts
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid, NotFound
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.rate import Rate
from handsel.ground.platform.posted import go_to


@page("price.view")
def terms(request: Request, book_id: int) -> HttpResponseBase:
    """Rules, warnings, a mass change with its preview, and the book tried on quotes."""
    book = queries.get_book(request.actor, book_id)
    tried_on = parts.asked(request, "on")
    context: dict[str, Any] = {
        "book": book,
        "header": {
            "title": _("Rules and trial of %(name)s") % {"name": book.name},
            "trail": [
                (_("Price books"), reverse("price:list")),
                (book.name, reverse("price:record", args=[book.pk])),
            ],
        },
        "notices": notices(book),
        "rows": [_row(term) for term in queries.terms_of(book_id).select_related("product")],
        "may_edit": book.state == "draft" and request.actor.may("price.edit"),
        "fields": _fields(),
        "percent": parts.asked(request, "percent"),
        "tried_on": tried_on,
    }
    try:
        if context["percent"]:
            context["preview"] = _preview(book, _change(context["percent"]))
        if tried_on:
            context["trial"] = _trial(request, book, tried_on)
    except Invalid as wrong:
        context["message"] = wrong.message
    return render(request, "price/terms.html", context)


def notices(book: PriceBook) -> list[dict[str, str]]:
    """What a publisher should know of a book, as notices; a draft's only."""
    if book.state != "draft":
        return []
    return [
        {"text": found.message, "kind": "bad" if found.forbids else "warn"}
        for found in queries.findings_of(book)
    ]


def _row(term: BookTerm) -> dict[str, Any]:
    scope = term.product_group or _("Everything")
    if term.product is not None:
        scope = f"{term.product.sku} {term.product.name}"
    return {
        "kind": term.kind,
        "scope": scope,
        "text": json.dumps(term.definition, ensure_ascii=False),
        "remove_url": reverse("price:term_remove", args=[term.book_id, term.pk]),
    }


def _fields() -> list[dict[str, Any]]:
    return [
        {
            "name": "kind",
            "label": _("Kind"),
            "type": "select",
            "options": [(kind, kind) for kind in KINDS],
            "required": True,
        },
        {
            "name": "scope",
            "label": _("Product number or group"),
            "help": _("Leave it empty for everything."),
        },
        {
            "name": "definition",
            "label": _("Rule in the written form"),
            "type": "textarea",
            "rows": 5,
            "required": True,
            "placeholder": '{"kind": "slab", "steps": [{"from": "1", "percent": "5"}]}',
        },
    ]


def _change(percent: str) -> PriceChange:
    value = parts.number(percent, "percent", scale=2, minimum=-100, maximum=1000)
    return PriceChange(percent_bps=int(value * 100))


def _preview(book: PriceBook, change: PriceChange) -> dict[str, Any]:
    changed = queries.changed_prices(book.pk, change)
    products = facts_of(list(changed)[:100])
    return {
        "id": "preview",
        "caption": _("Prices that change"),
        "columns": [
            {"key": "product", "label": _("Product")},
            {"key": "before", "label": _("So far"), "format": "rate", "align": "right"},
            {"key": "after", "label": _("Then"), "format": "rate", "align": "right"},
        ],
        "rows": [
            {
                "id": key,
                "cells": [
                    product.title,
                    Rate(changed[key][0], book.currency),
                    Rate(changed[key][1], book.currency),
                ],
            }
            for key, product in products.items()
        ],
        "empty": {"title": _("No price changes")},
    }


def _trial(request: Request, book: PriceBook, tried_on: str) -> dict[str, Any]:
    if tried_on == "quarter":
        since, until = trial.quarter_before(request.now.date())
        found = trial.tried_on_days(actor=request.actor, book=book, since=since, until=until)
    else:
        found = trial.tried_on_open_quotes(actor=request.actor, book=book)
    return {
        "id": "trial",
        "caption": _("Quotes under this book"),
        "columns": [
            {"key": "quote", "label": _("Quote"), "format": "link"},
            {"key": "before", "label": _("So far"), "format": "money", "align": "right"},
            {"key": "after", "label": _("Then"), "format": "money", "align": "right"},
            {"key": "why", "label": _("Change"), "align": "right"},
        ],
        "rows": [_tried_row(one) for one in found],
        "empty": {"title": _("No quotes in this currency")},
    }


def _tried_row(one: Tried) -> dict[str, Any]:
    deal = one.deal
    then = Money(one.net_minor, deal.currency) if one.net_minor is not None else None
    return {
        "id": deal.quote_id,
        "url": reverse("quote:record", args=[deal.quote_id]),
        "cells": [
            (deal.number or f"#{deal.quote_id}", ""),
            Money(deal.net_minor, deal.currency),
            then,
            one.refused or Money(one.change_minor, deal.currency).text(),
        ],
    }


@page("price.edit")
def term_add(request: Request, book_id: int) -> HttpResponseBase:
    """Add a rule to a draft."""
    if request.method == "POST":
        try:
            actions.add_terms(
                actor=request.actor, now=request.now, book_id=book_id, terms=[_term(request)]
            )
        except (Invalid, NotFound) as wrong:
            messages.error(request, wrong.message)
    return go_to(request, reverse("price:terms", args=[book_id]))


def _term(request: Request) -> NewTerm:
    scope = parts.posted(request, "scope")
    is_group = scope in product_groups()
    definition = strict_json(parts.posted(request, "definition"))
    if not isinstance(definition, dict):
        raise Invalid(_("The rule is an object {…} of the written form."), code="price_case")
    return NewTerm(
        kind=parts.posted(request, "kind"),
        definition=definition,
        product_id=ids_of([scope])[scope] if scope and not is_group else None,
        product_group=scope if is_group else "",
    )


@page("price.edit")
def term_remove(request: Request, book_id: int, term_id: int) -> HttpResponseBase:
    """Take a rule out of a draft."""
    if request.method == "POST":
        actions.remove_term(actor=request.actor, now=request.now, book_id=book_id, term_id=term_id)
    return go_to(request, reverse("price:terms", args=[book_id]))


@page("price.edit")
def change(request: Request, book_id: int) -> HttpResponseBase:
    """Make a mass change that was previewed."""
    if request.method == "POST":
        try:
            made = actions.change_prices(
                actor=request.actor,
                now=request.now,
                book_id=book_id,
                change=_change(parts.posted(request, "percent")),
            )
            messages.success(request, _("%(count)s prices changed.") % {"count": len(made)})
        except Invalid as wrong:
            messages.error(request, wrong.message)
    return go_to(request, reverse("price:record", args=[book_id]))
