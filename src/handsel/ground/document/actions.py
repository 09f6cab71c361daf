"""The only writers of the outbox: queue a mail, hand it to the server, try a failed one again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F

from handsel.ground.document.addresses import parse_address
from handsel.ground.document.errors import MailHeldBack
from handsel.ground.document.events import MailFailed, MailQueued, MailSent
from handsel.ground.document.mail import Composed
from handsel.ground.document.models import Mail
from handsel.ground.document.outbox import (
    Letterbox,
    SendingFailed,
    Transport,
    build_message,
    recipients_of,
)
from handsel.ground.document.queries import enclosure_of, get_mail
from handsel.ground.kernel.errors import Invalid, NotFound, Refused
from handsel.ground.kernel.ids import new_token
from handsel.ground.kernel.said import said
from handsel.ground.platform import installation
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.jobs import enqueue
from handsel.ground.platform.joined import joined
from handsel.ground.platform.log import announce

MOST_ATTEMPTS: Final = 8
MOST_RECIPIENTS: Final = 50
DELIVER_JOB: Final = "document.deliver_mail"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A stored file to send along, under a name the reader understands."""

    file_id: int
    name: str


@dataclass(frozen=True, slots=True)
class About:
    """What a mail is about: it then stands on that record's timeline."""

    object_type: str
    object_id: int


@joined
def queue_mail(
    *,
    actor: Actor,
    now: datetime,
    seller_id: int | None,
    composed: Composed,
    to: Sequence[str],
    cc: Sequence[str] = (),
    reply_to: str = "",
    from_address: str = "",
    attachments: Sequence[Attachment] = (),
    about: Sequence[About] = (),
    template: str = "",
    once_key: str = "",
    waits: bool = False,
) -> Mail:
    """Put a mail into the outbox and its delivery into the job queue, in this transaction.

    `composed` comes from `mail.compose` or `mail.written`; `template` is its key. `from_address`
    falls back to DEFAULT_FROM_EMAIL. With `once_key` (such as "invoice_sent:invoice:17") the same
    act queues one mail however often it is retried: the mail already there is returned. One that
    `waits` goes out when `enclose` has given it its attachments.
    Raises BadAddress, Invalid without recipients, NotFound for a seller the actor cannot see.
    """
    if seller_id is not None and seller_id not in actor.seller_ids:
        raise NotFound("There is no such seller.", code="seller_not_found")
    if not 1 <= len([*to, *cc]) <= MOST_RECIPIENTS or not to:
        raise Invalid(
            said(
                "A mail goes to at least one and at most %(most_recipients)s people.",
                most_recipients=MOST_RECIPIENTS,
            ),
            fields={"to": "a mail address"},
        )
    sender = parse_address(from_address or settings.DEFAULT_FROM_EMAIL)
    facts = {
        "seller_id": seller_id,
        "from_address": str(sender),
        "reply_to": str(parse_address(reply_to)) if reply_to else "",
        "to": [str(parse_address(text)) for text in to],
        "cc": [str(parse_address(text)) for text in cc],
        "subject": composed.subject,
        "body_text": composed.text,
        "body_html": composed.html,
        "attachments": [{"file_id": a.file_id, "name": a.name} for a in attachments],
        "about": [{"type": a.object_type, "id": a.object_id} for a in about],
        "template": template,
        "by_user_id": actor.user_id,
        "queued_at": now,
    }
    mail, is_new = _write(_message_id(once_key, sender.domain), facts, may_exist=bool(once_key))
    if is_new:
        announce(MailQueued(**_facts(mail)), actor=actor, now=now)
        if not waits:
            _enqueue(mail.pk)
    return mail


def enclose(*, mail_id: int, attachments: Sequence[Attachment]) -> bool:
    """Give a mail that waits its attachments and let it go out; False when it has gone before."""
    enclosed = [{"file_id": a.file_id, "name": a.name} for a in attachments]
    waiting = Mail.objects.filter(pk=mail_id, state="queued", attachments=[])
    if waiting.update(attachments=enclosed) != 1:
        return False
    _enqueue(mail_id)
    return True


def _write(message_id: str, facts: dict[str, Any], *, may_exist: bool) -> tuple[Mail, bool]:
    if may_exist:
        return Mail.objects.get_or_create(message_id=message_id, defaults=facts)
    return Mail.objects.create(message_id=message_id, **facts), True


