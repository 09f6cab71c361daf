"""Configured lines on their way: copied, split, merged, kept in templates, tried, by the API."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from handsel.bid.configure import actions as configure
from handsel.bid.configure.errors import NotPossible
from handsel.bid.configure.models import Configuration, ModelVersion
from handsel.bid.price import actions as price
from handsel.bid.price.queries import trial
from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.models import QuoteLine, QuoteVersion
from handsel.ground.identity import actions as identity
from handsel.ground.kernel.clock import FixedClock
from handsel.site import middleware
from tests.support.halden_prices import CASE_A, Conveyors, configured, make_conveyors
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

LIST = 917_952


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def conveyors(world: World) -> Conveyors:
    return make_conveyors(world.system, world.now, ("SP-BELT", "82.40"))


@pytest.fixture
def incline(world: World, conveyors: Conveyors) -> Configuration:
    return configured(world.actor("sales_rep"), world.now, conveyors.model)


@pytest.fixture
def draft(world: World, conveyors: Conveyors, incline: Configuration) -> QuoteVersion:
    """A belt and a configured conveyor."""
    return actions.draft_quote(
        actor=world.actor("sales_rep"),
        now=world.now,
        organization_id=world.customer.pk,
        lines=[
            NewLine(product_id=conveyors.plain["SP-BELT"], quantity=Decimal(2)),
            NewLine(product_id=0, quantity=Decimal(1), configuration_id=incline.pk),
        ],
    )


def carried(version: QuoteVersion) -> list[tuple[int | None, int]]:
    lines = QuoteLine.objects.filter(version=version).order_by("position")
    return list(lines.values_list("configuration_id", "list_minor"))


def next_version(world: World, conveyors: Conveyors, old: str, new: str) -> None:
    """A version of the model with another law in use; examining it takes ten seconds."""
    modeller = world.actor("product_modeller")
    made = configure.draft_version(actor=modeller, now=world.now, model_id=conveyors.model.pk)
    assert old in made.source
    ModelVersion.objects.filter(pk=made.pk).update(
        source=made.source.replace(old, new), state="tested", fingerprint="unexamined"
    )
    configure.publish_version(
        actor=modeller, now=world.now, model_id=made.model_id, version_no=made.version_no
    )


def test_copy_split_and_merge_keep_what_is_configured(
    world: World, draft: QuoteVersion, incline: Configuration
) -> None:
    rep = world.actor("sales_rep")
    copy = actions.copy_quote(actor=rep, now=world.now, quote_id=draft.quote_id)
    assert carried(copy) == [(None, 16_480), (incline.pk, LIST)]

    line = QuoteLine.objects.get(version=copy, configuration=incline)
    part = actions.split_quote(
        actor=rep, now=world.now, quote_id=copy.quote_id, line_keys=[line.line_key]
    )
    assert carried(part) == [(incline.pk, LIST)]
    copy.refresh_from_db()
    assert (carried(copy), copy.list_minor) == ([(None, 16_480)], 16_480)

    merged = actions.merge_quotes(
        actor=rep, now=world.now, quote_id=copy.quote_id, other_id=part.quote_id
    )
    assert carried(merged) == [(None, 16_480), (incline.pk, LIST)]
    assert merged.list_minor == draft.list_minor


def test_a_template_keeps_the_configuration(
    world: World, draft: QuoteVersion, incline: Configuration
) -> None:
    rep = world.actor("sales_rep")
    template = actions.keep_as_template(
        actor=rep, now=world.now, quote_id=draft.quote_id, name="Incline with belt"
    )
    begun = actions.draft_from_template(
        actor=rep, now=world.now, template_id=template.pk, organization_id=world.customer.pk
    )
    assert carried(begun) == [(None, 16_480), (incline.pk, LIST)]
    assert [line.description for line in queries.lines_of(begun.pk)] == [
        line.description for line in queries.lines_of(draft.pk)
    ]


def test_a_template_follows_the_model(
    world: World, conveyors: Conveyors, draft: QuoteVersion, incline: Configuration
) -> None:
    rep = world.actor("sales_rep")
    template = actions.keep_as_template(
        actor=rep, now=world.now, quote_id=draft.quote_id, name="Incline"
    )
    next_version(world, conveyors, "law B24:", "law B99:")
    begun = actions.draft_from_template(
        actor=rep, now=world.now, template_id=template.pk, organization_id=world.customer.pk
    )
    line = QuoteLine.objects.select_related("configuration__version").get(
        version=begun, configuration__isnull=False
    )
    assert line.configuration is not None
    assert line.configuration.version.version_no == 2
    assert line.configuration.copied_from_id == incline.pk
    # The same product, found again by its fingerprint.
    assert line.configuration.fingerprint == incline.fingerprint
    assert line.list_minor == LIST


def test_a_template_with_what_cannot_be_had_any_more_says_what(
    world: World, conveyors: Conveyors, draft: QuoteVersion
) -> None:
    rep = world.actor("sales_rep")
    template = actions.keep_as_template(
        actor=rep, now=world.now, quote_id=draft.quote_id, name="Incline"
    )
    quotes = QuoteVersion.objects.count()
    next_version(
        world, conveyors, "law B24:", 'law B0: photo_eyes <= 1\n  "One eye at most."\nlaw B24:'
    )
    with pytest.raises(NotPossible, match=r"Photo.eyes: 2.*One eye at most"):
        actions.draft_from_template(
            actor=rep, now=world.now, template_id=template.pk, organization_id=world.customer.pk
        )
    assert QuoteVersion.objects.count() == quotes


def test_a_book_is_tried_on_configured_lines(
    world: World, conveyors: Conveyors, draft: QuoteVersion
) -> None:
    assert draft.price_book is not None
    copy = price.copy_book(
        actor=world.system,
        now=world.now,
        book_id=draft.price_book.pk,
        name="Halden 2027",
        valid_from=draft.price_book.valid_from,
    )
    price.set_entries(
        actor=world.system,
        now=world.now,
        book_id=copy.pk,
        prices={conveyors.plain["SP-BELT"]: Decimal("92.40")},
    )
    copy.refresh_from_db()
    (found,) = trial.tried_on_open_quotes(actor=world.actor("sales_rep"), book=copy)
    assert found.refused == ""
    assert found.net_minor == LIST + 18_480
    assert found.change_minor == 2_000


class Api:
    """A program with a sales rep's key."""

    def __init__(self, world: World) -> None:
        _key, token = identity.create_api_key(
            actor=world.system,
            now=world.now,
            user_id=world.users["sales_rep"].pk,
            label="test",
        )
        self.client = Client(headers={"Authorization": f"Bearer {token}"})
        self.calls = 0

    def post(self, path: str, **body: Any) -> Any:
        self.calls += 1
        return self.client.post(
            f"/api{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": f"configured-{self.calls:04d}"},
        )


