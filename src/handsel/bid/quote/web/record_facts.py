"""The facts of a quote as its page shows them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from handsel.bid.quote import queries
from handsel.bid.quote.actions.letters import buyer_address
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.configured import configuration_facts
from handsel.bid.quote.web.margin import margin_facts
from handsel.bid.quote.web.price_parts import pricing_facts
from handsel.ground.identity.access import Request
from handsel.ground.platform.naming import shown_name


def record_facts(request: Request, version: QuoteVersion) -> list[dict[str, Any]]:
    """To whom, from whom, at which prices, and what became of the links."""
    quote = version.quote
    facts: list[dict[str, Any]] = [
        {
            "label": _("Customer"),
            "value": quote.organization.name,
            "url": parts.address("party:record", quote.organization_id),
        },
        {"label": _("For"), "value": quote.person.name if quote.person else ""},
        {"label": _("Goes to"), "value": buyer_address(quote), "format": "email"},
        {"label": _("Owner"), "value": quote.owner.name if quote.owner else ""},
        {"label": _("Prices of"), "value": version.priced_on, "format": "day"},
        {
            "label": _("Price book"),
            "value": shown_name(version.price_book.called) if version.price_book else "",
            "url": parts.address("price:record", version.price_book_id),
        },
        {"label": _("Presented"), "value": version.presented_at, "format": "instant"},
        {"label": _("Reason"), "value": quote.declined_reason},
    ]
    if quote.opportunity is not None:
        facts.insert(
            2,
            {
                "label": _("Opportunity"),
                "value": quote.opportunity.name,
                "url": parts.address("opportunity:record", quote.opportunity_id)
                if request.actor.may("opportunity.view")
                else "",
            },
        )
    facts += margin_facts(request, version)
    facts += pricing_facts(version)
    facts += configuration_facts(request, version)
    facts += _opened_facts(request, quote.pk)
    return [fact for fact in facts if fact["value"] not in ("", None)]


def _opened_facts(request: Request, quote_id: int) -> list[dict[str, Any]]:
    opened = queries.link_summary(quote_id, now=request.now)
    if not opened.links:
        return []
    return [
        {"label": _("Links that work"), "value": opened.working, "format": "number"},
        {"label": _("Opened"), "value": opened.openings, "format": "number"},
        {"label": _("Last opened"), "value": opened.last_opened_at, "format": "instant"},
    ]
