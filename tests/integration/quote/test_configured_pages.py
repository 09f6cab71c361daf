"""From a configuration into a quote and back, and what pages say of a configured line."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from handsel.bid.configure.models import Configuration
from handsel.bid.quote.actions import NewLine, draft_quote
from handsel.bid.quote.models import QuoteLine, QuoteVersion
from handsel.ground.kernel.clock import FixedClock
from handsel.ground.platform.thread import thread_of
from handsel.site import middleware
from tests.support.halden_prices import Conveyors, configured, make_conveyors
from tests.support.pages import sign_in, submit
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = make_world()
    monkeypatch.setattr(middleware, "clock", FixedClock(made.now))
    return made


@pytest.fixture
def conveyors(world: World) -> Conveyors:
    return make_conveyors(world.system, world.now, ("SP-BELT", "82.40"))


@pytest.fixture
def rep(world: World) -> Client:
    return sign_in(world, "sales_rep")


def some_draft(world: World, conveyors: Conveyors) -> QuoteVersion:
    return draft_quote(
        actor=world.actor("sales_rep"),
        now=world.now,
        organization_id=world.customer.pk,
        title="Line 4",
        lines=[NewLine(product_id=conveyors.plain["SP-BELT"], quantity=Decimal(2))],
    )


def said(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def test_a_configuration_goes_into_a_draft_in_one_click(
    world: World, conveyors: Conveyors, rep: Client
) -> None:
    draft = some_draft(world, conveyors)
    made = configured(world.actor("sales_rep"), world.now, conveyors.model)
    page = said(rep, f"/configure/{made.pk}/")
    assert f"/quote/new/?configuration={made.pk}" in page
    page = said(rep, f"/quote/new/?configuration={made.pk}")
    assert f"/quote/{draft.quote_id}/lines/configured/" in page and "Line 4" in page

    submit(rep, f"/quote/{draft.quote_id}/lines/configured/", configuration=made.pk)
    line = QuoteLine.objects.get(version=draft, configuration=made)
    assert line.net_minor == 917_952
    page = said(rep, f"/quote/{draft.quote_id}/")
    assert f"{made.fingerprint[:8]} · Belt conveyor, version 1" in page
    beside = page.partition("page-header-actions")[2].partition("<details")[0]
    assert "Configure a product" in beside, "it stays where it is while lines come"
    assert draft.quote.number in said(rep, f"/configure/{made.pk}/")

    actor = world.actor("sales_rep")
    steps = thread_of("quote", draft.quote_id, actor)["steps"]
    assert [step["stage"] for step in steps][:4] == [
        "lead",
        "opportunity",
        "configuration",
        "quote",
    ]
    whole = thread_of("configuration", made.pk, actor)["steps"]
    assert [step.get("number") for step in whole][2:4] == ["Food incline", draft.quote.number]


def test_a_quote_sends_to_the_configurator_and_gets_its_line_back(
    world: World, conveyors: Conveyors, rep: Client
) -> None:
    draft = some_draft(world, conveyors)
    page = said(rep, f"/configure/?quote={draft.quote_id}")
    assert f'name="quote" value="{draft.quote_id}"' in page
    submit(rep, f"/configure/new/{conveyors.model.pk}/", quote=draft.quote_id)
    begun = Configuration.objects.get()
    rep.post(f"/configure/{begun.pk}/data/finish/", "{}", content_type="application/json")
    begun.refresh_from_db()
    assert begun.state == "complete"
    page = said(rep, f"/configure/{begun.pk}/")
    assert f"/quote/{draft.quote_id}/lines/configured/" in page


def test_a_new_quote_begins_with_the_configuration(
    world: World, conveyors: Conveyors, rep: Client
) -> None:
    made = configured(world.actor("sales_rep"), world.now, conveyors.model)
    address = f"/quote/new/?configuration={made.pk}&organization={world.customer.pk}"
    assert f'name="configuration" value="{made.pk}"' in said(rep, address)
    fields = {"organization": world.customer.pk, "title": "Incline"}
    submit(rep, "/quote/new/", configuration=made.pk, **fields)
    assert QuoteLine.objects.get().configuration_id == made.pk
