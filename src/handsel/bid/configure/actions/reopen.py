"""Going on with a configuration under the version of its model that is in use now."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from handsel.bid.configure import queries
from handsel.bid.configure.events import ConfigurationBegun
from handsel.bid.configure.models import Configuration
from handsel.bid.configure.queries.reopening import reopening
from handsel.bid.configure.rules.texts import kept_form
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.log import announce


@transaction.atomic
def reopen_configuration(*, actor: Actor, now: datetime, configuration_id: int) -> Configuration:
    """Begin a copy under the version in use, with the choices that still stand.

    The configuration itself stays as it is. What becomes of each choice is told before by
    `queries.reopening`. Raises NothingNewer and ModelNotPublished.
    """
    source = queries.get_configuration(actor, configuration_id)
    one = reopening(source)
    variables = one.new.configurator.variables
    made = Configuration.objects.create(
        seller_id=source.seller_id,
        version=one.version,
        owner_id=actor.user_id,
        organization_id=source.organization_id,
        title=source.title,
        decisions=[kept_form(variables, decision) for decision in one.found.kept],
        copied_from=source,
        created_at=now,
        changed_at=now,
    )
    begun = ConfigurationBegun(
        configuration_id=made.pk,
        model_id=one.version.model_id,
        version_no=one.version.version_no,
        copied_from_id=source.pk,
    )
    announce(begun, actor=actor, now=now)
    return made
