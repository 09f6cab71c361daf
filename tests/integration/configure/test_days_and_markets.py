"""What a model offers on a day and in a market, and what becomes of choices when that changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from handsel.bid.configure import actions
from handsel.bid.configure.errors import NotPossible
from handsel.bid.configure.models import Configuration, ConfigurationModel
from handsel.bid.configure.queries import engines
from handsel.bid.configure.queries.engines import ready_for
from handsel.bid.configure.queries.products import configured_products, main_choices
from handsel.ground.party import actions as party
from handsel.ground.party.models import Organization
from tests.support.configure import LAMP, publish_model
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

# The world's day is 2026-03-02, its seller and its customer are German.
SPOKEN = (
    LAMP[: LAMP.index("golden")]
    .replace('- red "Red"', '- red "Red" until 2026-06-01')
    .replace('- blue "Blue"', '- blue "Blue" markets EU\n    - white "White" markets UK')
    .replace("law DIM:", "law DIM from 2026-04-01:")
)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def model(world: World) -> ConfigurationModel:
    return publish_model(world.system, world.now, SPOKEN)


@pytest.fixture
def british(world: World) -> Organization:
    return party.create_organization(
        actor=world.system, now=world.now, name="Mill Ltd", country="GB", currency="GBP"
    )


def begun(world: World, model: ConfigurationModel, days: int = 0, **more: Any) -> Configuration:
    made = actions.begin_configuration(
        actor=world.actor("sales_rep"),
        now=world.now + timedelta(days=days),
        model_id=model.pk,
        **more,
    )
    return Configuration.objects.select_related("version__model", "seller").get(pk=made.pk)


def choose(world: World, made: Configuration, **choices: str) -> None:
    for variable, value in choices.items():
        actions.decide(
            actor=world.actor("sales_rep"),
            now=world.now,
            configuration_id=made.pk,
            variable=variable,
            value=value,
        )


def colours(made: Configuration) -> set[str]:
    variable = ready_for(made).configurator.variables["colour"]
    return {str(value) for value in variable.values}


def laws(made: Configuration) -> set[str]:
    return set(ready_for(made).laws)


def test_a_day_and_a_market_decide_what_there_is(
    world: World, model: ConfigurationModel, british: Organization
) -> None:
    now, later = begun(world, model), begun(world, model, days=100)
    abroad = begun(world, model, organization_id=british.pk)
    assert colours(now) == {"red", "green", "blue"}
    assert colours(later) == {"green", "blue"}
    assert colours(abroad) == {"red", "green", "white"}
    assert "DIM" not in laws(now) and "DIM" in laws(later)


def test_days_between_two_changes_share_one_engine(world: World, model: ConfigurationModel) -> None:
    first, second = begun(world, model), begun(world, model, days=5)
    assert ready_for(first) is ready_for(second)
    assert ready_for(first) is not ready_for(begun(world, model, days=100))


def test_what_ended_meanwhile_is_not_finished(world: World, model: ConfigurationModel) -> None:
    made = begun(world, model)
    choose(world, made, colour="red")
    late = {"actor": world.actor("sales_rep"), "now": world.now + timedelta(days=100)}
    with pytest.raises(NotPossible, match="2026-06-10 in DE"):
        actions.finish_configuration(configuration_id=made.pk, **late)
    choose(world, made, colour="green")
    done = actions.finish_configuration(configuration_id=made.pk, **late)
    assert done.state == "complete" and str(done.model_on) == "2026-06-10"
    product = configured_products([made.pk])[made.pk]
    assert main_choices(product, "en") == "Colour Green"


def test_a_customer_elsewhere_is_refused_what_is_not_sold_there(
    world: World, model: ConfigurationModel, british: Organization
) -> None:
    made = begun(world, model)
    choose(world, made, colour="blue")
    which = {"actor": world.actor("sales_rep"), "now": world.now, "configuration_id": made.pk}
    with pytest.raises(NotPossible, match="in GB"):
        actions.set_customer(organization_id=british.pk, **which)
    made.refresh_from_db()
    assert made.organization_id is None and made.country == "DE"
    choose(world, made, colour="green")
    assert actions.set_customer(organization_id=british.pk, **which).country == "GB"


def test_a_model_without_days_and_markets_is_the_same_everywhere(
    world: World, british: Organization
) -> None:
    model = publish_model(world.system, world.now)
    here, there = begun(world, model), begun(world, model, 400, organization_id=british.pk)
    assert ready_for(here) is ready_for(there)


@pytest.mark.parametrize("days", [0, 45, 120])
def test_what_is_made_ready_beforehand_is_what_is_configured_that_day(
    world: World, model: ConfigurationModel, days: int
) -> None:
    engines._ready.clear()
    engines.warm_up(now=world.now + timedelta(days=days))
    warm = list(engines._ready.values())
    assert any(ready_for(begun(world, model, days)) is one for one in warm)
