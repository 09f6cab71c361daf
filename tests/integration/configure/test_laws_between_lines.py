"""Laws between lines are kept as models are: written, checked while typing, tested, published."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from handsel.bid.configure import actions, queries
from handsel.bid.configure.errors import (
    BadModel,
    LawsUnread,
    ModelFailsItsTests,
    ModelNotFound,
    ModelNotPublished,
)
from handsel.bid.configure.models import ConfigurationModel
from handsel.ground.identity import actions as identity
from handsel.ground.kernel.errors import NotFound
from handsel.ground.platform.actor import Actor
from tests.support.fitting import BELT, LAWS, Belts, make_belts, publish_laws
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def belts(world: World) -> Belts:
    return make_belts(world)


def browser(world: World, role: str = "product_modeller") -> Client:
    client = Client()
    client.force_login(world.users[role])
    return client


def drafted(world: World, source: str) -> dict[str, Any]:
    """A draft of laws, as the arguments that name it."""
    made = actions.draft_laws(
        actor=world.system, now=world.now, key="laws", title="Laws", source=source
    )
    named = {"model_id": made.model_id, "version_no": 1}
    return {"actor": world.system, "now": world.now, **named}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('of "care"', 'of "cure"', "No model “cure” is in use."),
        ("after before", "after behind", "“behind” is not known here."),
        ("next.speed >=", "next.sped >=", "“next” has no “sped”. Did you mean “speed”?"),
        ("0..20", "5", "A total needs bounds."),
        ('of "BRACKET" ', "of 7 ", "article numbers in quotation marks"),
        ("law L2:", "law L1:", "Law “L1” is there twice."),
        ("law L1: next.speed >= before.speed", "law L1: 1 < 2", "speaks of no line"),
        ("line belt of", "line care of", "“care” is declared twice."),
        ("golden ", "enum colour\n  - red\ngolden ", "This is no law."),
        ("refuse next.speed = 20", "refuse next.speed = 21", "21"),
    ],
)
def test_a_text_with_errors_is_told_with_its_place(
    world: World, belts: Belts, before: str, after: str, told: str
) -> None:
    named = drafted(world, LAWS.replace(before, after, 1))
    report = actions.test_version(**named).examined.report
    assert any(told in one for one in report["failures"]), report
    with pytest.raises(ModelFailsItsTests):
        actions.publish_version(**named)


def test_goldens_contradictions_and_idle_laws_are_found(world: World, belts: Belts) -> None:
    named = drafted(world, LAWS.replace("refuse next.speed = 20", "refuse next.speed = 30"))
    report = actions.test_version(**named).examined.report
    assert "next.speed = 30 can be had, and must not" in report["failures"][0]
    more = "law NO: care.level == full and care.level == basic\n"
    actions.revise_source(source=LAWS + more, **named)
    report = actions.test_version(**named).examined.report
    assert "NO contradict each other" in report["failures"][0]
    actions.revise_source(source=LAWS + "law SO: belt.speed >= 10\n", **named)
    outcome = actions.test_version(**named)
    assert outcome.examined.may_be_published
    assert outcome.examined.report["warnings"] == [
        "SO is always true, whatever is chosen.",
        "SO says no sentence to a seller.",
    ]
    assert outcome.examined.report["passed"] == ["Golden configuration “Slower behind”"]


def test_laws_are_nothing_one_configures(world: World, belts: Belts) -> None:
    laws = publish_laws(world)
    given = {"actor": world.system, "now": world.now, "model_id": laws.pk}
    with pytest.raises((ModelNotFound, ModelNotPublished)):
        actions.begin_configuration(**given)
    with pytest.raises(NotFound):
        actions.try_version(version_no=1, **given)
    assert laws not in queries.models()
    assert laws not in queries.published_models()
    with pytest.raises(BadModel):
        actions.set_model_head(title="Laws", product_id=None, is_public=True, **given)
    product = drafted_as_product(world)
    report = actions.test_version(**product).examined.report
    assert "stands between lines of a quote" in report["failures"][0]


def drafted_as_product(world: World) -> dict[str, Any]:
    made = actions.draft_model(
        actor=world.system, now=world.now, key="wrong", title="Wrong", source=LAWS
    )
    return {"actor": world.system, "now": world.now, "model_id": made.model_id, "version_no": 1}


def test_another_house_does_not_find_them(world: World, belts: Belts) -> None:
    laws = publish_laws(world)
    stranger: Actor = world.stranger
    assert list(queries.law_sets(stranger)) == []
    given = {"actor": stranger, "now": world.now, "model_id": laws.pk}
    with pytest.raises(NotFound):
        actions.draft_version(**given)
    with pytest.raises(NotFound):
        actions.revise_source(version_no=1, source="model x\n", **given)
    with pytest.raises(NotFound):
        actions.roll_back(to_no=1, **given)


def test_the_workbench_keeps_checks_tests_publishes_and_puts_back(
    world: World, belts: Belts
) -> None:
    client = browser(world)
    assert b"No laws between lines yet" in client.get("/configure/laws/").content
    form = {"title": "Belts together", "key": "belt-lines", "idempotency_key": "laws-1"}
    begun = client.post("/configure/laws/new/", form)
    laws = ConfigurationModel.objects.get(key="belt-lines")
    here = f"/configure/models/{laws.pk}/1/"
    assert begun["Location"] == here
    assert (laws.kind, laws.seller) == ("laws", world.seller)
    wrong = client.post(f"{here}check/", {"source": LAWS.replace("next.speed >=", "next.spd >=")})
    assert "spd" in wrong.content.decode()
    file = SimpleUploadedFile("belts.laws", LAWS.encode())
    client.post(f"{here}import/", {"file": file})
    client.post(f"{here}test/", {"idempotency_key": "laws-2"})
    client.post(f"{here}publish/", {"idempotency_key": "laws-3"})
    page = client.get(f"/configure/models/{laws.pk}/").content.decode()
    assert "in use" in page
    assert "Try it" not in client.get(here).content.decode()
    exported = client.get(f"{here}uvl/")
    assert exported.content.decode() == LAWS
    assert b"Belts together" in client.get("/configure/laws/").content
    assert browser(world, "sales_rep").get("/configure/laws/").status_code == 403


def test_the_api_keeps_and_publishes_laws(world: World, belts: Belts) -> None:
    _, secret = identity.create_api_key(
        actor=world.actor("product_modeller"),
        now=world.now,
        user_id=world.users["product_modeller"].pk,
        label="program",
    )
    client = Client(headers={"Authorization": f"Bearer {secret}"})

    def post(path: str, number: int, **body: Any) -> dict[str, Any]:
        answer = client.post(
            f"/api/configure/{path}",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": f"laws-number-{number}"},
        )
        assert answer.status_code in (200, 201), answer.content
        found: dict[str, Any] = answer.json()
        return found

    draft = post("laws", 1, key="belt-lines", title="Belts together", source=LAWS)
    model = f"models/{draft['model_id']}/versions"
    assert post(f"{model}/1/test", 2)["report"]["failures"] == []
    assert post(f"{model}/1/publish", 3, note="First")["state"] == "published"
    (one,) = client.get("/api/configure/laws").json()
    assert (one["kind"], one["version_no"], one["seller_id"]) == ("laws", 1, world.seller.pk)
    assert "belt-lines" not in [each["key"] for each in client.get("/api/configure/models").json()]
    post(model, 4)
    post(f"{model}/2/source", 5, source=LAWS + "\n")
    post(f"{model}/2/test", 6)
    post(f"{model}/2/publish", 7)
    assert post(f"{model}/1/use", 8)["state"] == "published"


def test_a_model_that_laws_cannot_be_read_with_is_put_in_use_only_knowingly(
    world: World, belts: Belts
) -> None:
    laws = publish_laws(world)
    given = {"actor": world.system, "now": world.now, "model_id": belts.belt.pk, "version_no": 2}
    actions.draft_version(actor=world.system, now=world.now, model_id=belts.belt.pk)
    actions.revise_source(source=BELT.replace("speed", "pace"), **given)
    outcome = actions.test_version(**given)
    assert outcome.examined.may_be_published
    (warning,) = outcome.examined.report["warnings"]
    assert warning.startswith("Laws “Belts together” cannot be read with this version:")
    assert "“next” has no “speed”" in warning
    with pytest.raises(LawsUnread, match="no offer with such lines goes out"):
        actions.publish_version(**given)
    client = browser(world)
    here = f"/configure/models/{belts.belt.pk}/2/publish/"
    assert "What changed" in client.get(here).content.decode()
    asked = client.post(here, {"idempotency_key": "publish-1", "note": "No speed any more"})
    assert asked.status_code == 409
    assert 'name="note" value="No speed any more"' in asked.content.decode()
    assert "“next” has no “speed”" in asked.content.decode()
    assert "cannot be read" not in client.get(f"/configure/models/{laws.pk}/").content.decode()
    long = {"idempotency_key": "publish-3", "despite_laws": "1", "note": "why " * 100}
    assert client.post(here, long).status_code == 422, "what changed is kept whole or refused"
    assert queries.published_of(belts.belt.pk).version_no == 1
    client.post(
        here,
        {"idempotency_key": "publish-2", "despite_laws": "1", "note": "No speed any more"},
    )
    published = queries.published_of(belts.belt.pk)
    assert (published.version_no, published.note) == (2, "No speed any more")
    told = client.get(f"/configure/models/{laws.pk}/").content.decode()
    assert "“next” has no “speed”" in told
    actions.roll_back(actor=world.system, now=world.now, model_id=belts.belt.pk, to_no=1)
    with pytest.raises(LawsUnread):
        actions.roll_back(actor=world.system, now=world.now, model_id=belts.belt.pk, to_no=2)
