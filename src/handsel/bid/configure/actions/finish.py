"""Finishing: every variable has a value, and the product gets its fingerprint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from handsel.bid.configure import queries
from handsel.bid.configure.actions.decide import lock_open
from handsel.bid.configure.errors import NotPossible, StaleModel
from handsel.bid.configure.events import ConfigurationCompleted
from handsel.bid.configure.models import Configuration
from handsel.bid.configure.queries.engines import Ready
from handsel.bid.configure.queries.states import completed_on
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.texts import value_text
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.said import said
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.log import announce


@transaction.atomic
def finish_configuration(
    *, actor: Actor, now: datetime, configuration_id: int, lock_no: int | None = None
) -> Configuration:
    """Complete a configuration by preference and freeze it; what was decided stays as it is.

    It is finished as the model holds today, whenever it was begun. Finishing again changes nothing.
    Raises NotPossible when the decisions contradict each other, or today can no longer be had.
    """
    already = Configuration.objects.filter(
        pk=configuration_id, seller_id__in=actor.seller_ids, state="complete"
    ).first()
    if already is not None:
        return already
    configuration = lock_open(actor, configuration_id, lock_no)
    if configuration.version.state in queries.DRAFTS:
        raise StaleModel(
            "This is a trial of a draft: it shows how the model answers, and becomes no product. "
            "Publish the version and configure with it."
        )
    if configuration.model_on is not None:
        configuration.model_on = local_date(now, configuration.seller.time_zone)
    made, completion = completed_on(configuration, on=configuration.model_on)
    return freeze(actor, now, configuration, made, completion.values)


def freeze(
    actor: Actor,
    now: datetime,
    configuration: Configuration,
    made: Ready,
    values: Mapping[str, Value],
) -> Configuration:
    """Give an open configuration its product for good. Raises NotPossible where a law is broken."""
    broken = made.broken_laws(values)
    if broken:
        raise NotPossible(
            said("The completed product breaks %(value)s.", value=", ".join(broken[:5]))
        )
    variables = made.configurator.variables
    assignment = {key: value_text(variables[key], value) for key, value in values.items()}
    configuration.assignment = assignment
    configuration.fingerprint = fingerprint_of(made.key, assignment)
    configuration.state = "complete"
    configuration.completed_at = configuration.changed_at = now
    configuration.lock_no += 1
    configuration.save()
    completed = ConfigurationCompleted(
        configuration_id=configuration.pk, fingerprint=configuration.fingerprint
    )
    announce(completed, actor=actor, now=now)
    return configuration


def fingerprint_of(model_key: str, assignment: Mapping[str, str]) -> str:
    """SHA-256 of a product: its model's key and every variable's exact value, in order of keys.

    The model's version is no part of it, so that the same product is found again under the next.
    """
    canonical = json.dumps([model_key, sorted(assignment.items())], ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
