"""A repair of two lines at once: told, done in one click or one call, all of it or nothing."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from django.test import Client

from handsel.bid.configure.models import Configuration
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import lines_of
from handsel.ground.identity import actions as identity
from handsel.ground.kernel.clock import FixedClock
from handsel.site import middleware
from tests.support.fitting import configured, line_of, make_belts, publish_laws, quoted
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
SIXTY = """model sixty "Sixty together"
line one of "belt"
line two of "belt" after one
law S1: one.speed + two.speed == 60 m/min
  "Two belts make sixty together."
"""


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = make_world()
    monkeypatch.setattr(middleware, "clock", FixedClock(made.now))
    return made


@pytest.fixture
def version(world: World) -> QuoteVersion:
    """Neither belt can make sixty with the other as it is."""
    belts = make_belts(world)
    publish_laws(world, SIXTY)
    return quoted(world, [line_of(configured(world, belts.belt, speed=s)) for s in ("10", "20")])


def speeds(version: QuoteVersion) -> list[str]:
    keys = [line.configuration_id for line in lines_of(version.pk)]
    return [Configuration.objects.get(pk=key).assignment["speed"] for key in keys]


def test_two_lines_are_mended_in_one_click(world: World, version: QuoteVersion) -> None:
    client, page = Client(), f"/quote/{version.quote_id}/"
    client.force_login(world.users["sales_rep"])
    panel = client.get(f"{page}fitting/").content.decode()
    assert (
        "Line 1: Speed: 30 m/min instead of 10 m/min; Line 2: Speed: 30 m/min instead of 20 m/min"
    ) in panel
    hidden = r'<input type="hidden" name="(\w+)" value="([^"]*)"'
    found = {name: html.unescape(value) for name, value in re.findall(hidden, panel)}
    assert json.loads(found["further"])[0]["value"] == "30"
    broken = found | {"idempotency_key": "m-1", "further": '[{"kind": "choose"}]'}
    client.post(f"{page}fitting/mend/", broken)
    assert speeds(version) == ["10", "20"]
    for number, wrong in enumerate(('[{"kind": 5}]', '{"a": 1}', "[[", '[{"line_key": "x"}]')):
        client.post(
            f"{page}fitting/mend/", found | {"idempotency_key": f"w-{number}", "further": wrong}
        )
    assert speeds(version) == ["10", "20"]
    client.post(f"{page}fitting/mend/", found | {"idempotency_key": "m-2"})
    assert speeds(version) == ["30", "30"]
    assert "sixty" not in client.get(page).content.decode()


def test_two_lines_are_mended_by_one_call(world: World, version: QuoteVersion) -> None:
    _, secret = identity.create_api_key(
        actor=world.actor("sales_rep"),
        now=world.now,
        user_id=world.users["sales_rep"].pk,
        label="program",
    )
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    page = f"/api/quote/{version.quote_id}"
    (misfit,) = client.get(f"{page}/fitting").json()["misfits"]
    (mend,) = misfit["mends"]

    def sent(one: dict[str, Any]) -> dict[str, Any]:
        known = {name: one[name] for name in ("kind", "variable", "value", "give_up")}
        return known | {"line_key": one["line"]["key"]}

    body = sent(mend) | {"further": [sent(one) for one in mend["further"]]}
    answer = client.post(
        f"{page}/mend",
        json.dumps(body),
        content_type="application/json",
        headers={"Idempotency-Key": "mend-together-1"},
    )
    assert answer.status_code == 200, answer.content
    assert client.get(f"{page}/fitting").json()["fits"]
    assert speeds(version) == ["30", "30"]
