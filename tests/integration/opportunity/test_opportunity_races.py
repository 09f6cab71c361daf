"""The same thing done by several at the same instant happens once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from handsel.attract.lead import actions as leads
from handsel.attract.lead.errors import LeadNotOpen
from handsel.attract.lead.models import CaptureCount, Lead
from handsel.attract.opportunity import actions, queries
from handsel.attract.opportunity.errors import OpportunityClosed
from handsel.attract.opportunity.models import Opportunity, StageChange
from handsel.ground.party.models import Organization, Person
from handsel.ground.platform.models import BusinessEvent, NumberSeries
from tests.support.lead import make_form, make_lead
from tests.support.opportunity import make_deal, stage
from tests.support.race import race
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 6


@pytest.fixture
def world() -> World:
    return make_world()


def failures(results: list[Any]) -> list[type]:
    return [type(one) for one in results if isinstance(one, Exception)]


def test_another_systems_lead_is_captured_once(world: World) -> None:
    around = leads.Circumstances(external_source="shop", external_id="4711")
    results = race([partial(make_lead, world, around=around)] * RACERS)
    assert failures(results) == []
    assert len({lead.pk for lead in results}) == 1
    assert Lead.objects.count() == 1
    assert NumberSeries.objects.get(kind="lead").last_number == 1
    assert BusinessEvent.objects.filter(type="lead.lead.captured").count() == 1


def test_numbers_of_many_captures_have_no_gap(world: World) -> None:
    calls = [partial(make_lead, world, email=f"p{n}@x.example") for n in range(RACERS)]
    assert failures(race(calls)) == []
    numbers = Lead.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [f"L-2026-{n:05d}" for n in range(1, RACERS + 1)]


def test_a_lead_is_converted_once(world: World) -> None:
    lead = make_lead(world, company_name="Vogel Druck")
    stage("Qualified")
    before = Organization.objects.count(), Person.objects.count()
    convert = partial(
        actions.convert_lead, actor=world.actor("sales_rep"), now=world.now, lead_id=lead.pk
    )
    results = race([convert] * RACERS)
    assert failures(results) == [LeadNotOpen] * (RACERS - 1)
    assert Opportunity.objects.count() == 1
    after = Organization.objects.count(), Person.objects.count()
    assert after == (before[0] + 1, before[1] + 1)


def test_a_deal_ends_in_one_state_with_one_row_for_each_move(world: World) -> None:
    deal = make_deal(world)
    common: dict[str, Any] = {
        "actor": world.actor("sales_rep"),
        "now": world.now,
        "opportunity_id": deal.pk,
    }
    calls: list[Callable[[], Any]] = [
        partial(actions.lose, **common, reason="price"),
        partial(actions.lose, **common, reason="timing"),
        partial(actions.move, **common, stage_id=stage("Offer").pk),
        partial(actions.lose, **common, reason="terms"),
    ]
    results = race(calls)
    assert set(failures(results)) <= {OpportunityClosed}
    rows = StageChange.objects.filter(opportunity=deal).order_by("pk")
    steps = [(row.from_stage_id, row.to_stage_id) for row in rows]
    assert all(one[1] == other[0] for one, other in pairwise(steps))
    deal.refresh_from_db()
    assert deal.state == "lost"
    assert steps[-1][1] == deal.stage_id
    assert BusinessEvent.objects.filter(type="opportunity.opportunity.lost").count() == 1
    assert [one.state for one in queries.pipeline_at(world.system, as_of=world.now)] == ["lost"]


def test_the_limit_of_a_form_holds_against_many_at_once(world: World) -> None:
    form = make_form(world)
    use = partial(leads.count_use, form=form, address="198.51.100.7", salt="salt", now=world.now)
    results = race([use] * 14)
    assert len(failures(results)) == 4
    assert CaptureCount.objects.get().used == 10
