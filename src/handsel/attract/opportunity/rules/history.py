"""Stage history: how long a deal stood where, counted over all its visits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Change:
    """One move between stages."""

    from_stage_id: int | None
    to_stage_id: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay in a stage; `left_at` is None while it lasts."""

    stage_id: int
    entered_at: datetime
    left_at: datetime | None
    seconds: int


def visits(changes: Iterable[Change], *, now: datetime) -> list[Visit]:
    """The stays of one deal in order of time; the last one lasts until `now`.

    Changes at the same instant count as a stay of no time, so a skipped stage is still seen.
    """
    known = sorted(changes, key=lambda change: change.changed_at)
    ends: list[datetime | None] = [change.changed_at for change in known[1:]]
    ends.append(None)
    return [
        Visit(
            change.to_stage_id,
            change.changed_at,
            end,
            max(0, int(((end or now) - change.changed_at).total_seconds())),
        )
        for change, end in zip(known, ends, strict=False)
    ]


def time_in_stage(changes: Iterable[Change], *, now: datetime) -> dict[int, int]:
    """Seconds in each stage, summed over visits (KPI "time in stage")."""
    sums: dict[int, int] = {}
    for visit in visits(changes, now=now):
        sums[visit.stage_id] = sums.get(visit.stage_id, 0) + visit.seconds
    return sums
