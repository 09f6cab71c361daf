"""What no line can cost and no offer can say is refused, and the draft stays as it was."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from handsel.bid.quote import actions, queries
from handsel.bid.quote.errors import BadQuote
from handsel.bid.quote.rules.subscription import Step, Subscription, segments
from handsel.ground.kernel.errors import HandselError
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"manual": {"per_line": "999"}}, "Conveyor belt PU 600: 999.00 cannot be taken off"),
        ({"manual": {"per_unit": "200"}}, "600.00 cannot be taken off; there is 369.915"),
        ({"manual": {"target_unit": "-1"}}, "target_unit: -1 is too small; the least is 0"),
        ({"deltas": [{"label": "x", "per_unit": "-200"}]}, "is more than it costs"),
        ({"multiplier": "99999999999999"}, "Conveyor belt PU 600: such a price is too large"),
        (
            {"term": {"start_on": "2026-01-01", "end_on": "9999-12-31"}},
            "asked.term.end_on: expected a day of the years 1900 to 2999",
        ),
    ],
)
def test_what_a_line_cannot_cost(
    world: World, shelf: Shelf, asked: dict[str, Any], told: str
) -> None:
    version = make_quote(world, shelf)
    before = queries.lines_of(version.pk)
    with pytest.raises(HandselError) as refused, transaction.atomic():
        actions.set_line_price(
            actor=world.actor("sales_rep"),
            now=world.now,
            quote_id=version.quote_id,
            line_key=before[0].key,
            asked={**asked, "reason": "as talked over"},
        )
    assert told in refused.value.message
    assert queries.lines_of(version.pk) == before


def test_a_line_can_cost_nothing(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    actions.set_line_price(
        actor=world.actor("sales_rep"),
        now=world.now,
        quote_id=version.quote_id,
        line_key=queries.lines_of(version.pk)[0].key,
        asked={"manual": {"target_line": "0"}, "reason": "comes along"},
    )
    assert queries.lines_of(version.pk)[0].net_minor == 0


def test_an_offer_is_not_valid_for_ever(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    with pytest.raises(BadQuote) as refused:
        actions.set_terms(
            actor=world.actor("sales_rep"),
            now=world.now,
            quote_id=version.quote_id,
            changes={"valid_until": date(9999, 12, 31)},
        )
    assert refused.value.fields == {"valid_until": "a day up to the year 2999"}


def test_a_ramp_ends_within_a_hundred_years() -> None:
    steps = [Step(months=1_200, quantity=Decimal(1))] * 8
    given = {"price_months": 12, "charge_months": 0, "convention": "", "uplift_bps": 0}
    with pytest.raises(BadQuote, match="at most 1200 months"):
        segments(uuid4(), steps, start_on=date(2026, 1, 1), reason="", **given)
    with pytest.raises(BadQuote, match="2999"):
        segments(uuid4(), steps[:1], start_on=date(9000, 1, 1), reason="", **given)
    with pytest.raises(BadQuote, match="2999"):
        Subscription(start_on=date(2026, 1, 1), end_on=date(9999, 12, 31)).asked()
