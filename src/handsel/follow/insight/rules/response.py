"""Lead response time, from plain rows; definitions on the KPI's card in `registry`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from handsel.attract.lead.rules.response import BANDS, band
from handsel.follow.insight.rules import survival
from handsel.follow.insight.rules.figures import Fact, Figure, Group, GroupRow, Member, Report
from handsel.follow.insight.rules.proportions import share_bps, wilson_bps

KEY = "lead_response"


@dataclass(frozen=True, slots=True)
class Asked:
    """One lead as the clock sees it; `excluded` says why it is left out, or nothing."""

    lead_id: int
    number: str
    source: str
    asked_at: datetime
    captured_at: datetime
    answered_at: datetime | None = None
    is_live: bool = False
    attempts: int = 0
    excluded: str = ""

    def state(self, as_of: datetime) -> str:
        """excluded, live, before (answered before the question: flagged), answered or waiting."""
        if self.excluded:
            return "excluded"
        if self.answered_at is None or self.answered_at > as_of:
            return "waiting"
        if self.is_live:
            return "live"
        return "before" if self.answered_at < self.asked_at else "answered"

    def seconds(self, as_of: datetime) -> int:
        """Time to the answer, or waited so far."""
        is_answered = self.answered_at is not None and self.answered_at <= as_of
        end = self.answered_at if is_answered and self.answered_at else as_of
        return int((end - self.asked_at).total_seconds())


def report(leads: Iterable[Asked], *, as_of: datetime, target_s: int) -> Report:
    """Response times of the leads asked before `as_of`, against a target in seconds."""
    rows = [one for one in leads if one.asked_at <= as_of]
    counted = [one for one in rows if one.state(as_of) in ("answered", "waiting")]
    members = tuple(_member(one, as_of, target_s) for one in rows)
    count = Counter(bucket for member in members for bucket in member.buckets)
    figures = (
        *_times(counted, as_of),
        _share("within_target", count["on_time"], count["old_enough"], "on_time"),
        _share("not_answered", count["waiting"], len(counted), "waiting"),
        Figure("asked", "count", len(rows)),
        Figure("counted", "count", len(counted), bucket="counted"),
        Figure("attempted_only", "count", count["attempted"], bucket="attempted"),
        Figure("live", "count", count["live"], bucket="live"),
        Figure("before_asked", "count", count["before"], bucket="before"),
        Figure("excluded", "count", count["excluded"], bucket="excluded"),
        _lag(rows),
    )
    groups = (
        Group("bands", tuple(_band_rows(count, len(counted))), bar="leads"),
        Group("sources", tuple(_source_rows(counted, as_of)), bar="leads"),
        Group("left_out", tuple(_left_out(count)), bar="leads"),
    )
    return Report(KEY, as_of, figures, groups, members)


def _times(counted: Sequence[Asked], as_of: datetime) -> list[Figure]:
    curve = _curve(counted, as_of)
    waits = [one.seconds(as_of) for one in counted if one.state(as_of) == "answered"]
    mean = sum(waits) // len(waits) if waits else None
    open_cases = curve.events < curve.population
    return [
        Figure("median", "duration", curve.median, is_estimate=open_cases, bucket="counted"),
        Figure("p90", "duration", curve.quantile(0.9), is_estimate=open_cases, bucket="counted"),
        Figure("mean_answered", "duration", mean, bucket="answered"),
        Figure("longest_answered", "duration", max(waits, default=None), bucket="answered"),
    ]


def _curve(counted: Iterable[Asked], as_of: datetime) -> survival.Curve:
    return survival.estimate(
        (one.seconds(as_of), one.state(as_of) == "answered") for one in counted
    )


def _share(key: str, part: int, whole: int, bucket: str) -> Figure:
    low, high = wilson_bps(part, whole) or (None, None)
    return Figure(key, "share", share_bps(part, whole), part, whole, low, high, bucket=bucket)


def _lag(rows: Sequence[Asked]) -> Figure:
    """The longest time between the customer's act and our learning of it, live sources only."""
    lags = [
        int((one.captured_at - one.asked_at).total_seconds()) for one in rows if not one.excluded
    ]
    return Figure("longest_ingestion_lag", "duration", max(lags, default=None))


def _member(one: Asked, as_of: datetime, target_s: int) -> Member:
    state, seconds = one.state(as_of), one.seconds(as_of)
    buckets = {state, f"source:{one.source}"}
    if state == "excluded":
        buckets.add(f"excluded:{one.excluded}")
    if state in ("answered", "waiting"):
        buckets |= {"counted", f"counted:{one.source}"}
        if state == "answered":
            buckets.add(f"band:{band(seconds)}")
        elif one.attempts:
            buckets.add("attempted")
        if (as_of - one.asked_at).total_seconds() >= target_s:
            buckets.add("old_enough")
            if state == "answered" and seconds <= target_s:
                buckets.add("on_time")
    facts: dict[str, Fact] = {
        "state": state,
        "source": one.source,
        "asked_at": one.asked_at,
        "answered_at": one.answered_at if state in ("answered", "live", "before") else None,
        "seconds": seconds if state in ("answered", "waiting") else None,
        "attempts": one.attempts,
    }
    return Member("lead", one.lead_id, one.number, frozenset(buckets), facts)


def _band_rows(count: Counter[str], whole: int) -> Iterable[GroupRow]:
    for key in (*(name for name, _end in BANDS), "waiting"):
        bucket = "waiting" if key == "waiting" else f"band:{key}"
        part = count[bucket]
        figures = (
            Figure("leads", "count", part, bucket=bucket),
            Figure("share", "share", share_bps(part, whole), part, whole, bucket=bucket),
        )
        yield GroupRow(key, figures, bucket)


def _source_rows(counted: Sequence[Asked], as_of: datetime) -> Iterable[GroupRow]:
    by_source: dict[str, list[Asked]] = {}
    for one in counted:
        by_source.setdefault(one.source, []).append(one)
    for source, ones in sorted(by_source.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        curve = _curve(ones, as_of)
        waiting = curve.population - curve.events
        bucket = f"counted:{source}"
        figures = (
            Figure("leads", "count", len(ones), bucket=bucket),
            Figure("median", "duration", curve.median, is_estimate=waiting > 0, bucket=bucket),
            _share("not_answered", waiting, len(ones), bucket),
        )
        yield GroupRow(source, figures, bucket)


def _left_out(count: Counter[str]) -> Iterable[GroupRow]:
    for bucket in sorted(name for name in count if name.startswith("excluded:")):
        figure = Figure("leads", "count", count[bucket], bucket=bucket)
        yield GroupRow(bucket.partition(":")[2], (figure,), bucket)
