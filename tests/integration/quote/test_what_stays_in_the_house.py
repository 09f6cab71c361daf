"""What a customer never reads, and who may not know costs never gets, whichever way it would go."""

from __future__ import annotations

import json
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.actions.proposals import preview_proposal
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries.compare import compared
from tests.integration.quote.test_fees import FREIGHT, shelf_with
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.calls import api_of
from tests.support.signed_in import session_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

WHY = "late delivery last time"
OWN = "as the rival asks"
BODY = "{block lines}{block totals}{block waterfall}"


@pytest.fixture
def world() -> World:
    return make_world()


def acting(world: World, version: QuoteVersion) -> dict[str, Any]:
    return {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}


def proposal(world: World, version: QuoteVersion) -> str:
    paper = preview_proposal(
        actor=world.actor("sales_rep"),
        now=world.now,
        quote_id=version.quote_id,
        body=BODY,
        with_waterfall=True,
    )
    pages = PdfReader(BytesIO(paper)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_reasons_written_for_the_house_are_not_in_the_proposal(world: World) -> None:
    shelf = shelf_with(world, FREIGHT)
    own = {"override": {"price": "100", "reason": OWN}, "reason": OWN}
    lines = [
        NewLine(product_id=shelf.belt.pk, quantity=Decimal(2)),
        NewLine(product_id=shelf.stand.pk, quantity=Decimal(1), asked=own),
    ]
    version = make_quote(world, shelf, lines=lines)
    freight = next(one.key for one in queries.lines_of(version.pk) if one.name == "Freight")
    actions.waive_fee(**acting(world, version), line_key=freight, reason=WHY)
    text = proposal(world, version)
    assert "45.00" in text  # what it would have been, and off again
    assert WHY not in text
    assert OWN not in text


@pytest.fixture
def told_of_costs(world: World) -> QuoteVersion:
    shelf: Shelf = make_shelf(world.system, world.now)
    lines = [
        NewLine(product_id=shelf.belt.pk, quantity=Decimal(2), asked={"cost": "77.77"}),
        NewLine(product_id=shelf.stand.pk, quantity=Decimal(1), asked={"cost_percent": "66.6"}),
    ]
    return make_quote(world, shelf, lines=lines)


@pytest.mark.parametrize("secret", ["77.77", "66.6"])
def test_a_cost_given_with_a_line_is_told_to_who_sees_costs(
    world: World, told_of_costs: QuoteVersion, secret: str
) -> None:
    address = f"/quote/{told_of_costs.quote_id}/sheet/rows/"
    assert secret in session_of(world.users["sales_manager"]).get(address).content.decode()
    assert secret not in session_of(world.users["sales_rep"]).get(address).content.decode()


@pytest.mark.parametrize("secret", ["77.77", "66.6"])
def test_it_is_in_no_answer_of_the_api_and_no_comparison(
    world: World, told_of_costs: QuoteVersion, secret: str
) -> None:
    act = acting(world, told_of_costs)
    status, told = api_of(world, "sales_rep").get(f"/quote/{told_of_costs.quote_id}")
    assert (status, len(told["lines"])) == (200, 2)
    assert secret not in json.dumps(told)
    actions.present_quote(**act, mail=False)
    version = actions.new_version(**act)
    for line in queries.lines_of(version.pk):
        actions.set_line_price(**act, line_key=line.key, asked={})
    found = compared(act["actor"], version.quote_id, 1, 2)[2]
    assert [one.verdict for one in found.lines] == ["same", "same"]
