"""One stock item: the moves it is the sum of, and who was promised what."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from handsel.deliver.fulfillment import queries
from handsel.deliver.fulfillment.models import Reservation, StockItem, StockMove
from handsel.deliver.fulfillment.web import words
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.platform.naming import shown_name


@page("fulfillment.view")
def stock_item(request: Request, stock_item_id: int) -> HttpResponseBase:
    """On hand with its moves, reserved with its orders."""
    item = queries.get_stock_item(request.actor, stock_item_id)
    start = words.start_of(request)
    found = list(queries.balanced_moves(item.pk)[start : start + words.PAGE_SIZE + 1])
    context = {
        "header": _header(request, item),
        "stats": _stats(item),
        "promises": _promises(item),
        "moves": {
            "id": "moves",
            "caption": _("Moves"),
            "columns": [
                {"key": "moved_at", "label": _("When"), "format": "instant"},
                {"key": "reason", "label": _("What"), "format": "link"},
                {"key": "note", "label": _("Note"), "phone": False},
                {"key": "by", "label": _("By"), "phone": False},
                {
                    "key": "quantity",
                    "label": pgettext("difference", "Change"),
                    "format": "quantity",
                },
                {"key": "balance", "label": _("Then on hand"), "format": "quantity"},
            ],
            "rows": [_move(move, item.product.unit) for move in found[: words.PAGE_SIZE]],
            **words.paging(request, start, len(found)),
            "empty": {"title": _("Nothing moved yet"), "icon": "package"},
        },
    }
    return render(request, "fulfillment/stock_item.html", context)


def _header(request: Request, item: StockItem) -> dict[str, Any]:
    actions: list[dict[str, Any]] = []
    if request.actor.may("fulfillment.adjust"):
        query = urlencode({"product": item.product_id, "warehouse": item.warehouse_id})
        wanted = (
            ("receive", _("Receive"), "primary", "plus"),
            ("count", _("Count"), "secondary", "calculator"),
        )
        actions = [
            {
                "label": label,
                "url": f"{reverse(f'fulfillment:{verb}')}?{query}",
                "method": "dialog",
                "kind": kind,
                "icon": icon,
            }
            for verb, label, kind, icon in wanted
        ]
    return {
        "title": shown_name(item.product.called),
        "number": item.product.sku,
        "subtitle": item.warehouse.name,
        "trail": [(_("Stock"), reverse("fulfillment:stock"))],
        "actions": actions,
    }


def _stats(item: StockItem) -> list[dict[str, Any]]:
    unit = item.product.unit
    available = item.on_hand - item.reserved
    return [
        {
            "label": _("On hand"),
            "value": Quantity(item.on_hand, unit),
            "detail": _("the sum of the moves below"),
        },
        {
            "label": _("Reserved"),
            "value": Quantity(item.reserved, unit),
            "detail": _("promised to the orders below"),
        },
        {
            "label": _("Available"),
            "value": Quantity(available, unit),
            "kind": "warn" if available <= 0 else "",
            "detail": _("on hand less reserved"),
        },
    ]


def _promises(item: StockItem) -> dict[str, Any]:
    rows = list(queries.open_reservations_of(item.pk)[: words.PAGE_SIZE])
    return {
        "id": "promises",
        "caption": _("Promised to"),
        "columns": [
            {"key": "order", "label": pgettext("document", "Order"), "format": "link"},
            {"key": "since", "label": _("Since"), "format": "instant"},
            {"key": "quantity", "label": _("Quantity"), "format": "quantity"},
        ],
        "rows": [_promise(row, item.product.unit) for row in rows],
        "empty": {"title": _("Nothing is promised"), "icon": "package"},
    }


def _promise(row: Reservation, unit: str) -> dict[str, Any]:
    order = row.order_line.order
    return {
        "id": row.pk,
        "url": words.forward("fulfillment:ship", order=order.pk),
        "cells": [
            (order.number, order.organization.name),
            row.reserved_at,
            Quantity(row.quantity, unit),
        ],
    }


def _move(move: StockMove, unit: str) -> dict[str, Any]:
    line = move.shipment_line
    shipment = line.shipment if line else None
    url = reverse("fulfillment:record", args=[shipment.pk]) if shipment else ""
    balance = move.balance  # type: ignore[attr-defined]  # annotated by the query
    return {
        "id": move.pk,
        "url": url,
        "cells": [
            move.moved_at,
            (words.REASONS[move.reason], shipment.number if shipment else ""),
            move.note,
            move.moved_by.name if move.moved_by else "",
            words.Amount(move.quantity, unit),
            words.Amount(balance, unit),
        ],
    }
