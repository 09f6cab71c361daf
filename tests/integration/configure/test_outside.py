"""The configurator without an account: by link, by a public model, on the pages of other sites."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from handsel.bid.configure import actions
from handsel.bid.configure.actions import public
from handsel.bid.configure.models import Configuration, ConfigurationModel
from handsel.site.shell import built
from tests.support.configure import publish_model
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def model(world: World) -> ConfigurationModel:
    return publish_model(world.actor("product_modeller"), world.now)


def shared(world: World, model: ConfigurationModel, *, may_decide: bool) -> tuple[int, str]:
    rep = world.actor("sales_rep")
    one = actions.begin_configuration(actor=rep, now=world.now, model_id=model.pk)
    token = actions.share_configuration(
        actor=rep,
        now=world.now,
        configuration_id=one.pk,
        recipient="dealer",
        may_decide=may_decide,
        days=36_500,
    )
    return one.pk, token


def post(address: str, **body: Any) -> Any:
    return Client().post(address, json.dumps(body), content_type="application/json")


def test_a_link_decides_and_another_site_may_ask(world: World, model: ConfigurationModel) -> None:
    key, token = shared(world, model, may_decide=True)
    answer = post(f"/configuration/{token}/data/decide/", variable="colour", value="red")
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer
    assert answer.json()["answers"]["power"]["states"].startswith("2222")
    assert Configuration.objects.get(pk=key).decisions == [["colour", "=", "red"]]


def test_a_refusal_tells_the_reason(world: World, model: ConfigurationModel) -> None:
    _key, token = shared(world, model, may_decide=True)
    post(f"/configuration/{token}/data/decide/", variable="colour", value="red")
    refused = post(f"/configuration/{token}/data/decide/", variable="power", value="20")
    assert refused.status_code == 409
    assert "A red lamp needs 50 W" in refused.json()["detail"]


def test_a_link_to_look_decides_nothing(world: World, model: ConfigurationModel) -> None:
    key, token = shared(world, model, may_decide=False)
    assert (
        post(f"/configuration/{token}/data/decide/", variable="colour", value="red").status_code
        == 404
    )
    assert Client().get(f"/configuration/{token}/data/state/").json()["may_decide"] is False
    assert Configuration.objects.get(pk=key).decisions == []


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("decide", b"[1]", 422),
        ("decide", b"{", 422),
        ("decide", b'{"variable": "colour", "value": NaN}', 422),
        ("decide", b'{"variable": "colour", "value": 3}', 422),
        ("decide", b'{"variable": "shape", "value": "round"}', 422),
        ("decide", b'{"variable": "colour", "value": "red", "lock": "x"}', 422),
        ("decide", b'{"variable": "colour", "value": "red", "lock": 99}', 409),
        ("explode", b"{}", 404),
    ],
)
def test_strange_commands_are_refused(
    world: World, model: ConfigurationModel, name: str, body: bytes, status: int
) -> None:
    key, token = shared(world, model, may_decide=True)
    address = f"/configuration/{token}/data/{name}/"
    answer = Client().post(address, body, content_type="application/json")
    assert answer.status_code == status
    assert answer.json()["detail"]
    assert Configuration.objects.get(pk=key).decisions == []


def test_only_a_public_model_begins_without_a_link(world: World, model: ConfigurationModel) -> None:
    assert Client().post("/configure-it/lamp/").status_code == 404
    actions.set_model_head(
        actor=world.actor("product_modeller"),
        now=world.now,
        model_id=model.pk,
        title=model.title,
        product_id=None,
        is_public=True,
    )
    assert Client().get("/configure-it/lamp/").status_code == 200
    assert not Configuration.objects.exists()
    begun = Client().post("/configure-it/lamp/")
    assert begun.status_code == 302
    assert begun["Location"].startswith("/configuration/")
    assert Configuration.objects.get().owner is None


def test_more_than_an_honest_audience_is_told_to_wait(
    world: World, model: ConfigurationModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    ConfigurationModel.objects.update(is_public=True)
    monkeypatch.setattr(public, "MOST_AN_HOUR", 1)
    assert Client().post("/configure-it/lamp/").status_code == 302
    assert Client().post("/configure-it/lamp/").status_code == 409


def test_the_script_has_an_address_that_stays() -> None:
    if not (built.BUILT / "manifest.json").exists():
        pytest.skip("the front end is not built: run `npm ci && npm run build` in frontend/")
    answer = Client().get("/ui/embed/configurator.js")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert b"handsel-configurator" in answer.content


def test_whoever_decides_by_link_finishes_too(world: World, model: ConfigurationModel) -> None:
    key, token = shared(world, model, may_decide=True)
    here = f"/configuration/{token}/"
    post(f"{here}data/decide/", variable="colour", value="red")
    done = post(f"{here}data/finish/")
    assert (done.status_code, done.json()) == (200, {"url": here})
    one = Configuration.objects.get(pk=key)
    assert (one.state, one.assignment["colour"]) == ("complete", "red")
    page = Client().get(here).content.decode()
    assert "This is what was put together" in page and "Red" in page
    assert "handsel-configurator" not in page
    late = post(f"{here}data/decide/", variable="colour", value="blue")
    assert (late.status_code, late.json()["code"]) == (409, "configuration_frozen")
    assert post(f"{here}data/finish/").status_code == 200


def test_a_link_to_look_finishes_nothing(world: World, model: ConfigurationModel) -> None:
    key, token = shared(world, model, may_decide=False)
    assert post(f"/configuration/{token}/data/finish/").status_code == 404
    assert Client().get(f"/configuration/{token}/data/finish/").status_code == 422
    assert Configuration.objects.get(pk=key).state == "open"
