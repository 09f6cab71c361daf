"""Configurations on a quote's pages: what is built, where else it is quoted, and how one gets
into a quote."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.configure.queries.products import ConfiguredProduct
from handsel.bid.quote import actions
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.actions.paper import configuration_note
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import LineView, ListFilter, lines_of, listed
from handsel.bid.quote.queries.configured import carried, quoted_in
from handsel.bid.quote.web import parts
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import HandselError
from handsel.ground.platform.posted import go_to, once_posted

MOST_FACTS = 5
MOST_DRAFTS = 12


@page("quote.edit")
def line_add(request: Request, quote_id: int) -> HttpResponseBase:
    """Put a finished configuration at the end of a draft, one piece."""
    configuration_id = parts.whole_number(request.POST.get("configuration", ""))
    if request.method != "POST" or configuration_id is None:
        return go_to(request, reverse("quote:record", args=[quote_id]))

    def effect() -> dict[str, Any]:
        line = NewLine(product_id=0, quantity=Decimal(1), configuration_id=configuration_id)
        version = actions.add_lines(
            actor=request.actor, now=request.now, quote_id=quote_id, lines=[line]
        )
        return {"lock_no": version.lock_no}

    route = "quote.line_configured"
    try:
        once_posted(request, actor=request.actor, now=request.now, route=route, effect=effect)
    except HandselError as refused:
        messages.error(request, refused.message)
    return go_to(request, reverse("quote:record", args=[quote_id]))


def open_drafts(request: Request) -> list[dict[str, Any]]:
    """The reader's own drafts, the latest first: where a configuration can go in one click."""
    mine = ListFilter(state="draft", owner_id=request.actor.user_id)
    return [
        {
            "title": quote.title or quote.number,
            "number": quote.number,
            "customer": quote.organization.name,
            "url": reverse("quote:line_configured", args=[quote.pk]),
        }
        for quote in listed(request.actor, mine)[:MOST_DRAFTS]
    ]


def note_of(product: ConfiguredProduct) -> str:
    """Which configuration a line carries, with the version of its model."""
    return configuration_note(
        {
            "fingerprint": product.fingerprint,
            "model": product.model_title,
            "model_version": product.version_no,
        }
    )


def configuration_notes(lines: Sequence[LineView]) -> dict[UUID, str]:
    """The notes of lines that carry a configuration, by line."""
    products = carried(line.configuration_id for line in lines)
    return {
        line.key: note_of(products[line.configuration_id])
        for line in lines
        if line.configuration_id in products
    }


def configuration_facts(request: Request, version: QuoteVersion) -> list[dict[str, Any]]:
    """The configurations of a version with their pages, and other quotes of the same products."""
    products = list(carried(line.configuration_id for line in lines_of(version.pk)).values())
    facts: list[dict[str, Any]] = [
        {
            "label": _("Configuration"),
            "value": f"{one.title} · {one.short}",
            "url": reverse("configure:record", args=[one.configuration_id])
            if request.actor.may("configure.view")
            else "",
        }
        for one in products[:MOST_FACTS]
    ]
    places = quoted_in(
        request.actor, [one.fingerprint for one in products], but_quote_id=version.quote_id
    )
    return facts + [
        {
            "label": _("The same product in"),
            "value": place.number,
            "url": reverse("quote:record", args=[place.quote_id]),
        }
        for place in places[:MOST_FACTS]
    ]
