"""Reads of the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Q, QuerySet

from handsel.ground.document.models import Mail
from handsel.ground.document.outbox import Enclosure
from handsel.ground.kernel.errors import NotFound
from handsel.ground.platform import store
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.models import StoredFile

# Mails that tell more than their subject does, and the right it takes to read them here.
_TELLS: Final = {"approval_asked": "cost.view"}


def visible_mails(actor: Actor) -> QuerySet[Mail]:
    """The mails of the actor's sellers, newest first. Mails of no seller (sign-in) stay hidden."""
    return Mail.objects.filter(seller_id__in=actor.seller_ids).order_by("-queued_at", "-pk")


def get_mail(actor: Actor, mail_id: int) -> Mail:
    """One visible mail; raises NotFound for a foreign and a missing one alike."""
    mail = visible_mails(actor).filter(pk=mail_id).first()
    if mail is None:
        raise NotFound("There is no such mail.", code="mail_not_found")
    return mail


def text_of(actor: Actor, mail: Mail) -> str | None:
    """What a mail says; None for a reader who may not know all that it tells."""
    needed = _TELLS.get(mail.template)
    return mail.body_text if needed is None or actor.may(needed) else None


def search_mails(actor: Actor, *, text: str = "", state: str = "") -> QuerySet[Mail]:
    """Visible mails whose subject or an address holds the text, in a state if one is given."""
    found = visible_mails(actor)
    if text:
        found = found.filter(
            Q(subject__icontains=text) | Q(to__icontains=text) | Q(cc__icontains=text)
        )
    return found.filter(state=state) if state else found


def enclosure_of(attachment: Mapping[str, Any]) -> Enclosure:
    """The file behind an entry of a mail's `attachments`, under the name it travels with."""
    file_id = int(attachment["file_id"])
    content = store.read(file_id)
    media_type = StoredFile.objects.values_list("media_type", flat=True).get(pk=file_id)
    return Enclosure(str(attachment["name"]), media_type, content)


def mails_about(actor: Actor, *objects: tuple[str, int]) -> QuerySet[Mail]:
    """The visible mails about any of the given (type, id) objects, newest first."""
    wanted = Q(pk__in=())
    for object_type, object_id in objects:
        wanted |= Q(about__contains=[{"type": object_type, "id": object_id}])
    return visible_mails(actor).filter(wanted)


def count_waiting() -> int:
    """How many mails are not with a server yet: for the health page and the quarantine notice."""
    return Mail.objects.filter(state__in=("queued", "sending")).count()
