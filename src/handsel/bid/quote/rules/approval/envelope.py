"""What was allowed already: the worst value each owner of a limit has approved.

An envelope belongs to a quote and survives its versions. A limit inside it is not asked again;
outside it only its owner is. A number is inside when it is no worse than the worst one approved (of
a line: than the worst approved of that line), a flag when all that makes it true was approved and
goes no further, anything else when exactly that was approved.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from handsel.bid.quote.rules.approval.evaluate import Finding, Findings
from handsel.bid.quote.rules.approval.facts import json_value


@dataclass(frozen=True, slots=True)
class Approved:
    """One limit of one step of a rule with what was approved for it."""

    rule_key: str
    step_print: str
    print: str
    worse: int
    worst: Any


@dataclass(frozen=True, slots=True)
class Envelope:
    """All that was approved for a quote, by (rule, step, limit)."""

    approved: Mapping[tuple[str, str, str], tuple[Approved, ...]]

    @classmethod
    def of(cls, rows: Iterable[Approved]) -> Envelope:
        """From the kept rows."""
        found: dict[tuple[str, str, str], tuple[Approved, ...]] = {}
        for row in rows:
            place = (row.rule_key, row.step_print, row.print)
            found[place] = (*found.get(place, ()), row)
        return cls(found)

    def covers(self, rule_key: str, step_print: str, found: Findings) -> bool:
        """Whether for every limit broken now this step approved one at least as bad."""
        return all(
            any(
                _inside(one, row)
                for row in self.approved.get((rule_key, step_print, one.print), ())
            )
            for one in found
        )


NOTHING = Envelope({})


def approvals_of(rule_key: str, step_print: str, found: Findings) -> list[Approved]:
    """What is allowed from now on when these findings are approved: per limit its worst value."""
    worst: dict[tuple[str, str], Approved] = {}
    for one in found:
        value = _kept(one)
        if one.because:
            place = (one.print, "because")
            known = worst[place].worst if place in worst else {}
            merged = known | {name: max(far, known.get(name, far)) for name, far in value.items()}
            worst[place] = Approved(rule_key, step_print, one.print, one.worse, merged)
            continue
        place = (one.print, "" if one.worse else str(value))
        before = worst.get(place)
        if before is None or _is_worse(value, before.worst, one.worse):
            worst[place] = Approved(rule_key, step_print, one.print, one.worse, value)
    return list(worst.values())


def comparable(value: Any) -> Any:
    """A value as it is kept: integers and text as they are, decimals and sets as text."""
    if isinstance(value, frozenset | list):
        return json.dumps(sorted(value))
    return json_value(value)


def _kept(one: Finding) -> Any:
    """A finding's value as it is allowed: of a flag that is up what makes it so, of lines which."""
    return dict(one.because) if one.because else comparable(one.value)


def _inside(one: Finding, row: Approved) -> bool:
    if isinstance(row.worst, dict) or (one.because and not one.worse):
        allowed = row.worst if isinstance(row.worst, dict) else {}
        return bool(one.because) and all(
            name in allowed and far <= allowed[name] for name, far in one.because
        )
    value = comparable(one.value)
    return not _is_worse(value, row.worst, one.worse) if one.worse else bool(value == row.worst)


def _is_worse(value: Any, than: Any, worse: int) -> bool:
    return bool(worse and (Decimal(str(value)) - Decimal(str(than))) * worse > 0)
