"""The shipping desk: what can go today, and what waits for what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from handsel.commit.order.models import Order
from handsel.deliver.fulfillment import queries
from handsel.deliver.fulfillment.rules.loading import LineState
from handsel.deliver.fulfillment.web import words
from handsel.ground.identity.access import Request, page


@page("fulfillment.view")
def shipping_desk(request: Request) -> HttpResponseBase:
    """Orders of which something is owed, first released first, with one click to ship."""
    text = words.text_of(request, "q")
    only_ready = request.GET.get("view") == "ready"
    start = words.start_of(request)
    wanted = queries.DeskFilter(text=text, only_ready=only_ready)
    found = list(queries.owed_orders(request.actor, wanted)[start : start + words.PAGE_SIZE + 1])
    shown = found[: words.PAGE_SIZE]
    states = queries.line_states(shown)
    table = {
        "id": "owed",
        "caption": _("Orders to ship"),
        "columns": _columns(request),
        "rows": [_row(request, order, states[order.pk]) for order in shown],
        "search": text,
        "search_label": _("Search by order or customer"),
        "filters": [
            {
                "name": "view",
                "label": _("All that is owed"),
                "options": [("ready", _("Can go now"))],
                "value": "ready" if only_ready else "",
            }
        ],
        **words.paging(request, start, len(found)),
        "empty": _empty(text, only_ready=only_ready),
    }
    header = {"title": _("Deliveries")}
    context = {"header": header, "tabs": words.tabs("list"), "table": table}
    return render(request, "fulfillment/list.html", context)


def _columns(request: Request) -> list[dict[str, Any]]:
    columns: list[dict[str, Any]] = [
        {"key": "order", "label": pgettext("document", "Order"), "format": "link"},
        {"key": "state", "label": _("Stock"), "format": "badge"},
        {"key": "contents", "label": _("To ship"), "format": "link"},
        {"key": "requested_on", "label": _("Wanted"), "format": "day"},
        {"key": "released_at", "label": _("Released"), "format": "day", "phone": False},
    ]
    if request.actor.may("fulfillment.ship"):
        columns.append({"key": "ship", "label": _("Ship"), "format": "html", "align": "right"})
    return columns


def _row(request: Request, order: Order, lines: Sequence[LineState]) -> dict[str, Any]:
    is_held: bool = order.is_held  # type: ignore[attr-defined]  # annotated by the query
    cells: list[Any] = [
        (order.number, order.organization.name),
        words.readiness(lines, is_held=is_held),
        (words.contents(lines), words.short_lines(lines)),
        order.requested_on,
        order.released_at,
    ]
    if request.actor.may("fulfillment.ship"):
        cells.append(_button(request, order, lines) if words.can_go(lines, is_held=is_held) else "")
    today = request.now.date()
    is_late = order.requested_on is not None and order.requested_on < today
    return {
        "id": order.pk,
        "url": words.forward("fulfillment:ship", order=order.pk),
        "state": "late" if is_late else "",
        "cells": cells,
    }


def _button(request: Request, order: Order, lines: Sequence[LineState]) -> str:
    url = reverse("fulfillment:ship_all", args=[order.pk])
    context = {"url": url, "number": order.number, "label": words.ship_label(lines)}
    return render_to_string("fulfillment/part_ship_button.html", context, request)


def _empty(text: str, *, only_ready: bool) -> dict[str, Any] | None:
    if text:
        return None
    if only_ready:
        return {
            "title": _("Nothing can go now"),
            "text": _("What is owed waits for stock, or is on hold."),
            "icon": "truck",
        }
    return {
        "title": _("Nothing to ship"),
        "text": _("An order appears here once the order desk has released it."),
        "icon": "truck",
    }
