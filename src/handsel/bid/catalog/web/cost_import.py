"""What products cost us, brought in as a list."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from handsel.bid.catalog import actions, queries
from handsel.bid.catalog.rules.costs import NewCost
from handsel.ground.document import formatting
from handsel.ground.document.stationery import document_locale
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.rate import Rate
from handsel.ground.platform.table_page import ListPage, list_page

EXAMPLE = "sku,valid_from,unit_cost,currency\nBELT-PU-600,2026-01-01,81.20,EUR"


@page("cost.edit")
def costs_import(request: Request) -> HttpResponseBase:
    """First which costs would be set and which rows not, then it is done."""
    of = ListPage(
        title=_("Bring in standard costs"),
        trail=[(_("Products"), reverse("catalog:list"))],
        address=reverse("catalog:costs_import"),
        back=reverse("catalog:list"),
        fields=actions.COST_FIELDS,
        example=EXAMPLE,
        bring=partial(actions.import_costs, actor=request.actor, now=request.now),
        columns=[
            {"key": "product", "label": _("Product")},
            {"key": "cost", "label": _("Cost"), "align": "right"},
            {"key": "from", "label": _("First day"), "format": "day"},
        ],
        cells=_cells,
    )
    return list_page(request, of)


def _cells(one: NewCost) -> list[Any]:
    language = (get_language() or "en")[:2]
    title = queries.facts_of([one.product_id], language=language)[one.product_id].title
    locale = document_locale(get_language() or "en", "")
    if one.unit_cost is not None:
        said = formatting.rate(Rate(one.unit_cost, one.currency), locale)
    else:
        share = formatting.percent(one.list_share_bps or 0, locale)
        said = _("%(share)s of list") % {"share": share}
    return [title, said, one.valid_from]
