"""Changing many prices of a draft at once: first the prices and the open quotes they touch."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from handsel.bid.catalog.queries import facts_of
from handsel.bid.price import actions, queries
from handsel.bid.price.models import PriceBook
from handsel.bid.price.queries import trial
from handsel.bid.price.queries.trial import Tried
from handsel.bid.price.rules.mass_change import PriceChange
from handsel.bid.price.rules.terms import Ending
from handsel.bid.price.web import parts
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.rate import Rate
from handsel.ground.kernel.rounding import divide
from handsel.ground.kernel.said import worded
from handsel.ground.platform.posted import go_to

MOST_SHOWN = 100
NAMES = ("percent", "amount", "group", "ending")
# How new prices end: multiples of a step plus an offset.
ENDINGS = {
    "95": (Decimal(1), Decimal("-0.05")),
    "90": (Decimal(1), Decimal("-0.10")),
    "whole": (Decimal(1), Decimal(0)),
    "five": (Decimal(5), Decimal(0)),
}


def _given(request: HttpRequest) -> dict[str, str]:
    read = parts.posted if request.method == "POST" else parts.asked
    return {name: read(request, name) for name in NAMES}


def is_asked(request: HttpRequest) -> bool:
    """Whether a change was typed."""
    given = _given(request)
    return bool(given["percent"] or given["amount"] or given["ending"])


def fields(
    request: HttpRequest, currency: str, wrong: Invalid | None = None
) -> list[dict[str, Any]]:
    """The form, as it was typed."""
    given, errors = _given(request), parts.told_fields(wrong)
    endings = {
        "": _("as reckoned"),
        "95": _("in .95"),
        "90": _("in .90"),
        "whole": _("in whole units"),
        "five": _("in 5 or 0"),
    }
    found: list[dict[str, Any]] = [
        {
            "name": "percent",
            "label": _("By per cent"),
            "type": "money",
            "suffix": "%",
            "help": _("What is listed at zero stays: rules price it."),
        },
        {
            "name": "amount",
            "label": _("And by an amount"),
            "type": "money",
            "suffix": currency,
        },
        {
            "name": "group",
            "label": _("Of the group"),
            "type": "select",
            "options": [("", _("Everything")), *parts.groups_shown().items()],
        },
        {
            "name": "ending",
            "label": _("New prices end"),
            "type": "select",
            "options": list(endings.items()),
        },
    ]
    for one in found:
        one |= {"id": f"change-{one['name']}", "value": given[one["name"]]}
        one["error"] = errors.get(one["name"], "")
    return found


def _change(request: HttpRequest) -> PriceChange:
    given = _given(request)
    ending = ENDINGS.get(given["ending"])
    percent, amount = given["percent"], given["amount"]
    return PriceChange(
        percent_bps=parts.percent(percent, "percent", minimum=-100, maximum=1000) if percent else 0,
        amount=parts.number(amount, "amount", scale=6) if amount else Decimal(0),
        ending=Ending(rule="change", step=ending[0], offset=ending[1]) if ending else None,
        product_group=given["group"],
    )


def preview(request: Request, book: PriceBook) -> dict[str, Any]:
    """What would change, and what the open quotes with those products would come to."""
    change = _change(request)
    changed = queries.changed_prices(book.pk, change)
    touched = trial.touched_by(actor=request.actor, book=book, change=change)
    language = (get_language() or "en")[:2]
    shown = facts_of(list(changed)[:MOST_SHOWN], language=language)
    more = len(changed) - len(shown)
    return {
        "preview": {
            "id": "preview",
            "caption": _("Prices that change"),
            "columns": [
                {"key": "product", "label": _("Product"), "format": "link"},
                {"key": "before", "label": _("So far"), "format": "rate", "align": "right"},
                {"key": "after", "label": _("Then"), "format": "rate", "align": "right"},
            ],
            "rows": [
                {
                    "id": key,
                    "url": reverse("catalog:record", args=[key]),
                    "cells": [
                        (product.name, product.sku),
                        Rate(changed[key][0], book.currency),
                        Rate(changed[key][1], book.currency),
                    ],
                }
                for key, product in sorted(shown.items(), key=lambda one: one[1].sku)
            ],
            "empty": {"title": _("No price changes")},
        },
        "changed": len(changed),
        "more": more,
        "touched": tried_table(
            touched, "touched", _("Open quotes it touches"), _("It touches no open quote")
        ),
        "touched_count": len(touched),
        "change_values": list(_given(request).items()),
    }


def tried_table(found: Sequence[Tried], key: str, caption: str, none: str) -> dict[str, Any]:
    """Quotes with what they come to so far and under the book; why not, where one cannot be."""
    width = 6 if any(one.refused for one in found) else 5
    return {
        "id": key,
        "caption": caption,
        "columns": [
            {"key": "quote", "label": _("Quote"), "format": "link"},
            {"key": "before", "label": _("So far"), "format": "money", "align": "right"},
            {"key": "after", "label": _("Then"), "format": "money", "align": "right"},
            {"key": "change", "label": _("Difference"), "format": "money", "align": "right"},
            {"key": "share", "label": _("In per cent"), "format": "percent", "align": "right"},
            {"key": "why", "label": _("Why not")},
        ][:width],
        "rows": [_tried_row(one, width) for one in found],
        "totals": _together([one for one in found if one.net_minor is not None], width),
        "empty": {"title": none},
    }


def _together(priced: Sequence[Tried], width: int) -> list[Any]:
    """All that could be priced in one row; nothing where there is only one."""
    if len(priced) < 2:
        return []
    currency = priced[0].deal.currency
    before = sum(one.deal.net_minor for one in priced)
    change = sum(one.change_minor for one in priced)
    amounts = [Money(minor, currency) for minor in (before, before + change, change)]
    return [_("Together"), *amounts, _share(change, before), ""][:width]


def _share(change: int, before: int) -> int | None:
    return divide(change * 10_000, before) if before > 0 else None


def _tried_row(one: Tried, width: int) -> dict[str, Any]:
    deal = one.deal
    is_priced = one.net_minor is not None
    return {
        "id": deal.quote_id,
        "url": reverse("quote:record", args=[deal.quote_id]),
        "cells": [
            (
                deal.number or f"#{deal.quote_id}",
                " · ".join(one for one in (deal.title, deal.customer) if one),
            ),
            Money(deal.net_minor, deal.currency),
            Money(one.net_minor or 0, deal.currency) if is_priced else None,
            Money(one.change_minor, deal.currency) if is_priced else None,
            _share(one.change_minor, deal.net_minor) if is_priced else None,
            one.refused,
        ][:width],
    }


@page("price.edit")
def change(request: Request, book_id: int) -> HttpResponseBase:
    """Make a mass change that was previewed."""
    if request.method == "POST":
        try:
            made = actions.change_prices(
                actor=request.actor, now=request.now, book_id=book_id, change=_change(request)
            )
            messages.success(request, _("%(count)s prices changed.") % {"count": len(made)})
        except Invalid as wrong:
            messages.error(request, worded(wrong.message, _))
    return go_to(request, reverse("price:record", args=[book_id]))
