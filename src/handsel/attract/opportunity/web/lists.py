"""The list of deals, its views and its export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from handsel.attract.opportunity import actions, queries
from handsel.attract.opportunity.web import words
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.money import Money
from handsel.ground.platform.posted import go_to, once_posted
from handsel.ground.platform.spreadsheet import download

PAGE_SIZE = 50
DEEPEST = 10_000
Choice = tuple[int, str, str]
FILTERS = ("state", "stage", "owner", "currency", "closing", "step", "q")


def filters_of(request: Request) -> dict[str, str]:
    """The filters in the address, as far as this list knows them."""
    given = request.GET
    return {name: str(given[name]).replace("\x00", "")[:100] for name in FILTERS if given.get(name)}


@page("opportunity.view")
def opportunity_list(request: Request) -> HttpResponseBase:
    """Deals, newest first; nothing is counted unless it is asked for."""
    filters = filters_of(request)
    sort = request.GET.get("sort", "-created_at")
    start = _start(request.GET.get("from", ""))
    rows = queries.filtered(request.actor, filters, today=request.now.date())
    found, more = queries.page(rows, sort=sort, offset=start, limit=PAGE_SIZE)
    choices = queries.list_choices(request.actor)
    table = {
        "id": "opportunities",
        "caption": _("Opportunities"),
        "columns": _columns(),
        "rows": _rows(found, request),
        "sort": sort,
        "search": filters.get("q", ""),
        "search_label": _("Search by name or customer"),
        "views": _views(choices["view"], filters),
        "filters": _choices(choices, filters),
        "chips": _chips(filters),
        "exports": _exports(request, filters),
        "shown": f"{start + 1}–{start + len(found)}" if found else "",
        "count": queries.count(rows) if request.GET.get("count") and (more or start) else None,
        "previous_url": _at(request, start - PAGE_SIZE) if start else "",
        "next_url": _at(request, start + PAGE_SIZE) if more and start < DEEPEST else "",
        "empty": None if filters else _empty(),
    }
    here = urlencode(filters)
    context = {
        "header": _header(request, filters),
        "table": table,
        "query": here,
        "view_name": {"name": "name", "label": _("Name"), "required": True, "id": "view-name"},
        "shown_view": next((key for key, _n, query in choices["view"] if query == here), None),
        "can_save": bool(filters) and request.actor.user_id is not None,
    }
    return render(request, "opportunity/list.html", context)


def _header(request: Request, filters: dict[str, str]) -> dict[str, Any]:
    kept = {name: value for name, value in filters.items() if name in ("owner", "q")}
    board = f"{reverse('opportunity:board')}?{urlencode(kept)}"
    actions_: list[dict[str, Any]] = [
        {"label": _("Board"), "url": board, "icon": "layout-grid", "kind": "secondary"}
    ]
    if request.actor.may("opportunity.edit"):
        new = {"label": _("New opportunity"), "url": reverse("opportunity:new"), "icon": "plus"}
        actions_.insert(0, {**new, "kind": "primary"})
    if request.actor.may("lead.import"):
        outcomes = reverse("opportunity:outcomes")
        actions_.append({"label": _("Import outcomes"), "url": outcomes, "icon": "upload"})
    return {"title": _("Opportunities"), "actions": actions_}


def _columns() -> list[dict[str, Any]]:
    return [
        {"key": "name", "label": _("Opportunity"), "format": "link", "sortable": True},
        {"key": "stage", "label": _("Stage"), "format": "badge"},
        {"key": "step", "label": _("Next step"), "format": "badge", "phone": False},
        {"key": "owner", "label": _("Owner"), "phone": False},
        {
            "key": "expected_close_on",
            "label": _("Closes"),
            "format": "day",
            "sortable": True,
            "phone": False,
        },
        {
            "key": "created_at",
            "label": _("Opened"),
            "format": "day",
            "sortable": True,
            "phone": False,
        },
        {"key": "amount", "label": _("Amount"), "format": "money", "sortable": True},
    ]


def _rows(found: list[dict[str, Any]], request: Request) -> list[dict[str, Any]]:
    # The address is made once, not fifty times: resolving it costs more than the row.
    base = reverse("opportunity:record", args=[0]).removesuffix("0/")
    today = request.now.date()
    badges: dict[tuple[str, str], words.Badge] = {}
    rows = []
    for row in found:
        closes, state = row["expected_close_on"], row["state"]
        is_late = state == "open" and closes is not None and closes < today
        stage = (row["stage__name"], state)
        if stage not in badges:
            badges[stage] = words.stage_badge(*stage)
        step = words.next_step(
            row["next_subject"], row["next_due_at"], state=state, now=request.now
        )
        rows.append(
            {
                "id": row["id"],
                "url": f"{base}{row['id']}/",
                "state": "late" if is_late else ("muted" if state == "lost" else ""),
                "cells": (
                    (row["name"], row["organization__name"]),
                    badges[stage],
                    step,
                    row["owner__name"],
                    closes,
                    row["created_at"],
                    Money(row["amount_minor"], row["currency"]),
                ),
            }
        )
    return rows


def _views(saved: list[Choice], filters: dict[str, str]) -> list[tuple[Any, ...]]:
    views: list[tuple[str, dict[str, str]]] = [
        (_("All"), {}),
        (_("Open"), {"state": "open"}),
        (_("Mine"), {"state": "open", "owner": "me"}),
        (_("No next step"), {"step": "none"}),
        (_("Closing this month"), {"closing": "month"}),
        (_("Overdue"), {"closing": "overdue"}),
        (_("Won"), {"state": "won"}),
        (_("Lost"), {"state": "lost"}),
    ]
    plain = {name: value for name, value in filters.items() if name != "q"}
    shown: list[tuple[Any, ...]] = [
        (label, f"?{urlencode(wanted)}", plain == wanted, None) for label, wanted in views
    ]
    here = urlencode(filters)
    shown += [(name, f"?{query}", query == here, None) for _key, name, query in saved]
    return shown


def _choices(choices: dict[str, list[Choice]], filters: dict[str, str]) -> list[dict[str, Any]]:
    stages = [(str(key), _(name)) for key, name, _query in choices["stage"]]
    owners = [("me", _("Mine")), ("none", _("Nobody"))]
    owners += [(str(key), name) for key, name, _query in choices["owner"]]
    return [
        {
            "name": "stage",
            "label": _("Any stage"),
            "options": stages,
            "value": filters.get("stage", ""),
        },
        {
            "name": "owner",
            "label": _("Any owner"),
            "options": owners,
            "value": filters.get("owner", ""),
        },
    ]


def _chips(filters: dict[str, str]) -> list[tuple[str, str]]:
    said: dict[str, dict[str, Any]] = {
        "state": {key: label for key, (label, _kind) in words.STATES.items()},
        "closing": {"month": _("closing this month"), "overdue": _("overdue")},
        "step": {"none": _("no next step"), "late": _("next step late")},
        "currency": {},
    }
    chips = []
    for name, texts in said.items():
        if value := filters.get(name):
            rest = {key: kept for key, kept in filters.items() if key != name}
            chips.append((str(texts.get(value, value)), f"?{urlencode(rest)}"))
    return chips


def _exports(request: Request, filters: dict[str, str]) -> list[tuple[str, str]]:
    return [("CSV", f"{reverse('opportunity:export')}?{urlencode(filters)}")]


def _empty() -> dict[str, Any]:
    return {
        "title": _("No opportunities yet"),
        "text": _("Convert a lead, or open one for a customer who asked."),
        "icon": "target",
        "action": {"label": _("New opportunity"), "url": reverse("opportunity:new")},
    }


def _start(text: str) -> int:
    return min(int(text), DEEPEST) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _at(request: Request, start: int) -> str:
    query = request.GET.copy()
    query["from"] = str(max(0, start))
    return f"?{query.urlencode()}"


_FIELDS = (
    "id", "name", "state", "stage__name", "organization__name", "person__name", "owner__name",
    "amount_minor", "currency", "expected_close_on", "created_at", "closed_at", "lost_reason",
    "lost_to",
)  # fmt: skip
_HEAD = [name.replace("__name", "").replace("_minor", "") for name in _FIELDS]


@page("opportunity.view")
def export(request: Request) -> HttpResponseBase:
    """All deals the filters find, as CSV."""
    rows = queries.filtered(request.actor, filters_of(request), today=request.now.date())
    ordered = rows.order_by("-created_at", "-id").values_list(*_FIELDS)
    return download(request, "opportunities", _HEAD, _cells(ordered))


def _cells(rows: Any) -> Iterator[tuple[Any, ...]]:
    place = _FIELDS.index("amount_minor")
    for row in rows.iterator(chunk_size=2000):
        yield (*row[:place], Money(row[place], row[place + 1]), *row[place + 1 :])


@require_POST
@page("opportunity.view")
def save_view(request: Request) -> HttpResponseBase:
    """Give the filters of this address a name."""
    query = request.POST.get("query", "")

    def effect() -> dict[str, Any]:
        view = actions.save_view(
            actor=request.actor, now=request.now, name=request.POST.get("name", ""), query=query
        )
        return {"query": view.query}

    made = once_posted(
        request,
        actor=request.actor,
        now=request.now,
        route="opportunity:save_view",
        effect=effect,
    )
    messages.success(request, _("The view is kept"))
    return go_to(request, f"{reverse('opportunity:list')}?{made['query']}")


@require_POST
@page("opportunity.view")
def delete_view(request: Request, view_id: int) -> HttpResponseBase:
    """Forget one of the user's own views."""
    actions.delete_view(actor=request.actor, now=request.now, view_id=view_id)
    return go_to(request, reverse("opportunity:list"))
