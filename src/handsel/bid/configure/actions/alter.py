"""A complete configuration with one thing otherwise, as a configuration of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from handsel.bid.configure import queries
from handsel.bid.configure.actions.begin import copy_configuration
from handsel.bid.configure.actions.decide import repair
from handsel.bid.configure.actions.finish import finish_configuration
from handsel.bid.configure.models import Configuration
from handsel.ground.platform.actor import Actor


@transaction.atomic
def alter_configuration(
    *,
    actor: Actor,
    now: datetime,
    configuration_id: int,
    variable: str,
    value: str,
    give_up: Sequence[str] = (),
) -> Configuration:
    """The same choices but one, those of `give_up` left open; finished, with its own fingerprint.

    The configuration it is made from stays as it is. Raises UnknownOption, NotPossible.
    """
    title = queries.get_configuration(actor, configuration_id).title
    made = copy_configuration(actor=actor, now=now, configuration_id=configuration_id, title=title)
    repair(
        actor=actor,
        now=now,
        configuration_id=made.pk,
        variable=variable,
        value=value,
        give_up=give_up,
    )
    return finish_configuration(actor=actor, now=now, configuration_id=made.pk)
