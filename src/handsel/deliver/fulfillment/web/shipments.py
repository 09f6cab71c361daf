"""Shipments: their list, one with its papers, and the proof that it arrived."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from handsel.deliver.fulfillment import actions, queries
from handsel.deliver.fulfillment.errors import DateInvalid, ProofMissing
from handsel.deliver.fulfillment.models import Shipment, ShipmentLine
from handsel.deliver.fulfillment.rules.loading import LineState
from handsel.deliver.fulfillment.rules.transitions import SHIPMENT_STATES
from handsel.deliver.fulfillment.web import words
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.platform import store
from handsel.ground.platform.posted import file_response, go_to, once_posted
from handsel.ground.platform.spreadsheet import download
from handsel.ground.platform.thread import thread_of
from handsel.ground.platform.timeline_view import timeline_of

Action = dict[str, Any]


def _wanted(request: Request) -> queries.ShipmentFilter:
    state = words.text_of(request, "state")
    return queries.ShipmentFilter(
        text=words.text_of(request, "q"), state=state if state in SHIPMENT_STATES else ""
    )


@page("fulfillment.view")
def shipment_list(request: Request) -> HttpResponseBase:
    """Shipments, newest first."""
    wanted = _wanted(request)
    start = words.start_of(request)
    found = list(
        queries.listed_shipments(request.actor, wanted)[start : start + words.PAGE_SIZE + 1]
    )
    used = {k: v for k, v in (("q", wanted.text), ("state", wanted.state)) if v}
    table = {
        "id": "shipments",
        "caption": _("Shipments"),
        "columns": [
            {"key": "number", "label": _("Shipment"), "format": "link"},
            {"key": "state", "label": _("State"), "format": "badge"},
            {"key": "order", "label": pgettext("document", "Order")},
            {"key": "carrier", "label": _("Carrier"), "format": "link", "phone": False},
            {"key": "shipped_on", "label": _("Shipped"), "format": "day"},
            {"key": "delivered_at", "label": _("Delivered"), "format": "day", "phone": False},
        ],
        "rows": [_row(shipment) for shipment in found[: words.PAGE_SIZE]],
        "search": wanted.text,
        "search_label": _("Search by shipment, order, tracking number or customer"),
        "filters": [
            {
                "name": "state",
                "label": _("Any state"),
                "options": [(key, label) for key, (label, _kind) in words.GOODS_STATES.items()],
                "value": wanted.state,
            }
        ],
        "exports": [("CSV", f"{reverse('fulfillment:shipments_export')}?{urlencode(used)}")],
        **words.paging(request, start, len(found)),
        "empty": None
        if used
        else {
            "title": _("Nothing shipped yet"),
            "text": _("What leaves the house appears here, with its delivery note."),
            "icon": "truck",
        },
    }
    header = {"title": _("Deliveries")}
    context = {"header": header, "tabs": words.tabs("shipments"), "table": table}
    return render(request, "fulfillment/list.html", context)


def _row(shipment: Shipment) -> dict[str, Any]:
    return {
        "id": shipment.pk,
        "url": reverse("fulfillment:record", args=[shipment.pk]),
        "cells": [
            (shipment.number, shipment.order.organization.name),
            words.state_of(shipment),
            shipment.order.number,
            (shipment.carrier, shipment.tracking_number),
            shipment.shipped_on,
            shipment.delivered_at,
        ],
    }


_HEAD = (
    "number",
    "state",
    "kind",
    "order",
    "customer",
    "carrier",
    "tracking_number",
    "shipped_on",
    "delivered_at",
    "received_by",
)


@page("fulfillment.view")
def shipment_export(request: Request) -> HttpResponseBase:
    """All shipments the filters find, as CSV."""
    found = queries.listed_shipments(request.actor, _wanted(request))
    return download(request, "shipments", _HEAD, _cells(found.iterator(chunk_size=2000)))


def _cells(shipments: Iterator[Shipment]) -> Iterator[tuple[Any, ...]]:
    for one in shipments:
        yield (
            one.number,
            one.state,
            one.kind,
            one.order.number,
            one.order.organization.name,
            one.carrier,
            one.tracking_number,
            one.shipped_on,
            one.delivered_at,
            one.received_by,
        )


@page("fulfillment.view")
def shipment_record(request: Request, shipment_id: int) -> HttpResponseBase:
    """What is in it, where it is, its papers."""
    shipment = queries.get_shipment(request.actor, shipment_id)
    lines = queries.lines_of(shipment_id)
    states = {state.line_id: state for state in queries.states_of(shipment.order)}
    context = {
        "shipment": shipment,
        "header": _header(request, shipment, list(states.values())),
        "thread": thread_of("shipment", shipment.pk, request.actor),
        "facts": _facts(shipment),
        "documents": _documents(shipment),
        "rows": [_line(line, states[line.order_line_id]) for line in lines],
        "timeline": timeline_of(("shipment", shipment.pk)),
    }
    return render(request, "fulfillment/record.html", context)


def _header(request: Request, shipment: Shipment, states: list[LineState]) -> dict[str, Any]:
    return {
        "title": shipment.order.organization.name,
        "number": shipment.number,
        "state": words.state_of(shipment),
        "trail": [
            (_("Deliveries"), reverse("fulfillment:list")),
            (shipment.order.number, words.forward("order:record", shipment.order_id)),
        ],
        "meta": [
            {"label": _("Shipped"), "value": shipment.shipped_on, "format": "day"},
            {"label": _("Carrier"), "value": shipment.carrier},
            {"label": _("Tracking"), "value": shipment.tracking_number},
        ],
        "actions": _actions(request, shipment, states),
    }


def _actions(request: Request, shipment: Shipment, states: list[LineState]) -> list[Action]:
    """Confirm the delivery; then what is still owed, or the invoices."""
    may_ship = request.actor.may("fulfillment.ship")
    offers: list[Action] = []
    if shipment.state == "shipped" and may_ship:
        label = _("Confirm acceptance") if shipment.kind == "service" else _("Confirm delivery")
        offers.append(
            {
                "label": label,
                "url": reverse("fulfillment:deliver", args=[shipment.pk]),
                "method": "dialog",
                "kind": "primary",
                "icon": "signature",
            }
        )
    if shipment.order.state == "released" and any(state.open for state in states) and may_ship:
        rest = words.forward("fulfillment:ship", order=shipment.order_id)
        kind = "secondary" if offers else "primary"
        offers.append({"label": _("Ship the rest"), "url": rest, "icon": "truck", "kind": kind})
    if request.actor.may("billing.view"):
        invoices = words.forward("billing:of_order", shipment.order_id)
        kind = "secondary" if offers else "primary"
        offers.append({"label": _("Invoices"), "url": invoices, "icon": "receipt", "kind": kind})
    if not offers:
        back = words.forward("order:record", shipment.order_id)
        offers.append(
            {"label": pgettext("document", "Order"), "url": back, "icon": "clipboard-check"}
        )
    offers.append(
        {
            "label": _("Delivery note"),
            "url": reverse("fulfillment:note", args=[shipment.pk]),
            "icon": "printer",
            "new_tab": True,
        }
    )
    return [offer for offer in offers if offer["url"]]


def _facts(shipment: Shipment) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {
            "label": pgettext("document", "Order"),
            "value": shipment.order.number,
            "url": words.forward("order:record", shipment.order_id),
        },
        {"label": _("Deliver to"), "value": words.address_text(shipment.ship_to)},
        {"label": _("From"), "value": shipment.warehouse.name if shipment.warehouse else ""},
        {
            "label": _("Shipped by"),
            "value": shipment.shipped_by.name if shipment.shipped_by else "",
        },
        {"label": _("Received by"), "value": shipment.received_by},
        {"label": _("Received"), "value": shipment.delivered_at, "format": "instant"},
    ]
    return [fact for fact in facts if fact["value"]]


def _documents(shipment: Shipment) -> list[dict[str, str]]:
    found = [{"label": _("Delivery note"), "url": reverse("fulfillment:note", args=[shipment.pk])}]
    if shipment.proof_id is not None:
        url = reverse("fulfillment:proof", args=[shipment.pk])
        found.append({"label": _("Proof of delivery"), "url": url})
    return found


def _line(line: ShipmentLine, state: LineState) -> dict[str, Any]:
    unit = line.order_line.unit
    return {
        "name": line.order_line.name,
        "sku": line.order_line.product.sku,
        "quantity": Quantity(line.quantity, unit),
        "ordered": Quantity(line.order_line.quantity, unit),
        "shipped": Quantity(state.shipped, unit),
        "open": Quantity(state.open, unit) if state.open else None,
    }


@page("fulfillment.view")
def delivery_note(request: Request, shipment_id: int) -> HttpResponseBase:
    """The delivery note; written when first asked for, then always the same."""
    note = actions.write_delivery_note(
        actor=request.actor, now=request.now, shipment_id=shipment_id
    )
    content = store.read(note.pk)
    return file_response(content, name=note.name, media_type=note.media_type, inline=True)


@page("fulfillment.view")
def proof(request: Request, shipment_id: int) -> HttpResponseBase:
    """The proof of delivery as it was kept."""
    kept = queries.get_shipment(request.actor, shipment_id).proof
    if kept is None:
        raise ProofMissing("no proof of delivery is kept for this shipment")
    content = store.read(kept.pk)
    return file_response(content, name=kept.name, media_type=kept.media_type, inline=True)


@page("fulfillment.ship")
def deliver(request: Request, shipment_id: int) -> HttpResponseBase:
    """Ask who received it and when, with the signed paper; then keep that."""
    shipment = queries.get_shipment(request.actor, shipment_id)
    if request.method != "POST":
        return _ask(request, shipment)
    upload = request.FILES.get("proof")
    kept = actions.Proof(upload.read(), (upload.name or "proof")[:200]) if upload else None

    def effect() -> dict[str, Any]:
        actions.confirm_delivery(
            actor=request.actor,
            now=request.now,
            shipment_id=shipment_id,
            received_by=request.POST.get("received_by", ""),
            at=_instant(shipment, request.POST.get("at", "")),
            proof=kept,
        )
        return {}

    route = f"fulfillment:deliver:{shipment_id}"
    once_posted(request, actor=request.actor, now=request.now, route=route, effect=effect)
    messages.success(request, _("Delivery confirmed"))
    return go_to(request, reverse("fulfillment:record", args=[shipment_id]))


def _instant(shipment: Shipment, text: str) -> datetime | None:
    """A time as a browser's field gives it, in the seller's zone; empty is now."""
    if not text:
        return None
    try:
        local = datetime.strptime(text[:16], "%Y-%m-%dT%H:%M")  # noqa: DTZ007  # the zone follows
    except ValueError as wrong:
        raise DateInvalid("not a time", fields={"at": "a date and a time"}) from wrong
    return local.replace(tzinfo=ZoneInfo(shipment.seller.time_zone))


def _ask(request: Request, shipment: Shipment) -> HttpResponseBase:
    title = _("Who received it?")
    back = reverse("fulfillment:record", args=[shipment.pk])
    context = {
        "title": title,
        "button": _("Confirm"),
        "fields": [
            {
                "name": "received_by",
                "label": _("Received by"),
                "value": shipment.order.contact_name,
                "required": True,
            },
            {
                "name": "at",
                "label": _("When"),
                "type": "datetime-local",
                "help": _("Empty is now."),
            },
            {
                "name": "proof",
                "label": _("Signed paper or photo"),
                "type": "file",
                "accept": "application/pdf,image/png,image/jpeg",
            },
        ],
        "url": reverse("fulfillment:deliver", args=[shipment.pk]),
        "back_url": back,
        "header": {"title": title, "trail": [(shipment.number, back)]},
    }
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, f"fulfillment/ask_{'dialog' if is_part else 'page'}.html", context)
