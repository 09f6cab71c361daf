"""The list of products."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.catalog import queries
from handsel.bid.catalog.models import Product
from handsel.bid.catalog.rules.product_file import COLUMNS
from handsel.bid.catalog.web.parts import (
    KINDS,
    LIFECYCLES,
    asked,
    request_language,
)
from handsel.ground.document.units import unit_label
from handsel.ground.identity.access import Request, page
from handsel.ground.platform.naming import shown_name
from handsel.ground.platform.spreadsheet import download

PAGE_SIZE = 50


@page("catalog.view")
def product_list(request: Request) -> HttpResponseBase:
    """Products by number."""
    filters = {name: asked(request, name) for name in ("kind", "lifecycle", "group")}
    text, start = asked(request, "q"), asked(request, "from")
    first = int(start) if start.isascii() and start.isdigit() and len(start) < 9 else 0
    found = queries.listed(text=text, **filters)
    rows = list(found[first : first + PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    groups = {key: shown_name(name) for key, name in queries.group_names().items()}
    table = {
        "id": "products",
        "caption": _("Products"),
        "columns": [
            {"key": "name", "label": _("Product"), "format": "link"},
            {"key": "lifecycle", "label": _("State"), "format": "badge"},
            {"key": "kind", "label": _("Kind")},
            {"key": "group", "label": _("Group"), "phone": False},
            {"key": "unit", "label": _("Unit"), "phone": False},
            {"key": "stock", "label": _("Kept in stock"), "phone": False},
        ],
        "rows": [_row(product, groups) for product in shown],
        "search": text,
        "search_label": _("Search by number or name"),
        "filters": _filters(filters, groups),
        "exports": [(_("CSV"), f"{reverse('catalog:export')}?{request.GET.urlencode()}")],
        "shown": f"{first + 1}–{first + len(shown)}" if shown else "",
        "previous_url": _from(request, max(0, first - PAGE_SIZE)) if first else "",
        "next_url": _from(request, first + PAGE_SIZE) if len(rows) > PAGE_SIZE else "",
        "empty": {
            "title": _("No products"),
            "text": _("Add one, or import a file of them."),
            "icon": "package",
        },
    }
    header = {"title": _("Products"), "actions": _list_actions(request)}
    return render(request, "catalog/list.html", {"header": header, "table": table})


def _filters(values: Mapping[str, str], groups: Mapping[str, str]) -> list[dict[str, Any]]:
    options: dict[str, list[tuple[str, Any]]] = {
        "lifecycle": [(key, label) for key, (label, _kind) in LIFECYCLES.items()],
        "kind": list(KINDS.items()),
        "group": list(groups.items()),
    }
    labels = {"lifecycle": _("Any state"), "kind": _("Any kind"), "group": _("Any group")}
    return [
        {"name": name, "label": labels[name], "options": found, "value": values[name]}
        for name, found in options.items()
        if found
    ]


def _list_actions(request: Request) -> list[dict[str, Any]]:
    may = request.actor.may("catalog.edit")
    why_not = _("Your role may not change products")
    return [
        {
            "label": _("New product"),
            "url": reverse("catalog:new"),
            "kind": "primary",
            "icon": "plus",
            "ok": may,
            "why_not": why_not,
        },
        {
            "label": _("Import"),
            "url": reverse("catalog:import"),
            "icon": "upload",
            "ok": may,
            "why_not": why_not,
        },
        {"label": _("Product groups"), "url": reverse("catalog:groups"), "icon": "tag"},
        *_costs_action(request),
    ]


def _costs_action(request: Request) -> list[dict[str, Any]]:
    """The way to a list of costs, for those who may set them; nobody else hears of it."""
    if not request.actor.may("cost.edit"):
        return []
    return [{"label": _("Import costs"), "url": reverse("catalog:costs_import"), "icon": "upload"}]


def _row(product: Product, groups: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": product.pk,
        "url": reverse("catalog:record", args=[product.pk]),
        "cells": [
            (shown_name(product.called), product.sku),
            LIFECYCLES[product.lifecycle],
            KINDS[product.kind],
            groups.get(product.group, product.group),
            unit_label(product.unit, request_language(), one=True),
            _("yes") if product.is_stocked else "",
        ],
        "state": "muted" if product.lifecycle == "phased_out" else "",
    }


def _from(request: Request, start: int) -> str:
    query = request.GET.copy()
    query["from"] = str(start)
    return f"?{query.urlencode()}"


@page("catalog.view")
def export(request: Request) -> HttpResponseBase:
    """The list as it is filtered, in the form the import reads."""
    filters = {name: asked(request, name) for name in ("kind", "lifecycle", "group")}
    found = queries.listed(text=asked(request, "q"), **filters)

    def rows() -> Iterator[list[Any]]:
        for product in found.iterator(chunk_size=500):
            values = [getattr(product, name) for name in COLUMNS]
            yield [_plain(value) for value in values]

    return download(request, "products", list(COLUMNS), rows())


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value
