"""The list of leads, its export, and what is done to many at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handsel.attract.lead import actions, queries
from handsel.attract.lead.web import words
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid, Refused
from handsel.ground.kernel.said import said
from handsel.ground.platform.posted import go_to, once_posted
from handsel.ground.platform.spreadsheet import download

PAGE_SIZE = 50
DEEPEST = 10_000
MOST_AT_ONCE = 200
FILTERS = ("state", "owner", "source", "channel", "waiting", "q")


def _filters(request: Request) -> dict[str, str]:
    return {
        name: request.GET.get(name, "").replace("\x00", "")[:100]
        for name in FILTERS
        if request.GET.get(name)
    }


@page("lead.view")
def lead_list(request: Request) -> HttpResponseBase:
    """Leads, newest first; what waits for an answer is one click away."""
    filters = _filters(request)
    sort = request.GET.get("sort", "-asked_at")
    start = _start(request.GET.get("from", ""))
    rows = queries.filtered(request.actor, filters)
    found, more = queries.page(rows, sort=sort, offset=start, limit=PAGE_SIZE)
    table = {
        "id": "leads",
        "caption": _("Leads"),
        "columns": _columns(),
        "rows": [_row(row, request) for row in found],
        "sort": sort,
        "search": filters.get("q", ""),
        "search_label": _("Name, company, mail or number"),
        "views": _views(filters),
        "filters": _choices(request, filters),
        "chips": _chips(filters),
        "bulk": _bulk(request),
        "exports": [("CSV", f"{reverse('lead:export')}?{urlencode(filters)}")],
        "shown": f"{start + 1}–{start + len(found)}" if found else "",
        "previous_url": _at(request, start - PAGE_SIZE) if start else "",
        "next_url": _at(request, start + PAGE_SIZE) if more and start < DEEPEST else "",
        "empty": _empty(filters),
    }
    return render(request, "lead/list.html", {"header": _header(request), "table": table})


def _header(request: Request) -> dict[str, Any]:
    actor = request.actor
    offers = [
        ("lead.edit", _("New lead"), "lead:new", "primary", "plus"),
        ("lead.import", _("Import"), "lead:imports", "secondary", "upload"),
        ("lead.edit", _("Forms"), "lead:forms", "secondary", "file-text"),
    ]
    return {
        "title": _("Leads"),
        "actions": [
            {"label": label, "url": reverse(name), "kind": kind, "icon": icon}
            for permission, label, name, kind, icon in offers
            if actor.may(permission)
        ],
    }


def _columns() -> list[dict[str, Any]]:
    return [
        {"key": "name", "label": _("Lead"), "format": "link"},
        {"key": "state", "label": _("State"), "format": "badge"},
        {"key": "response", "label": _("Response"), "format": "badge"},
        {"key": "interest", "label": _("Interest"), "phone": False},
        {"key": "source", "label": _("Source"), "phone": False},
        {"key": "owner", "label": _("Owner"), "phone": False},
        {"key": "asked_at", "label": _("Asked"), "format": "instant", "sortable": True},
    ]


def _row(row: dict[str, Any], request: Request) -> dict[str, Any]:
    clock = queries.response_of_row(row, now=request.now)
    name = row["person_name"] or row["company_name"] or row["email"] or row["number"]
    under = " · ".join(
        part for part in (row["number"], row["company_name"]) if part and part != name
    )
    closed = row["state"] in ("converted", "disqualified")
    return {
        "id": row["id"],
        "url": reverse("lead:record", args=[row["id"]]),
        "state": "muted" if row["state"] == "disqualified" else "",
        "cells": [
            (name, under),
            words.STATES[row["state"]],
            None if closed and clock.state == "waiting" else words.response_badge(clock),
            row["interest"],
            words.source(row["source"]),
            row["owner__name"],
            row["asked_at"],
        ],
    }


def _views(filters: dict[str, str]) -> list[tuple[Any, ...]]:
    views: list[tuple[str, dict[str, str]]] = [
        (_("All"), {}),
        (_("Waiting for an answer"), {"waiting": "1"}),
        (_("Mine"), {"owner": "me", "state": "open"}),
        (_("Without owner"), {"owner": "none", "state": "open"}),
        (_("Qualified"), {"state": "qualified"}),
    ]
    plain = {name: value for name, value in filters.items() if name != "q"}
    return [(label, f"?{urlencode(wanted)}", plain == wanted, None) for label, wanted in views]


def _choices(request: Request, filters: dict[str, str]) -> list[dict[str, Any]]:
    sources = [(text or "-", words.source(text)) for text in queries.sources(request.actor)]
    owners = [("me", _("Mine")), ("none", _("Nobody")), *queries.owners(request.actor)]
    states = [("open", _("Open")), *((key, label) for key, (label, _k) in words.STATES.items())]
    return [
        _choice("state", _("Any state"), states, filters),
        _choice("owner", _("Any owner"), [(str(k), name) for k, name in owners], filters),
        _choice("source", _("Any source"), sources, filters),
    ]


def _choice(name: str, label: str, options: list[Any], filters: dict[str, str]) -> dict[str, Any]:
    return {"name": name, "label": label, "options": options, "value": filters.get(name, "")}


def _chips(filters: dict[str, str]) -> list[tuple[str, str]]:
    chips = []
    if filters.get("waiting"):
        rest = {name: value for name, value in filters.items() if name != "waiting"}
        chips.append((_("waiting for an answer"), f"?{urlencode(rest)}"))
    if channel := filters.get("channel"):
        rest = {name: value for name, value in filters.items() if name != "channel"}
        chips.append((str(words.CHANNELS.get(channel, channel)), f"?{urlencode(rest)}"))
    return chips


def _bulk(request: Request) -> list[dict[str, Any]]:
    if not request.actor.may("lead.edit"):
        return []
    return [
        {"label": _("Take"), "url": reverse("lead:take_many")},
        {
            "label": _("Spam"),
            "url": reverse("lead:spam_many"),
            "kind": "danger",
            "confirm": _("Give the selected leads up as spam?"),
        },
    ]


def _empty(filters: dict[str, str]) -> dict[str, Any] | None:
    if filters:
        return None
    return {
        "title": _("No leads yet"),
        "text": _("Put a form on your website, import a list, or write down who called."),
        "icon": "sprout",
        "action": {"label": _("Make a form"), "url": reverse("lead:form_new")},
    }


def _start(text: str) -> int:
    return min(int(text), DEEPEST) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _at(request: Request, start: int) -> str:
    query = request.GET.copy()
    query["from"] = str(max(0, start))
    return f"?{query.urlencode()}"


@page("lead.view")
def lead_export(request: Request) -> HttpResponseBase:
    """All leads the filters find, as CSV."""
    rows = queries.filtered(request.actor, _filters(request)).order_by("-asked_at", "-id")
    return download(request, "leads", _HEAD, _cells(rows.values_list(*_FIELDS)))


_FIELDS = (
    "number", "state", "person_name", "company_name", "email", "phone", "country", "interest",
    "channel", "source", "owner__name", "asked_at", "captured_at", "converted_at",
    "disqualified_reason", "excluded_from_response",
)  # fmt: skip
_HEAD = [name.replace("owner__name", "owner") for name in _FIELDS]


def _cells(rows: Any) -> Iterator[tuple[Any, ...]]:
    yield from rows.iterator(chunk_size=2000)


@page("lead.edit")
def take_many(request: Request) -> HttpResponseBase:
    """Make the signed-in user the owner of the selected leads."""

    def take(lead_id: int) -> None:
        actions.assign(
            actor=request.actor, now=request.now, lead_id=lead_id, owner_id=request.actor.user_id
        )

    return _each(request, "lead:take_many", take)


@page("lead.edit")
def spam_many(request: Request) -> HttpResponseBase:
    """Give the selected leads up as spam."""

    def give_up(lead_id: int) -> None:
        actions.disqualify(actor=request.actor, now=request.now, lead_id=lead_id, reason="spam")

    return _each(request, "lead:spam_many", give_up)


def _each(request: Request, route: str, act: Any) -> HttpResponseBase:
    """Do one act to every selected lead; says how many took it and how many would not."""
    chosen = [int(text) for text in request.POST.getlist("ids") if text.isdecimal()]
    if not chosen or len(chosen) > MOST_AT_ONCE:
        raise Invalid(
            said("select 1 to %(most_at_once)s leads", most_at_once=MOST_AT_ONCE), code="selection"
        )

    def effect() -> dict[str, Any]:
        refused = 0
        for lead_id in chosen:
            try:
                act(lead_id)
            except Refused:
                refused += 1
        return {"done": len(chosen) - refused, "refused": refused}

    answered = once_posted(
        request, actor=request.actor, now=request.now, route=route, effect=effect
    )
    done = answered["done"]
    text = ngettext("%(n)d lead changed", "%(n)d leads changed", done) % {"n": done}
    if answered["refused"]:
        text += " · " + _("%(n)d are closed and stay as they are") % {"n": answered["refused"]}
    messages.success(request, text)
    return go_to(request, reverse("lead:list"))
