"""Writing down contacts, and noticing the one that answers a lead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from handsel.attract.lead import queries
from handsel.attract.lead.errors import LeadInvalid
from handsel.attract.lead.events import InteractionLogged, LeadAnswered
from handsel.attract.lead.models import Interaction, Lead
from handsel.attract.lead.rules import inquiry as texts
from handsel.attract.lead.rules import response, states
from handsel.ground.kernel.free_text import free_text
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor


@dataclass(frozen=True, slots=True)
class Contacted:
    """A contact to be written down. `user_id` is the person of ours who took part."""

    direction: str
    channel: str
    is_by_person: bool
    occurred_at: datetime
    reached: bool = True
    user_id: int | None = None
    mail_id: int | None = None
    subject: str = ""
    body: str = ""

    def seen_by_clock(self) -> response.Contact:
        """The same contact as the response rules see it."""
        return response.Contact(
            self.occurred_at,
            self.direction,
            self.channel,
            self.is_by_person,
            self.reached,
            self.user_id,
        )


@transaction.atomic
def log_interaction(
    *,
    actor: Actor,
    now: datetime,
    lead_id: int,
    direction: str,
    channel: str,
    reached: bool = True,
    subject: str = "",
    body: str = "",
    occurred_at: datetime | None = None,
) -> Interaction:
    """Write down a contact a person of ours had with a lead.

    `reached=False` is an attempt: it stops no clock. The first outbound contact that reached the
    customer does. Raises LeadInvalid for unknown words or a contact in the future.
    """
    lead = queries.locked_lead(actor, lead_id)
    at = occurred_at or now
    _check(direction, channel, at, now)
    contact = Contacted(
        direction,
        channel,
        is_by_person=True,
        occurred_at=at,
        reached=reached,
        user_id=actor.user_id,
        subject=free_text(texts.one_line(subject), field="subject", longest=300),
        body=free_text(texts.paragraphs(body), field="body", longest=10_000),
    )
    return write_contact(lead, contact, actor=actor, now=now)


def write_contact(lead: Lead, contact: Contacted, *, actor: Actor, now: datetime) -> Interaction:
    """Write a contact of a locked lead, announce it, and stop the clock if it is the first answer.

    A contact by a person puts a new lead to work.
    """
    before = response.first_answer(queries.contacts_of(lead))
    row = Interaction.objects.create(
        lead=lead,
        person_id=lead.person_id,
        organization_id=lead.organization_id,
        direction=contact.direction,
        channel=contact.channel,
        is_by_person=contact.is_by_person,
        reached=contact.reached,
        user_id=contact.user_id,
        mail_id=contact.mail_id,
        subject=contact.subject,
        body=contact.body,
        occurred_at=contact.occurred_at,
        recorded_at=now,
    )
    logged = InteractionLogged(
        interaction_id=row.pk,
        lead_id=lead.pk,
        direction=contact.direction,
        channel=contact.channel,
        is_by_person=contact.is_by_person,
    )
    log.announce(logged, actor=actor, now=now, occurred_at=contact.occurred_at)
    if before is None and response.stops_clock(contact.seen_by_clock()):
        announce_answer(lead, row, actor=actor, now=now)
    if contact.direction == "out" and contact.is_by_person and lead.state == "new":
        Lead.objects.filter(pk=lead.pk, state="new").update(state="working")
        lead.state = "working"
    return row


def announce_answer(lead: Lead, row: Interaction, *, actor: Actor, now: datetime) -> None:
    """Say that a person answered the lead; seconds are negative if dated before the question."""
    taken_live = row.direction == "in"
    seconds = 0 if taken_live else int((row.occurred_at - lead.asked_at).total_seconds())
    event = LeadAnswered(lead_id=lead.pk, interaction_id=row.pk, seconds=seconds)
    log.announce(event, actor=actor, now=now, occurred_at=row.occurred_at)


def _check(direction: str, channel: str, at: datetime, now: datetime) -> None:
    wrong: dict[str, str] = {}
    if direction not in ("in", "out"):
        wrong["direction"] = "in or out"
    if channel not in states.CONTACT_CHANNELS:
        wrong["channel"] = said(
            "one of %(contact_channels)s", contact_channels=", ".join(states.CONTACT_CHANNELS)
        )
    if at > now:
        wrong["occurred_at"] = "a time that has passed"
    if wrong:
        raise LeadInvalid("this contact cannot be written down", fields=wrong)
