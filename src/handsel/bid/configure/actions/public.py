"""Beginning a configuration without an account, where a model is open to everybody."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from handsel.bid.configure import queries
from handsel.bid.configure.actions.begin import begin_configuration
from handsel.bid.configure.actions.give import share_configuration
from handsel.bid.configure.errors import TooManyBegun
from handsel.ground.kernel.said import said
from handsel.ground.party.models import Seller
from handsel.ground.platform.actor import Actor

MOST_AN_HOUR = 500


@transaction.atomic
def begin_as_visitor(*, now: datetime, key: str, language: str = "") -> str:
    """Begin with a public model; returns the token of the link the visitor goes on with.

    Raises ModelNotFound unless the model is public and in use, TooManyBegun past a number an hour
    that no honest audience reaches.
    """
    model = queries.public_model(key)
    if queries.begun_by_visitors(model.pk, since=now - timedelta(hours=1)) >= MOST_AN_HOUR:
        raise TooManyBegun(
            said(
                "%(title)s is being configured by very many people just now; try again later.",
                title=model.title,
            )
        )
    seller = Seller.objects.order_by("pk").first()
    if seller is None:
        raise queries.no_model(key)
    visitor = Actor.buyer("visitor", seller_id=seller.pk, permissions=["configure.decide"])
    begun = begin_configuration(actor=visitor, now=now, model_id=model.pk, seller_id=seller.pk)
    return share_configuration(
        actor=visitor,
        now=now,
        configuration_id=begun.pk,
        recipient="visitor",
        may_decide=True,
        prices="public",
    )
