"""A lead becomes an organization, a person and a deal; each is new, or one that is there."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from handsel.attract.lead import actions as lead_actions
from handsel.attract.lead import queries as lead_queries
from handsel.attract.lead.errors import LeadNotOpen
from handsel.attract.lead.models import Lead
from handsel.attract.lead.rules.identity import comparable
from handsel.attract.opportunity.actions.opening import NewDeal, begin, beginning, owner_of
from handsel.attract.opportunity.models import CommitteeMember, Opportunity
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import said
from handsel.ground.party import actions as party
from handsel.ground.party.errors import DomainTaken, PartyInvalid
from handsel.ground.party.models import Organization, Person
from handsel.ground.party.queries import (
    get_organization,
    get_person,
    get_seller,
)
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.joined import joined


@dataclass(frozen=True, slots=True)
class Parties:
    """Whom a lead becomes: keys of those that are there, else names of new ones.

    Empty names fall back to what the lead says.
    """

    organization_id: int | None = None
    organization_name: str = ""
    country: str = ""
    person_id: int | None = None
    person_name: str = ""


@joined
def convert_lead(
    *,
    actor: Actor,
    now: datetime,
    lead_id: int,
    parties: Parties | None = None,
    name: str = "",
    amount: Money | None = None,
    expected_close_on: date | None = None,
    owner_id: int | None = None,
) -> Opportunity:
    """Make a lead a deal, once: 409 for a lead that is converted.

    Who the lead is follows the decisions made on it (`lead.person`, `lead.organization`), unless
    `parties` says otherwise. Proposals nobody decided are not followed.
    """
    lead = lead_queries.locked_lead(actor, lead_id)
    if lead.state == "converted":
        raise LeadNotOpen(said("lead %(number)s is converted already", number=lead.number))
    chosen = parties or Parties()
    organization = _organization(lead, chosen, actor=actor, now=now)
    person = _person(lead, chosen, organization, actor=actor, now=now)
    new = NewDeal(
        name=name or _deal_name(lead, organization),
        amount=amount or Money.zero(organization.currency),
        organization_id=organization.pk,
        person_id=person.pk if person else None,
        lead_id=lead.pk,
        owner_id=owner_of(lead.seller_id, owner_id or lead.owner_id, actor),
        expected_close_on=expected_close_on,
    )
    deal = begin(lead.seller_id, beginning(), new, actor=actor, now=now)
    if person is not None:
        CommitteeMember.objects.create(opportunity=deal, person=person, role="influencer")
    lead_actions.mark_converted(
        actor=actor,
        now=now,
        lead_id=lead.pk,
        person_id=person.pk if person else None,
        organization_id=organization.pk,
    )
    return deal


def _organization(lead: Lead, chosen: Parties, *, actor: Actor, now: datetime) -> Organization:
    known = chosen.organization_id
    if known is None and not chosen.organization_name.strip():
        known = lead.organization_id
    if known is not None:
        return get_organization(known)
    name = chosen.organization_name.strip() or lead.company_name or lead.person_name or lead.email
    if not name:
        raise PartyInvalid(
            "name the organization this lead becomes",
            fields={"organization_name": "a name"},
        )
    seller = get_seller(actor, lead.seller_id)
    organization = party.create_organization(
        actor=actor,
        now=now,
        name=name[:200],
        country=chosen.country or lead.country or seller.country,
        currency=seller.currency,
        language=lead.language,
        owner_id=lead.owner_id,
    )
    _claim_domain(lead, organization, actor=actor, now=now)
    return organization


def _claim_domain(lead: Lead, organization: Organization, *, actor: Actor, now: datetime) -> None:
    """Let the lead's mail domain stand for a new company, unless it stands for another one."""
    domain = comparable(lead.email, "", "")[2]
    if domain and lead.company_name:
        with suppress(DomainTaken):
            party.add_domain(actor=actor, now=now, organization_id=organization.pk, domain=domain)


def _person(
    lead: Lead, chosen: Parties, organization: Organization, *, actor: Actor, now: datetime
) -> Person | None:
    known = chosen.person_id
    if known is None and not chosen.person_name.strip():
        known = lead.person_id
    if known is not None:
        person = get_person(known)
        party.add_affiliation(
            actor=actor, now=now, person_id=person.pk, organization_id=organization.pk
        )
        _add_contact_points(lead, person, actor=actor, now=now)
        return person
    name = chosen.person_name.strip() or lead.person_name or lead.email
    if not name:
        return None
    return party.create_person(
        actor=actor,
        now=now,
        name=name[:200],
        email=lead.email_normalized and lead.email,
        phone=lead.phone,
        country=lead.country,
        language=lead.language,
        organization_id=organization.pk,
    )


def _add_contact_points(lead: Lead, person: Person, *, actor: Actor, now: datetime) -> None:
    """What the lead wrote from or can be called at now belongs to the person."""
    if lead.email_normalized:
        party.add_contact_point(
            actor=actor, now=now, kind="email", value=lead.email, person_id=person.pk
        )
    if lead.phone_normalized:
        party.add_contact_point(
            actor=actor,
            now=now,
            kind="phone",
            value=lead.phone,
            person_id=person.pk,
            country=lead.country,
        )


def _deal_name(lead: Lead, organization: Organization) -> str:
    return f"{organization.name}: {lead.interest}"[:200] if lead.interest else organization.name
