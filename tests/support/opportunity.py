"""Deals for tests, made by the same actions as everywhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handsel.attract.opportunity import actions, queries
from handsel.attract.opportunity.models import Opportunity, Stage
from handsel.ground.kernel.money import Money
from handsel.ground.platform.actor import Actor
from tests.support.world import World


def make_deal(
    world: World,
    *,
    name: str = "Conveyor for line 3",
    amount: str = "12000.00",
    currency: str = "EUR",
    actor: Actor | None = None,
    now: datetime | None = None,
    **facts: Any,
) -> Opportunity:
    """An open deal of the world's customer, owned by the sales rep."""
    return actions.open_opportunity(
        actor=actor or world.actor("sales_rep"),
        now=now or world.now,
        seller_id=world.seller.pk,
        name=name,
        amount=Money.parse(amount, currency),
        organization_id=facts.pop("organization_id", world.customer.pk),
        person_id=facts.pop("person_id", world.buyer.pk),
        **facts,
    )


def stage(name: str) -> Stage:
    """A stage of the default pipeline by name; the pipeline is made if it is not there."""
    actions.set_up_pipeline("Sales")
    found = {one.name: one for one in queries.stages(queries.default_pipeline().pk)}
    return found[name]
