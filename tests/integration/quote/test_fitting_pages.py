"""What does not fit together on pages and by the API, and in the configurator of a quote."""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import Any

import pytest
from django.test import Client

from handsel.bid.configure import actions as configure
from handsel.bid.configure.models import Configuration
from handsel.bid.configure.queries import engines
from handsel.bid.quote.models import Quote, QuoteVersion
from handsel.bid.quote.queries import lines_of
from handsel.ground.identity import actions as identity
from handsel.ground.kernel.clock import FixedClock
from handsel.site import middleware
from tests.support.fitting import Belts, configured, line_of, make_belts, publish_laws, quoted
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = make_world()
    monkeypatch.setattr(middleware, "clock", FixedClock(made.now))
    return made


@pytest.fixture
def belts(world: World) -> Belts:
    made = make_belts(world)
    publish_laws(world)
    return made


@pytest.fixture
def version(world: World, belts: Belts) -> QuoteVersion:
    """A slower belt behind a faster one."""
    lines = [line_of(configured(world, belts.belt, speed=one)) for one in ("30", "20")]
    return quoted(world, lines)


def browser(world: World, role: str = "sales_rep", language: str = "en") -> Client:
    user = world.users[role]
    user.language = language
    user.save()
    client = Client()
    client.force_login(user)
    return client


def keyed(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {"idempotency_key": f"fit-page-{number}"} | fields


def test_the_page_tells_and_then_seeks_what_mends_it(
    world: World, version: QuoteVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "_ready", OrderedDict())  # as after a start
    client, page = browser(world), f"/quote/{version.quote_id}/"
    shown = client.get(page).content.decode()
    assert "The next belt is at least as fast." in shown
    assert "Line 1, Belt – Speed: 30 m/min" in shown
    assert "its lines do not fit together" in shown
    assert f'hx-get="{page}fitting/"' in shown
    assert "instead of" not in shown
    panel = client.get(f"{page}fitting/").content.decode()
    at_once = client.get(page).content.decode()
    assert "Line 1: Speed: 20 m/min instead of 30 m/min" in at_once
    assert f'hx-get="{page}fitting/"' not in at_once
    assert "Line 1: Speed: 20 m/min instead of 30 m/min" in panel
    assert "Line 2: Speed: 30 m/min instead of 20 m/min" in panel
    german = browser(world, language="de").get(f"{page}fitting/").content.decode()
    assert "Position 2: Tempo: 30 m/min statt 20 m/min" in german


def test_a_repair_is_one_click_and_what_is_around_the_sheet_follows(
    world: World, version: QuoteVersion
) -> None:
    client, page = browser(world), f"/quote/{version.quote_id}/"
    around = client.get(f"{page}sheet/around/").content.decode()
    assert "The next belt is at least as fast." in around
    refused = client.post(f"{page}present/", keyed(lock_no=version.lock_no, mail="0"))
    assert refused.status_code == 409
    assert b"The next belt is at least as fast" in refused.content
    second = lines_of(version.pk)[1]
    form = keyed(
        2, kind="choose", line_key=second.key, variable="speed", value="30", give_up="speed"
    )
    assert client.post(f"{page}fitting/mend/", form | {"lock_no": version.lock_no}).status_code in (
        302,
        303,
    )
    assert "at least as fast" not in client.get(page).content.decode()
    assert client.get(f"{page}fitting/").content.strip() == b""
    assert lines_of(version.pk)[1].configuration_id != second.configuration_id
    stale = client.post(f"{page}fitting/mend/", form | {"lock_no": version.lock_no})
    assert stale.status_code == 409
    client.post(f"{page}present/", keyed(3, mail="0"))
    assert Quote.objects.get(pk=version.quote_id).state == "presented"


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"kind": "dance", "line_key": "first"}, "This is no repair."),
        ({"kind": "remove"}, "Say which line."),
        ({"kind": "add", "sku": "NONE", "quantity": "1"}, "There is no such product."),
        ({"kind": "choose", "line_key": "first", "variable": "colour", "value": "red"}, "colour"),
        ({"kind": "quantity", "line_key": "first", "quantity": "1_0"}, ""),
    ],
)
def test_a_repair_that_is_none_changes_nothing(
    world: World, version: QuoteVersion, form: dict[str, str], told: str
) -> None:
    client, page = browser(world), f"/quote/{version.quote_id}/"
    first = lines_of(version.pk)[0]
    sent = {key: str(first.key) if value == "first" else value for key, value in form.items()}
    client.post(f"{page}fitting/mend/", keyed(**sent))
    assert told in client.get(page).content.decode()
    assert lines_of(version.pk)[0].configuration_id == first.configuration_id
    assert len(lines_of(version.pk)) == 2


