"""What the configurator refuses, and what a modeller's tests find, in the reader's language."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from handsel.bid.configure import actions
from handsel.bid.configure.models import ConfigurationModel
from tests.support.configure import LAMP, publish_model
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

GERMAN = {"HTTP_ACCEPT_LANGUAGE": "de"}


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def model(world: World) -> ConfigurationModel:
    return publish_model(world.actor("product_modeller"), world.now)


def signed_in(world: World, role: str) -> Client:
    user = world.users[role]
    user.language = "de"
    user.save(update_fields=["language"])
    client = Client()
    client.force_login(user, backend="handsel.site.signed_in.Backend")
    return client


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"variable": "shape", "value": "x"}, "Das Modell hat keine Variable 'shape'."),
        ({"variable": "colour", "value": "x"}, "colour hat keinen Wert 'x'; es gibt red, green"),
        ({"variable": "colour", "value": "red", "lock": 99}, "Inzwischen hat hier jemand"),
        ({"variable": "power", "value": "20"}, "Kein gültiges Produkt"),
    ],
)
def test_refusals_of_a_link(
    world: World, model: ConfigurationModel, body: dict[str, Any], told: str
) -> None:
    rep = world.actor("sales_rep")
    one = actions.begin_configuration(actor=rep, now=world.now, model_id=model.pk)
    actions.decide(
        actor=rep, now=world.now, configuration_id=one.pk, variable="colour", value="red"
    )
    token = actions.share_configuration(
        actor=rep,
        now=world.now,
        configuration_id=one.pk,
        recipient="buyer",
        may_decide=True,
        days=36_500,
    )
    address = f"/configuration/{token}/data/decide/"
    refused = Client().post(address, json.dumps(body), "application/json", **GERMAN)
    assert refused.status_code in (409, 422)
    assert told in refused.json()["detail"]


def test_the_workbench_speaks_german_of_faults_and_findings(
    world: World, model: ConfigurationModel
) -> None:
    modeller = world.actor("product_modeller")
    draft = actions.draft_version(actor=modeller, now=world.now, model_id=model.pk)
    client = signed_in(world, "product_modeller")
    here = f"/configure/models/{model.pk}/{draft.version_no}/"
    faulty = LAMP.replace("colour == red -> power", "color == red -> power")
    page = client.post(f"{here}check/", {"source": faulty}, **GERMAN).content.decode()
    assert "„color“ ist hier nicht bekannt. Meinten Sie „colour“?" in page
    assert "ein vereinbarter Name" in page

    idle = LAMP.replace("golden", 'law SAME: power >= 10\n  "Ten at least."\n\ngolden')
    idle = idle.replace("refuse power = 70", "refuse power = 60")
    actions.revise_source(
        actor=modeller,
        now=world.now,
        model_id=model.pk,
        version_no=draft.version_no,
        source=idle,
    )
    actions.test_version(
        actor=modeller, now=world.now, model_id=model.pk, version_no=draft.version_no
    )
    page = client.get(here, **GERMAN).content.decode()
    assert "SAME gilt immer, was auch gewählt wird." in page
    assert "Musterkonfiguration „Red and dimmed“: power = 60 ist zu haben" in page
    assert "Klauseln" in page
    page = client.get(here, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert page
