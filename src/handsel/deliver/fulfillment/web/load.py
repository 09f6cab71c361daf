"""Sending off one order: everything at once, or by quantities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from handsel.commit.order import queries as orders
from handsel.commit.order.models import Order
from handsel.deliver.fulfillment import actions, queries
from handsel.deliver.fulfillment.errors import QuantityInvalid
from handsel.deliver.fulfillment.models import Warehouse
from handsel.deliver.fulfillment.rules.loading import (
    LineState,
    all_that_can_go,
    warehouse_to_ship_from,
)
from handsel.deliver.fulfillment.web import words
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.errors import HandselError, Invalid
from handsel.ground.kernel.grammar import parse_date, parse_decimal
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.platform.posted import go_to, once_posted
from handsel.ground.platform.thread import thread_of


@require_POST
@page("fulfillment.ship")
def ship_all(request: Request, order_id: int) -> HttpResponseBase:
    """Everything that can go now, in one click."""

    def effect() -> dict[str, Any]:
        made = actions.ship(actor=request.actor, now=request.now, order_id=order_id)
        return {"id": made.pk, "number": made.number, "kind": made.kind}

    route = f"fulfillment:ship_all:{order_id}"
    made = once_posted(request, actor=request.actor, now=request.now, route=route, effect=effect)
    return _sent(request, made)


@page("fulfillment.view")
def ship(request: Request) -> HttpResponseBase:
    """The lines of an order with what can go, ready to be changed and sent."""
    order_id = words.whole_number(request.POST.get("order") or request.GET.get("order", ""))
    if order_id is None:
        return HttpResponseRedirect(reverse("fulfillment:list"))
    order = orders.get_order(request.actor, order_id)
    message, errors = "", {}
    if request.method == "POST":
        request.actor.require("fulfillment.ship")
        try:
            return _send(request, order)
        except HandselError as failure:
            message = str(failure)
            errors = failure.fields if isinstance(failure, Invalid) else {}
    context = _page(request, order, errors)
    context["message"] = message
    return render(request, "fulfillment/ship.html", context, status=422 if message else 200)


def _send(request: Request, order: Order) -> HttpResponseBase:
    def effect() -> dict[str, Any]:
        day = request.POST.get("shipped_on", "")
        made = actions.ship(
            actor=request.actor,
            now=request.now,
            order_id=order.pk,
            lines=_quantities(request),
            warehouse_id=words.whole_number(request.POST.get("warehouse", "")),
            carrier=request.POST.get("carrier", ""),
            tracking_number=request.POST.get("tracking_number", ""),
            shipped_on=parse_date(day) if day else None,
        )
        return {"id": made.pk, "number": made.number, "kind": made.kind}

    route = f"fulfillment:ship:{order.pk}"
    made = once_posted(request, actor=request.actor, now=request.now, route=route, effect=effect)
    return _sent(request, made)


def _sent(request: Request, made: Mapping[str, Any]) -> HttpResponseBase:
    if made["kind"] == "service":
        text = _("%(number)s says that the service was performed")
    else:
        text = _("%(number)s is on its way; the buyer gets the delivery note by mail")
    messages.success(request, text % made)
    return go_to(request, reverse("fulfillment:record", args=[made["id"]]))


def _quantities(request: Request) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    errors: dict[str, str] = {}
    for name, text in request.POST.items():
        key = words.whole_number(name.removeprefix("line."))
        if not name.startswith("line.") or key is None or not str(text).strip():
            continue
        try:
            found[key] = parse_decimal(str(text).strip(), minimum=0)
        except Invalid:
            errors[f"lines.{key}"] = _("a quantity such as 2.5")
    if errors:
        raise QuantityInvalid(_("Some quantities cannot be read."), fields=errors)
    return found


def _page(request: Request, order: Order, errors: Mapping[str, str]) -> dict[str, Any]:
    lines = queries.states_of(order)
    warehouses = list(queries.visible_warehouses(request.actor).filter(seller=order.seller_id))
    chosen = _chosen(request, lines, warehouses)
    load = all_that_can_go(lines, chosen)
    today = local_date(request.now, order.seller.time_zone)
    back = words.forward("order:record", order.pk)
    return {
        "order": order,
        "thread": thread_of("order", order.pk, request.actor),
        "header": {
            "title": _("Ship to %(name)s") % {"name": order.organization.name},
            "number": order.number,
            "state": _state(order, lines),
            "trail": [(_("Deliveries"), reverse("fulfillment:list")), (order.number, back)],
            "meta": [
                {"label": _("Deliver to"), "value": words.address_text(order.ship_to)},
                {"label": _("Wanted"), "value": order.requested_on, "format": "day"},
                {"label": _("Delivery terms"), "value": order.delivery_terms},
            ],
        },
        "obstacle": _obstacle(request, order, lines, load),
        "rows": [_row(request, line, load, chosen, errors) for line in lines],
        "warehouses": _places(order, lines, warehouses, chosen),
        "warehouse_id": chosen or "",
        "fields": _fields(request, today, errors),
    }


def _state(order: Order, lines: Sequence[LineState]) -> tuple[str, str]:
    """How the order stands for who ships it."""
    if order.state == "placed":
        return _("not released"), "neutral"
    if order.state == "cancelled":
        return _("cancelled"), "ended"
    if all(line.open == words.ZERO for line in lines):
        return _("shipped"), "good"
    return words.readiness(lines, is_held=bool(orders.open_holds(order.pk)))


def _chosen(
    request: Request, lines: Sequence[LineState], warehouses: Sequence[Warehouse]
) -> int | None:
    given = request.POST.get("warehouse") or request.GET.get("warehouse", "")
    named = words.whole_number(given)
    if named in {one.pk for one in warehouses}:
        return named
    return warehouse_to_ship_from(lines)


def _obstacle(
    request: Request, order: Order, lines: Sequence[LineState], load: Mapping[int, Decimal]
) -> str:
    """Why nothing can be sent now; empty when something can."""
    if order.state != "released":
        return (
            _("The order desk has to release this order first.")
            if (order.state == "placed")
            else _("Nothing of this order is owed any more.")
        )
    holds = orders.open_holds(order.pk)
    if holds:
        reasons = ", ".join(hold.reason for hold in holds)
        return _("On hold: %(reasons)s") % {"reasons": reasons}
    if all(line.open == words.ZERO for line in lines):
        return _("Everything has been shipped.")
    if not request.actor.may("fulfillment.ship"):
        return _("Your role may look, not ship.")
    if not load and not any(line.way in ("service", "usage") for line in lines if line.open):
        return words.short_lines(lines)
    return ""


def _row(
    request: Request,
    line: LineState,
    load: Mapping[int, Decimal],
    chosen: int | None,
    errors: Mapping[str, str],
) -> dict[str, Any]:
    posted = request.POST.get(f"line.{line.line_id}")
    default = words.plain(load.get(line.line_id, words.ZERO))
    return {
        "key": line.line_id,
        "name": line.name,
        "sku": " · ".join(one for one in (line.sku, line.note) if one),
        "way": words.WAYS[line.way],
        "ordered": Quantity(line.ordered, line.unit),
        "shipped": Quantity(line.shipped, line.unit),
        "open": Quantity(line.open, line.unit),
        "ready": Quantity(line.ready(chosen if line.way == "stock" else None), line.unit),
        "state": _line_state(line),
        "value": posted if posted is not None else default,
        "is_done": line.open == words.ZERO,
        "error": errors.get(f"lines.{line.line_id}", ""),
    }


def _line_state(line: LineState) -> tuple[str, str]:
    if line.open == words.ZERO:
        return _("shipped"), "good"
    if line.way != "stock":
        return str(words.WAYS[line.way]), "neutral"
    if line.short == words.ZERO:
        return _("reserved"), "good"
    if line.ready() > words.ZERO:
        return _("reserved in part"), "progress"
    return _("waits for stock"), "warn"


def _places(
    order: Order,
    lines: Sequence[LineState],
    warehouses: Sequence[Warehouse],
    chosen: int | None,
) -> list[dict[str, Any]]:
    """Where something of the order lies, as tabs; none when it is one place."""
    found = []
    for one in warehouses:
        count = sum(1 for line in lines if (line.reserved or {}).get(one.pk, words.ZERO))
        if count or one.pk == chosen:
            url = words.forward("fulfillment:ship", order=order.pk, warehouse=one.pk)
            found.append(
                {"label": one.name, "url": url, "count": count, "current": one.pk == chosen}
            )
    return found if len(found) > 1 else []


def _fields(request: Request, today: date, errors: Mapping[str, str]) -> list[dict[str, Any]]:
    posted = request.POST
    return [
        {
            "name": "carrier",
            "label": _("Carrier"),
            "value": posted.get("carrier", ""),
            "autocomplete": "off",
        },
        {
            "name": "tracking_number",
            "label": _("Tracking number"),
            "value": posted.get("tracking_number", ""),
            "autocomplete": "off",
        },
        {
            "name": "shipped_on",
            "label": _("Shipped on"),
            "type": "date",
            "value": posted.get("shipped_on") or today.isoformat(),
            "max": today.isoformat(),
            "error": errors.get("shipped_on", ""),
            "required": True,
        },
    ]
