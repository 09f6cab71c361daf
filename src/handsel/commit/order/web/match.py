"""Entering the buyer's purchase order, prefilled with what he accepted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handsel.commit.order import actions, queries
from handsel.commit.order.errors import ConfirmationMissing
from handsel.commit.order.models import Order, OrderLine
from handsel.commit.order.rules.match import TheirLine
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import HandselError, Invalid
from handsel.ground.kernel.grammar import parse_date, parse_decimal
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.rate import Rate
from handsel.ground.kernel.said import said
from handsel.ground.platform import store
from handsel.ground.platform.posted import file_response, go_to, once_posted


@page("order.edit")
def purchase_order(request: Request, order_id: int) -> HttpResponseBase:
    """Number, date and lines of the buyer's paper; what differs holds the order."""
    order = queries.get_order(request.actor, order_id)
    lines = queries.lines_of(order_id)
    back = reverse("order:record", args=[order_id])
    values = {name: request.POST.get(name, "") for name in request.POST} or _values(order, lines)
    errors: dict[str, str] = {}
    message = ""
    if request.method == "POST":
        try:
            count = _compare(request, order_id, lines, values)
            _say(request, count)
            return go_to(request, back)
        except HandselError as failure:
            message = str(failure)
            errors = failure.fields if isinstance(failure, Invalid) else {}
    title = _("Compare the purchase order")
    context = {
        "header": {"title": title, "number": order.number, "trail": [(order.number, back)]},
        "order": order,
        "message": message,
        "fields": _head_fields(values, errors),
        "rows": [_row(order, line, values, errors) for line in lines],
        "back_url": back,
    }
    return render(request, "order/purchase_order.html", context, status=422 if message else 200)


@page("order.view")
def purchase_order_file(request: Request, order_id: int) -> HttpResponseBase:
    """The buyer's paper as it came."""
    order = queries.get_order(request.actor, order_id)
    if order.purchase_order_file is None:
        raise ConfirmationMissing(
            said("no purchase order is kept for %(number)s", number=order.number)
        )
    kept = order.purchase_order_file
    content = store.read(kept.pk)
    return file_response(content, name=kept.name, media_type=kept.media_type, inline=True)


def _compare(
    request: Request, order_id: int, lines: list[OrderLine], values: dict[str, str]
) -> int:
    upload = request.FILES.get("document")

    def effect() -> dict[str, Any]:
        found = actions.match_purchase_order(
            actor=request.actor,
            now=request.now,
            order_id=order_id,
            number=values.get("number", ""),
            dated_on=parse_date(values["dated_on"]) if values.get("dated_on") else None,
            lines=_their_lines(lines, values),
            document=upload.read() if upload else None,
            document_name=(upload.name or "")[:200] if upload else "",
        )
        return {"differences": len(found)}

    route = f"order:purchase_order:{order_id}"
    said = once_posted(request, actor=request.actor, now=request.now, route=route, effect=effect)
    return int(said["differences"])


def _say(request: Request, count: int) -> None:
    if count == 0:
        messages.success(request, _("The purchase order agrees in every line"))
        return
    text = ngettext(
        "%(n)d difference; the order is on hold", "%(n)d differences; the order is on hold", count
    )
    messages.warning(request, text % {"n": count})


def _their_lines(lines: list[OrderLine], values: dict[str, str]) -> list[TheirLine]:
    found, errors = [], {}
    for line in lines:
        if values.get(f"missing.{line.pk}"):
            continue
        try:
            quantity = parse_decimal(values.get(f"quantity.{line.pk}", ""), minimum=0)
            price = parse_decimal(values.get(f"unit_price.{line.pk}", ""), minimum=0)
        except Invalid:
            errors[f"lines.{line.pk}.quantity"] = _("a quantity and a price, such as 2.5")
            continue
        found.append(TheirLine(line.pk, quantity, price, values.get(f"sku.{line.pk}", "").strip()))
    if errors:
        raise Invalid(_("Some lines cannot be read."), fields=errors)
    return found


def _values(order: Order, lines: list[OrderLine]) -> dict[str, str]:
    theirs = queries.purchase_order_lines(order.pk)
    day = order.purchase_order_on
    values = {
        "number": order.purchase_order,
        "dated_on": day.isoformat() if day else "",
    }
    for line in lines:
        paper = theirs.get(line.pk)
        values[f"sku.{line.pk}"] = paper.sku if paper else line.product.sku
        values[f"quantity.{line.pk}"] = _plain(paper.quantity if paper else line.quantity)
        values[f"unit_price.{line.pk}"] = _plain(paper.unit_price if paper else line.unit_net)
        if order.compared_at is not None and paper is None:
            values[f"missing.{line.pk}"] = "1"
    return values


def _plain(value: Any) -> str:
    return f"{value.normalize():f}"


def _head_fields(values: dict[str, str], errors: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": "number",
            "label": _("Number of the purchase order"),
            "value": values.get("number", ""),
            "error": errors.get("number", ""),
            "required": True,
        },
        {
            "name": "dated_on",
            "label": _("Dated"),
            "type": "date",
            "value": values.get("dated_on", ""),
            "error": errors.get("dated_on", ""),
        },
        {
            "name": "document",
            "label": _("The paper itself"),
            "type": "file",
            "accept": "application/pdf,image/png,image/jpeg",
            "error": errors.get("document", ""),
        },
    ]


def _row(
    order: Order, line: OrderLine, values: dict[str, str], errors: dict[str, str]
) -> dict[str, Any]:
    key = line.pk
    return {
        "key": key,
        "position": line.position,
        "name": line.name,
        "ordered": Quantity(line.quantity, line.unit),
        "price": Rate(line.unit_net, order.currency),
        "sku": values.get(f"sku.{key}", ""),
        "quantity": values.get(f"quantity.{key}", ""),
        "unit_price": values.get(f"unit_price.{key}", ""),
        "missing": values.get(f"missing.{key}", ""),
        "error": errors.get(f"lines.{key}.quantity") or errors.get(f"lines.{key}.unit_price", ""),
    }
