"""Going on with a configuration under the version of its model that is in use now."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import get_language

from handsel.bid.configure import queries
from handsel.bid.configure.actions.finish import freeze
from handsel.bid.configure.errors import NotPossible
from handsel.bid.configure.events import ConfigurationBegun
from handsel.bid.configure.models import Configuration
from handsel.bid.configure.queries.reopening import Reopening, reopening, told
from handsel.bid.configure.rules.texts import kept_form
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.errors import Refused
from handsel.ground.kernel.said import said
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.log import announce


@transaction.atomic
def reopen_configuration(*, actor: Actor, now: datetime, configuration_id: int) -> Configuration:
    """Begin a copy under the version in use, with the choices that still stand.

    The configuration itself stays as it is. What becomes of each choice is told before by
    `queries.reopening`. Raises NothingNewer and ModelNotPublished.
    """
    source = queries.get_configuration(actor, configuration_id)
    return _copied(actor, now, source, reopening(source, on=_today(source, now)))


@transaction.atomic
def renew_configuration(*, actor: Actor, now: datetime, configuration_id: int) -> Configuration:
    """A complete configuration under the version in use: itself where it is that one's, else the
    same product anew, with what is left open coming out as before as far as it can.

    Raises NotPossible naming every choice that is impossible there, with its reasons, and
    ModelNotPublished.
    """
    source = queries.get_configuration(actor, configuration_id)
    if source.state != "complete":
        raise Refused(said("“%(title)s” is still open; finish it first.", title=source.title))
    if queries.published_of(source.version.model_id).pk == source.version_id:
        return source
    one = reopening(source, on=_today(source, now))
    if one.found.impossible or one.found.values is None:
        lost = told(one, get_language() or "en")["impossible"]
        reasons = "; ".join(
            f"{each['title']} ({'; '.join(each['reasons']) or each['why']})" for each in lost
        )
        raise NotPossible(
            said(
                "“%(title)s” cannot be had under version %(version_no)s of %(model)s: %(reasons)s.",
                title=source.title,
                version_no=one.version.version_no,
                model=one.version.model.title,
                reasons=reasons,
            ),
            configuration_id=configuration_id,
        )
    return freeze(actor, now, _copied(actor, now, source, one), one.new, one.found.values)


def _today(source: Configuration, now: datetime) -> date:
    return local_date(now, source.seller.time_zone)


def _copied(actor: Actor, now: datetime, source: Configuration, one: Reopening) -> Configuration:
    variables = one.new.configurator.variables
    made = Configuration.objects.create(
        seller_id=source.seller_id,
        version=one.version,
        owner_id=actor.user_id,
        organization_id=source.organization_id,
        model_on=_today(source, now),
        country=source.country,
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
