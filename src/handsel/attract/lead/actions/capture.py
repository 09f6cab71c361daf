"""Taking in what somebody asked: by form, by another system, by a rep who was called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, connection, transaction

from handsel.attract.lead import queries
from handsel.attract.lead.actions import recognize
from handsel.attract.lead.actions.assign import check_owner
from handsel.attract.lead.actions.contacts import announce_answer
from handsel.attract.lead.errors import LeadInvalid
from handsel.attract.lead.events import InteractionLogged, LeadAssigned, LeadCaptured
from handsel.attract.lead.models import CaptureForm, Interaction, Lead, Recognition, Touch
from handsel.attract.lead.rules import states
from handsel.attract.lead.rules.identity import comparable
from handsel.attract.lead.rules.inquiry import Inquiry, Origin, one_line
from handsel.ground.kernel.said import said
from handsel.ground.party.models import Seller
from handsel.ground.party.queries import get_seller
from handsel.ground.platform import log, numbering
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.events import Event
from handsel.ground.platform.joined import joined

# Another system's clock may run ahead of ours by this much.
CLOCK_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Captured:
    """A lead, and whether this call made it (False: the other system's id was known)."""

    lead: Lead
    is_new: bool


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What else is known when a lead comes in.

    `asked_at` is the customer's act (default: now). `taken_live` says that the actor was in the
    conversation. `suspicion` says why it looks like spam: it is kept, given up at once, and can be
    opened again.
    """

    channel: str = "api"
    asked_at: datetime | None = None
    external_source: str = ""
    external_id: str = ""
    owner_id: int | None = None
    form: CaptureForm | None = None
    consent_text: str = ""
    taken_live: bool = False
    suspicion: str = ""


def capture_lead(
    *,
    actor: Actor,
    now: datetime,
    seller_id: int,
    inquiry: Inquiry,
    origin: Origin | None = None,
    circumstances: Circumstances | None = None,
) -> Captured:
    """Take in one inquiry: lead with its number, first touch, first contact, who it may be.

    Once only for a pair of (external_source, external_id). Raises LeadInvalid for an unknown
    channel, an owner who does not work for the seller, or a question asked in the future.
    """
    seller = get_seller(actor, seller_id)
    around = circumstances or Circumstances()
    _check(around, now)
    known = _known(seller_id, around)
    if known is not None:
        return Captured(known, is_new=False)
    first = origin or Origin()
    if not around.external_id:
        lead = _capture(seller, inquiry, first, around, actor=actor, now=now)
        return Captured(lead, is_new=True)
    try:
        with transaction.atomic():
            lead = _capture(seller, inquiry, first, around, actor=actor, now=now)
    except IntegrityError:
        # Somebody else captured the same external id a moment ago.
        known = _known(seller_id, around)
        if known is None:
            raise
        return Captured(known, is_new=False)
    return Captured(lead, is_new=True)


def _known(seller_id: int, around: Circumstances) -> Lead | None:
    if not around.external_id:
        return None
    return queries.lead_by_external(seller_id, around.external_source, around.external_id)


def _check(around: Circumstances, now: datetime) -> None:
    wrong: dict[str, str] = {}
    if around.channel not in states.CHANNELS:
        wrong["channel"] = said("one of %(channels)s", channels=", ".join(states.CHANNELS))
    if around.asked_at is not None and around.asked_at > now + CLOCK_SKEW:
        wrong["asked_at"] = "a time that has passed"
    if len(around.external_source) > 60 or len(around.external_id) > 100:
        wrong["external_id"] = "at most 100 characters, its source at most 60"
    if wrong:
        raise LeadInvalid("this inquiry cannot be taken in", fields=wrong)


@joined
def _capture(
    seller: Seller,
    inquiry: Inquiry,
    origin: Origin,
    around: Circumstances,
    *,
    actor: Actor,
    now: datetime,
) -> Lead:
    lead = _lead(seller, inquiry, origin, around, actor=actor, now=now)
    lead.save(force_insert=True)
    Touch.objects.create(
        lead=lead,
        is_first=True,
        occurred_at=lead.asked_at,
        source=origin.source or lead.source,
        medium=origin.medium,
        campaign=origin.campaign,
        referrer=origin.referrer,
        landing_page=origin.landing_page,
        click_id=origin.click_id,
    )
    contact = _first_contact(lead, inquiry, around, actor=actor, now=now)
    proposals = recognize.propose([lead], now=now)
    owner_reason = _choose_owner(lead, proposals, around)
    _announce(lead, contact, owner_reason, actor=actor, now=now)
    if around.taken_live:
        announce_answer(lead, contact, actor=actor, now=now)
    give_number(lead, seller, now=now)
    return lead


def _lead(
    seller: Seller,
    inquiry: Inquiry,
    origin: Origin,
    around: Circumstances,
    *,
    actor: Actor,
    now: datetime,
) -> Lead:
    email, phone, _ = comparable(inquiry.email, inquiry.phone, inquiry.country or seller.country)
    form = around.form
    return Lead(
        seller=seller,
        state="disqualified" if around.suspicion else ("working" if around.taken_live else "new"),
        person_name=inquiry.person_name,
        email=inquiry.email,
        email_normalized=email,
        phone=inquiry.phone,
        phone_normalized=phone,
        company_name=inquiry.company_name,
        country=inquiry.country,
        language=inquiry.language,
        interest=inquiry.interest,
        message=inquiry.message,
        channel=around.channel,
        source=origin.source or (form.source if form else ""),
        form=form,
        external_source=around.external_source,
        external_id=around.external_id,
        consent_text=around.consent_text,
        consented_at=now if around.consent_text else None,
        asked_at=around.asked_at or now,
        captured_at=now,
        disqualified_at=now if around.suspicion else None,
        disqualified_reason="spam" if around.suspicion else "",
        disqualified_note=one_line(around.suspicion)[:300],
        excluded_from_response="spam" if around.suspicion else "",
    )


def _first_contact(
    lead: Lead, inquiry: Inquiry, around: Circumstances, *, actor: Actor, now: datetime
) -> Interaction:
    """The customer's own act; an inquiry by another system came in by mail or chat, not by API."""
    return Interaction.objects.create(
        lead=lead,
        direction="in",
        channel=around.channel,
        is_by_person=True,
        user_id=actor.user_id if around.taken_live else None,
        subject=inquiry.interest,
        body=inquiry.message,
        occurred_at=lead.asked_at,
        recorded_at=now,
    )


def _choose_owner(lead: Lead, proposals: list[Recognition], around: Circumstances) -> str:
    """Set the owner: the one named, else who cares for the recognized customer, else the form's.

    Returns the reason, which is kept in the log; the assignment is never silent.
    """
    if around.owner_id is not None:
        check_owner(lead.seller_id, around.owner_id)
        owner, reason = around.owner_id, "named"
    elif (carer := recognize.customers_owner(lead, proposals)) is not None:
        owner, reason = carer, "owner_of_organization"
    elif around.form is not None and around.form.owner_id is not None:
        owner, reason = around.form.owner_id, "owner_of_form"
    else:
        return ""
    lead.owner_id = owner
    return reason


def _announce(
    lead: Lead, contact: Interaction, owner_reason: str, *, actor: Actor, now: datetime
) -> None:
    events: list[Event] = [
        LeadCaptured(
            lead_id=lead.pk,
            person_id=None,
            organization_id=None,
            channel=lead.channel,
            source=lead.source,
        ),
        InteractionLogged(
            interaction_id=contact.pk,
            lead_id=lead.pk,
            direction="in",
            channel=contact.channel,
            is_by_person=True,
        ),
    ]
    instants = [lead.asked_at, lead.asked_at]
    if owner_reason:
        events.append(LeadAssigned(lead_id=lead.pk, owner_id=lead.owner_id, reason=owner_reason))
        instants.append(now)
    log.announce_many(events, actor=actor, now=now, occurred_at=instants)


_NUMBERED = "UPDATE lead_lead SET number = %s, owner_id = %s WHERE id = %s"


def give_number(lead: Lead, seller: Seller, *, now: datetime) -> None:
    """The inquiry's number, given last: the series stays locked until the transaction ends."""
    year = now.astimezone(ZoneInfo(seller.time_zone)).year
    lead.number = numbering.next_number(seller_id=seller.pk, kind="lead", year=year)
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERED, [lead.number, lead.owner_id, lead.pk])
