"""Real leads (8,000 of a marketplace) with their outcomes: the figures everybody can look up.

January 2018: 1,141 leads asked, 152 of them were won at some time (13.3 %), 73 deals were won in
that month (6.4 % of 1,141). Of the 60 leads without an origin 14 were won: 23.3 %. Leads of the
origin "unknown" are another category.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from handsel.attract.lead import actions as leads
from handsel.attract.lead.models import Lead
from handsel.attract.opportunity import actions as opportunities
from handsel.attract.opportunity.models import Opportunity
from handsel.follow.insight import queries
from handsel.follow.insight.rules.figures import Figure, Report
from handsel.follow.insight.rules.wanted import read
from tests.support.lead import real_file
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
NOW = datetime(2019, 1, 31, 12, tzinfo=UTC)


def take_in(world: World) -> tuple[int, int]:
    """Import leads and outcomes; (leads added, deals won)."""
    manager = world.actor("sales_manager")
    begun = leads.start_import(
        actor=manager,
        now=NOW,
        seller_id=world.seller.pk,
        content=real_file("olist_marketing_qualified_leads_dataset.csv"),
        file_name="leads.csv",
        source_name="olist",
    )
    done = leads.run_import(actor=manager, now=NOW, import_id=begun.pk)
    read_ = opportunities.import_outcomes(
        actor=manager,
        now=NOW,
        seller_id=world.seller.pk,
        content=real_file("olist_closed_deals_dataset.csv"),
        source_name="olist",
    )
    return done.added, read_.won


def figure(report: Report, group: str, row: str, key: str) -> Figure:
    """One figure of a breakdown."""
    found = next(one for one in report.group(group).rows if one.key == row)
    return next(one for one in found.figures if one.key == key)


def conversion(world: World, **texts: str) -> Report:
    """The KPI under filters."""
    actor = world.actor("sales_manager")
    return queries.kpi_report(actor, "lead_conversion", wanted=read(texts), now=NOW)


def test_real_leads_convert_as_known() -> None:
    world = make_world(now=NOW)
    assert take_in(world) == (8000, 842)
    report = conversion(world)
    cohort = figure(report, "cohorts", "2018-01", "converted")
    assert (cohort.part, cohort.whole, cohort.value) == (152, 1141, 1332)
    assert cohort.low is not None and cohort.high is not None
    assert (cohort.low, cohort.high) == (1147, 1542)
    within = [figure(report, "cohorts", "2018-01", f"converted_{d}") for d in (30, 90, 180)]
    assert [one.part for one in within] == [96, 129, 143]
    assert not any(one.is_estimate for one in within)

    ratio = figure(report, "same_period", "2018-01", "same_period_ratio")
    assert (ratio.part, ratio.whole, ratio.value) == (73, 1141, 640)

    nothing_given = figure(report, "sources", "", "converted")
    assert (nothing_given.part, nothing_given.whole, nothing_given.value) == (14, 60, 2333)
    assert figure(report, "sources", "unknown", "converted").whole == 1099
    assert sum(row.figures[0].value for row in report.group("sources").rows) == 8000  # type: ignore[misc]

    rows = report.rows("cohort:2018-01:converted")
    assert len(rows) == 152
    assert all(isinstance(row.facts["won_on"], date) for row in rows)
    only = conversion(world, source="-")
    assert only.figure("converted").whole == 60

    # Seen from a day when the cohort was young, the horizon it had not reached is an estimate.
    then = conversion(world, as_of="2018-03-15")
    assert figure(then, "cohorts", "2018-01", "converted_90").is_estimate
    assert figure(then, "cohorts", "2018-01", "converted_180").value is None
    assert not figure(then, "cohorts", "2018-01", "converted_30").is_estimate

    assert take_in(world) == (0, 0)
    assert (Lead.objects.count(), Opportunity.objects.count()) == (8000, 842)
    asked = queries.kpi_report(
        world.actor("sales_manager"), "lead_response", wanted=read({}), now=NOW
    )
    assert (asked.figure("excluded").value, asked.figure("counted").value) == (8000, 0)
