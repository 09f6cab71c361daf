"""Configurations on a quote's pages: what is built, where else it is quoted, and how one gets
into a quote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.configure.queries.products import ConfiguredProduct
from handsel.bid.quote.actions.paper import configuration_note
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import LineView, lines_of
from handsel.bid.quote.queries.configured import carried, quoted_in
from handsel.ground.identity.access import Request

MOST_FACTS = 5


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
