"""Stock: what is there, what is promised, what comes in and what was counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from handsel.bid.catalog.models import Product
from handsel.deliver.fulfillment import actions, queries
from handsel.deliver.fulfillment.errors import QuantityInvalid
from handsel.deliver.fulfillment.models import StockItem
from handsel.deliver.fulfillment.web import words
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_decimal
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.party import queries as party
from handsel.ground.platform.naming import shown_name
from handsel.ground.platform.posted import go_to, once_posted
from handsel.ground.platform.spreadsheet import download

MOST_OPTIONS = 500


def _wanted(request: Request) -> queries.StockFilter:
    return queries.StockFilter(
        text=words.text_of(request, "q"),
        warehouse_id=words.whole_number(request.GET.get("warehouse", "")),
        only_short=request.GET.get("view") == "short",
    )


@page("fulfillment.view")
def stock_list(request: Request) -> HttpResponseBase:
    """On hand, reserved and available, by item."""
    wanted = _wanted(request)
    start = words.start_of(request)
    found = list(queries.listed_stock(request.actor, wanted)[start : start + words.PAGE_SIZE + 1])
    warehouses = list(queries.visible_warehouses(request.actor))
    table = {
        "id": "stock",
        "caption": _("Stock"),
        "columns": [
            {"key": "item", "label": _("Item"), "format": "link"},
            {"key": "warehouse", "label": _("Warehouse")},
            {"key": "on_hand", "label": _("On hand"), "format": "quantity"},
            {"key": "reserved", "label": _("Reserved"), "format": "quantity"},
            {"key": "available", "label": _("Available"), "format": "quantity"},
            {"key": "state", "label": _("State"), "format": "badge"},
        ],
        "rows": [_row(item) for item in found[: words.PAGE_SIZE]],
        "search": wanted.text,
        "search_label": _("Search by item"),
        "filters": _filters(wanted, warehouses),
        "exports": [("CSV", f"{reverse('fulfillment:stock_export')}?{_query(wanted)}")],
        **words.paging(request, start, len(found)),
        "empty": _empty(wanted, has_place=bool(warehouses)),
    }
    header = {"title": _("Deliveries"), "actions": _actions(request, has_place=bool(warehouses))}
    context = {"header": header, "tabs": words.tabs("stock"), "table": table}
    return render(request, "fulfillment/list.html", context)


def _row(item: StockItem) -> dict[str, Any]:
    unit = item.product.unit
    available = item.on_hand - item.reserved
    state = (_("nothing available"), "warn") if available <= 0 else (_("available"), "good")
    return {
        "id": item.pk,
        "url": reverse("fulfillment:stock_item", args=[item.pk]),
        "cells": [
            (shown_name(item.product.called), item.product.sku),
            item.warehouse.name,
            Quantity(item.on_hand, unit),
            Quantity(item.reserved, unit),
            Quantity(available, unit),
            state,
        ],
    }


def _filters(wanted: queries.StockFilter, warehouses: list[Any]) -> list[dict[str, Any]]:
    short = {
        "name": "view",
        "label": _("All stock"),
        "options": [("short", _("Nothing available"))],
        "value": "short" if wanted.only_short else "",
    }
    if len(warehouses) < 2:
        return [short]
    place = {
        "name": "warehouse",
        "label": _("All warehouses"),
        "options": [(str(one.pk), one.name) for one in warehouses],
        "value": str(wanted.warehouse_id or ""),
    }
    return [place, short]


def _query(wanted: queries.StockFilter) -> str:
    used = {
        "q": wanted.text,
        "warehouse": wanted.warehouse_id,
        "view": "short" if wanted.only_short else "",
    }
    return urlencode({name: value for name, value in used.items() if value})


def _actions(request: Request, *, has_place: bool) -> list[dict[str, Any]]:
    if not request.actor.may("fulfillment.adjust"):
        return []
    place = {
        "label": _("New warehouse"),
        "url": reverse("fulfillment:warehouse_new"),
        "method": "dialog",
        "kind": "secondary" if has_place else "primary",
        "icon": "warehouse",
    }
    if not has_place:
        return [place]
    return [
        {
            "label": _("Receive"),
            "url": reverse("fulfillment:receive"),
            "method": "dialog",
            "kind": "primary",
            "icon": "plus",
        },
        {
            "label": _("Count"),
            "url": reverse("fulfillment:count"),
            "method": "dialog",
            "icon": "calculator",
        },
        place,
    ]


def _empty(wanted: queries.StockFilter, *, has_place: bool) -> dict[str, Any] | None:
    if wanted != queries.StockFilter():
        return None
    text = (
        _("Receive what is on your shelves; products kept in stock are reserved from it.")
        if has_place
        else _("Open a warehouse first, then receive what is on its shelves.")
    )
    return {"title": _("No stock yet"), "text": text, "icon": "package"}


_HEAD = ("sku", "name", "warehouse", "unit", "on_hand", "reserved", "available")


@page("fulfillment.view")
def stock_export(request: Request) -> HttpResponseBase:
    """All stock the filters find, as CSV."""
    found = queries.listed_stock(request.actor, _wanted(request))
    return download(request, "stock", _HEAD, _cells(found.iterator(chunk_size=2000)))


def _cells(items: Iterator[StockItem]) -> Iterator[tuple[Any, ...]]:
    for item in items:
        product = item.product
        balances = (item.on_hand, item.reserved, item.on_hand - item.reserved)
        yield (product.sku, product.name, item.warehouse.name, product.unit, *balances)


@page("fulfillment.adjust")
def receive(request: Request) -> HttpResponseBase:
    """Ask what came in, then put it on the shelf."""
    if request.method != "POST":
        return _ask(request, "receive", _("Receive stock"), _("Receive"), "quantity", _("Quantity"))

    def act() -> int:
        return actions.receive_stock(
            actor=request.actor,
            now=request.now,
            quantity=_quantity(request, "quantity"),
            note=request.POST.get("note", ""),
            **_place(request),
        ).pk

    return _do(request, "receive", _("Received; orders that waited for it are served"), act)


@page("fulfillment.adjust")
def count(request: Request) -> HttpResponseBase:
    """Ask what was counted, then book the difference."""
    if request.method != "POST":
        return _ask(
            request, "count", _("Count stock"), _("Book the count"), "counted", _("Counted")
        )

    def act() -> int:
        return actions.count_stock(
            actor=request.actor,
            now=request.now,
            counted=_quantity(request, "counted"),
            note=request.POST.get("note", ""),
            **_place(request),
        ).pk

    return _do(request, "count", _("The count is booked"), act)


@page("fulfillment.adjust")
def warehouse_new(request: Request) -> HttpResponseBase:
    """Ask for a name, then open a warehouse."""
    if request.method != "POST":
        fields = [{"name": "name", "label": _("Name"), "required": True}]
        return _dialog(request, _("New warehouse"), _("Open"), "warehouse_new", fields)

    def effect() -> dict[str, Any]:
        actions.create_warehouse(
            actor=request.actor,
            now=request.now,
            seller_id=party.default_seller(request.actor).pk,
            name=request.POST.get("name", ""),
        )
        return {}

    once_posted(
        request,
        actor=request.actor,
        now=request.now,
        route="fulfillment:warehouse_new",
        effect=effect,
    )
    messages.success(request, _("The warehouse is open"))
    return go_to(request, reverse("fulfillment:stock"))


def _do(request: Request, verb: str, said: str, act: Callable[[], int]) -> HttpResponseBase:
    def effect() -> dict[str, Any]:
        return {"id": act()}

    route = f"fulfillment:{verb}"
    made = once_posted(request, actor=request.actor, now=request.now, route=route, effect=effect)
    messages.success(request, said)
    return go_to(request, reverse("fulfillment:stock_item", args=[made["id"]]))


def _quantity(request: Request, name: str) -> Decimal:
    try:
        return parse_decimal(request.POST.get(name, "").strip(), minimum=0)
    except Invalid as wrong:
        text = _("a quantity such as 2.5")
        raise QuantityInvalid(_("This is no quantity."), fields={name: text}) from wrong


def _place(request: Request) -> dict[str, int]:
    return {
        "warehouse_id": words.whole_number(request.POST.get("warehouse_id", "")) or 0,
        "product_id": words.whole_number(request.POST.get("product_id", "")) or 0,
    }


def _ask(
    request: Request, verb: str, title: str, button: str, field: str, label: str
) -> HttpResponseBase:
    """Which item, where, how much; what the address names is chosen already."""
    warehouses = queries.visible_warehouses(request.actor)
    products = Product.objects.filter(is_stocked=True).order_by("sku")[:MOST_OPTIONS]
    fields: list[dict[str, Any]] = [
        {
            "name": "product_id",
            "label": _("Item"),
            "type": "select",
            "required": True,
            "value": request.GET.get("product", ""),
            "options": [("", _("Choose")), *((str(p.pk), f"{p.sku} · {p.name}") for p in products)],
        },
        {
            "name": "warehouse_id",
            "label": _("Warehouse"),
            "type": "select",
            "required": True,
            "value": request.GET.get("warehouse", ""),
            "options": [(str(one.pk), one.name) for one in warehouses],
        },
        {
            "name": field,
            "label": label,
            "type": "number",
            "step": "any",
            "min": 0,
            "required": True,
        },
        {"name": "note", "label": _("Note")},
    ]
    return _dialog(request, title, button, verb, fields)


def _dialog(
    request: Request, title: str, button: str, verb: str, fields: list[dict[str, Any]]
) -> HttpResponseBase:
    back = reverse("fulfillment:stock")
    context = {
        "title": title,
        "button": button,
        "fields": fields,
        "url": reverse(f"fulfillment:{verb}"),
        "back_url": back,
        "header": {"title": title, "trail": [(_("Stock"), back)]},
    }
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, f"fulfillment/ask_{'dialog' if is_part else 'page'}.html", context)
