"""What differs in how prices came about: the steps of a line's waterfall, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from handsel.bid.price.rules.waterfall import LAST_NET_STAGE, ORDER, Row
from handsel.bid.quote.rules.diff import Change

Step = tuple[str, str]


def steps_that_differ(
    before: Mapping[UUID, Iterable[Row]], after: Mapping[UUID, Iterable[Row]]
) -> dict[UUID, tuple[Change, ...]]:
    """Per line in both versions the steps up to net that changed: stage and label, amounts in
    minor units, None where the step was not there. The changes of a line sum to that of its net."""
    found: dict[UUID, tuple[Change, ...]] = {}
    for key in after:
        if key in before:
            changes = _changes(_sums(before[key]), _sums(after[key]))
            if changes:
                found[key] = changes
    return found


def _sums(rows: Iterable[Row]) -> dict[Step, int]:
    sums: dict[Step, int] = {}
    for row in rows:
        if ORDER[row.stage] <= LAST_NET_STAGE:
            step = (row.stage.value, row.label)
            sums[step] = sums.get(step, 0) + row.amount_minor
    return sums


def _changes(before: Mapping[Step, int], after: Mapping[Step, int]) -> tuple[Change, ...]:
    steps = sorted({*before, *after}, key=lambda step: (ORDER[step[0]], step[1]))
    return tuple(
        Change(f"{stage}:{label}", before.get((stage, label)), after.get((stage, label)), label)
        for stage, label in steps
        if before.get((stage, label)) != after.get((stage, label))
    )
