"""Changing what is known about an open deal: worth, date, name, owner."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from handsel.attract.opportunity import queries
from handsel.attract.opportunity.actions.opening import (
    check_owner,
    checked_amount,
    checked_name,
)
from handsel.attract.opportunity.errors import OpportunityClosed, OpportunityInvalid
from handsel.attract.opportunity.events import OpportunityRevised
from handsel.attract.opportunity.models import Opportunity
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import said
from handsel.ground.party.queries import get_organization, get_person
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor

FACTS = frozenset(
    {"name", "amount", "expected_close_on", "owner_id", "organization_id", "person_id"}
)


def revise_amount(
    *, actor: Actor, now: datetime, opportunity_id: int, amount: Money
) -> Opportunity:
    """Change what an open deal is worth; a closed one keeps what it was closed with."""
    return revise(actor=actor, now=now, opportunity_id=opportunity_id, facts={"amount": amount})


@transaction.atomic
def revise(
    *, actor: Actor, now: datetime, opportunity_id: int, facts: Mapping[str, Any]
) -> Opportunity:
    """Change any of `FACTS` of an open deal. What stays the same announces nothing."""
    deal = queries.locked_opportunity(actor, opportunity_id)
    if deal.state != "open":
        raise OpportunityClosed(
            said("this deal is %(state)s; open it again to change it", state=deal.state)
        )
    unknown = set(facts) - FACTS
    if unknown:
        raise OpportunityInvalid(
            said("not facts of a deal: %(unknown)s", unknown=", ".join(sorted(unknown)))
        )
    columns = _columns(deal, facts)
    changed = {name: value for name, value in columns.items() if getattr(deal, name) != value}
    if not changed:
        return deal
    for name, value in changed.items():
        setattr(deal, name, value)
    Opportunity.objects.filter(pk=deal.pk).update(**changed)
    event = OpportunityRevised(
        opportunity_id=deal.pk,
        amount=Money(deal.amount_minor, deal.currency),
        expected_close_on=deal.expected_close_on,
        owner_id=deal.owner_id,
    )
    log.announce(event, actor=actor, now=now)
    return deal


def _columns(deal: Opportunity, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that facts are kept in, checked."""
    columns = dict(facts)
    if "name" in columns:
        columns["name"] = checked_name(str(columns["name"]))
    if "amount" in columns:
        amount = checked_amount(columns.pop("amount"))
        columns |= {"amount_minor": amount.amount_minor, "currency": amount.currency}
    if "owner_id" in columns:
        check_owner(deal.seller_id, columns["owner_id"])
    if columns.get("organization_id") is not None:
        get_organization(columns["organization_id"])
    if columns.get("person_id") is not None:
        get_person(columns["person_id"])
    day = columns.get("expected_close_on")
    if day is not None and not isinstance(day, date):
        raise OpportunityInvalid("not a date", fields={"expected_close_on": "a date"})
    return columns
