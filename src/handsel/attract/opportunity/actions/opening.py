"""Opening deals: one by one, and many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from handsel.attract.lead.models import Lead
from handsel.attract.opportunity import queries
from handsel.attract.opportunity.actions.setting_up import standing_pipeline
from handsel.attract.opportunity.errors import OpportunityInvalid
from handsel.attract.opportunity.events import OpportunityOpened
from handsel.attract.opportunity.models import Opportunity, Stage, StageChange
from handsel.ground.kernel.money import Money, is_currency
from handsel.ground.kernel.said import said
from handsel.ground.party.models import Seller, SellerMember
from handsel.ground.party.queries import get_organization, get_person, get_seller
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.copying import copy_in, take_keys

LONGEST_NAME = 200
LARGEST_AMOUNT = 10**15


@dataclass(frozen=True, slots=True)
class NewDeal:
    """A deal to be opened. `created_at` in the past is for deals known from another system."""

    name: str
    amount: Money
    organization_id: int | None = None
    person_id: int | None = None
    lead_id: int | None = None
    owner_id: int | None = None
    expected_close_on: date | None = None
    stage_id: int | None = None
    created_at: datetime | None = None


@transaction.atomic
def open_opportunity(
    *,
    actor: Actor,
    now: datetime,
    seller_id: int,
    name: str,
    amount: Money | None = None,
    organization_id: int | None = None,
    person_id: int | None = None,
    lead_id: int | None = None,
    owner_id: int | None = None,
    expected_close_on: date | None = None,
    pipeline_id: int | None = None,
    stage_id: int | None = None,
) -> Opportunity:
    """Open a deal in the first stage of its pipeline (or in an open stage given).

    Without an amount it is worth nothing yet, in the organization's currency, else the seller's.
    The owner is the one given, else the acting user. Raises OpportunityInvalid.
    """
    seller = get_seller(actor, seller_id)
    stage = beginning(pipeline_id, stage_id)
    organization = get_organization(organization_id) if organization_id is not None else None
    if person_id is not None:
        get_person(person_id)
    if lead_id is not None:
        check_lead(seller, lead_id)
    currency = organization.currency if organization else seller.currency
    new = NewDeal(
        name=name,
        amount=amount or Money.zero(currency),
        organization_id=organization_id,
        person_id=person_id,
        lead_id=lead_id,
        owner_id=owner_of(seller.pk, owner_id, actor),
        expected_close_on=expected_close_on,
    )
    return begin(seller.pk, stage, new, actor=actor, now=now)


def begin(
    seller_id: int, stage: Stage, new: NewDeal, *, actor: Actor, now: datetime
) -> Opportunity:
    """Write a deal whose parties, lead and owner the caller has looked up."""
    deal = Opportunity(
        seller_id=seller_id,
        pipeline_id=stage.pipeline_id,
        stage=stage,
        name=checked_name(new.name),
        organization_id=new.organization_id,
        person_id=new.person_id,
        lead_id=new.lead_id,
        owner_id=new.owner_id,
        amount_minor=checked_amount(new.amount).amount_minor,
        currency=new.amount.currency,
        expected_close_on=new.expected_close_on,
        created_at=now,
    )
    deal.save(force_insert=True)
    StageChange.objects.create(
        opportunity=deal, to_stage=stage, changed_at=now, changed_by_id=actor.user_id
    )
    log.announce(opened(deal), actor=actor, now=now)
    return deal


def opened(deal: Opportunity) -> OpportunityOpened:
    """The event that says a deal came into being."""
    return OpportunityOpened(
        opportunity_id=deal.pk,
        lead_id=deal.lead_id,
        organization_id=deal.organization_id,
        stage_id=deal.stage_id,
        amount=Money(deal.amount_minor, deal.currency),
        expected_close_on=deal.expected_close_on,
        owner_id=deal.owner_id,
    )


def beginning(pipeline_id: int | None = None, stage_id: int | None = None) -> Stage:
    """The open stage a deal begins in: the one given, else the pipeline's first."""
    if stage_id is None:
        found = queries.first_stages(pipeline_id).first()
        return found if found is not None else queries.first_stage(standing_pipeline().pk)
    pipeline = pipeline_id if pipeline_id is not None else standing_pipeline().pk
    stage = queries.get_stage(pipeline, stage_id)
    if stage.kind != "open":
        raise OpportunityInvalid(
            "a deal begins in an open stage", fields={"stage_id": "an open stage"}
        )
    return stage


