"""Who cares for a lead."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from handsel.attract.lead import queries
from handsel.attract.lead.errors import LeadInvalid
from handsel.attract.lead.events import LeadAssigned
from handsel.attract.lead.models import Lead
from handsel.ground.party.models import SellerMember
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor


@transaction.atomic
def assign(
    *, actor: Actor, now: datetime, lead_id: int, owner_id: int | None, reason: str = ""
) -> Lead:
    """Give a lead an owner who works for its seller, or none. The response clock goes on."""
    lead = queries.locked_lead(actor, lead_id)
    if owner_id is not None:
        check_owner(lead.seller_id, owner_id)
    if lead.owner_id == owner_id:
        return lead
    lead.owner_id = owner_id
    Lead.objects.filter(pk=lead.pk).update(owner_id=owner_id)
    event = LeadAssigned(lead_id=lead.pk, owner_id=owner_id, reason=reason[:100])
    log.announce(event, actor=actor, now=now)
    return lead


def check_owner(seller_id: int, owner_id: int) -> None:
    """Raise LeadInvalid unless the user works for the seller and can sign in."""
    works = SellerMember.objects.filter(
        seller_id=seller_id, user_id=owner_id, user__is_active=True
    ).exists()
    if not works:
        raise LeadInvalid(
            "the owner must be somebody who works for this seller",
            fields={"owner_id": "a user of this seller"},
        )
