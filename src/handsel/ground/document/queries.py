"""Reads of the outbox."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from handsel.ground.document.models import Mail
from handsel.ground.kernel.errors import NotFound
from handsel.ground.platform.actor import Actor


def visible_mails(actor: Actor) -> QuerySet[Mail]:
    """The mails of the actor's sellers, newest first. Mails of no seller (sign-in) stay hidden."""
    return Mail.objects.filter(seller_id__in=actor.seller_ids).order_by("-queued_at", "-pk")


def get_mail(actor: Actor, mail_id: int) -> Mail:
    """One visible mail; raises NotFound for a foreign and a missing one alike."""
    mail = visible_mails(actor).filter(pk=mail_id).first()
    if mail is None:
        raise NotFound("There is no such mail.", code="mail_not_found")
    return mail


def mails_about(actor: Actor, *objects: tuple[str, int]) -> QuerySet[Mail]:
    """The visible mails about any of the given (type, id) objects, newest first."""
    wanted = Q(pk__in=())
    for object_type, object_id in objects:
        wanted |= Q(about__contains=[{"type": object_type, "id": object_id}])
    return visible_mails(actor).filter(wanted)


def count_waiting() -> int:
    """How many mails are not with a server yet: for the health page and the quarantine notice."""
    return Mail.objects.filter(state__in=("queued", "sending")).count()
