"""Beginning a configuration, from nothing or from another one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from handsel.bid.configure import queries
from handsel.bid.configure.events import ConfigurationBegun
from handsel.bid.configure.models import Configuration
from handsel.bid.configure.queries.engines import ready
from handsel.bid.configure.queries.states import completed_on
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.free_text import free_text
from handsel.ground.party import queries as party
from handsel.ground.party.models import Organization
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.log import announce

MOST_TITLE = 200


@transaction.atomic
def begin_configuration(
    *,
    actor: Actor,
    now: datetime,
    model_id: int,
    title: str = "",
    seller_id: int | None = None,
    organization_id: int | None = None,
) -> Configuration:
    """Begin to configure with the version in use, with nothing decided, perhaps for a customer.

    Raises ModelNotFound and ModelNotPublished.
    """
    version = queries.published_of(model_id)
    seller = (
        party.get_seller(actor, seller_id) if seller_id is not None else party.default_seller(actor)
    )
    customer = _customer(organization_id)
    made = Configuration.objects.create(
        seller=seller,
        version=version,
        owner_id=actor.user_id,
        organization=customer,
        model_on=local_date(now, seller.time_zone),
        country=customer.country if customer else seller.country,
        title=_title(title) or version.model.title,
        created_at=now,
        changed_at=now,
    )
    _announce(made, actor, now)
    return made


@transaction.atomic
def try_version(*, actor: Actor, now: datetime, model_id: int, version_no: int) -> Configuration:
    """Begin a trial with any version that can be read, a draft too; a trial is never finished.

    Raises LanguageFault for a text with errors.
    """
    version = queries.get_version(model_id, version_no)
    seller = party.default_seller(actor)
    today = local_date(now, seller.time_zone)
    ready(version, on=today, country=seller.country)
    made = Configuration.objects.create(
        seller=seller,
        version=version,
        model_on=today,
        country=seller.country,
        owner_id=actor.user_id,
        title=f"{version.model.title} {version_no} ⚙"[:MOST_TITLE],
        created_at=now,
        changed_at=now,
    )
    _announce(made, actor, now)
    return made


@transaction.atomic
def copy_configuration(
    *, actor: Actor, now: datetime, configuration_id: int, title: str = ""
) -> Configuration:
    """Begin another one with the same decisions, under the same version of the model."""
    source = queries.get_configuration(actor, configuration_id)
    made = Configuration.objects.create(
        seller_id=source.seller_id,
        version_id=source.version_id,
        owner_id=actor.user_id,
        organization_id=source.organization_id,
        model_on=source.model_on,
        country=source.country,
        title=_title(title) or source.title,
        decisions=source.decisions,
        copied_from=source,
        created_at=now,
        changed_at=now,
    )
    _announce(made, actor, now)
    return made


@transaction.atomic
def rename_configuration(
    *, actor: Actor, now: datetime, configuration_id: int, title: str
) -> Configuration:
    """Give it another name; an empty one goes back to the model's."""
    configuration = queries.get_configuration(actor, configuration_id)
    configuration.title = _title(title) or configuration.version.model.title
    configuration.save(update_fields=["title"])
    return configuration


@transaction.atomic
def set_customer(
    *, actor: Actor, now: datetime, configuration_id: int, organization_id: int | None
) -> Configuration:
    """Say whom it is configured for: the house sees that customer's prices with it. None: nobody.

    What was chosen stays as it is, and so do links that were given out. Raises NotPossible where
    what was chosen cannot be had in the customer's country.
    """
    configuration = queries.get_configuration(actor, configuration_id)
    customer = configuration.organization = _customer(organization_id)
    if configuration.state == "open":
        configuration.country = customer.country if customer else configuration.seller.country
        completed_on(configuration, on=configuration.model_on)
    configuration.save(update_fields=["organization", "country"])
    return configuration


def _customer(organization_id: int | None) -> Organization | None:
    return None if organization_id is None else party.get_organization(organization_id)


def _announce(made: Configuration, actor: Actor, now: datetime) -> None:
    begun = ConfigurationBegun(
        configuration_id=made.pk,
        model_id=made.version.model_id,
        version_no=made.version.version_no,
        copied_from_id=made.copied_from_id,
    )
    announce(begun, actor=actor, now=now)


def _title(given: str) -> str:
    return free_text(given, field="title", longest=MOST_TITLE)
