"""Lead conversion by cohort, from plain rows; definitions on the KPI's card in `registry`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handsel.follow.insight.rules import survival
from handsel.follow.insight.rules.figures import Fact, Figure, Group, GroupRow, Member, Report
from handsel.follow.insight.rules.proportions import as_bps, share_bps, wilson_bps

KEY = "lead_conversion"
HORIZONS_DAYS = (30, 90, 180)


@dataclass(frozen=True, slots=True)
class Asked:
    """One lead with its dates in the seller's zone; `excluded` says why it is left out."""

    lead_id: int
    number: str
    source: str
    asked_on: date
    won_on: date | None = None
    excluded: str = ""
    is_expansion: bool = False

    @property
    def month(self) -> str:
        """The cohort, such as "2018-01"."""
        return f"{self.asked_on:%Y-%m}"

    @property
    def counts(self) -> bool:
        """Whether it is in the denominator."""
        return not self.excluded and not self.is_expansion

    def won_by(self, today: date) -> date | None:
        """When it was won, as far as known on a day."""
        return self.won_on if self.won_on is not None and self.won_on <= today else None

    def converts_within(self, days: int, today: date) -> bool:
        """Whether it was won within so many days. A win dated before the question counts."""
        won = self.won_by(today)
        return won is not None and (won - self.asked_on).days <= days


def report(leads: Iterable[Asked], *, as_of: datetime, today: date) -> Report:
    """Conversion of the leads asked by `today`, as known then."""
    rows = [one for one in leads if one.asked_on <= today]
    counted = [one for one in rows if one.counts]
    members = tuple(_member(one, today) for one in rows)
    won = [one for one in counted if one.won_by(today)]
    mature = [one for one in counted if (today - one.asked_on).days >= max(HORIZONS_DAYS)]
    figures = (
        _share("converted", len(won), len(counted), "converted", is_estimate=True),
        *(_horizon("converted", counted, days, today, "") for days in HORIZONS_DAYS),
        Figure("leads", "count", len(counted), bucket="counted"),
        Figure("old_enough", "count", len(mature)),
        Figure("expansion", "count", sum(one.is_expansion for one in rows), bucket="expansion"),
        Figure("excluded", "count", sum(bool(o.excluded) for o in rows), bucket="excluded"),
    )
    groups = (
        Group("cohorts", tuple(_cohorts(counted, today)), bar="converted"),
        Group("sources", tuple(_sources(counted, today)), bar="converted"),
        Group("same_period", tuple(_same_period(counted, today)), bar="same_period_ratio"),
    )
    return Report(KEY, as_of, figures, groups, members)


def _share(key: str, part: int, whole: int, bucket: str, *, is_estimate: bool = False) -> Figure:
    low, high = wilson_bps(part, whole) or (None, None)
    value = share_bps(part, whole)
    return Figure(key, "share", value, part, whole, low, high, is_estimate, bucket)


def _horizon(key: str, ones: Sequence[Asked], days: int, today: date, prefix: str) -> Figure:
    """The share converted within a horizon.

    Counted where all are old enough, estimated where some are, unknown where none is.
    """
    name, bucket = f"{key}_{days}", f"{prefix}within:{days}"
    if all((today - one.asked_on).days >= days for one in ones):
        part = sum(one.converts_within(days, today) for one in ones)
        return _share(name, part, len(ones), bucket)
    if all((today - one.asked_on).days < days for one in ones):
        return Figure(name, "share", None, is_estimate=True, bucket=bucket)
    curve = survival.estimate(_case(one, today) for one in ones)
    share, span = curve.share_by(days)
    return Figure(
        name,
        "share",
        as_bps(share),
        low=as_bps(span[0]) if span else None,
        high=as_bps(span[1]) if span else None,
        is_estimate=True,
        bucket=bucket,
    )


def _case(one: Asked, today: date) -> tuple[int, bool]:
    won = one.won_by(today)
    end = won if won is not None else today
    return max(0, (end - one.asked_on).days), won is not None


def _member(one: Asked, today: date) -> Member:
    won = one.won_by(today)
    buckets = set()
    if one.excluded:
        buckets.add("excluded")
    elif one.is_expansion:
        buckets.add("expansion")
    else:
        cohort, source = f"cohort:{one.month}:", f"source:{one.source}:"
        buckets |= {"counted", f"{cohort}counted", f"{source}counted"}
        if won is not None:
            buckets |= {"converted", f"{cohort}converted", f"{source}converted"}
            buckets.add(f"won:{won:%Y-%m}")
        for days in HORIZONS_DAYS:
            if one.converts_within(days, today):
                buckets |= {f"within:{days}", f"{cohort}within:{days}"}
    facts: dict[str, Fact] = {
        "source": one.source,
        "asked_on": one.asked_on,
        "won_on": won,
        "days": (won - one.asked_on).days if won else None,
        "excluded": one.excluded or ("expansion" if one.is_expansion else ""),
    }
    return Member("lead", one.lead_id, one.number, frozenset(buckets), facts)


def _cohorts(counted: Sequence[Asked], today: date) -> Iterable[GroupRow]:
    by_month: dict[str, list[Asked]] = {}
    for one in counted:
        by_month.setdefault(one.month, []).append(one)
    for month, ones in sorted(by_month.items(), reverse=True):
        prefix = f"cohort:{month}:"
        won = sum(one.won_by(today) is not None for one in ones)
        is_young = today - max(one.asked_on for one in ones) < timedelta(days=HORIZONS_DAYS[-1])
        figures = (
            Figure("leads", "count", len(ones), bucket=f"{prefix}counted"),
            *(_horizon("converted", ones, days, today, prefix) for days in HORIZONS_DAYS),
            _share("converted", won, len(ones), f"{prefix}converted", is_estimate=is_young),
        )
        yield GroupRow(month, figures, f"{prefix}counted")


def _sources(counted: Sequence[Asked], today: date) -> Iterable[GroupRow]:
    leads = Counter(one.source for one in counted)
    won = Counter(one.source for one in counted if one.won_by(today))
    for source, whole in sorted(leads.items(), key=lambda pair: (-pair[1], pair[0])):
        prefix = f"source:{source}:"
        figures = (
            Figure("leads", "count", whole, bucket=f"{prefix}counted"),
            Figure("share_of_leads", "share", share_bps(whole, len(counted)), whole, len(counted)),
            _share("converted", won[source], whole, f"{prefix}converted"),
        )
        yield GroupRow(source, figures, f"{prefix}counted")


def _same_period(counted: Sequence[Asked], today: date) -> Iterable[GroupRow]:
    """Won in a month over asked in that month: biased by growth and lag, and able to pass 100 %."""
    asked = Counter(one.month for one in counted)
    won = Counter(f"{day:%Y-%m}" for one in counted if (day := one.won_by(today)))
    for month in sorted(asked.keys() | won.keys(), reverse=True):
        part, whole = won[month], asked[month]
        ratio = Figure(
            "same_period_ratio", "share", share_bps(part, whole), part, whole, bucket=f"won:{month}"
        )
        figures = (
            Figure("leads", "count", whole, bucket=f"cohort:{month}:counted"),
            Figure("won", "count", part, bucket=f"won:{month}"),
            ratio,
        )
        yield GroupRow(month, figures, f"won:{month}")
