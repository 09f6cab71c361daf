"""Who acts on the buyer's page: somebody holding a link, and nothing but that link."""

from __future__ import annotations

from datetime import datetime

from handsel.bid.quote import queries
from handsel.bid.quote.actions.present import LINK_KIND
from handsel.bid.quote.models import Quote
from handsel.ground.identity.grants import open_link
from handsel.ground.identity.models import LinkGrant
from handsel.ground.platform.actor import Actor


def buyer_of(grant: LinkGrant, name: str = "") -> Actor:
    """The actor behind a link: named by himself, else by the address the link was sent to."""
    return Actor.buyer(
        (name.strip() or grant.recipient or "Buyer")[:200],
        seller_id=grant.seller_id,
        permissions=[f"quote.{verb}_as_buyer" for verb in grant.verbs],
    )


def open_quote(*, now: datetime, token: str, verb: str, name: str = "") -> tuple[Actor, Quote]:
    """The buyer and the quote a token stands for, if it allows the verb.

    Raises LinkUnusable for a token that is wrong, of another kind, expired or revoked alike.
    """
    grant = open_link(now=now, kind=LINK_KIND, token=token, verb=verb)
    actor = buyer_of(grant, name)
    return actor, queries.get_quote(actor, grant.object_id)
