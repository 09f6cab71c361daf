"""Links given to people outside: what they open, what they allow, until when.

The token leaves the house once, in the link; only the hash of (kind, token) is kept, so no list
can show it and a token of one kind opens no other.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import F
from django.db.models.functions import Coalesce

from handsel.ground.identity.models import LinkGrant
from handsel.ground.kernel.errors import Invalid, NotFound
from handsel.ground.kernel.ids import new_token, token_hash
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.reading import first_row


class LinkUnusable(NotFound):
    """A link that opens nothing (any more); `code` says whether it was, and why it is not."""


def grant_link(
    *,
    actor: Actor,
    now: datetime,
    kind: str,
    seller_id: int,
    object_id: int,
    verbs: Collection[str],
    recipient: str,
    expires_at: datetime,
) -> tuple[LinkGrant, str]:
    """Make a link grant; returns it with the token, which is never to be seen again."""
    if expires_at <= now:
        raise Invalid("a link must expire in the future", code="link_expiry")
    token = new_token()
    grant = LinkGrant.objects.create(
        kind=kind,
        token_hash=_hash(kind, token),
        seller_id=seller_id,
        object_id=object_id,
        verbs=sorted(verbs),
        recipient=recipient,
        created_by_id=actor.user_id,
        created_at=now,
        expires_at=expires_at,
    )
    return grant, token


def open_link(*, now: datetime, kind: str, token: str, verb: str) -> LinkGrant:
    """The grant a token stands for, if it still allows the verb.

    Raises LinkUnusable: code `link_unknown`, `link_expired`, `link_revoked` or `link_verb`.
    """
    if not 20 <= len(token) <= 100:
        raise LinkUnusable("this link does not exist", code="link_unknown")
    grant = first_row(LinkGrant, "token_hash = %s AND kind = %s", [_hash(kind, token), kind])
    if grant is None:
        raise LinkUnusable("this link does not exist", code="link_unknown")
    if grant.revoked_at is not None:
        raise LinkUnusable("this link was withdrawn", code="link_revoked")
    if grant.expires_at <= now:
        raise LinkUnusable("this link has expired", code="link_expired")
    if verb not in grant.verbs:
        raise LinkUnusable("this link does not allow that", code="link_verb")
    return grant


def record_opening(*, now: datetime, grant: LinkGrant) -> bool:
    """Count an opening; True when it was the first."""
    LinkGrant.objects.filter(pk=grant.pk).update(
        first_opened_at=Coalesce(F("first_opened_at"), now),
        last_opened_at=now,
        open_count=F("open_count") + 1,
    )
    return grant.first_opened_at is None


def revoke_links(*, now: datetime, kind: str, object_id: int) -> int:
    """Withdraw every live link of a kind to an object; returns how many there were."""
    return LinkGrant.objects.filter(kind=kind, object_id=object_id, revoked_at=None).update(
        revoked_at=now
    )


def _hash(kind: str, token: str) -> bytes:
    return token_hash(f"{kind}:{token}")
