"""The rows KPIs are counted from, read from the rooms that own them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from handsel.attract.lead import queries as leads
from handsel.attract.lead.models import Interaction
from handsel.attract.opportunity import queries as opportunities
from handsel.attract.opportunity.models import Opportunity, Stage
from handsel.commit.order.models import Order
from handsel.follow.insight.rules import conversion, pipeline, response
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.money import Money
from handsel.ground.party.queries import sellers_of
from handsel.ground.platform.actor import Actor

# Who never asked anything, or asked twice, is no lead of the denominator.
NO_LEADS = frozenset({"spam", "test", "duplicate"})


def asked_for_response(
    actor: Actor, *, asked_from: datetime, asked_until: datetime, source: str | None
) -> list[response.Asked]:
    """Leads asked in the half-open interval, with first answer and attempts before it."""
    rows = leads.response_rows(actor, asked_from=asked_from, asked_until=asked_until)
    attempts = _attempts(actor, asked_from, asked_until)
    return [
        response.Asked(
            lead_id=row["id"],
            number=row["number"],
            source=row["source"],
            asked_at=row["asked_at"],
            captured_at=row["captured_at"],
            answered_at=row["answered_at"],
            is_live=bool(row["answered_live"]),
            attempts=attempts.get(row["id"], 0),
            excluded=row["excluded"],
        )
        for row in rows
        if source is None or row["source"] == source
    ]


def _attempts(actor: Actor, asked_from: datetime, asked_until: datetime) -> dict[int, int]:
    tries = Interaction.objects.filter(
        lead__seller_id__in=actor.seller_ids,
        lead__asked_at__gte=asked_from,
        lead__asked_at__lt=asked_until,
        direction="out",
        is_by_person=True,
        reached=False,
    )
    counted = tries.order_by().values("lead_id").annotate(tries=Count("pk"))
    return dict(counted.values_list("lead_id", "tries"))


def asked_for_conversion(
    actor: Actor, *, asked_from: datetime, asked_until: datetime, source: str | None
) -> list[conversion.Asked]:
    """Leads asked in the half-open interval, with the day of their first win that stood."""
    found = leads.leads(actor).filter(asked_at__gte=asked_from, asked_at__lt=asked_until)
    if source is not None:
        found = found.filter(source=source)
    won_at, bought_at = _wins(actor)
    zones = {seller.pk: seller.time_zone for seller in sellers_of(actor)}
    rows = found.order_by("asked_at", "pk").values_list(
        "pk",
        "number",
        "source",
        "asked_at",
        "seller_id",
        "organization_id",
        "excluded_from_response",
    )
    return [
        conversion.Asked(
            lead_id=key,
            number=number,
            source=came_from,
            asked_on=local_date(asked_at, zones[seller]),
            won_on=local_date(won_at[key], zones[seller]) if key in won_at else None,
            excluded=excluded if excluded in NO_LEADS else "",
            is_expansion=organization in bought_at and bought_at[organization] < asked_at,
        )
        for key, number, came_from, asked_at, seller, organization, excluded in rows
    ]


def _wins(actor: Actor) -> tuple[dict[int, datetime], dict[int, datetime]]:
    """First win by lead, and by organization: what tells a new customer from an old one."""
    won = _standing(opportunities.opportunities(actor).filter(state="won")).order_by()
    by_lead = won.filter(lead__isnull=False).values("lead_id").annotate(at=Min("closed_at"))
    by_customer = won.filter(organization__isnull=False).values("organization_id")
    first = by_customer.annotate(at=Min("closed_at")).values_list("organization_id", "at")
    return dict(by_lead.values_list("lead_id", "at")), dict(first)


def _standing(won: QuerySet[Opportunity]) -> QuerySet[Opportunity]:
    """Won deals without those whose orders were all cancelled."""
    orders = Order.objects.filter(quote_version__quote__opportunity_id=OuterRef("pk"))
    return won.filter(
        ~Exists(orders.filter(state="cancelled")) | Exists(orders.filter(~Q(state="cancelled")))
    )


def open_deals(actor: Actor, *, as_of: datetime, currency: str) -> list[pipeline.OpenDeal]:
    """Deals open at an instant as they stood then, rebuilt from events."""
    stood = [
        deal
        for deal in opportunities.pipeline_at(actor, as_of=as_of)
        if deal.state == "open" and currency in ("", deal.amount.currency)
    ]
    names = opportunities.opportunities(actor).in_bulk([deal.opportunity_id for deal in stood])
    stages = Stage.objects.in_bulk({deal.stage_id for deal in stood})
    return [
        pipeline.OpenDeal(
            opportunity_id=deal.opportunity_id,
            name=names[deal.opportunity_id].name,
            stage_id=deal.stage_id,
            stage=stages[deal.stage_id].name,
            probability_bps=stages[deal.stage_id].probability_bps,
            amount=deal.amount,
            expected_close_on=deal.expected_close_on,
            opened_at=deal.opened_at,
        )
        for deal in stood
        if deal.opportunity_id in names
    ]


def clean_member_facts(facts: Any) -> dict[str, str | int | None]:
    """Facts of a row as plain values: amounts as text with their currency, dates as ISO 8601."""
    return {name: _plain(value) for name, value in facts.items()}


def _plain(value: Any) -> str | int | None:
    if value is None or isinstance(value, str | int):
        return value
    return f"{value.text()} {value.currency}" if isinstance(value, Money) else value.isoformat()