def checked_name(name: str) -> str:
    """The name in one line. Raises OpportunityInvalid when there is none or it is too long."""
    clean = " ".join(name.replace("\x00", "").split())
    if not clean or len(clean) > LONGEST_NAME:
        raise OpportunityInvalid(
            "a deal needs a name",
            fields={"name": said("1 to %(longest_name)s characters", longest_name=LONGEST_NAME)},
        )
    return clean


def checked_amount(amount: Money) -> Money:
    """The amount. Raises OpportunityInvalid below zero, or beyond what can be meant."""
    if not 0 <= amount.amount_minor <= LARGEST_AMOUNT or not is_currency(amount.currency):
        raise OpportunityInvalid(
            "a deal is worth zero or more", fields={"amount": "an amount of zero or more"}
        )
    return amount


def check_owner(seller_id: int, owner_id: int | None) -> int | None:
    """The owner. Raises OpportunityInvalid unless he works for the seller and can sign in."""
    if owner_id is None:
        return None
    seats = SellerMember.objects.filter(seller_id=seller_id, user_id=owner_id, user__is_active=True)
    if not seats.exists():
        raise OpportunityInvalid(
            "the owner must be somebody who works for this seller",
            fields={"owner_id": "a user of this seller"},
        )
    return owner_id


def check_lead(seller: Seller, lead_id: int) -> None:
    """Raise OpportunityInvalid unless the lead is one of the seller's."""
    if not Lead.objects.filter(pk=lead_id, seller=seller).exists():
        raise OpportunityInvalid(
            "this lead belongs to another seller", fields={"lead_id": "a lead of this seller"}
        )


def owner_of(seller_id: int, owner_id: int | None, actor: Actor) -> int | None:
    """The owner given, checked; else the acting user if he works for the seller, else nobody."""
    if owner_id is not None:
        return check_owner(seller_id, owner_id)
    return actor.user_id if seller_id in actor.seller_ids else None


_DEAL_COLUMNS = (
    "id", "seller_id", "pipeline_id", "stage_id", "name", "organization_id", "person_id",
    "lead_id", "owner_id", "state", "amount_minor", "currency", "expected_close_on", "created_at",
)  # fmt: skip
_CHANGE_COLUMNS = ("opportunity_id", "to_stage_id", "changed_at", "changed_by_id")


@transaction.atomic
def open_many(
    *, actor: Actor, now: datetime, seller_id: int, deals: Sequence[NewDeal]
) -> list[int]:
    """Open many deals with a fixed number of statements; returns their keys in order.

    Keys of organizations, persons, leads and owners are held by the database's foreign keys only:
    callers pass what they have read. All of it is opened, or nothing.
    """
    seller = get_seller(actor, seller_id)
    pipeline = standing_pipeline()
    start = queries.first_stage(pipeline.pk)
    allowed = {stage.pk for stage in queries.stages(pipeline.pk) if stage.kind == "open"}
    if any(deal.stage_id is not None and deal.stage_id not in allowed for deal in deals):
        raise OpportunityInvalid("a deal begins in an open stage of the first pipeline")
    keys = take_keys(Opportunity, len(deals))
    made = [
        _new(key, seller.pk, pipeline.pk, start.pk, deal, now)
        for key, deal in zip(keys, deals, strict=True)
    ]
    copy_in(Opportunity, _DEAL_COLUMNS, [[getattr(one, c) for c in _DEAL_COLUMNS] for one in made])
    copy_in(
        StageChange,
        _CHANGE_COLUMNS,
        [(one.pk, one.stage_id, one.created_at, actor.user_id) for one in made],
    )
    log.announce_many(
        [opened(one) for one in made],
        actor=actor,
        now=now,
        occurred_at=[one.created_at for one in made],
    )
    return keys


def _new(
    key: int, seller_id: int, pipeline_id: int, stage_id: int, deal: NewDeal, now: datetime
) -> Opportunity:
    worth = checked_amount(deal.amount)
    return Opportunity(
        id=key,
        seller_id=seller_id,
        pipeline_id=pipeline_id,
        stage_id=deal.stage_id or stage_id,
        name=checked_name(deal.name),
        organization_id=deal.organization_id,
        person_id=deal.person_id,
        lead_id=deal.lead_id,
        owner_id=deal.owner_id,
        amount_minor=worth.amount_minor,
        currency=worth.currency,
        expected_close_on=deal.expected_close_on,
        created_at=deal.created_at or now,
    )
