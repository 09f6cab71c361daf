"""The list of orders, its export, and the release of many at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from handsel.commit.order import actions, queries
from handsel.commit.order.models import Order
from handsel.commit.order.rules.transitions import ORDER_STATES
from handsel.commit.order.web import words
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid, Refused
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import said
from handsel.ground.platform.posted import go_to, once_posted
from handsel.ground.platform.spreadsheet import download

PAGE_SIZE = 50
DEEPEST = 10_000
MOST_AT_ONCE = 100
FILTERS = ("state", "held", "q")


def _filters(request: Request) -> dict[str, str]:
    return {
        name: request.GET.get(name, "").replace("\x00", "")[:100]
        for name in FILTERS
        if request.GET.get(name)
    }


def _wanted(filters: dict[str, str]) -> queries.ListFilter:
    state = filters.get("state", "")
    return queries.ListFilter(
        text=filters.get("q", "").strip(),
        state=state if state in ORDER_STATES else "",
        held={"1": True, "0": False}.get(filters.get("held", "")),
    )


@page("order.view")
def order_list(request: Request) -> HttpResponseBase:
    """Orders, newest first; what waits at the desk is one click away."""
    filters = _filters(request)
    start = _start(request.GET.get("from", ""))
    found = queries.listed(request.actor, _wanted(filters))
    sort = "placed_at" if request.GET.get("sort") == "placed_at" else "-placed_at"
    if sort == "placed_at":
        found = found.order_by("placed_at", "pk")
    rows = list(found[start : start + PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    table = {
        "id": "orders",
        "caption": _("Orders"),
        "columns": _columns(),
        "rows": [_row(order) for order in shown],
        "sort": sort,
        "search": filters.get("q", ""),
        "search_label": _("Search by number, purchase order or customer"),
        "views": _views(filters),
        "filters": [_state_filter(filters)],
        "bulk": _bulk(request),
        "exports": [("CSV", f"{reverse('order:export')}?{urlencode(filters)}")],
        "shown": f"{start + 1}–{start + len(shown)}" if shown else "",
        "previous_url": _at(request, start - PAGE_SIZE) if start else "",
        "next_url": _at(request, start + PAGE_SIZE)
        if len(rows) > PAGE_SIZE and start < DEEPEST
        else "",
        "empty": _empty(filters),
    }
    return render(request, "order/list.html", {"header": {"title": _("Orders")}, "table": table})


def _columns() -> list[dict[str, Any]]:
    return [
        {"key": "number", "label": pgettext("document", "Order"), "format": "link"},
        {"key": "state", "label": _("State"), "format": "badge"},
        {"key": "purchase_order", "label": _("Purchase order"), "phone": False},
        {"key": "requested_on", "label": _("Wanted"), "format": "day", "phone": False},
        {"key": "placed_at", "label": _("Placed"), "format": "day", "sortable": True},
        {"key": "gross", "label": _("Total"), "format": "money"},
    ]


def _row(order: Order) -> dict[str, Any]:
    is_held: bool = order.is_held  # type: ignore[attr-defined]  # annotated by the query
    return {
        "id": order.pk,
        "url": reverse("order:record", args=[order.pk]),
        "state": "muted" if order.state == "cancelled" else "",
        "why_not_select": "" if order.state == "placed" else _("not waiting at the desk"),
        "cells": [
            (order.number, order.organization.name),
            words.state_of(order, is_held=is_held),
            order.purchase_order,
            order.requested_on,
            order.placed_at,
            Money(order.gross_minor, order.currency),
        ],
    }


def _views(filters: dict[str, str]) -> list[tuple[Any, ...]]:
    views: list[tuple[str, dict[str, str]]] = [
        (_("All"), {}),
        (_("To be checked"), {"state": "placed"}),
        (_("On hold"), {"held": "1"}),
        (_("At work"), {"state": "released", "held": "0"}),
        (_("Delivered"), {"state": "completed"}),
    ]
    plain = {name: value for name, value in filters.items() if name != "q"}
    return [(label, f"?{urlencode(wanted)}", plain == wanted, None) for label, wanted in views]


def _state_filter(filters: dict[str, str]) -> dict[str, Any]:
    return {
        "name": "state",
        "label": _("Any state"),
        "options": [(key, label) for key, (label, _kind) in words.STATES.items()],
        "value": filters.get("state", ""),
    }


def _bulk(request: Request) -> list[dict[str, Any]]:
    if not request.actor.may("order.release"):
        return []
    return [{"label": _("Release"), "url": reverse("order:release_many")}]


def _empty(filters: dict[str, str]) -> dict[str, Any] | None:
    if filters:
        return None
    return {
        "title": _("No orders yet"),
        "text": _("An order is placed the moment a buyer accepts a quote."),
        "icon": "clipboard-check",
    }


def _start(text: str) -> int:
    return min(int(text), DEEPEST) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _at(request: Request, start: int) -> str:
    query = request.GET.copy()
    query["from"] = str(max(0, start))
    return f"?{query.urlencode()}"


_HEAD = (
    "number",
    "state",
    "on_hold",
    "customer",
    "purchase_order",
    "placed_at",
    "released_at",
    "requested_on",
    "currency",
    "net",
    "tax",
    "gross",
)


@page("order.view")
def order_export(request: Request) -> HttpResponseBase:
    """All orders the filters find, as CSV."""
    found = queries.listed(request.actor, _wanted(_filters(request)))
    return download(request, "orders", _HEAD, _cells(found.iterator(chunk_size=2000)))


def _cells(orders: Iterator[Order]) -> Iterator[tuple[Any, ...]]:
    for order in orders:
        yield (
            order.number,
            order.state,
            "yes" if order.is_held else "no",  # type: ignore[attr-defined]  # annotated
            order.organization.name,
            order.purchase_order,
            order.placed_at,
            order.released_at,
            order.requested_on,
            order.currency,
            Money(order.net_minor, order.currency),
            Money(order.tax_minor, order.currency),
            Money(order.gross_minor, order.currency),
        )


@page("order.release")
def release_many(request: Request) -> HttpResponseBase:
    """Release the selected orders; those that are held back stay, with the reason."""
    chosen = [int(text) for text in request.POST.getlist("ids") if text.isdecimal()]
    if not chosen or len(chosen) > MOST_AT_ONCE:
        raise Invalid(
            said("select 1 to %(most_at_once)s orders", most_at_once=MOST_AT_ONCE), code="selection"
        )

    def effect() -> dict[str, Any]:
        refused: list[str] = []
        for order_id in sorted(set(chosen)):
            try:
                with transaction.atomic():
                    actions.release_order(actor=request.actor, now=request.now, order_id=order_id)
            except Refused as failure:
                refused.append(str(failure))
        return {"released": len(set(chosen)) - len(refused), "refused": refused}

    answered = once_posted(
        request, actor=request.actor, now=request.now, route="order:release_many", effect=effect
    )
    n = answered["released"]
    if n:
        text = ngettext("%(n)d order released", "%(n)d orders released", n) % {"n": n}
        messages.success(request, text)
    for reason in answered["refused"]:
        messages.warning(request, reason)
    return go_to(request, reverse("order:list"))
