"""Quote templates: named sets of lines and terms, kept from a quote, to begin others from."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from handsel.bid.configure.actions import renew_configuration
from handsel.bid.quote import queries
from handsel.bid.quote.actions.draft import NewLine, draft_quote
from handsel.bid.quote.errors import BadTemplate
from handsel.bid.quote.events import QuoteTemplateEnded, QuoteTemplateKept
from handsel.bid.quote.models import QuoteTemplate, QuoteVersion
from handsel.bid.quote.queries import LineView
from handsel.bid.quote.queries.proposals import get_quote_template
from handsel.bid.quote.rules.asked import is_fee, without_costs
from handsel.bid.quote.rules.content import plain
from handsel.bid.quote.rules.terms import DAYS_VALID, Terms
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.said import said
from handsel.ground.party import queries as party
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor

MOST_LINES = 2_000
_TERMS = ("payment_days", "billing_method", "delivery_terms", "intro", "terms")


@transaction.atomic
def keep_as_template(
    *, actor: Actor, now: datetime, quote_id: int, name: str, version_no: int | None = None
) -> QuoteTemplate:
    """Keep the lines and terms of a version under a name; one of that name gives way to it.

    Kept are products, quantities, words, discounts, what is configured and what is asked of
    prices, never prices. Raises BadTemplate.
    """
    title = " ".join(name.split())
    if not 1 <= len(title) <= 120:
        raise BadTemplate("A template needs a name.", fields={"name": "1 to 120 characters"})
    version = queries.get_version(actor, quote_id, version_no)
    lines = [line for line in queries.lines_of(version.pk) if not is_fee(line.asked)]
    if not 0 < len(lines) <= MOST_LINES:
        raise BadTemplate(said("A template has 1 to %(most_lines)s lines.", most_lines=MOST_LINES))
    seller_id = version.quote.seller_id
    QuoteTemplate.objects.filter(seller_id=seller_id, name=title, ended_at=None).update(
        ended_at=now
    )
    terms = queries.terms_of(version)
    template = QuoteTemplate.objects.create(
        seller_id=seller_id,
        name=title,
        lines=[
            {
                "product_id": line.product_id,
                "quantity": plain(line.quantity),
                "discount_bps": line.discount_bps,
                "is_optional": line.is_optional,
                "is_chosen": line.is_chosen,
                "name": line.name,
                "description": line.description,
            }
            | ({} if line.configuration_id is None else {"configuration_id": line.configuration_id})
            | _asked(line)
            for line in lines
        ],
        terms={name: getattr(terms, name) for name in _TERMS}
        | {"billing_shares": list(terms.billing_shares)},
        made_by_id=actor.user_id,
        made_at=now,
    )
    log.announce(QuoteTemplateKept(template_id=template.pk, name=title), actor=actor, now=now)
    return template


def _asked(line: LineView) -> dict[str, Any]:
    """How the line is paid and what is asked of its price, as far as it names no other line."""
    asked = {name: one for name, one in without_costs(line.asked).items() if name != "ramp"}
    if "lines" in asked.get("percent_of", {}):
        del asked["percent_of"]
    return {"charge": line.charge, "asked": asked} if asked or line.charge != "one_time" else {}


@transaction.atomic
def end_template(*, actor: Actor, now: datetime, template_id: int) -> QuoteTemplate:
    """Let no quote begin from a template any more. Raises TemplateNotFound."""
    template = get_quote_template(actor, template_id)
    QuoteTemplate.objects.filter(pk=template.pk).update(ended_at=now)
    event = QuoteTemplateEnded(template_id=template.pk, name=template.name)
    log.announce(event, actor=actor, now=now)
    return template


@transaction.atomic
def draft_from_template(
    *,
    actor: Actor,
    now: datetime,
    template_id: int,
    organization_id: int | None = None,
    opportunity_id: int | None = None,
    person_id: int | None = None,
    title: str = "",
) -> QuoteVersion:
    """Begin a quote with a template's lines and terms, at today's prices for this customer.

    What is configured is looked at under the version of its model that is in use today. Raises
    TemplateNotFound, ProductNotSellable for what is not offered any more, NotPossible for a
    configuration that cannot be had any more, and what pricing refuses.
    """
    template = get_quote_template(actor, template_id)
    seller = party.get_seller(actor, template.seller_id)
    today = local_date(now, seller.time_zone)
    kept = {**template.terms, "billing_shares": tuple(template.terms["billing_shares"])}
    terms = Terms(valid_until=today + timedelta(days=DAYS_VALID), **kept)
    return draft_quote(
        actor=actor,
        now=now,
        organization_id=organization_id,
        opportunity_id=opportunity_id,
        person_id=person_id,
        seller_id=template.seller_id,
        title=title or template.name,
        lines=[_line(one, actor, now) for one in template.lines],
        terms=terms,
    )


def _line(kept: dict[str, Any], actor: Actor, now: datetime) -> NewLine:
    line = NewLine(**{**kept, "quantity": Decimal(kept["quantity"])})
    if line.configuration_id is None:
        return line
    made = renew_configuration(actor=actor, now=now, configuration_id=line.configuration_id)
    is_same = made.pk == line.configuration_id
    # Another version may have other choices: what the line says of them is written anew.
    return replace(
        line, configuration_id=made.pk, description=line.description if is_same else None
    )
