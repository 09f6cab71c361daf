"""A configuration by its actions: decided, refused, repaired, finished, passed on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handsel.bid.configure import actions, queries
from handsel.bid.configure.errors import (
    ConfigurationFrozen,
    ConfigurationNotFound,
    ModelNotPublished,
    NotPossible,
    StaleConfiguration,
    UnknownOption,
)
from handsel.bid.configure.models import Configuration
from handsel.bid.configure.queries.states import changes, seen, wish_of
from handsel.bid.configure.queries.why import why
from handsel.ground.identity.grants import LinkUnusable
from handsel.ground.kernel.errors import Invalid
from handsel.ground.platform.actor import Actor
from tests.support.configure import LAMP, publish_model
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def rep(world: World) -> Actor:
    return world.actor("sales_rep")


@pytest.fixture
def lamp(world: World, rep: Actor) -> Configuration:
    model = publish_model(world.actor("product_modeller"), world.now)
    return actions.begin_configuration(actor=rep, now=world.now, model_id=model.pk)


def decide(
    world: World, actor: Actor, one: Configuration, variable: str, value: str
) -> Configuration:
    return actions.decide(
        actor=actor, now=world.now, configuration_id=one.pk, variable=variable, value=value
    )


def look(world: World, one: Configuration) -> dict[str, object]:
    one.refresh_from_db()
    return changes(seen(one, language="en", currency="EUR", on=world.now.date()))


def test_nothing_is_configured_before_a_version_is_published(world: World, rep: Actor) -> None:
    draft = actions.draft_model(actor=rep, now=world.now, key="lamp", title="Lamp", source=LAMP)
    with pytest.raises(ModelNotPublished, match="Lamp"):
        actions.begin_configuration(actor=rep, now=world.now, model_id=draft.model_id)


def test_a_choice_leaves_only_what_can_still_be_had(
    world: World, rep: Actor, lamp: Configuration
) -> None:
    decide(world, rep, lamp, "colour", "red")
    answers = look(world, lamp)["answers"]
    assert answers["power"]["states"] == "2222000000"  # type: ignore[index]
    assert answers["power"]["bounds"] == "50 – 100 W"  # type: ignore[index]
    decide(world, rep, lamp, "dimmer", "true")
    answers = look(world, lamp)["answers"]
    assert answers["power"]["states"] == "2222002222"  # type: ignore[index]


def test_what_does_not_fit_is_refused_and_nothing_is_given_up_for_it(
    world: World, rep: Actor, lamp: Configuration
) -> None:
    decide(world, rep, lamp, "colour", "red")
    with pytest.raises(NotPossible):
        decide(world, rep, lamp, "power", "20")
    lamp.refresh_from_db()
    assert lamp.decisions == [["colour", "=", "red"]]


def test_the_reason_and_the_repair_are_told_and_the_repair_works(
    world: World, rep: Actor, lamp: Configuration
) -> None:
    decide(world, rep, lamp, "colour", "red")
    lamp.refresh_from_db()
    one = seen(lamp, language="en", currency="EUR", on=world.now.date())
    told = why(one, wish_of(one, "power", "20"))
    assert [reason["text"] for reason in told["reasons"]] == [
        "Colour: Red",
        "A red lamp needs 50 W or more.",
    ]
    assert [part["text"] for part in told["repairs"][0]["give_up"]] == ["Colour: Red"]
    actions.repair(
        actor=rep,
        now=world.now,
        configuration_id=lamp.pk,
        variable="power",
        value="20",
        give_up=["colour"],
    )
    lamp.refresh_from_db()
    assert lamp.decisions == [["power", "=", "20"]]


def test_undo_goes_back_step_by_step(world: World, rep: Actor, lamp: Configuration) -> None:
    decide(world, rep, lamp, "colour", "red")
    decide(world, rep, lamp, "dimmer", "true")
    actions.retract(actor=rep, now=world.now, configuration_id=lamp.pk, variable="colour")
    for expected in (
        [["colour", "=", "red"], ["dimmer", "=", "true"]],
        [["colour", "=", "red"]],
        [],
    ):
        actions.undo(actor=rep, now=world.now, configuration_id=lamp.pk)
        lamp.refresh_from_db()
        assert lamp.decisions == expected


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("colour", "purple", "red, green, blue"),
        ("shape", "round", "shape"),
        ("power", "15", "10, 20"),
        ("power", "NaN", "10, 20"),
        ("power", "１０", "10, 20"),
        ("dimmer", "yes", "false, true"),
    ],
)
def test_an_unknown_option_is_named_with_what_was_expected(
    world: World, rep: Actor, lamp: Configuration, variable: str, value: str, told: str
) -> None:
    with pytest.raises(UnknownOption, match=told):
        decide(world, rep, lamp, variable, value)


def test_of_two_editors_the_second_is_told_and_loses_nothing(
    world: World, rep: Actor, lamp: Configuration
) -> None:
    saw = lamp.lock_no
    decide(world, rep, lamp, "colour", "red")
    with pytest.raises(StaleConfiguration):
        actions.decide(
            actor=rep,
            now=world.now,
            configuration_id=lamp.pk,
            variable="dimmer",
            value="true",
            lock_no=saw,
        )


def test_another_sellers_configuration_does_not_exist(world: World, lamp: Configuration) -> None:
    with pytest.raises(ConfigurationNotFound):
        decide(world, world.stranger, lamp, "colour", "red")


def test_a_finished_one_has_a_value_for_everything_and_never_changes(
    world: World, rep: Actor, lamp: Configuration
) -> None:
    decide(world, rep, lamp, "dimmer", "true")
    done = actions.finish_configuration(actor=rep, now=world.now, configuration_id=lamp.pk)
    assert done.assignment == {"colour": "green", "power": "10", "dimmer": "true"}
    again = actions.finish_configuration(actor=rep, now=world.now, configuration_id=lamp.pk)
    assert again.fingerprint == done.fingerprint
    with pytest.raises(ConfigurationFrozen):
        decide(world, rep, lamp, "colour", "red")


def test_a_title_is_kept_whole_or_refused(world: World, rep: Actor, lamp: Configuration) -> None:
    act = {"actor": rep, "now": world.now, "configuration_id": lamp.pk}
    for name in (actions.copy_configuration, actions.rename_configuration):
        assert name(**act, title=f" {'x' * 200} ").title == "x" * 200
        with pytest.raises(Invalid):
            name(**act, title="x" * 201)
    assert actions.rename_configuration(**act, title=" ").title == "Lamp"


def test_the_same_product_is_found_again(world: World, rep: Actor, lamp: Configuration) -> None:
    other = actions.copy_configuration(actor=rep, now=world.now, configuration_id=lamp.pk)
    decide(world, rep, other, "colour", "green")  # what the other one has by default
    for one in (lamp, other):
        actions.finish_configuration(actor=rep, now=world.now, configuration_id=one.pk)
    found = queries.same_product(queries.get_configuration(rep, other.pk))
    assert [one.pk for one in found] == [lamp.pk]


def test_a_link_opens_what_it_says_and_no_more(
    world: World, rep: Actor, lamp: Configuration
) -> None:
    def shared(*, may_decide: bool) -> str:
        return actions.share_configuration(
            actor=rep,
            now=world.now,
            configuration_id=lamp.pk,
            recipient="a buyer",
            may_decide=may_decide,
        )

    watching, deciding = shared(may_decide=False), shared(may_decide=True)
    with pytest.raises(LinkUnusable):
        actions.open_shared(now=world.now, token=watching, verb="decide")
    buyer, opened, _prices = actions.open_shared(now=world.now, token=deciding, verb="decide")
    assert decide(world, buyer, opened, "colour", "red").decisions == [["colour", "=", "red"]]
    with pytest.raises(LinkUnusable):
        actions.open_shared(now=world.now + timedelta(days=91), token=watching)
    actions.revoke_configuration_links(actor=rep, now=world.now, configuration_id=lamp.pk)
    with pytest.raises(LinkUnusable):
        actions.open_shared(now=world.now, token=deciding)
