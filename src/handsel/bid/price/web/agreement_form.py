"""The fields of an agreed price: what is agreed, and from when until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from handsel.bid.price.models import ContractedPrice
from handsel.bid.price.web import parts
from handsel.ground.identity.access import Request
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.names import name_values
from handsel.ground.platform.naming import name_field


def values_of(row: ContractedPrice, today: date) -> dict[str, str]:
    """An agreement as the form shows it, for a change from the next day it can change on."""
    price, bps = row.unit_price, row.discount_bps
    return {
        "unit_price": parts.shown(price, 2) if price is not None else "",
        "discount": parts.shown_percent(bps) if bps is not None else "",
        "is_net": "on" if row.is_net else "",
        "valid_from": max(today, row.valid_from + timedelta(days=1)).isoformat(),
        **name_values("label", row.called),
    }


def value_fields(
    values: Mapping[str, str], wrong: Invalid | None, currency: str
) -> list[dict[str, Any]]:
    """What is agreed and when; what was typed and refused stays."""
    errors = parts.told_fields(wrong)
    fields: list[dict[str, Any]] = [
        {"name": "unit_price", "label": _("Price per unit"), "type": "money", "suffix": currency},
        {
            "name": "discount",
            "label": _("Or per cent off"),
            "type": "money",
            "suffix": "%",
            "error": errors.get("discount") or errors.get("discount_bps", ""),
        },
        {
            "name": "is_net",
            "label": _("Net: no tier or promotion comes off it"),
            "type": "checkbox",
        },
        {"name": "valid_from", "label": _("First day"), "type": "date", "required": True},
        {
            "name": "last_day",
            "label": _("Last day"),
            "type": "date",
            "error": errors.get("last_day") or errors.get("valid_until", ""),
        },
        {"name": "label", "label": _("Words for it")},
    ]
    for field in fields:
        name = field["name"]
        field["value"] = bool(values.get(name)) if name == "is_net" else values.get(name, "")
        field.setdefault("error", errors.get(name, ""))
    return [*fields[:-1], name_field(fields[-1], values)]


def posted_values(request: Request) -> dict[str, Any]:
    """What was typed, as the actions take it."""
    price, discount = parts.posted(request, "unit_price"), parts.posted(request, "discount")
    last = parts.posted(request, "last_day")
    return {
        "unit_price": parts.number(price, "unit_price", max_digits=20, minimum=0)
        if price
        else None,
        "discount_bps": parts.percent(discount, "discount") if discount else None,
        "is_net": "is_net" in request.POST,
        "valid_from": parts.day(parts.posted(request, "valid_from"), "valid_from"),
        "valid_until": parts.day(last, "last_day") + timedelta(days=1) if last else None,
        "label": parts.posted_name(request, "label"),
    }


def _price(text: str) -> Decimal:
    return parts.number(text, "unit_price", max_digits=20, minimum=0)


def last_day_field(typed: Mapping[str, str] | None, wrong: Invalid | None) -> dict[str, Any]:
    """The field of the form that lets an agreement end."""
    return {
        "name": "last_day",
        "id": "end-last-day",
        "label": _("Last day"),
        "type": "date",
        "required": True,
        "value": (typed or {}).get("last_day", ""),
        "error": (parts.told_fields(wrong).get("until", "") if typed else ""),
    }