def _message_id(once_key: str, domain: str) -> str:
    """Fixed here, so that a server that gets the mail twice can tell (RFC 5322 3.6.4)."""
    if not once_key:
        return f"<{new_token()}@{domain}>"
    return f"<{hashlib.sha256(once_key.encode()).hexdigest()[:43]}@{domain}>"


def _enqueue(mail_id: int) -> None:
    # The lock lets one worker at a time speak to the server about one mail.
    enqueue(DELIVER_JOB, lock=f"mail-{mail_id}", mail_id=mail_id)


def _facts(mail: Mail) -> dict[str, Any]:
    return {
        "mail_id": mail.pk,
        "template": mail.template,
        "to": tuple(mail.to),
        "subject": mail.subject,
        "about": tuple(f"{one['type']}:{one['id']}" for one in mail.about),
        "by_person": mail.by_user_id is not None,
    }


def deliver_mail(*, now: datetime, mail_id: int, transport: Transport) -> Mail:
    """Hand one mail to the server, unless it has been: returns it `sent` or `failed`.

    Runs as a job, one worker at a time for one mail. A mail found in `sending` was given up by a
    worker that died; it goes out again under its Message-ID. Raises SendingFailed when it is worth
    trying again later, and MailHeldBack while the installation is in quarantine; both leave the
    mail `queued`.
    """
    if installation.is_quarantined():
        raise MailHeldBack("This installation is a copy; it sends no mail until it is released.")
    mail = _claim(mail_id)
    if mail is None:
        return Mail.objects.get(pk=mail_id)
    parts = _letterbox(mail)
    try:
        transport.send(
            build_message(parts),
            sender=parse_address(parts.from_address).addr_spec,
            recipients=recipients_of(parts),
        )
    except SendingFailed as failure:
        if not failure.for_good and mail.attempts < MOST_ATTEMPTS:
            Mail.objects.filter(pk=mail_id, state="sending").update(
                state="queued", last_error=failure.reason
            )
            raise
        return _settle(mail, now=now, state="failed", error=failure.reason)
    return _settle(mail, now=now, state="sent", error="")


@transaction.atomic
def _claim(mail_id: int) -> Mail | None:
    waiting = Mail.objects.filter(pk=mail_id, state__in=("queued", "sending"))
    if waiting.update(state="sending", attempts=F("attempts") + 1) == 0:
        return None
    return Mail.objects.get(pk=mail_id)


def _letterbox(mail: Mail) -> Letterbox:
    return Letterbox(
        message_id=mail.message_id,
        from_address=mail.from_address,
        to=mail.to,
        cc=mail.cc,
        reply_to=mail.reply_to,
        subject=mail.subject,
        text=mail.body_text,
        html=mail.body_html,
        written_at=mail.queued_at,
        by_machine=mail.by_user_id is None,
        enclosures=[enclosure_of(one) for one in mail.attachments],
    )


@transaction.atomic
def _settle(mail: Mail, *, now: datetime, state: str, error: str) -> Mail:
    sent_at = now if state == "sent" else None
    rows = Mail.objects.filter(pk=mail.pk, state="sending").update(
        state=state, last_error=error, sent_at=sent_at
    )
    mail.refresh_from_db()
    if rows:
        actor = Actor.system("mail", seller_ids=[mail.seller_id] if mail.seller_id else [])
        facts = _facts(mail)
        event = MailSent(**facts) if state == "sent" else MailFailed(**facts, reason=error)
        announce(event, actor=actor, now=now)
    return mail


@transaction.atomic
def send_again(*, actor: Actor, now: datetime, mail_id: int) -> Mail:
    """Queue a failed mail once more, with its Message-ID. Raises Refused for any other state."""
    mail = get_mail(actor, mail_id)
    rows = Mail.objects.filter(pk=mail.pk, state="failed").update(state="queued", attempts=0)
    if rows == 0:
        raise Refused(
            said("This mail is %(state)s; only a failed one can be sent again.", state=mail.state),
            code="mail_state",
        )
    mail.refresh_from_db()
    announce(MailQueued(**_facts(mail)), actor=actor, now=now)
    _enqueue(mail.pk)
    return mail


@transaction.atomic
def enqueue_waiting() -> int:
    """Enqueue the delivery of every waiting mail, as after a quarantine; returns how many."""
    waiting = Mail.objects.filter(state__in=("queued", "sending")).order_by("pk")
    for mail in waiting:
        _enqueue(mail.pk)
    return len(waiting)
