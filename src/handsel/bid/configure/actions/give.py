"""Passing a configuration on: to a colleague, or to somebody outside by a link."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from handsel.bid.configure import queries
from handsel.bid.configure.events import ConfigurationHandedOver, ConfigurationShared
from handsel.bid.configure.models import Configuration, ConfigurationLink
from handsel.bid.configure.queries.prices import KINDS, Prices, by_link, link_of
from handsel.ground.identity import grants
from handsel.ground.identity.models import User
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.free_text import free_text
from handsel.ground.kernel.said import said
from handsel.ground.party import queries as party
from handsel.ground.party.models import Organization
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.log import announce

LINK_KIND = "configuration"
LINK_DAYS = 90


@transaction.atomic
def hand_over(
    *, actor: Actor, now: datetime, configuration_id: int, to_user_id: int, note: str = ""
) -> Configuration:
    """Give it into a colleague's hands, with a word about it."""
    configuration = queries.get_configuration(actor, configuration_id)
    colleague = User.objects.filter(pk=to_user_id, is_active=True).first()
    if colleague is None:
        raise Invalid(
            "There is no such colleague.", code="no_colleague", fields={"to": "a colleague"}
        )
    before = configuration.owner_id
    configuration.owner = colleague
    configuration.save(update_fields=["owner"])
    handed = ConfigurationHandedOver(
        configuration_id=configuration_id,
        from_user_id=before,
        to_user_id=to_user_id,
        note=free_text(note, field="note", longest=300),
    )
    announce(handed, actor=actor, now=now)
    return configuration


@transaction.atomic
def share_configuration(
    *,
    actor: Actor,
    now: datetime,
    configuration_id: int,
    recipient: str,
    may_decide: bool = False,
    prices: str = "list",
    organization_id: int | None = None,
    days: int = LINK_DAYS,
) -> str:
    """Give out a link; returns its token, which is never to be seen again.

    `prices` says what its holder sees: `none`, the `list`, an organization's `own`, or what the
    model shows to the `public`.
    """
    configuration = queries.get_configuration(actor, configuration_id)
    organization = _whose(prices, organization_id)
    grant, token = grants.grant_link(
        actor=actor,
        now=now,
        kind=LINK_KIND,
        seller_id=configuration.seller_id,
        object_id=configuration_id,
        verbs=["view", "decide"] if may_decide else ["view"],
        recipient=free_text(recipient, field="recipient", longest=200),
        expires_at=now + timedelta(days=days),
    )
    ConfigurationLink.objects.create(grant=grant, prices=prices, organization=organization)
    shared = ConfigurationShared(
        configuration_id=configuration_id,
        recipient=free_text(recipient, field="recipient", longest=200),
        may_decide=may_decide,
        prices=prices,
        organization_id=organization_id,
    )
    announce(shared, actor=actor, now=now)
    return token


def _whose(prices: str, organization_id: int | None) -> Organization | None:
    if prices not in (*KINDS, "public"):
        raise Invalid(
            said("%(wrong)s are no prices.", wrong=repr(prices[:20])),
            code="link_prices",
            fields={"prices": ", ".join(KINDS)},
        )
    if (prices == "own") is not (organization_id is not None):
        raise Invalid(
            "Choose the customer whose prices the link shows; other prices have none.",
            code="link_prices",
            fields={"organization": "whose prices the link shows"},
        )
    return None if organization_id is None else party.get_organization(organization_id)


@transaction.atomic
def revoke_configuration_links(*, actor: Actor, now: datetime, configuration_id: int) -> int:
    """Stop every link to it; returns how many there were."""
    queries.get_configuration(actor, configuration_id)
    return grants.revoke_links(now=now, kind=LINK_KIND, object_id=configuration_id)


class Opened(NamedTuple):
    """What a link opens: who holds it, the configuration, and the prices he sees."""

    actor: Actor
    configuration: Configuration
    prices: Prices


def open_shared(*, now: datetime, token: str, verb: str = "view") -> Opened:
    """Who holds the link, and what it opens. Raises LinkUnusable."""
    grant = grants.open_link(now=now, kind=LINK_KIND, token=token, verb=verb)
    actor = Actor.buyer(
        grant.recipient or "link",
        seller_id=grant.seller_id,
        permissions=[f"configure.{one}" for one in grant.verbs],
    )
    configuration = queries.get_configuration(actor, grant.object_id)
    return Opened(actor, configuration, by_link(link_of(grant.pk), configuration))
