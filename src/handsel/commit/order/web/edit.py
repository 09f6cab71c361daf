"""Completing an order before its release."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.commit.order import actions, queries
from handsel.commit.order.models import Order
from handsel.commit.order.rules.revision import ADDRESS_PARTS, NEEDED_PARTS, Changes
from handsel.commit.order.web import words
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import HandselError, Invalid
from handsel.ground.kernel.grammar import parse_date
from handsel.ground.platform.posted import go_to, once_posted

PLAIN = ("purchase_order", "contact_name", "contact_email")


@page("order.edit")
def order_edit(request: Request, order_id: int) -> HttpResponseBase:
    """Purchase order, wanted date, contact and addresses; never prices."""
    order = queries.get_order(request.actor, order_id)
    back = reverse("order:record", args=[order_id])
    values = {name: request.POST.get(name, "") for name in request.POST} or _values(order)
    errors: dict[str, str] = {}
    message = ""
    if request.method == "POST":

        def effect() -> dict[str, Any]:
            changes = _changes(values)
            actions.revise_order(
                actor=request.actor, now=request.now, order_id=order_id, changes=changes
            )
            return {}

        try:
            route = f"order:edit:{order_id}"
            once_posted(request, actor=request.actor, now=request.now, route=route, effect=effect)
            messages.success(request, _("Kept"))
            return go_to(request, back)
        except HandselError as failure:
            message = str(failure)
            errors = failure.fields if isinstance(failure, Invalid) else {}
    title = _("Complete the order")
    context = {
        "header": {"title": title, "number": order.number, "trail": [(order.number, back)]},
        "message": message,
        "fields": _plain_fields(values, errors),
        "ship_to": _address_fields("ship_to", values, errors),
        "bill_to": _address_fields("bill_to", values, errors),
        "back_url": back,
    }
    return render(request, "order/edit.html", context, status=422 if message else 200)


def _values(order: Order) -> dict[str, str]:
    values = {name: str(getattr(order, name)) for name in PLAIN}
    values["requested_on"] = order.requested_on.isoformat() if order.requested_on else ""
    for which in ("ship_to", "bill_to"):
        address = getattr(order, which)
        values.update({f"{which}.{part}": address.get(part, "") for part in ADDRESS_PARTS})
    return values


def _changes(values: dict[str, str]) -> Changes:
    changes: dict[str, Any] = {name: values.get(name, "") for name in PLAIN}
    day = values.get("requested_on", "")
    changes["requested_on"] = parse_date(day) if day else None
    for which in ("ship_to", "bill_to"):
        changes[which] = {part: values.get(f"{which}.{part}", "").strip() for part in ADDRESS_PARTS}
    if not any(changes["bill_to"][part] for part in ("street", "postcode", "city")):
        changes["bill_to"] = {**changes["ship_to"], "name": changes["bill_to"]["name"]}
    return cast(Changes, changes)


def _plain_fields(values: dict[str, str], errors: dict[str, str]) -> list[dict[str, Any]]:
    wanted = (
        ("purchase_order", _("Purchase order"), "text"),
        ("requested_on", _("Wanted on"), "date"),
        ("contact_name", _("Contact"), "text"),
        ("contact_email", _("Mail address"), "email"),
    )
    return [
        {
            "name": name,
            "label": label,
            "type": kind,
            "value": values.get(name, ""),
            "error": errors.get(name, ""),
        }
        for name, label, kind in wanted
    ]


def _address_fields(
    which: str, values: dict[str, str], errors: dict[str, str]
) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{which}.{part}",
            "id": f"{which}-{part}",
            "label": label,
            "value": values.get(f"{which}.{part}", ""),
            "error": errors.get(f"{which}.{part}", ""),
            "required": part in NEEDED_PARTS
            and not (which == "bill_to" and part in ("street", "city")),
            "hint": _("Empty: where it is delivered")
            if f"{which}.{part}" == "bill_to.street"
            else "",
        }
        for part, label in words.ADDRESS_PARTS.items()
    ]
