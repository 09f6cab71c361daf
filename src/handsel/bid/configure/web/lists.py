"""The room's landing page: what can be configured, and what was."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.configure import queries
from handsel.bid.configure.models import Configuration
from handsel.bid.configure.web.parts import STATES, number_in
from handsel.ground.identity.access import Request, page
from handsel.ground.platform.naming import shown_name

PAGE_SIZE = 50


@page("configure.view")
def configurations(request: Request) -> HttpResponseBase:
    """Configurations, last changed first, and what one can begin with."""
    text = request.GET.get("q", "")[:100]
    mine = request.GET.get("whose") != "all"
    start = _start(request)
    owner = request.actor.user_id if mine else None
    found = queries.configurations(request.actor, text=text, owner_id=owner)
    rows = list(found[start : start + PAGE_SIZE + 1])
    table = {
        "id": "configurations",
        "caption": _("Configurations"),
        "columns": [
            {"key": "title", "label": _("Configuration"), "format": "link"},
            {"key": "state", "label": _("State"), "format": "badge"},
            {"key": "model", "label": _("Product model"), "phone": False},
            {"key": "owner", "label": _("Owner"), "phone": False},
            {"key": "changed", "label": _("Last change"), "format": "instant"},
        ],
        "rows": [_row(one) for one in rows[:PAGE_SIZE]],
        "search": text,
        "search_label": _("Search configurations"),
        "filters": [
            {
                "name": "whose",
                "label": _("Whose"),
                "options": [("mine", _("Mine")), ("all", _("Everybody’s"))],
                "value": "mine" if mine else "all",
            }
        ],
        "shown": f"{start + 1}–{start + len(rows[:PAGE_SIZE])}" if rows else "",
        "next_url": _at(request, start + PAGE_SIZE) if len(rows) > PAGE_SIZE else "",
        "previous_url": _at(request, max(0, start - PAGE_SIZE)) if start else "",
        "empty": {
            "title": _("Nothing configured yet"),
            "text": _("Choose a product above to begin."),
            "icon": "settings",
        },
    }
    hidden = {name: number_in(request.GET.get(name, "")) for name in ("quote", "customer")}
    context = {
        "header": _header(request),
        "table": table,
        "products": _products(request),
        "hidden": {name: key for name, key in hidden.items() if key is not None},
    }
    return render(request, "configure/list.html", context)


def _row(one: Configuration) -> dict[str, Any]:
    version = one.version
    return {
        "id": one.pk,
        "url": reverse("configure:record", args=[one.pk]),
        "cells": [
            one.title,
            STATES[one.state],
            _("%(model)s, version %(no)s")
            % {"model": shown_name(version.model.called), "no": version.version_no},
            one.owner.name if one.owner else "",
            one.changed_at,
        ],
    }


def _header(request: Request) -> dict[str, Any]:
    models = {
        "label": _("Product models"),
        "url": reverse("configure:models"),
        "icon": "settings",
        "ok": request.actor.may("configure.model"),
        "why_not": _("Only product modellers open them"),
    }
    return {"title": _("Configurations"), "actions": [models]}


def _products(request: Request) -> list[dict[str, Any]]:
    if not request.actor.may("configure.edit"):
        return []
    return [
        {"title": shown_name(model.called), "url": reverse("configure:begin", args=[model.pk])}
        for model in queries.published_models()
    ]


def _start(request: Request) -> int:
    text = request.GET.get("from", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _at(request: Request, start: int) -> str:
    query = request.GET.copy()
    query["from"] = str(start)
    return f"?{query.urlencode()}"
