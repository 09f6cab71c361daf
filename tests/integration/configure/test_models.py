"""A product model's life: written, tested, published, put back."""

from __future__ import annotations

import pytest
from django.db import DatabaseError
from django.test import Client

from handsel.bid.configure import actions, queries
from handsel.bid.configure.errors import (
    BadModel,
    ModelFailsItsTests,
    ModelNotEditable,
    StaleConfiguration,
    StaleModel,
)
from handsel.bid.configure.models import ModelVersion
from handsel.bid.configure.rules.language import LanguageFault
from handsel.ground.platform.actor import Actor
from tests.support.configure import LAMP, publish_model
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def modeller(world: World) -> Actor:
    return world.actor("product_modeller")


def test_a_text_with_errors_is_kept_and_told_line_by_line(world: World, modeller: Actor) -> None:
    draft = actions.draft_model(
        actor=modeller, now=world.now, key="lamp", title="Lamp", source=LAMP
    )
    wrong = LAMP.replace("colour == red -> power", "color == red -> power")
    actions.revise_source(
        actor=modeller, now=world.now, model_id=draft.model_id, version_no=1, source=wrong
    )
    outcome = actions.test_version(
        actor=modeller, now=world.now, model_id=draft.model_id, version_no=1
    )
    (failure,) = outcome.examined.report["failures"]
    assert "color" in failure
    assert "colour" in failure
    assert queries.get_version(draft.model_id, 1).source == wrong
    with pytest.raises(ModelFailsItsTests):
        actions.publish_version(
            actor=modeller, now=world.now, model_id=draft.model_id, version_no=1
        )


def test_a_contradiction_and_a_broken_golden_forbid_publishing(
    world: World, modeller: Actor
) -> None:
    draft = actions.draft_model(
        actor=modeller,
        now=world.now,
        key="lamp",
        title="Lamp",
        source=LAMP.replace("refuse power = 70", "refuse power = 60"),
    )
    outcome = actions.test_version(
        actor=modeller, now=world.now, model_id=draft.model_id, version_no=1
    )
    assert "power = 60 can be had, and must not" in outcome.examined.report["failures"][0]
    impossible = LAMP + "law NO: power < 10\n"
    actions.revise_source(
        actor=modeller, now=world.now, model_id=draft.model_id, version_no=1, source=impossible
    )
    outcome = actions.test_version(
        actor=modeller, now=world.now, model_id=draft.model_id, version_no=1
    )
    assert "NO" in outcome.examined.report["failures"][0]


def test_a_published_version_never_changes_and_can_be_put_back(
    world: World, modeller: Actor
) -> None:
    model = publish_model(modeller, world.now)
    with pytest.raises(ModelNotEditable):
        actions.revise_source(
            actor=modeller, now=world.now, model_id=model.pk, version_no=1, source="model x"
        )
    second = actions.draft_version(actor=modeller, now=world.now, model_id=model.pk)
    assert second.version_no == 2
    assert actions.draft_version(actor=modeller, now=world.now, model_id=model.pk) == second
    actions.test_version(actor=modeller, now=world.now, model_id=model.pk, version_no=2)
    actions.publish_version(actor=modeller, now=world.now, model_id=model.pk, version_no=2)
    assert queries.published_of(model.pk).version_no == 2
    actions.roll_back(actor=modeller, now=world.now, model_id=model.pk, to_no=1)
    states = {one.version_no: one.state for one in queries.versions_of(model.pk)}
    assert states == {1: "published", 2: "retired"}


def test_the_database_itself_keeps_a_published_text(world: World, modeller: Actor) -> None:
    model = publish_model(modeller, world.now)
    with pytest.raises(DatabaseError, match="Cannot update"):
        ModelVersion.objects.filter(model=model).update(source="model x")


