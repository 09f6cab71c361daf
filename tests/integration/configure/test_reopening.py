"""A configuration under a newer version of its model: what stays, what changes, what is lost."""

from __future__ import annotations

import pytest

from handsel.bid.configure import actions
from handsel.bid.configure.errors import NothingNewer
from handsel.bid.configure.models import Configuration
from handsel.bid.configure.queries.reopening import reopening, told
from handsel.ground.kernel.clock import FixedClock
from handsel.site import middleware
from tests.support.configure import LAMP, publish_model
from tests.support.pages import sign_in, submit, text_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
NEWER = LAMP.replace("power >= 50", "power >= 80").replace(
    "needs 50 W or more", "needs 80 W or more"
)
NEWER = NEWER[: NEWER.index("golden")]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = make_world()
    monkeypatch.setattr(middleware, "clock", FixedClock(made.now))
    return made


@pytest.fixture
def lamp(world: World) -> Configuration:
    """Red and dimmed at 60 W, complete; then red lamps need 80 W."""
    rep = world.actor("sales_rep")
    model = publish_model(world.system, world.now)
    begun = actions.begin_configuration(actor=rep, now=world.now, model_id=model.pk)
    for variable, value in (("colour", "red"), ("power", "60"), ("dimmer", "true")):
        actions.decide(
            actor=rep, now=world.now, configuration_id=begun.pk, variable=variable, value=value
        )
    actions.finish_configuration(actor=rep, now=world.now, configuration_id=begun.pk)
    with pytest.raises(NothingNewer):
        actions.reopen_configuration(actor=rep, now=world.now, configuration_id=begun.pk)
    number = actions.draft_version(actor=world.system, now=world.now, model_id=model.pk).version_no
    which = {"actor": world.system, "now": world.now, "model_id": model.pk, "version_no": number}
    actions.revise_source(source=NEWER, **which)
    actions.test_version(**which)
    actions.publish_version(**which)
    return Configuration.objects.select_related("version__model").get(pk=begun.pk)


def test_what_becomes_of_it_is_told_with_reasons(lamp: Configuration) -> None:
    said = told(reopening(lamp, on=lamp.created_at.date()), "en")
    # Red needs 80 W now, and no dimmer stands more than 60 W.
    assert said["kept"] == ["Colour: Red"]
    lost, dimmer = said["impossible"]
    assert (lost["title"], dimmer["title"]) == ("Power: 60 W", "Dimmer: Yes")
    assert "A red lamp needs 80 W or more." in lost["reasons"]


def test_a_copy_goes_on_under_the_version_in_use(world: World, lamp: Configuration) -> None:
    client = sign_in(world, "sales_rep")
    assert "Reopen with the version in use" in text_of(client.get(f"/configure/{lamp.pk}/"))
    page = text_of(client.get(f"/configure/{lamp.pk}/reopen/"))
    assert "No longer possible" in page and "A red lamp needs 80 W or more." in page
    submit(client, f"/configure/{lamp.pk}/reopen/")
    copy = Configuration.objects.get(copied_from=lamp)
    assert (copy.state, copy.version.version_no) == ("open", 2)
    assert ["colour", "=", "red"] in copy.decisions
    assert not any(one[0] == "power" for one in copy.decisions)
    lamp.refresh_from_db()
    assert lamp.version.version_no == 1 and lamp.state == "complete"
