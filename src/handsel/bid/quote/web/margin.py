"""What a version leaves us, on its page: only for those who may see costs."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries.costs import SEES_COSTS, line_costs
from handsel.bid.quote.queries.sheet import sheet_rows
from handsel.bid.quote.rules.approval.line_facts import margin_bps
from handsel.ground.identity.access import Request
from handsel.ground.kernel.money import Money

MOST_NAMED = 3


def margin_facts(request: Request, version: QuoteVersion) -> list[dict[str, Any]]:
    """Cost and margin of the lines that count; where a cost is missing, whose."""
    if not request.actor.may(SEES_COSTS):
        return []
    has_sheet = version.state == "draft" and request.actor.may("quote.edit")
    currency = version.quote.currency
    counted = [row for row in sheet_rows(version.pk) if row.counts]
    costs = line_costs(counted, currency=currency, on=version.priced_on, book=version.price_book)
    missing = list(dict.fromkeys(row.sku for row in counted if row.key not in costs))
    if missing:
        named = ", ".join(missing[:MOST_NAMED]) + (" …" if len(missing) > MOST_NAMED else "")
        return [
            {
                "label": _("Margin"),
                "value": _("not known: no cost for %(names)s") % {"names": named},
            }
        ]
    if not counted or has_sheet:  # the sheet says it below its lines, as they are edited
        return []
    cost = sum(costs.values())
    net = sum(row.net_minor for row in counted)
    return [
        {"label": _("Cost"), "value": Money(cost, currency), "format": "money"},
        {"label": _("Margin"), "value": Money(net - cost, currency), "format": "money"},
        {"label": _("Margin in per cent"), "value": margin_bps(net, cost), "format": "percent"},
    ]
