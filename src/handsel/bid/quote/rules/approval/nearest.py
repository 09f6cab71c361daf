"""The nearest change that needs nobody: found by trying what the seller can change.

Discounts are taken back and terms are moved until a plan asks nobody; every change proposed was
put to the same plan as the real run. Nothing is changed that could stay: each part of a proposal
is taken back again if it is not needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from handsel.bid.quote.rules.approval.evaluate import Finding
from handsel.bid.quote.rules.approval.facts import QuoteFacts
from handsel.bid.quote.rules.approval.plan import Plan

MOST_PROPOSALS: Final = 3
MOST_LINES_TRIED: Final = 40
TERMS: Final = ("payment_days", "valid_days")
_MOST_DAYS: Final = 365

Planner = Callable[[QuoteFacts], Plan]


@dataclass(frozen=True, slots=True)
class Change:
    """What to change; None and empty leave as it is. `gain_minor`: what the net amount rises by."""

    header_bps: int | None = None
    line_bps: tuple[tuple[str, int], ...] = ()
    payment_days: int | None = None
    valid_days: int | None = None
    gain_minor: int = 0

    def on(self, facts: QuoteFacts) -> QuoteFacts:
        """The offer with this change."""
        return facts.changed(
            header_bps=self.header_bps,
            line_bps=dict(self.line_bps),
            payment_days=self.payment_days,
            valid_days=self.valid_days,
        )

    @property
    def size(self) -> int:
        """How many things change."""
        others = (self.header_bps, self.payment_days, self.valid_days)
        return len(self.line_bps) + sum(one is not None for one in others)


def nearest_changes(
    facts: QuoteFacts, planner: Planner, needs_nobody: Callable[[QuoteFacts], bool] | None = None
) -> tuple[Change, ...]:
    """At most MOST_PROPOSALS changes after which nobody is asked, the smallest first.

    Empty when nobody is asked as it is, and when no discount or term the seller could take back
    helps. `needs_nobody` is the planner's answer in short, where there is a quicker way to it.
    """
    plan = planner(facts)
    if plan.needs_nobody:
        return ()

    def suffices(change: Change) -> bool:
        changed = change.on(facts)
        return needs_nobody(changed) if needs_nobody else planner(changed).needs_nobody

    broken = [one for ask in plan.asks for reason in ask.reasons for one in reason.found]
    found: list[Change] = []
    for change in _candidates(facts, broken, suffices):
        least = _minimal(change, suffices)
        gain = least.on(facts).net_minor - facts.net_minor
        found.append(replace(least, gain_minor=gain))
    distinct = list(dict.fromkeys(found))
    return tuple(sorted(distinct, key=lambda one: (one.gain_minor, one.size))[:MOST_PROPOSALS])


def _candidates(
    facts: QuoteFacts, broken: Sequence[Finding], suffices: Callable[[Change], bool]
) -> Iterator[Change]:
    terms = _terms(facts, broken)
    is_found = False
    for base in dict.fromkeys((Change(), terms)):
        for change in _from_base(facts, base, broken, suffices):
            is_found = True
            yield change
        if is_found:
            return
    nothing_off = replace(_capped(facts, terms, 0), header_bps=0 if facts.header_bps else None)
    if nothing_off.size and suffices(nothing_off):
        yield _lifted(facts, nothing_off, suffices)


def _from_base(
    facts: QuoteFacts,
    base: Change,
    broken: Sequence[Finding],
    suffices: Callable[[Change], bool],
) -> Iterator[Change]:
    """With the terms of `base`: less on the header, every line at its limit, all lines capped."""
    if base.size and suffices(base):
        yield base
        return
    if (header := _with_header(facts, base, suffices)) is not None:
        yield header
    at_limits = _at_limits(facts, base, broken)
    if at_limits is not None and suffices(at_limits):
        yield at_limits
        return
    most = max((line.discount_bps for line in facts.offered), default=0)
    capped = _highest(most, lambda cap: _capped(facts, base, cap), suffices)
    if capped is not None:
        yield capped
    elif at_limits is not None:
        both = _with_header(facts, at_limits, suffices)
        if both is not None:
            yield both


def _with_header(
    facts: QuoteFacts, start: Change, suffices: Callable[[Change], bool]
) -> Change | None:
    return _highest(facts.header_bps, lambda bps: replace(start, header_bps=bps), suffices)


def _lifted(facts: QuoteFacts, change: Change, suffices: Callable[[Change], bool]) -> Change:
    """From nothing taken off back up, as far as it goes: the header first, then the lines."""
    if change.header_bps is not None:
        best = _highest(facts.header_bps, lambda bps: replace(change, header_bps=bps), suffices)
        change = best or change
    kept = change
    most = max((line.discount_bps for line in facts.offered), default=0)
    better = _highest(most, lambda cap: _capped(facts, kept, cap), suffices)
    return better or kept


def _highest(
    most: int, change_for: Callable[[int], Change], suffices: Callable[[Change], bool]
) -> Change | None:
    """The highest percentage from 0 below `most` that suffices, taking for granted that a lower
    one suffices as well; None when not even 0 does."""
    if most <= 0 or not suffices(change_for(0)):
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        if suffices(change_for(middle)):
            low = middle
        else:
            high = middle
    return change_for(low)


def _capped(facts: QuoteFacts, base: Change, cap: int) -> Change:
    capped = ((line.key, cap) for line in facts.offered if line.discount_bps > cap)
    return replace(base, line_bps=tuple(capped))


def _at_limits(facts: QuoteFacts, base: Change, broken: Sequence[Finding]) -> Change | None:
    """Every line and the header exactly where a rule that names them begins to ask."""
    wanted: dict[str, int] = {}
    header: int | None = None
    by_key = {line.key: (line,) for line in facts.offered}
    for one in broken:
        if one.worse != 1 or one.limit is None:
            continue
        allowed = int(one.limit) - (1 if one.op == ">=" else 0)
        if one.fact == "header_discount" and not one.aggregate:
            header = min(allowed, header if header is not None else allowed)
        elif one.fact == "line.discount" and (one.line_key or one.aggregate == "max"):
            for line in by_key.get(one.line_key, ()) if one.line_key else facts.offered:
                if line.discount_bps > allowed:
                    wanted[line.key] = min(allowed, wanted.get(line.key, allowed))
    if header is None and not wanted:
        return None
    positive = {key: bps for key, bps in wanted.items() if bps >= 0}
    header = header if header is not None and 0 <= header < facts.header_bps else None
    return replace(base, header_bps=header, line_bps=tuple(positive.items()))


def _terms(facts: QuoteFacts, broken: Sequence[Finding]) -> Change:
    """The terms moved just inside every limit they break."""
    wanted: dict[str, int] = {}
    for one in broken:
        if one.fact not in TERMS or not one.worse or one.limit is None:
            continue
        step = 0 if one.op in (">", "<") else 1
        inside = int(one.limit) - one.worse * step
        before = wanted.get(one.fact, inside)
        wanted[one.fact] = min(before, inside) if one.worse > 0 else max(before, inside)
    possible = {name: days for name, days in wanted.items() if 0 <= days <= _MOST_DAYS}
    return Change(**possible)  # type: ignore[arg-type]


def _minimal(change: Change, suffices: Callable[[Change], bool]) -> Change:
    """The change without any part that is not needed."""
    for name in ("header_bps", *TERMS):
        if getattr(change, name) is not None:
            without = replace(change, **{name: None})  # type: ignore[arg-type]
            if suffices(without):
                change = without
    if len(change.line_bps) > MOST_LINES_TRIED:
        return change
    for row in change.line_bps:
        without = replace(change, line_bps=tuple(one for one in change.line_bps if one != row))
        if suffices(without):
            change = without
    return change
