"""The list of quotes, and beginning one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.errors import NotQuotable
from handsel.bid.quote.models import Quote
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.configured import open_drafts
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import HandselError, Invalid
from handsel.ground.kernel.money import Money
from handsel.ground.party import queries as party
from handsel.ground.platform.posted import go_to, once_posted
from handsel.ground.platform.spreadsheet import download

PAGE_SIZE = 50
SOON = timedelta(days=7)


@page("quote.view")
def quote_list(request: Request) -> HttpResponseBase:
    """Quotes, newest first."""
    text, state = parts.asked_text(request, "q"), parts.asked_text(request, "state")
    view = parts.asked_text(request, "view")
    start = parts.whole_number(request.GET.get("from", "")) or 0
    found = queries.listed(request.actor, _wanted(request, text, state, view))
    rows = list(found[start : start + PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    table = {
        "id": "quotes",
        "caption": _("Quotes"),
        "columns": _columns(),
        "rows": [_row(quote) for quote in shown],
        "search": text,
        "search_label": _("Search by number, title or customer"),
        "filters": [
            {
                "name": "state",
                "label": _("Any state"),
                "options": [(key, label) for key, (label, _kind) in parts.STATES.items()],
                "value": state,
            }
        ],
        "views": _views(view),
        "exports": [(_("CSV"), _address(request, "quote:export"))],
        "shown": f"{start + 1}–{start + len(shown)}" if shown else "",
        "previous_url": _from(request, max(0, start - PAGE_SIZE)) if start else "",
        "next_url": _from(request, start + PAGE_SIZE) if len(rows) > PAGE_SIZE else "",
        "empty": {
            "title": _("No quotes"),
            "text": _("Draft one from an opportunity, or for a customer."),
            "icon": "file-text",
        },
    }
    header = {
        "title": _("Quotes"),
        "actions": [
            {
                "label": _("New quote"),
                "url": reverse("quote:new"),
                "kind": "primary",
                "icon": "plus",
                "ok": request.actor.may("quote.edit"),
                "why_not": _("Your role may not change quotes"),
            },
            {
                "label": _("Quote templates"),
                "url": reverse("quote:templates"),
                "icon": "copy",
            },
            *_approval_links(request),
        ],
    }
    return render(request, "quote/list.html", {"header": header, "table": table})


def _approval_links(request: Request) -> list[dict[str, Any]]:
    rows = (
        (_("Approvals"), "quote:approvals", "quote.approve", "badge-check"),
        (_("Approval rules"), "quote:approval_rules", "quote.approval_rules", "scale"),
        (_("Proposal templates"), "quote:proposals", "quote.view", "file-text"),
    )
    return [
        {"label": label, "url": reverse(name), "icon": icon}
        for label, name, permission, icon in rows
        if request.actor.may(permission)
    ]


def _wanted(request: Request, text: str, state: str, view: str) -> queries.ListFilter:
    return queries.ListFilter(
        text=text,
        state=state if state in parts.STATES else "",
        owner_id=request.actor.user_id if view == "mine" else None,
        opportunity_id=parts.whole_number(request.GET.get("opportunity", "")),
        organization_id=parts.whole_number(request.GET.get("organization", "")),
        expires_before=(request.now + SOON).date() if view == "soon" else None,
    )


def _columns() -> list[dict[str, Any]]:
    return [
        {"key": "number", "label": _("Quote"), "format": "link"},
        {"key": "organization", "label": _("Customer")},
        {"key": "state", "label": _("State"), "format": "badge"},
        {"key": "gross", "label": _("Total"), "format": "money", "align": "right"},
        {"key": "valid_until", "label": _("Valid until"), "format": "day", "phone": False},
        {"key": "owner", "label": _("Owner"), "phone": False},
        {"key": "created_at", "label": _("Begun"), "format": "day", "phone": False},
    ]


def _row(quote: Quote) -> dict[str, Any]:
    amounts = queries.amounts_of(quote)
    return {
        "id": quote.pk,
        "url": reverse("quote:record", args=[quote.pk]),
        "cells": [
            (quote.title or quote.number, f"{quote.number} · v{amounts.version_no}"),
            quote.organization.name,
            parts.STATES[quote.state],
            Money(amounts.gross_minor, quote.currency),
            amounts.valid_until,
            quote.owner.name if quote.owner else "",
            quote.created_at,
        ],
        "state": "muted" if quote.state in ("withdrawn", "declined", "expired") else "",
    }


def _views(view: str) -> list[tuple[str, str, bool, None]]:
    names = {"": _("All"), "mine": _("Mine"), "soon": _("Expire within a week")}
    return [
        (label, f"?view={key}" if key else "?", key == view, None) for key, label in names.items()
    ]


def _from(request: Request, start: int) -> str:
    query = request.GET.copy()
    query["from"] = str(start)
    return f"?{query.urlencode()}"


def _address(request: Request, name: str) -> str:
    query = request.GET.urlencode()
    return reverse(name) + (f"?{query}" if query else "")


@page("quote.view")
def export(request: Request) -> HttpResponseBase:
    """The list as it is filtered, as CSV."""
    text, state = parts.asked_text(request, "q"), parts.asked_text(request, "state")
    wanted = _wanted(request, text, state, parts.asked_text(request, "view"))
    head = ["number", "title", "customer", "state", "currency", "net", "gross", "valid_until"]

    def rows() -> Iterator[list[Any]]:
        for quote in queries.listed(request.actor, wanted).iterator(chunk_size=500):
            amounts = queries.amounts_of(quote)
            yield [
                quote.number,
                quote.title,
                quote.organization.name,
                quote.state,
                quote.currency,
                Money(amounts.net_minor, quote.currency),
                Money(amounts.gross_minor, quote.currency),
                amounts.valid_until,
            ]

    return download(request, "quotes", head, rows())


@page("quote.edit")
def new(request: Request) -> HttpResponseBase:
    """Begin a quote: from an opportunity in one click, or for a customer that is chosen here."""
    given = request.POST if request.method == "POST" else request.GET
    opportunity_id = parts.whole_number(given.get("opportunity", ""))
    organization_id = parts.whole_number(given.get("organization", ""))
    configuration_id = parts.whole_number(given.get("configuration", ""))
    if request.method != "POST":
        return _form(request, opportunity_id, organization_id, "")
    lines = (
        [NewLine(product_id=0, quantity=Decimal(1), configuration_id=configuration_id)]
        if configuration_id is not None
        else []
    )
    made: dict[str, Any] = {}

    def effect() -> dict[str, Any]:
        version = actions.draft_quote(
            actor=request.actor,
            now=request.now,
            opportunity_id=opportunity_id,
            organization_id=organization_id,
            title=parts.posted_text(request, "title"),
            lines=lines,
        )
        return {"quote_id": version.quote_id}

    try:
        made = once_posted(
            request, actor=request.actor, now=request.now, route="quote.new", effect=effect
        )
    except (Invalid, NotQuotable) as wrong:
        return _form(request, opportunity_id, organization_id, wrong.message, status=422)
    return go_to(request, reverse("quote:record", args=[made["quote_id"]]))


def _form(
    request: Request,
    opportunity_id: int | None,
    organization_id: int | None,
    message: str,
    status: int = 200,
) -> HttpResponseBase:
    text = parts.asked_text(request, "customer")
    title, customers = "", []
    try:
        if opportunity_id is not None:
            deal = queries.get_opportunity(request.actor, opportunity_id)
            title, organization_id = deal.name, organization_id or deal.organization_id
        if organization_id is not None:
            customers = [party.get_organization(organization_id)]
        else:
            customers = list(party.search_organizations(text, limit=30))
    except HandselError as refused:
        message = message or refused.message
    given = request.POST if request.method == "POST" else request.GET
    configuration_id = parts.whole_number(given.get("configuration", ""))
    context = {
        "configuration_id": configuration_id,
        "drafts": open_drafts(request) if configuration_id is not None else [],
        "header": {
            "title": _("New quote"),
            "trail": [(_("Quotes"), reverse("quote:list"))],
        },
        "customer": text,
        "customers": customers,
        "opportunity_id": opportunity_id,
        "organization_id": organization_id,
        "title_field": {"name": "title", "label": _("Title"), "value": title},
        "message": message,
    }
    return render(request, "quote/new.html", context, status=status)
