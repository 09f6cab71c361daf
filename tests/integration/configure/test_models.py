"""A product model's life: written, tested, published, put back."""

from __future__ import annotations

import pytest
from django.db import DatabaseError

from handsel.bid.configure import actions, queries
from handsel.bid.configure.errors import (
    BadModel,
    ModelFailsItsTests,
    ModelNotEditable,
    StaleConfiguration,
)
from handsel.bid.configure.models import ModelVersion
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
    assert "not refused power" in outcome.examined.report["failures"][0]
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