def test_of_two_modellers_the_second_is_told(world: World, modeller: Actor) -> None:
    draft = actions.draft_model(
        actor=modeller, now=world.now, key="lamp", title="Lamp", source=LAMP
    )
    actions.revise_source(
        actor=modeller, now=world.now, model_id=draft.model_id, version_no=1, source=LAMP + "\n"
    )
    with pytest.raises(StaleConfiguration):
        actions.revise_source(
            actor=modeller,
            now=world.now,
            model_id=draft.model_id,
            version_no=1,
            source="model other",
            lock_no=draft.lock_no,
        )


@pytest.mark.parametrize(("key", "title"), [("Lamp", "x"), ("la mp", "x"), ("", "x"), ("lamp", "")])
def test_a_key_or_title_that_is_none_is_refused(
    world: World, modeller: Actor, key: str, title: str
) -> None:
    with pytest.raises(BadModel):
        actions.draft_model(actor=modeller, now=world.now, key=key, title=title, source=LAMP)


def test_a_key_is_taken_once(world: World, modeller: Actor) -> None:
    publish_model(modeller, world.now)
    with pytest.raises(BadModel, match="exists already"):
        actions.draft_model(actor=modeller, now=world.now, key="lamp", title="Another", source=LAMP)


def test_a_draft_is_tried_and_a_trial_becomes_no_product(world: World, modeller: Actor) -> None:
    draft = actions.draft_model(
        actor=modeller, now=world.now, key="lamp", title="Lamp", source=LAMP
    )
    trial = actions.try_version(
        actor=modeller, now=world.now, model_id=draft.model_id, version_no=1
    )
    actions.decide(
        actor=modeller, now=world.now, configuration_id=trial.pk, variable="colour", value="blue"
    )
    with pytest.raises(StaleModel, match="trial"):
        actions.finish_configuration(actor=modeller, now=world.now, configuration_id=trial.pk)
    actions.revise_source(
        actor=modeller,
        now=world.now,
        model_id=draft.model_id,
        version_no=1,
        source=LAMP.replace('    - blue "Blue"\n', ""),
    )
    with pytest.raises(StaleModel, match="changed since"):
        actions.decide(
            actor=modeller,
            now=world.now,
            configuration_id=trial.pk,
            variable="dimmer",
            value="true",
        )


def test_a_pasted_table_is_checked_row_by_row(world: World, modeller: Actor) -> None:
    draft = actions.draft_model(
        actor=modeller, now=world.now, key="lamp", title="Lamp", source=LAMP
    )

    def paste(rows: str) -> str:
        return actions.add_table(
            actor=modeller,
            now=world.now,
            model_id=draft.model_id,
            version_no=1,
            key="PAIRS",
            rows=rows,
        ).source

    with pytest.raises(LanguageFault, match="purple"):
        paste("colour\tdimmer\npurple\tyes\n")
    assert queries.get_version(draft.model_id, 1).source == LAMP
    assert "table PAIRS" in paste("colour\tdimmer\nred\tno\ngreen, blue\t*\n")
    outcome = actions.test_version(
        actor=modeller, now=world.now, model_id=draft.model_id, version_no=1
    )
    assert "Red and dimmed" in outcome.examined.report["failures"][0]


def test_versions_are_compared_by_what_can_be_had(world: World, modeller: Actor) -> None:
    model = publish_model(modeller, world.now)
    actions.draft_version(actor=modeller, now=world.now, model_id=model.pk)
    actions.revise_source(
        actor=modeller,
        now=world.now,
        model_id=model.pk,
        version_no=2,
        source=LAMP.replace("power <= 60", "power <= 50"),
    )
    client = Client()
    client.force_login(world.users["product_modeller"])
    said = client.get(f"/configure/models/{model.pk}/2/compare/").content.decode()
    assert "no longer be had" in said
    assert "A product that can be had now" not in said
    for address in (
        f"/configure/models/{model.pk}/2/",
        f"/configure/models/{model.pk}/",
        "/configure/models/",
    ):
        assert client.get(address).status_code == 200
