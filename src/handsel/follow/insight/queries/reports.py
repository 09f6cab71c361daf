"""KPIs as somebody asks for them: from filters to the report."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from handsel.follow.insight.errors import KpiMissing
from handsel.follow.insight.queries import rows
from handsel.follow.insight.rules import conversion, pipeline, response
from handsel.follow.insight.rules.figures import Report
from handsel.follow.insight.rules.registry import KPIS, definition
from handsel.follow.insight.rules.wanted import Wanted
from handsel.ground.kernel.clock import local_date, zone
from handsel.ground.party.queries import default_seller
from handsel.ground.platform.actor import Actor

BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)
END = datetime(2300, 1, 1, tzinfo=UTC)


def kpi_report(actor: Actor, key: str, *, wanted: Wanted, now: datetime) -> Report:
    """A KPI by its key, for the actor's sellers. Raises KpiMissing.

    Days are read in the zone of the actor's first seller; `until_on` is included.
    """
    if definition(key) is None:
        raise KpiMissing(key)
    zone_name = default_seller(actor).time_zone
    as_of = _end_of(wanted.as_of_on, zone_name, now)
    today = local_date(as_of, zone_name)
    if key == pipeline.KEY:
        deals = rows.open_deals(actor, as_of=as_of, currency=wanted.currency)
        return pipeline.report(deals, as_of=as_of, today=today)
    begin = _start_of(wanted.from_on, zone_name) if wanted.from_on else BEGINNING
    end = _start_of(wanted.until_on + timedelta(days=1), zone_name) if wanted.until_on else END
    if key == response.KEY:
        asked = rows.asked_for_response(
            actor, asked_from=begin, asked_until=end, source=wanted.source
        )
        return response.report(asked, as_of=as_of, target_s=wanted.target_min * 60)
    leads = rows.asked_for_conversion(
        actor, asked_from=begin, asked_until=end, source=wanted.source
    )
    return conversion.report(leads, as_of=as_of, today=today)


def overview(actor: Actor, *, now: datetime) -> list[Report]:
    """Every KPI as it stands, without filters."""
    return [kpi_report(actor, one.key, wanted=Wanted(), now=now) for one in KPIS]


def pipeline_history(
    actor: Actor, *, now: datetime, months: int, currency: str
) -> list[tuple[date, Report]]:
    """The pipeline at the end of each of the last months, and today, oldest first."""
    today = local_date(now, default_seller(actor).time_zone)
    days = [today]
    for _past in range(months):
        days.append(days[-1].replace(day=1) - timedelta(days=1))
    return [
        (
            day,
            kpi_report(
                actor,
                pipeline.KEY,
                wanted=Wanted(as_of_on=None if day == today else day, currency=currency),
                now=now,
            ),
        )
        for day in reversed(days)
    ]


def _start_of(day: date, zone_name: str) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone(zone_name))


def _end_of(day: date | None, zone_name: str, now: datetime) -> datetime:
    """The last instant of a day, or now where no day, or one that is not over, is given."""
    if day is None:
        return now
    return min(now, _start_of(day + timedelta(days=1), zone_name) - timedelta(microseconds=1))
