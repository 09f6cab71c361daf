"""The pipeline of any past day, the real outcomes, many deals at once."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from handsel.attract.lead import actions as lead_actions
from handsel.attract.lead.errors import MappingInvalid
from handsel.attract.lead.models import Lead
from handsel.attract.opportunity import actions, queries
from handsel.attract.opportunity.errors import OpportunityInvalid
from handsel.attract.opportunity.models import Opportunity, StageChange
from handsel.attract.opportunity.rules.pipeline import totals
from handsel.ground.kernel.money import Money
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.models import BusinessEvent
from tests.support.lead import make_lead, real_file
from tests.support.opportunity import make_deal, stage
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def rep(world: World) -> Actor:
    return world.actor("sales_rep")


def test_the_pipeline_of_a_past_day_is_what_it_was(world: World, rep: Actor) -> None:
    day = timedelta(days=1)
    deal = make_deal(world, amount="100.00")
    other = make_deal(world, amount="50.00", currency="USD", now=world.now + day)
    actions.revise_amount(
        actor=rep, now=world.now + 2 * day, opportunity_id=deal.pk, amount=Money(30000, "EUR")
    )
    actions.lose(actor=rep, now=world.now + 3 * day, opportunity_id=other.pk, reason="price")
    actions.win(actor=rep, now=world.now + 4 * day, opportunity_id=deal.pk)

    def worth(days: float) -> dict[str, list[Money]]:
        return totals(queries.pipeline_at(rep, as_of=world.now + days * day))

    assert worth(-1) == {}
    assert worth(0.5) == {"open": [Money(10000, "EUR")]}
    assert worth(1.5) == {"open": [Money(10000, "EUR"), Money(5000, "USD")]}
    assert worth(2.5) == {"open": [Money(30000, "EUR"), Money(5000, "USD")]}
    assert worth(3.5) == {"lost": [Money(5000, "USD")], "open": [Money(30000, "EUR")]}
    assert worth(5) == {"lost": [Money(5000, "USD")], "won": [Money(30000, "EUR")]}
    assert queries.pipeline_at(world.stranger, as_of=world.now + 9 * day) == []


def test_late_news_can_be_left_out(world: World, rep: Actor) -> None:
    old = actions.NewDeal("Known late", Money(100, "EUR"), created_at=world.now - timedelta(days=9))
    actions.open_many(actor=rep, now=world.now, seller_id=world.seller.pk, deals=[old])
    then = world.now - timedelta(days=5)
    assert len(queries.pipeline_at(rep, as_of=then)) == 1
    assert queries.pipeline_at(rep, as_of=then, known_at=then) == []


@pytest.mark.parametrize("seed", range(3))
def test_the_fold_of_all_events_is_the_table_of_today(world: World, rep: Actor, seed: int) -> None:
    chance = random.Random(seed)
    deals = [make_deal(world) for _ in range(4)]
    names = ["Qualified", "Needs understood", "Offer", "Negotiation"]
    for hour in range(1, 40):
        deal = Opportunity.objects.get(pk=chance.choice(deals).pk)
        now = world.now + timedelta(hours=hour)
        common = {"actor": rep, "now": now, "opportunity_id": deal.pk}
        if deal.state != "open":
            actions.reopen(**common)  # type: ignore[arg-type]
            continue
        verb = chance.choice(["move", "move", "amount", "close", "win", "lose"])
        if verb == "move":
            actions.move(**common, stage_id=stage(chance.choice(names)).pk)  # type: ignore[arg-type]
        elif verb == "amount":
            actions.revise_amount(**common, amount=Money(chance.randrange(10**6), "EUR"))  # type: ignore[arg-type]
        elif verb == "close":
            facts = {"expected_close_on": date(2026, 1, 1) + timedelta(days=hour)}
            actions.revise(**common, facts=facts)  # type: ignore[arg-type]
        elif verb == "win":
            actions.win(**common)  # type: ignore[arg-type]
        else:
            actions.lose(**common, reason="timing")  # type: ignore[arg-type]
    folded = {
        deal.opportunity_id: deal
        for deal in queries.pipeline_at(rep, as_of=world.now + timedelta(days=9))
    }
    for row in Opportunity.objects.select_related("stage"):
        deal_at = folded[row.pk]
        assert deal_at.state == row.state
        assert deal_at.amount == Money(row.amount_minor, row.currency)
        assert (deal_at.expected_close_on, deal_at.closed_at) == (
            row.expected_close_on,
            row.closed_at,
        )
        assert (deal_at.lost_reason, deal_at.owner_id) == (row.lost_reason, row.owner_id)
        if row.state == "open":
            assert deal_at.stage_id == row.stage_id


def test_many_deals_are_whole_deals_with_few_statements(
    world: World, rep: Actor, django_assert_max_num_queries: object
) -> None:
    actions.set_up_pipeline("Sales")
    deals = [
        actions.NewDeal(
            f"Deal {n}", Money(n, "EUR"), world.customer.pk, expected_close_on=date(2026, 6, 1)
        )
        for n in range(500)
    ]
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        keys = actions.open_many(actor=rep, now=world.now, seller_id=world.seller.pk, deals=deals)
    rows = Opportunity.objects.filter(pk__in=keys).select_related("stage")
    assert {(row.stage.name, row.state) for row in rows} == {("Qualified", "open")}
    assert StageChange.objects.filter(opportunity__in=keys).count() == 500
    assert BusinessEvent.objects.filter(type="opportunity.opportunity.opened").count() == 500
    assert len(queries.pipeline_at(rep, as_of=world.now)) == 500
    bad = [*deals, actions.NewDeal("  ", Money(1, "EUR"))]
    with pytest.raises(OpportunityInvalid):
        actions.open_many(actor=rep, now=world.now, seller_id=world.seller.pk, deals=bad)
    assert Opportunity.objects.count() == 500


def outcomes(world: World, content: bytes, **more: object) -> actions.OutcomesRead:
    facts: dict[str, object] = {"source_name": "shop", **more}
    return actions.import_outcomes(
        actor=world.actor("sales_manager"),
        now=world.now,
        seller_id=world.seller.pk,
        content=content,
        **facts,  # type: ignore[arg-type]
    )


MAPPING = {"id": "external_id", "won": "won_at", "worth": "amount"}
FILE = b"""id,won,worth
1,2026-02-01,1200.50
1,2026-02-01,1200.50
7,2026-02-01,1
2,soon,1
2,2026-02-02,1.005
"""


def test_outcomes_are_entered_at_their_dates_and_once(world: World) -> None:
    asked = datetime(2026, 1, 10, tzinfo=UTC)
    for key in ("1", "2"):
        around = lead_actions.Circumstances(external_source="shop", external_id=key, asked_at=asked)
        make_lead(world, around=around)
    look = outcomes(world, FILE, mapping=MAPPING, dry_run=True)
    assert (look.won, look.known) == (1, 1)
    assert not Opportunity.objects.exists()
    done = outcomes(world, FILE, mapping=MAPPING)
    assert done.as_dict() == {
        "rows": 5,
        "won": 1,
        "known": 1,
        "refused": 3,
        "won_before_asked": 0,
    }
    assert {number for number, _why, _cells in done.refused} == {4, 5, 6}
    deal = Opportunity.objects.select_related("stage", "lead").get()
    won_at = datetime(2026, 1, 31, 23, tzinfo=UTC)
    assert (deal.state, deal.stage.name, deal.amount_minor) == ("won", "Won", 120050)
    assert (deal.created_at, deal.closed_at) == (won_at, won_at)
    assert deal.lead is not None
    assert (deal.lead.state, deal.lead.converted_at) == ("converted", won_at)
    again = outcomes(world, FILE, mapping=MAPPING)
    assert (again.won, again.known) == (0, 2)
    assert Opportunity.objects.count() == 1


def test_a_deal_that_is_open_here_is_not_overwritten(world: World, rep: Actor) -> None:
    around = lead_actions.Circumstances(external_source="shop", external_id="1")
    lead = make_lead(world, around=around)
    actions.convert_lead(actor=rep, now=world.now, lead_id=lead.pk)
    done = outcomes(
        world, b"id,won\n1,2026-02-01\n", mapping={"id": "external_id", "won": "won_at"}
    )
    ((_, why, _),) = done.refused
    assert "that is open" in why


@pytest.mark.parametrize(
    "mapping", [{}, {"id": "external_id"}, {"id": "external_id", "x": "won_at"}]
)
def test_a_file_whose_columns_are_unknown_is_refused(world: World, mapping: dict[str, str]) -> None:
    with pytest.raises(MappingInvalid):
        outcomes(world, FILE, mapping=mapping)


def test_the_real_cohort_converts_at_13_3_percent(world: World) -> None:
    manager = world.actor("sales_manager")
    found = lead_actions.start_import(
        actor=manager,
        now=world.now,
        seller_id=world.seller.pk,
        content=real_file("olist_marketing_qualified_leads_dataset.csv"),
        file_name="leads.csv",
        source_name="olist",
    )
    lead_actions.run_import(actor=manager, now=world.now, import_id=found.pk)
    deals = real_file("olist_closed_deals_dataset.csv")
    done = outcomes(world, deals, source_name="olist")
    assert (done.won, done.known, done.refused) == (842, 0, [])
    assert done.before_asked == 1
    january = (datetime(2017, 12, 31, 23, tzinfo=UTC), datetime(2018, 1, 31, 23, tzinfo=UTC))
    cohort = Lead.objects.filter(asked_at__gte=january[0], asked_at__lt=january[1])
    converted = cohort.filter(state="converted").count()
    assert round(converted / cohort.count(), 3) == 0.133
    won = Opportunity.objects.filter(closed_at__gte=january[0], closed_at__lt=january[1]).count()
    assert round(won / cohort.count(), 3) == 0.064
    unknown = Lead.objects.filter(source="")
    assert round(unknown.filter(state="converted").count() / unknown.count(), 3) == 0.233
    again = outcomes(world, deals, source_name="olist")
    assert (again.won, again.known) == (0, 842)