def test_the_api_adds_changes_and_tells_configured_lines(
    world: World,
    conveyors: Conveyors,
    incline: Configuration,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(middleware, "clock", FixedClock(world.now))
    api = Api(world)
    line = {"configuration_id": incline.pk, "quantity": "1"}
    made = api.post("/quote/", organization_id=world.customer.pk, lines=[line])
    assert made.status_code == 201, made.content
    key = made.json()["id"]
    told = api.client.get(f"/api/quote/{key}").json()["lines"][0]
    assert told["list_amount"]["amount"] == "9179.52"
    assert told["configured"] == {
        "configuration_id": incline.pk,
        "fingerprint": incline.fingerprint,
        "title": incline.title,
        "model": "Belt conveyor",
        "model_version": 1,
    }
    other = configured(
        world.actor("sales_rep"), world.now, conveyors.model, {**CASE_A, "photo_eyes": "3"}
    )
    changed = api.post(f"/quote/{key}/lines/{told['key']}", configuration_id=other.pk)
    assert changed.status_code == 200, changed.content
    plain = {"product_id": conveyors.plain["SP-BELT"], "quantity": "1"}
    assert api.post(f"/quote/{key}/lines", lines=[plain]).status_code == 200
    lines = api.client.get(f"/api/quote/{key}").json()["lines"]
    assert lines[0]["configured"]["fingerprint"] == other.fingerprint
    assert lines[1]["configured"] is None


@pytest.mark.parametrize("with_both", [True, False])
def test_a_line_by_api_is_a_product_or_a_configuration(
    world: World, conveyors: Conveyors, incline: Configuration, with_both: bool
) -> None:
    line: dict[str, Any] = {"quantity": "1"}
    if with_both:
        line |= {"configuration_id": incline.pk, "product_id": conveyors.plain["SP-BELT"]}
    refused = Api(world).post("/quote/", organization_id=world.customer.pk, lines=[line])
    assert refused.status_code == 422
    assert "product or a configuration" in refused.content.decode()
