"""The lead became somebody we make a deal with; `opportunity` calls this when it opens the deal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handsel.attract.lead import queries
from handsel.attract.lead.errors import LeadNotOpen
from handsel.attract.lead.events import LeadConverted
from handsel.attract.lead.models import Lead
from handsel.attract.lead.rules import states
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.joined import joined

_CONVERTIBLE = [state for state, targets in states.TRANSITIONS.items() if "converted" in targets]


@joined
def mark_converted(
    *,
    actor: Actor,
    now: datetime,
    lead_id: int,
    person_id: int | None,
    organization_id: int | None,
) -> None:
    """Note whom the lead became, in one conditional statement. Once only: then 409."""
    rows = queries.leads(actor).filter(pk=lead_id, state__in=_CONVERTIBLE)
    if not rows.update(
        state="converted",
        converted_at=now,
        person_id=person_id,
        organization_id=organization_id,
    ):
        lead = queries.get_lead(actor, lead_id)
        raise LeadNotOpen(
            said(
                "lead %(number)s is %(state)s; it cannot be converted",
                number=lead.number,
                state=lead.state,
            )
        )
    event = LeadConverted(lead_id=lead_id, person_id=person_id, organization_id=organization_id)
    log.announce(event, actor=actor, now=now)


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
