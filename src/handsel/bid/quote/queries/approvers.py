"""The people who can approve for a seller, and his working time."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from django.db import connection

from handsel.bid.quote import ports
from handsel.bid.quote.models import ApprovalDecision, ApproverAbsence, Superior
from handsel.bid.quote.rules.approval.hours import WorkCalendar, median
from handsel.bid.quote.rules.approval.people import Away, Colleague, People
from handsel.ground.identity.models import Team, TeamMember, UserRole
from handsel.ground.party.models import Seller

APPROVE = "quote.approve"
DECISIONS_LOOKED_AT = 500
_MEASURED = timedelta(days=365)

_COLLEAGUES = """
    SELECT u.id, u.name, u.is_active,
           EXISTS (SELECT FROM party_sellermember m WHERE m.user_id = u.id AND m.seller_id = %s),
           ARRAY(SELECT r.role FROM identity_userrole r WHERE r.user_id = u.id)
    FROM identity_user u ORDER BY u.id
"""


def people_of(seller_id: int, *, now: datetime) -> People:
    """Everybody of the house, and who of them may approve for a seller at this moment."""
    entitled = ports.rights().roles_holding(APPROVE)
    with connection.cursor() as cursor:
        cursor.execute(_COLLEAGUES, [seller_id])
        rows = cursor.fetchall()
    colleagues = {
        user_id: Colleague(
            user_id,
            name,
            frozenset(roles) if is_active and works_here else frozenset(),
            bool(is_active and works_here and entitled & set(roles)),
        )
        for user_id, name, is_active, works_here, roles in rows
    }
    return People(
        colleagues,
        away=_away(now),
        superiors=dict(Superior.objects.values_list("user_id", "superior_id")),
        teams=_teams(),
        usual_hours=usual_hours(seller_id, now=now),
    )


def who_may_approve() -> frozenset[int]:
    """The active users who hold the right to approve, for whichever seller they work."""
    entitled = ports.rights().roles_holding(APPROVE)
    rows = UserRole.objects.filter(role__in=entitled, user__is_active=True)
    return frozenset(rows.values_list("user_id", flat=True))


def _away(now: datetime) -> tuple[Away, ...]:
    rows = ApproverAbsence.objects.filter(away_from__lte=now, away_until__gt=now).order_by("pk")
    columns = ("user_id", "away_from", "away_until", "delegate_id", "is_absent")
    return tuple(Away(*row) for row in rows.values_list(*columns))


def _teams() -> dict[int, tuple[str, tuple[int, ...]]]:
    members: dict[int, list[int]] = defaultdict(list)
    for team_id, user_id in TeamMember.objects.order_by("user_id").values_list("team", "user"):
        members[team_id].append(user_id)
    names = Team.objects.values_list("pk", "name")
    return {team_id: (name, tuple(members[team_id])) for team_id, name in names}


def usual_hours(seller_id: int, *, now: datetime) -> dict[int, Decimal]:
    """Working hours a user usually takes to answer: the median of his last year's decisions."""
    rows = ApprovalDecision.objects.filter(
        ask__request__quote__seller_id=seller_id, decided_at__gt=now - _MEASURED
    ).order_by("-decided_at")
    found = list(rows.values_list("user_id", "ask__opened_at", "decided_at")[:DECISIONS_LOOKED_AT])
    if not found:
        return {}
    calendar = calendar_of(Seller.objects.get(pk=seller_id), now=now)
    taken: dict[int, list[Decimal]] = defaultdict(list)
    for user_id, opened_at, decided_at in found:
        if opened_at is not None:
            taken[user_id].append(calendar.between(opened_at, decided_at))
    medians = {user_id: median(hours) for user_id, hours in taken.items()}
    return {user_id: hours for user_id, hours in medians.items() if hours is not None}


def calendar_of(seller: Seller, *, now: datetime) -> WorkCalendar:
    """The seller's working time: his zone, the public holidays of his country."""
    years = tuple(range(now.year - 1, now.year + 3))
    return WorkCalendar(seller.time_zone, _holidays(seller.country, years))


@lru_cache(maxsize=64)
def _holidays(country: str, years: tuple[int, ...]) -> frozenset[date]:
    import holidays  # 0.1 s of every start, and asked for by few requests

    try:
        return frozenset(holidays.country_holidays(country, years=years))
    except NotImplementedError:  # a country the library does not know works on every weekday
        return frozenset()


def absences(*, now: datetime) -> list[ApproverAbsence]:
    """Absences and delegations that are not over, the earliest first."""
    rows = ApproverAbsence.objects.filter(away_until__gt=now).order_by("away_from", "pk")
    return list(rows.select_related("user", "delegate"))


def superiors() -> list[tuple[str, str]]:
    """Who reports to whom, by name."""
    rows = Superior.objects.order_by("user__name")
    return list(rows.values_list("user__name", "superior__name"))