def test_the_api_tells_and_mends(world: World, version: QuoteVersion) -> None:
    _, secret = identity.create_api_key(
        actor=world.actor("sales_rep"),
        now=world.now,
        user_id=world.users["sales_rep"].pk,
        label="program",
    )
    headers = {"Authorization": f"Bearer {secret}"}
    client, page = Client(headers=headers), f"/api/quote/{version.quote_id}"
    told = client.get(f"{page}/fitting").json()
    assert (told["fits"], told["is_whole"], told["is_unread"]) == (False, True, False)
    (misfit,) = told["misfits"]
    assert (misfit["law"], misfit["forbids"], len(misfit["mends"])) == ("L1", True, 2)
    german = client.get(f"{page}/fitting?language=de").json()
    assert german["misfits"][0]["sentence"].startswith("Der nächste Gurt")
    mend = misfit["mends"][0]
    body = {name: mend[name] for name in ("kind", "variable", "value", "give_up")}
    body |= {"line_key": mend["line"]["key"]}
    answer = client.post(
        f"{page}/mend",
        json.dumps(body),
        content_type="application/json",
        headers={"Idempotency-Key": "mend-number-1"},
    )
    assert answer.status_code == 200, answer.content
    assert client.get(f"{page}/fitting").json() == {
        "fits": True,
        "is_whole": True,
        "is_unread": False,
        "misfits": [],
    }


def test_the_configurator_of_a_quote_tells_what_a_choice_breaks(world: World, belts: Belts) -> None:
    version = quoted(world, [line_of(configured(world, belts.belt, speed="30"))])
    client = browser(world)
    client.post(f"/configure/new/{belts.belt.pk}/", keyed(quote=version.quote_id))
    made = Configuration.objects.latest("pk")
    here = f"/configure/{made.pk}/"
    assert f'hx-get="{here}around/"' in client.get(here).content.decode()
    # As proposed it is the slowest; that is told as something still open.
    proposed = client.get(f"{here}around/").content.decode()
    assert "The next belt is at least as fast." in proposed
    assert "as proposed" in proposed
    given = {"actor": world.actor("sales_rep"), "now": world.now, "configuration_id": made.pk}
    configure.decide(variable="speed", value="20", **given)
    chosen = client.get(f"{here}around/").content.decode()
    assert "Line 1, Belt – Speed: 30 m/min" in chosen
    assert "This product – Speed: 20 m/min" in chosen
    assert "as proposed" not in chosen
    configure.decide(variable="speed", value="45", **given)
    assert client.get(f"{here}around/").content.strip() == b""
    configure.decide(variable="speed", value="10", **given)
    configure.finish_configuration(**given)
    assert "at least as fast" in client.get(f"{here}around/").content.decode()


def test_a_configuration_for_no_quote_asks_nothing(world: World, belts: Belts) -> None:
    client = browser(world)
    client.post(f"/configure/new/{belts.belt.pk}/", keyed())
    made = Configuration.objects.latest("pk")
    assert "around/" not in client.get(f"/configure/{made.pk}/").content.decode()
    assert client.get(f"/configure/{made.pk}/around/").content.strip() == b""
