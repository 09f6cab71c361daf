"""Bad input of modellers and of those who configure: each a clear refusal, and nothing is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from handsel.bid.configure import actions, queries
from handsel.bid.configure.models import Configuration, ConfigurationModel, ModelVersion
from tests.support.configure import LAMP, publish_model
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

BACKEND = "handsel.site.signed_in.Backend"
ROWS = "\n".join(["    red | 50"] * 300_000)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def model(world: World) -> ConfigurationModel:
    return publish_model(world.actor("product_modeller"), world.now)


@pytest.fixture
def draft(world: World, model: ConfigurationModel) -> ModelVersion:
    return actions.draft_version(
        actor=world.actor("product_modeller"), now=world.now, model_id=model.pk
    )


def client_of(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.users[role], backend=BACKEND)
    return client


def workbench(version: ModelVersion) -> str:
    return f"/configure/models/{version.model_id}/{version.version_no}/"


BAD_TEXTS = [
    (LAMP.replace("law HOT:", "law HOT"), "cannot stand here", "“:” and the law"),
    (LAMP.replace("power >= 50", "powr >= 50"), "“powr” is not known here", "Did you mean"),
    (LAMP.replace("10..100 step 10 W", ""), "cannot stand here", "every number needs bounds"),
    (LAMP + 'include "lamp"\n', "The files include each other", "no circle"),
    (LAMP + 'include "belts.model"\n', "cannot be read here", "a model in one file"),
    (LAMP + f"table T\n  rows\n    colour | power\n{ROWS}\n", "The table is too long", "250,000"),
    (LAMP.replace("power >= 50", "power >= 50 kg"), "do not measure the same", "a number in"),
]


@pytest.mark.parametrize(("text", "message", "expected"), BAD_TEXTS)
def test_a_text_with_errors_is_kept_and_told(
    world: World, draft: ModelVersion, text: str, message: str, expected: str
) -> None:
    client, here = client_of(world, "product_modeller"), workbench(draft)
    told = client.post(f"{here}check/", {"source": text}).content.decode()
    assert message in told and expected in told
    kept = client.post(f"{here}save/", {"source": text, "lock_no": "1", "test": "1"})
    assert kept.status_code == 303
    draft.refresh_from_db()
    assert draft.source == text.replace("\r\n", "\n")
    assert draft.state == "draft"
    page = client.get(here).content.decode()
    assert message in page and "Line" in page
    refused = client.post(f"{here}publish/")
    assert refused.status_code == 409
    assert "not tested or fails" in refused.content.decode()
    assert queries.published_of(draft.model_id).version_no == 1


def test_a_contradiction_names_its_laws_and_forbids_publishing(
    world: World, draft: ModelVersion
) -> None:
    text = LAMP + 'law LOW: power <= 30\n  "Low."\nlaw HIGH: power >= 60\n  "High."\n'
    client, here = client_of(world, "product_modeller"), workbench(draft)
    client.post(f"{here}save/", {"source": text, "lock_no": "1", "test": "1"})
    page = client.get(here).content.decode()
    assert "Nothing fulfils the model: LOW, HIGH contradict each other." in page
    assert client.post(f"{here}publish/").status_code == 409


def test_a_text_beyond_all_size_comes_back_with_the_refusal(
    world: World, draft: ModelVersion
) -> None:
    client, here = client_of(world, "product_modeller"), workbench(draft)
    text = LAMP + "# " + "x" * 4_100_000
    refused = client.post(f"{here}save/", {"source": text, "lock_no": "1"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "at most 4,000,000 characters" in page and "x" * 1000 in page
    draft.refresh_from_db()
    assert draft.source == LAMP


def test_a_text_kept_meanwhile_by_another_comes_back(world: World, draft: ModelVersion) -> None:
    actions.revise_source(
        actor=world.actor("product_modeller"),
        now=world.now,
        model_id=draft.model_id,
        version_no=draft.version_no,
        source=LAMP + "# theirs\n",
    )
    client, here = client_of(world, "product_modeller"), workbench(draft)
    refused = client.post(f"{here}save/", {"source": LAMP + "# mine\n", "lock_no": "1"})
    assert refused.status_code == 409
    assert "# mine" in refused.content.decode()
    draft.refresh_from_db()
    assert draft.source.endswith("# theirs\n")


def test_a_text_for_a_version_published_meanwhile_comes_back(
    world: World, draft: ModelVersion
) -> None:
    modeller = world.actor("product_modeller")
    given: dict[str, Any] = {
        "actor": modeller,
        "now": world.now,
        "model_id": draft.model_id,
        "version_no": draft.version_no,
    }
    actions.test_version(**given)
    actions.publish_version(**given)
    client, here = client_of(world, "product_modeller"), workbench(draft)
    refused = client.post(f"{here}save/", {"source": LAMP + "# mine\n", "lock_no": "2"})
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "# mine" in page and "begin a new one" in page


def test_a_pasted_table_with_errors_stays_in_its_form(world: World, draft: ModelVersion) -> None:
    client, here = client_of(world, "product_modeller"), workbench(draft)
    rows = "colour\tpower\nred\t50\nviolet\t60\n"
    refused = client.post(f"{here}table/", {"key": "T", "rows": rows})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "violet" in page and "cannot be" in page
    draft.refresh_from_db()
    assert draft.source == LAMP


def decide(client: Client, address: str, **body: Any) -> Any:
    return client.post(f"{address}data/decide/", json.dumps(body), "application/json")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"variable": "shape", "value": "round"}, 422, "unknown_option"),
        ({"variable": "colour", "value": "violet"}, 422, "unknown_option"),
        ({"variable": "power", "value": "1e2"}, 422, "unknown_option"),
        ({"variable": "power", "value": "５０"}, 422, "unknown_option"),
        ({"variable": "power", "value": "50", "operator": "~"}, 422, "unknown_option"),
        ({"variable": "colour", "value": "red", "lock": 7}, 409, "configuration_stale"),
        ({"variable": "power", "value": "20"}, 409, "not_possible"),
    ],
)
def test_a_decision_that_cannot_be_leaves_everything_as_it_is(
    world: World, model: ConfigurationModel, body: dict[str, Any], status: int, code: str
) -> None:
    rep = world.actor("sales_rep")
    one = actions.begin_configuration(actor=rep, now=world.now, model_id=model.pk)
    actions.decide(
        actor=rep, now=world.now, configuration_id=one.pk, variable="colour", value="red"
    )
    refused = decide(client_of(world, "sales_rep"), f"/configure/{one.pk}/", **body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert refused.json()["detail"]
    one.refresh_from_db()
    assert one.decisions == [["colour", "=", "red"]]


def test_a_decision_on_another_houses_configuration_finds_nothing(
    world: World, model: ConfigurationModel
) -> None:
    one = actions.begin_configuration(
        actor=world.actor("sales_rep"), now=world.now, model_id=model.pk
    )
    Configuration.objects.filter(pk=one.pk).update(seller_id=world.foreign_seller.pk)
    client = client_of(world, "sales_rep")
    refused = decide(client, f"/configure/{one.pk}/", variable="colour", value="red")
    assert (refused.status_code, refused.json()["code"]) == (404, "configuration_missing")
    one.refresh_from_db()
    assert one.decisions == []


def test_a_complete_configuration_says_that_it_never_changes(
    world: World, model: ConfigurationModel
) -> None:
    rep = world.actor("sales_rep")
    one = actions.begin_configuration(actor=rep, now=world.now, model_id=model.pk)
    actions.finish_configuration(actor=rep, now=world.now, configuration_id=one.pk)
    client = client_of(world, "sales_rep")
    refused = decide(client, f"/configure/{one.pk}/", variable="colour", value="red")
    assert (refused.status_code, refused.json()["code"]) == (409, "configuration_frozen")
    assert "make a copy" in refused.json()["detail"]


def test_a_configuration_of_an_older_version_goes_on_and_says_what_is_new(
    world: World, model: ConfigurationModel
) -> None:
    rep, modeller = world.actor("sales_rep"), world.actor("product_modeller")
    one = actions.begin_configuration(actor=rep, now=world.now, model_id=model.pk)
    made = actions.draft_version(actor=modeller, now=world.now, model_id=model.pk)
    given: dict[str, Any] = {
        "actor": modeller,
        "now": world.now,
        "model_id": model.pk,
        "version_no": made.version_no,
    }
    actions.revise_source(**given, source=LAMP.replace("power >= 50", "power >= 60"))
    actions.test_version(**given)
    actions.publish_version(**given)
    client = client_of(world, "sales_rep")
    # What was begun with version 1 is answered by version 1.
    done = decide(client, f"/configure/{one.pk}/", variable="power", value="50")
    assert done.status_code == 200
    assert (
        decide(client, f"/configure/{one.pk}/", variable="colour", value="red").status_code == 200
    )
    assert "Reopen with the version in use" in client.get(f"/configure/{one.pk}/").content.decode()
    told = client.get(f"/configure/{one.pk}/reopen/").content.decode()
    assert "No longer possible" in told and "A red lamp needs" in told
