"""Lines that carry a configuration: priced by their choices, shown and compared with them."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import pytest

from handsel.bid.catalog.actions import add_product
from handsel.bid.catalog.rules.facts import ProductFacts
from handsel.bid.configure.actions import draft_model
from handsel.bid.configure.actions import test_version as examine_version
from handsel.bid.configure.ports import pricing
from handsel.bid.configure.queries.engines import ready
from handsel.bid.configure.queries.states import seen
from handsel.bid.configure.rules.analysis.golden import run_goldens
from handsel.bid.configure.rules.derived import amount_of
from handsel.bid.price.actions import add_terms, draft_book, publish_book, set_entries
from handsel.bid.price.rules.stored import NewTerm
from tests.support.bid import BOOK_FROM
from tests.support.configure import LAMP
from tests.support.halden_prices import Conveyors, configured, make_conveyors
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def conveyors(world: World) -> Conveyors:
    return make_conveyors(world.system, world.now, ("SP-BELT", "82.40"))


def test_the_port_prices_case_a_to_the_cent(world: World, conveyors: Conveyors) -> None:
    made = configured(world.actor("sales_rep"), world.now, conveyors.model)
    one = seen(made, language="en", currency="EUR", on=world.now.date())
    assert one.price is not None
    assert one.price.total.text() == "9179.52"
    assert ("Deck", "3070.00") in [(label, money.text()) for label, money in one.price.rows]
    objective = pricing().objective(
        model_key="halden-conveyor",
        model=ready(made.version_id).model,
        currency="EUR",
        on=world.now.date(),
    )
    assert objective is not None
    named = partial(
        pricing().amounts,
        model_key="halden-conveyor",
        model=one.ready.model,
        currency="EUR",
        on=world.now.date(),
    )
    results = run_goldens(
        one.ready.configurator, amounts=lambda values: named(assignment=values) or {}
    )
    assert [each.failures for each in results] == [()] * len(results)
    assert amount_of(one.ready.model, objective, one.completion.values) == 917_952


def test_a_model_whose_golden_amount_is_wrong_is_not_published(world: World) -> None:
    lamp = add_product(
        actor=world.system, now=world.now, facts=ProductFacts(sku="LAMP", name="Lamp")
    )
    element = {"key": "body", "formula": "2 * power / 1 W", "scale": 2}
    book = draft_book(
        actor=world.system, now=world.now, name="Lamps", currency="EUR", valid_from=BOOK_FROM
    )
    set_entries(
        actor=world.system, now=world.now, book_id=book.pk, prices={lamp.pk: Decimal("10.50")}
    )
    terms = [NewTerm(kind="elements", definition=element, product_id=lamp.pk)]
    add_terms(actor=world.system, now=world.now, book_id=book.pk, terms=terms)
    publish_book(actor=world.system, now=world.now, book_id=book.pk)
    for amount, failures in (("130.50", 0), ("130.51", 1)):
        source = f"{LAMP}  amount list_total = {amount}\n".replace("dimmer = yes", "power = 60")
        draft = draft_model(
            actor=world.system,
            now=world.now,
            key=f"lamp{failures}",
            title="Lamp",
            source=source,
            product_id=lamp.pk,
        )
        outcome = examine_version(
            actor=world.system, now=world.now, model_id=draft.model_id, version_no=1
        )
        found = outcome.examined.report["failures"]
        assert len([line for line in found if "list_total" in line]) == failures, found
