"""Agreed prices brought in as a list."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.price import actions
from handsel.bid.price.actions import ListedAgreement
from handsel.bid.price.models import ContractedPrice
from handsel.bid.price.web.agreements import agreed_text
from handsel.ground.identity.access import Request, page
from handsel.ground.platform.table_page import ListPage, list_page

EXAMPLE = (
    "organization,sku,group,currency,unit_price,discount_percent,valid_from\n"
    "K00012,BELT-PU-600,,EUR,129.50,,2026-01-01"
)


@page("price.edit")
def agreements_import(request: Request) -> HttpResponseBase:
    """First what would be agreed and what not, then it is done."""
    of = ListPage(
        title=_("Bring in agreed prices"),
        trail=[
            (_("Price books"), reverse("price:list")),
            (_("Agreed prices"), reverse("price:agreements")),
        ],
        address=reverse("price:agreements_import"),
        back=reverse("price:agreements"),
        fields=actions.AGREEMENT_FIELDS,
        example=EXAMPLE,
        bring=partial(actions.import_agreements, actor=request.actor, now=request.now),
        columns=[
            {"key": "organization", "label": _("With")},
            {"key": "on", "label": _("On")},
            {"key": "agreed", "label": _("Agreed"), "align": "right"},
            {"key": "from", "label": _("First day"), "format": "day"},
        ],
        cells=_cells,
    )
    return list_page(request, of)


def _cells(one: ListedAgreement) -> list[Any]:
    agreed = agreed_text(ContractedPrice(**one.facts))
    return [one.organization, one.about, agreed, one.facts["valid_from"]]
