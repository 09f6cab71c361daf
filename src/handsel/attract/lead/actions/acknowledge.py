"""Mails to a lead: the program's acknowledgement, and a person's answer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from handsel.attract.lead import queries
from handsel.attract.lead.actions.contacts import Contacted, write_contact
from handsel.attract.lead.errors import LeadInvalid
from handsel.attract.lead.models import Interaction, Lead
from handsel.attract.lead.rules.inquiry import one_line, paragraphs
from handsel.ground.document.actions import About, queue_mail
from handsel.ground.document.mail import LANGUAGES, compose, written
from handsel.ground.identity.models import User
from handsel.ground.kernel.free_text import free_text
from handsel.ground.party.models import Seller
from handsel.ground.platform.actor import Actor

ACKNOWLEDGED = "inquiry_acknowledged"


def acknowledge(lead: Lead, *, seller: Seller, now: datetime) -> Interaction:
    """Tell the customer at once that the inquiry arrived, under its number; stops no clock."""
    with translation.override(_language(lead)):
        sender = _("Your sales team")
    actor = Actor.system("acknowledgement", seller_ids=[seller.pk])
    composed = compose(
        ACKNOWLEDGED,
        _language(lead),
        {
            "recipient_name": lead.person_name,
            "subject": " · ".join(part for part in (lead.number, lead.interest) if part),
            "sender_name": sender,
            "seller_name": seller.name,
        },
    )
    mail = queue_mail(
        actor=actor,
        now=now,
        seller_id=seller.pk,
        composed=composed,
        to=[lead.email],
        reply_to=seller.email,
        about=[About("lead", lead.pk)],
        template=ACKNOWLEDGED,
        once_key=f"{ACKNOWLEDGED}:lead:{lead.pk}",
    )
    contact = Contacted(
        "out", "mail", is_by_person=False, occurred_at=now, mail_id=mail.pk,
        subject=composed.subject, body=composed.text,
    )  # fmt: skip
    return write_contact(lead, contact, actor=actor, now=now)


@transaction.atomic
def reply(*, actor: Actor, now: datetime, lead_id: int, subject: str, body: str) -> Interaction:
    """Answer a lead by mail in one's own words. The first such answer stops the response clock.

    Raises LeadInvalid without words or without an address to send to, Invalid for a subject that is
    too long.
    """
    lead = queries.locked_lead(actor, lead_id)
    said = paragraphs(body)
    about = free_text(one_line(subject), field="subject", longest=200)
    wrong = {}
    if not said or len(said) > 20_000:
        wrong["body"] = "what you want to say"
    if not about:
        wrong["subject"] = "what it is about"
    if not lead.email_normalized:
        wrong["email"] = "this lead has no mail address; call, and log the call"
    if wrong:
        raise LeadInvalid("this answer cannot be sent", fields=wrong)
    sender = User.objects.filter(pk=actor.user_id).first() if actor.user_id else None
    mail = queue_mail(
        actor=actor,
        now=now,
        seller_id=lead.seller_id,
        composed=written(_language(lead), about, said),
        to=[lead.email],
        reply_to=sender.email if sender else "",
        about=[About("lead", lead.pk)],
    )
    contact = Contacted(
        "out", "mail", is_by_person=True, occurred_at=now, user_id=actor.user_id,
        mail_id=mail.pk, subject=about, body=said,
    )  # fmt: skip
    return write_contact(lead, contact, actor=actor, now=now)


def _language(lead: Lead) -> str:
    return lead.language if lead.language in LANGUAGES else "en"
