"""What a product costs us, on its page: seen and set by those who may."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.formats import get_format
from django.utils.translation import gettext as _

from handsel.bid.catalog import actions, queries
from handsel.bid.catalog.models import ProductCost
from handsel.bid.catalog.rules.costs import NewCost
from handsel.bid.catalog.web.parts import posted, request_language
from handsel.ground.document import formatting
from handsel.ground.document.stationery import document_locale
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_date, parse_localized_decimal
from handsel.ground.kernel.rate import Rate
from handsel.ground.platform.posted import go_to


def panel(
    request: Request,
    product_id: int,
    typed: Mapping[str, str] | None = None,
    wrong: Invalid | None = None,
) -> dict[str, Any] | None:
    """The panel; None for who may not see costs. What was typed and refused stays in the form."""
    if not request.actor.may("cost.view"):
        return None
    kept = list(queries.costs_of(request.actor, product_id))
    values = typed or {"currency": "EUR", "valid_from": request.now.date().isoformat()}
    return {
        "rows": _rows(kept, request.now.date()),
        "url": reverse("catalog:cost_add", args=[product_id]),
        "message": wrong.message if wrong else "",
        "fields": _fields(values, wrong.fields if wrong else {})
        if request.actor.may("cost.edit")
        else [],
    }


def _rows(kept: list[ProductCost], today: date) -> list[dict[str, Any]]:
    """The newest first; of each currency the one that holds today is marked."""
    holding: set[str] = set()
    locale = document_locale(request_language(), "")
    rows = []
    for cost in kept:
        state = None
        if cost.valid_from > today:
            state = (_("Later"), "neutral")
        elif cost.currency not in holding:
            holding.add(cost.currency)
            state = (_("Holds"), "good")
        rows.append(
            {
                "valid_from": cost.valid_from,
                "rate": None if cost.unit_cost is None else Rate(cost.unit_cost, cost.currency),
                "share_text": formatting.percent(cost.list_share_bps or 0, locale),
                "state": state,
                "remove_url": reverse("catalog:cost_remove", args=[cost.product_id, cost.pk]),
            }
        )
    return rows


def _fields(values: Mapping[str, str], errors: Mapping[str, str]) -> list[dict[str, Any]]:
    fields: list[dict[str, Any]] = [
        {"name": "unit_cost", "label": _("Cost per unit"), "type": "money"},
        {"name": "currency", "label": _("Currency")},
        {
            "name": "list_share",
            "label": _("Or share of the list price"),
            "type": "money",
            "suffix": "%",
            "help": _("For what is built to order."),
        },
        {"name": "valid_from", "label": _("First day"), "type": "date", "required": True},
    ]
    for field in fields:
        name = field["name"]
        wrong = errors.get(name) or (errors.get("list_share_bps") if name == "list_share" else "")
        field |= {"value": values.get(name, ""), "error": wrong or ""}
    return fields


@page("cost.edit")
def add(request: Request, product_id: int) -> HttpResponseBase:
    """Set what the product costs us from a day on."""
    if request.method == "POST":
        try:
            cost = _posted(request, product_id)
            actions.set_costs(actor=request.actor, now=request.now, costs=[cost])
        except Invalid as wrong:
            from handsel.bid.catalog.web.record import product_page

            typed = {name: posted(request, name) for name in request.POST}
            return product_page(request, product_id, panel(request, product_id, typed, wrong), 422)
    return go_to(request, reverse("catalog:record", args=[product_id]) + "#costs")


@page("cost.edit")
def remove(request: Request, product_id: int, cost_id: int) -> HttpResponseBase:
    """Take away a cost that was set by mistake."""
    if request.method == "POST":
        actions.remove_cost(
            actor=request.actor, now=request.now, product_id=product_id, cost_id=cost_id
        )
    return go_to(request, reverse("catalog:record", args=[product_id]) + "#costs")


def _posted(request: Request, product_id: int) -> NewCost:
    amount, share = posted(request, "unit_cost"), posted(request, "list_share")
    return NewCost(
        product_id=product_id,
        valid_from=_read("valid_from", lambda: parse_date(posted(request, "valid_from"))),
        unit_cost=_read("unit_cost", lambda: _decimal(amount, 6)) if amount else None,
        currency="" if share and not amount else posted(request, "currency").upper(),
        list_share_bps=_read("list_share", lambda: int(_decimal(share, 2) * 100))
        if share
        else None,
    )


def _decimal(text: str, scale: int) -> Any:
    mark = "," if get_format("DECIMAL_SEPARATOR") == "," else "."
    return parse_localized_decimal(text, mark, max_digits=20, scale=scale)


def _read(field: str, read: Any) -> Any:
    try:
        return read()
    except Invalid as wrong:
        raise Invalid(wrong.message, code=wrong.code, fields={field: wrong.message}) from None
