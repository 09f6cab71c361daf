"""Scenarios of a quote side by side: what each costs and which lines it has; one is offered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.quote import actions, queries
from handsel.bid.quote.errors import StaleEdit
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries.scenarios import Comparison, compared_scenarios
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.grid import conflict, lock_no_of
from handsel.bid.quote.web.price_parts import worth_of
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.platform.posted import go_to

Act = Callable[..., QuoteVersion]


@page("quote.view")
def scenarios(request: Request, quote_id: int) -> HttpResponseBase:
    """All scenarios of the newest version beside each other."""
    version = queries.get_version(request.actor, quote_id)
    found = compared_scenarios(version)
    may_edit = version.state == "draft" and request.actor.may("quote.edit")
    context = {
        "header": {
            "title": _("Scenarios of %(number)s") % {"number": version.quote.number},
            "trail": [
                (_("Quotes"), reverse("quote:list")),
                (version.quote.number, reverse("quote:record", args=[quote_id])),
            ],
        },
        "scenarios": [_shown(one, version) for one in found.scenarios],
        "offered_badge": (_("Offered"), "good"),
        "rows": _rows(found, version.quote.currency),
        "may_edit": may_edit,
        "has_options": any(line.is_optional for line in found.lines),
        "lock_no": version.lock_no,
        "quote_id": quote_id,
        "any_offered": any(one.is_offered for one in found.scenarios),
        "name_field": {
            "name": "name",
            "id": "scenario-name",
            "label": _("Name"),
            "required": True,
            "placeholder": _("Such as: lean"),
        },
    }
    return render(request, "quote/scenarios.html", context)


def _shown(one: Any, version: QuoteVersion) -> dict[str, Any]:
    currency = version.quote.currency
    return {
        "name": one.name,
        "is_offered": one.is_offered,
        "totals": parts.totals_of(
            currency,
            list_minor=one.priced.list_minor,
            net_minor=one.priced.net_minor,
            gross_minor=one.priced.gross_minor,
            taxes=parts.taxes_of(one.priced),
        ),
        "worth": worth_of(one.sums, currency),
        "gross": Money(one.priced.gross_minor, currency),
    }


def _rows(found: Comparison, currency: str) -> list[dict[str, Any]]:
    """The lines the scenarios differ in: which has it, for how much."""
    by_key = {line.key: (place, line) for place, line in enumerate(found.lines)}
    rows = []
    for key in found.differing:
        place, line = by_key[key]
        amounts = [one.priced.lines[place] for one in found.scenarios]
        rows.append(
            {
                "name": line.name,
                "sku": line.sku,
                "quantity": Quantity(line.quantity, line.unit),
                "cells": [
                    Money(one.net_minor, currency) if one.counts else None for one in amounts
                ],
            }
        )
    return rows


def scenario_names(version: QuoteVersion) -> list[tuple[str, bool]]:
    """The scenarios of a version by name, and whether each is the offered one."""
    return [(one["name"], bool(one.get("is_offered"))) for one in version.scenarios]


def _done(request: Request, quote_id: int, act: Act, wish: str) -> HttpResponseBase:
    if request.method == "POST":
        try:
            act(
                actor=request.actor,
                now=request.now,
                quote_id=quote_id,
                name=parts.posted_text(request, "name"),
                lock_no=lock_no_of(request),
            )
        except StaleEdit as stale:
            return conflict(request, quote_id, stale, wish)
        except Invalid as wrong:
            messages.error(request, wrong.message)
    return go_to(request, reverse("quote:scenarios", args=[quote_id]))


@page("quote.edit")
def keep(request: Request, quote_id: int) -> HttpResponseBase:
    """Keep the options as they are chosen now under a name."""
    return _done(request, quote_id, actions.keep_scenario, _("Keep as a scenario"))


@page("quote.edit")
def offer(request: Request, quote_id: int) -> HttpResponseBase:
    """Offer a scenario; without a name none of them."""
    return _done(request, quote_id, actions.offer_scenario, _("Offer this scenario"))


@page("quote.edit")
def remove(request: Request, quote_id: int) -> HttpResponseBase:
    """Drop a scenario."""
    return _done(request, quote_id, actions.remove_scenario, _("Remove the scenario"))
