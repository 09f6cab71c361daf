"""Agreed prices: the list, one of them with whom it reaches, and what holds for an organization."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from handsel.bid.price.models import ContractedPrice
from handsel.bid.price.queries import agreements as queries
from handsel.bid.price.queries.agreements import Filter, Standing
from handsel.bid.price.web import parts
from handsel.bid.price.web.agreement_form import last_day_field, value_fields, values_of
from handsel.ground.document import formatting
from handsel.ground.document.stationery import document_locale
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import worded
from handsel.ground.party import queries as party
from handsel.ground.platform.naming import shown_name
from handsel.ground.platform.timeline_view import timeline_of

PAGE_SIZE = 50
STATES = {
    "holds": (gettext_lazy("Holds"), "good"),
    "later": (gettext_lazy("Later"), "neutral"),
    "ended": (gettext_lazy("Ended"), "ended"),
}


def state_of(row: ContractedPrice, today: date) -> tuple[Any, str]:
    """Whether an agreement holds on a day, will, or did."""
    if row.valid_from > today:
        return STATES["later"]
    ended = row.valid_until is not None and row.valid_until <= today
    return STATES["ended" if ended else "holds"]


def agreed_text(row: ContractedPrice) -> str:
    """What was agreed, in words: a price, or a percentage off."""
    locale = document_locale(get_language() or "en", "")
    if row.unit_price is not None:
        price = f"{parts.price_text(row.unit_price, row.currency)} {row.currency}"
        return _("%(price)s net") % {"price": price} if row.is_net else price
    return "−" + formatting.percent(row.discount_bps or 0, locale)


@page("price.view")
def agreement_list(request: Request) -> HttpResponseBase:
    """Agreements, the latest first; by words, and those that hold today."""
    text, holding = parts.asked(request, "q"), parts.asked(request, "holds") == "today"
    today = request.now.date()
    start = parts.key(parts.asked(request, "from")) or 0
    found = queries.agreements(Filter(text, holds_on=today if holding else None))
    rows = list(found[start : start + PAGE_SIZE + 1])
    groups = parts.groups_shown()
    table = {
        "id": "agreements",
        "caption": _("Agreed prices"),
        "search": text,
        "search_label": _("Customer, product, group or words"),
        "filters": [
            {
                "name": "holds",
                "label": _("Days"),
                "options": [("", _("All")), ("today", _("Holding today"))],
                "value": "today" if holding else "",
            }
        ],
        "columns": [
            {"key": "customer", "label": _("Customer"), "format": "link"},
            {"key": "on", "label": _("On")},
            {"key": "agreed", "label": _("Agreed"), "align": "right"},
            {"key": "days", "label": _("Valid"), "phone": False},
            {"key": "state", "label": _("State"), "format": "badge"},
        ],
        "rows": [_row(row, today, groups) for row in rows[:PAGE_SIZE]],
        "previous_url": _from(request, max(0, start - PAGE_SIZE)) if start else "",
        "next_url": _from(request, start + PAGE_SIZE) if len(rows) > PAGE_SIZE else "",
        "shown": f"{start + 1}–{start + len(rows[:PAGE_SIZE])}" if rows else "",
        "empty": {
            "title": _("No agreed prices"),
            "text": _("Agree a price with a customer; it holds for those below it too."),
            "icon": "handshake",
        },
    }
    header = {
        "title": _("Agreed prices"),
        "trail": [(_("Price books"), reverse("price:list"))],
        "actions": [
            parts.action(request, _("Agree a price"), reverse("price:agree"), "plus"),
            parts.action(
                request,
                _("Bring in a list"),
                reverse("price:agreements_import"),
                "upload",
                kind="",
            ),
        ],
    }
    return render(request, "price/list.html", {"header": header, "table": table})


def _row(row: ContractedPrice, today: date, groups: Mapping[str, str]) -> dict[str, Any]:
    state = state_of(row, today)
    return {
        "id": row.pk,
        "url": reverse("price:agreement", args=[row.pk]),
        "cells": [
            (row.organization.name, shown_name(row.called)),
            parts.scope_of(row, groups),
            agreed_text(row),
            parts.days(row.valid_from, row.valid_until),
            state,
        ],
        "state": "muted" if state is STATES["ended"] else "",
    }


def _from(request: Request, start: int) -> str:
    query = request.GET.copy()
    query["from"] = str(start)
    return f"?{query.urlencode()}"


@page("price.view")
def agreement(request: Request, agreement_id: int) -> HttpResponseBase:
    """One agreement: what, since when, and whom it reaches."""
    return agreement_page(request, agreement_id)


def agreement_page(
    request: Request,
    agreement_id: int,
    opened: str = "",
    wrong: Invalid | None = None,
) -> HttpResponseBase:
    """The page, with the form that was refused opened and as it was typed."""
    row = queries.get_agreement(agreement_id)
    today = request.now.date()
    state = state_of(row, today)
    on = max(today, row.valid_from)
    may = request.actor.may("price.edit") and state is not STATES["ended"]
    typed = {name: parts.posted(request, name) for name in request.POST} if wrong else None
    context = {
        "header": {
            "title": row.organization.name,
            "number": agreed_text(row),
            "state": state,
            "subtitle": parts.scope_of(row),
            "trail": [
                (_("Price books"), reverse("price:list")),
                (_("Agreed prices"), reverse("price:agreements")),
            ],
            "actions": [
                {
                    "label": _("All that is agreed with them"),
                    "url": reverse("price:agreed_with", args=[row.organization_id]),
                    "icon": "users",
                },
                *_taking_back(request, row, state),
            ],
        },
        "facts": _facts(row),
        "reach": _reach(row, on),
        "reach_hint": _("What applies to it on %(day)s, for each of them.")
        % {"day": formatting.day(on, document_locale(get_language() or "en", ""))},
        "change": {
            "url": reverse("price:agreement_change", args=[agreement_id]),
            "fields": value_fields(typed or values_of(row, today), wrong, row.currency),
            "is_open": opened == "change",
        }
        if may
        else None,
        "end": {
            "url": reverse("price:agreement_end", args=[agreement_id]),
            "fields": [last_day_field(typed if opened == "end" else None, wrong)],
            "is_open": opened == "end",
        }
        if may
        else None,
        "message": worded(wrong.message, _) if wrong else "",
        "timeline": timeline_of(("organization", row.organization_id), of_rooms=("price",)),
    }
    return render(request, "price/agreement.html", context, status=422 if wrong else 200)


def _taking_back(
    request: Request, row: ContractedPrice, state: tuple[Any, str]
) -> list[dict[str, Any]]:
    if state is not STATES["later"]:
        return []
    return [
        parts.action(
            request,
            _("Take it back"),
            reverse("price:agreement_take_back", args=[row.pk]),
            "x",
            kind="danger",
            method="post",
            confirm=_("It has not begun, and will be gone. Take it back?"),
        )
    ]


def _facts(row: ContractedPrice) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {
            "label": _("Customer"),
            "value": row.organization.name,
            "url": reverse("party:record", args=[row.organization_id]),
        },
        {"label": _("On"), "value": parts.scope_of(row)},
        {"label": _("Agreed"), "value": agreed_text(row)},
        {"label": _("Currency"), "value": row.currency},
        {"label": _("First day"), "value": row.valid_from, "format": "day"},
        {
            "label": _("Last day"),
            "value": row.valid_until - timedelta(days=1) if row.valid_until else None,
            "format": "day",
        },
        {"label": _("Words for it"), "value": row.label},
    ]
    return [fact for fact in facts if fact["value"] not in ("", None)]


def _reach(row: ContractedPrice, on: date) -> dict[str, Any]:
    return {
        "id": "reach",
        "caption": _("Who it reaches"),
        "columns": [
            {"key": "who", "label": _("Organization"), "format": "link"},
            {"key": "what", "label": _("What applies")},
            {"key": "state", "label": _("This one"), "format": "badge"},
        ],
        "rows": [
            {
                "id": one.organization.pk,
                "url": reverse("price:agreed_with", args=[one.organization.pk]),
                "cells": [
                    (one.organization.name, one.organization.number or ""),
                    f"{agreed_text(one.agreement)} · {one.agreement.organization.name}",
                    (_("Applies"), "good") if one.is_asked else (_("A nearer one applies"), "warn"),
                ],
            }
            for one in queries.reach_of(row, on=on)
        ],
        "empty": {"title": _("Nobody on this day")},
    }


@page("price.view")
def agreed_with(request: Request, organization_id: int) -> HttpResponseBase:
    """What holds for an organization by itself and those above it, in the order it is asked."""
    organization = party.get_organization(organization_id)
    typed = parts.asked(request, "on")
    message, on = "", request.now.date()
    try:
        on = parts.day(typed, "on") if typed else on
    except Invalid as wrong:
        message = worded(wrong.message, _)
    standings = queries.standing_for(request.actor, organization_id, on=on)
    context = {
        "header": {
            "title": _("Agreed for %(name)s") % {"name": organization.name},
            "trail": [
                (_("Price books"), reverse("price:list")),
                (_("Agreed prices"), reverse("price:agreements")),
            ],
            "actions": [
                parts.action(
                    request,
                    _("Agree a price"),
                    f"{reverse('price:agree')}?organization={organization_id}",
                    "plus",
                )
            ],
        },
        "on": typed or on.isoformat(),
        "message": message,
        "table": _standing_table(standings, organization.name),
    }
    return render(request, "price/agreed_with.html", context)


def _standing_table(standings: list[Standing], name: str) -> dict[str, Any]:
    return {
        "id": "standing",
        "caption": _("In the order it is asked"),
        "columns": [
            {"key": "on", "label": _("On"), "format": "link"},
            {"key": "agreed", "label": _("Agreed"), "align": "right"},
            {"key": "with", "label": _("With")},
            {"key": "days", "label": _("Valid"), "phone": False},
            {"key": "state", "label": _("For %(name)s") % {"name": name}, "format": "badge"},
        ],
        "rows": [
            {
                "id": one.agreement.pk,
                "url": reverse("price:agreement", args=[one.agreement.pk]),
                "cells": [
                    (parts.scope_of(one.agreement), shown_name(one.agreement.called)),
                    agreed_text(one.agreement),
                    one.agreement.organization.name,
                    parts.days(one.agreement.valid_from, one.agreement.valid_until),
                    _verdict(one),
                ],
                "state": "muted" if one.behind else "",
            }
            for one in standings
        ],
        "empty": {
            "title": _("Nothing is agreed on this day"),
            "text": _("The price book alone decides."),
        },
    }


def _verdict(one: Standing) -> tuple[str, str]:
    if one.behind is None:
        return _("Applies"), "good"
    if one.behind.organization_id == one.agreement.organization_id:
        return _("A later or narrower one applies"), "warn"
    return _("%(name)s is nearer") % {"name": one.behind.organization.name}, "warn"
