"""The lead became somebody we make a deal with; `opportunity` calls this when it opens the deal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from handsel.attract.lead import queries
from handsel.attract.lead.events import LeadConverted
from handsel.attract.lead.models import Lead
from handsel.attract.lead.rules import states
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.conditional import change_state


@transaction.atomic
def mark_converted(
    *,
    actor: Actor,
    now: datetime,
    lead_id: int,
    person_id: int | None,
    organization_id: int | None,
) -> Lead:
    """Note whom the lead became. Once only: a converted lead is refused with 409."""
    lead = queries.locked_lead(actor, lead_id)
    change_state(
        Lead,
        lead.pk,
        to="converted",
        allowed=states.TRANSITIONS,
        code="lead_not_open",
        converted_at=now,
        person_id=person_id,
        organization_id=organization_id,
    )
    event = LeadConverted(lead_id=lead.pk, person_id=person_id, organization_id=organization_id)
    log.announce(event, actor=actor, now=now)
    lead.state, lead.converted_at = "converted", now
    lead.person_id, lead.organization_id = person_id, organization_id
    return lead


def mark_many_converted(
    *, actor: Actor, now: datetime, converted: Sequence[tuple[int, datetime]]
) -> None:
    """Note, for many leads known by their outcome only, when each was converted.

    `converted` holds (lead id, instant) of leads the caller has locked and found convertible.
    """
    instants = dict(converted)
    leads = list(Lead.objects.filter(pk__in=instants, seller_id__in=actor.seller_ids))
    for lead in leads:
        lead.state, lead.converted_at = "converted", instants[lead.pk]
    Lead.objects.bulk_update(leads, ["state", "converted_at"], batch_size=1000)
    log.announce_many(
        [
            LeadConverted(
                lead_id=lead.pk, person_id=lead.person_id, organization_id=lead.organization_id
            )
            for lead in leads
        ],
        actor=actor,
        now=now,
        occurred_at=[instants[lead.pk] for lead in leads],
    )
