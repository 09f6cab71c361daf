"""How many products a configuration leaves: asked for by itself, exact or at least so many."""

from __future__ import annotations

import threading

import pytest
from django.test import Client

from handsel.bid.configure import actions
from handsel.bid.configure.models import Configuration
from handsel.bid.configure.queries import variants as counting
from handsel.bid.configure.queries.states import seen
from handsel.bid.configure.queries.variants import told, variants
from handsel.bid.configure.rules.count import Variants
from tests.support.configure import publish_model
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def lamp(world: World) -> Configuration:
    model = publish_model(world.actor("product_modeller"), world.now)
    return actions.begin_configuration(
        actor=world.actor("sales_rep"), now=world.now, model_id=model.pk
    )


def test_lamps_are_counted(world: World, lamp: Configuration) -> None:
    one = seen(lamp, language="en", currency="EUR", on=world.now.date())
    # Red 50–100 W: 6, two of them dimmed; green and blue: 10 each, six of them dimmed.
    assert variants(one) == {
        "count": "40",
        "is_exact": True,
        "at_most": "",
        "text": "40 variants",
        "is_busy": False,
    }
    rep = world.actor("sales_rep")
    actions.decide(
        actor=rep, now=world.now, configuration_id=lamp.pk, variable="dimmer", value="true"
    )
    lamp.refresh_from_db()
    fewer = seen(lamp, language="en", currency="EUR", on=world.now.date())
    assert variants(fewer)["count"] == "14"


def test_whoever_comes_while_another_counts_is_told_to_ask_again(
    world: World, lamp: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = threading.Lock()
    monkeypatch.setattr(counting, "_counting", lock)
    one = seen(lamp, language="en", currency="EUR", on=world.now.date())
    with lock:
        monkeypatch.setattr(counting, "_kept", type(counting._kept)())
        assert variants(one)["is_busy"] is True
    assert variants(one)["count"] == "40"


def test_a_link_and_the_house_are_told_alike(world: World, lamp: Configuration) -> None:
    token = actions.share_configuration(
        actor=world.actor("sales_rep"),
        now=world.now,
        configuration_id=lamp.pk,
        recipient="buyer",
        days=36_500,
    )
    outside = Client().get(f"/configuration/{token}/data/variants/").json()
    client = Client()
    client.force_login(world.users["sales_rep"], backend="handsel.site.signed_in.Backend")
    inside = client.get(f"/configure/{lamp.pk}/data/variants/").json()
    assert outside == inside
    assert inside["text"] == "40 variants"


@pytest.mark.parametrize(
    ("found", "language", "text"),
    [
        (Variants(1, is_exact=True), "en", "1 variant"),
        (Variants(160_579_584, is_exact=True), "de", "160.579.584 variants"),
        (Variants(97 * 10**12 + 1, is_exact=False), "en", "at least 9.7 × 10¹³ variants"),
        (Variants(999 * 10**9, is_exact=True), "en", "9.9 × 10¹¹ variants"),
        (
            Variants(39 * 10**19 + 1, is_exact=False, most=999 * 10**22),
            "en",
            "between 3.9 × 10²⁰ and 1.0 × 10²⁵ variants",
        ),
    ],
)
def test_counts_as_people_read_them(found: Variants, language: str, text: str) -> None:
    assert told(found, language) == text
