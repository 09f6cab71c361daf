"""What lines come to: by group, by kind of charge, over the contract, in a year.

Sums of rounded lines, never roundings of sums; only lines that count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from handsel.bid.quote.rules.sheet.tree import Group, ancestors
from handsel.ground.kernel.rounding import divide

CHARGES = ("one_time", "recurring", "usage")
MONTHS_A_YEAR = 12


@dataclass(slots=True)
class Summand:
    """A line as sums see it. A recurring line costs `net_minor` for each of `periods` periods of
    `months` months; `ramp` names the ramp it is a segment of. `cost_minor` is what it costs us,
    None where nobody knows."""

    group_key: UUID | None
    charge: str
    months: int
    periods: int
    list_minor: int
    net_minor: int
    counts: bool
    cost_minor: int | None = None
    ramp: str = ""


@dataclass(frozen=True, slots=True)
class ChargeSum:
    """The lines of one kind of charge and period; 0 months where periods follow each other with
    amounts of their own."""

    charge: str
    months: int
    list_minor: int
    net_minor: int
    contract_minor: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What all lines that count come to.

    `annual_minor` is what recurring lines cost in a year, None where there is none; a ramp
    counts with its average, because its parts follow each other. `cost_minor` is known only when
    every line's is.
    """

    charges: tuple[ChargeSum, ...]
    list_minor: int
    net_minor: int
    contract_minor: int
    annual_minor: int | None
    cost_minor: int | None

    @property
    def margin_minor(self) -> int | None:
        """Net less cost, where costs are known."""
        return None if self.cost_minor is None else self.net_minor - self.cost_minor

    @property
    def margin_bps(self) -> int | None:
        """The margin as a share of the net."""
        margin = self.margin_minor
        return (
            None
            if margin is None or self.net_minor <= 0
            else divide(margin * 10_000, self.net_minor)
        )


def totals(lines: Iterable[Summand]) -> Totals:
    """Sum the lines that count. Independent of their order."""
    counted = [line for line in lines if line.counts]
    sums: dict[tuple[str, int], list[int]] = {}
    ramps: dict[str, list[int]] = {}
    annual: int | None = None
    for line in counted:
        kind = (line.charge, 0 if line.ramp else line.months)
        total = sums.get(kind)
        if total is None:
            total = sums[kind] = [0, 0, 0]
        total[0] += line.list_minor
        total[1] += line.net_minor
        total[2] += line.net_minor * line.periods
        if line.charge == "recurring" and line.months and line.ramp:
            ramp = ramps.setdefault(line.ramp, [0, 0])
            ramp[0] += line.net_minor * line.periods
            ramp[1] += line.months * line.periods
        elif line.charge == "recurring" and line.months:
            annual = (annual or 0) + divide(line.net_minor * MONTHS_A_YEAR, line.months)
    for contract, months in ramps.values():
        annual = (annual or 0) + divide(contract * MONTHS_A_YEAR, months)
    costs = [line.cost_minor for line in counted]
    known = [cost for cost in costs if cost is not None]
    order = sorted(sums, key=lambda kind: (CHARGES.index(kind[0]), kind[1]))
    charges = tuple(ChargeSum(*kind, *sums[kind]) for kind in order)
    return Totals(
        charges,
        sum(one.list_minor for one in charges),
        sum(one.net_minor for one in charges),
        sum(one.contract_minor for one in charges),
        annual,
        sum(known) if counted and len(known) == len(costs) else None,
    )


def subtotals(lines: Iterable[Summand], groups: Mapping[UUID, Group]) -> dict[UUID, dict[str, int]]:
    """Net of every group by kind of charge, with what lies in its groups."""
    found: dict[UUID, dict[str, int]] = {key: {} for key in groups}
    paths = {key: ancestors(key, groups) for key in groups}
    for line in lines:
        if not line.counts or line.group_key is None:
            continue
        for key in paths.get(line.group_key, ()):
            found[key][line.charge] = found[key].get(line.charge, 0) + line.net_minor
    return found


def one_of_each(
    sets: Iterable[tuple[UUID, str, bool]],
) -> tuple[set[UUID], set[UUID]]:
    """Which alternatives must be chosen and which not, so that one of every set counts.

    Given as (line, set, is chosen) in their order. Of several that are chosen the last one stays,
    of none the first one is taken. Returns those to choose and those to drop.
    """
    by_set: dict[str, list[tuple[UUID, bool]]] = {}
    for key, name, is_chosen in sets:
        if name:
            by_set.setdefault(name, []).append((key, is_chosen))
    choose: set[UUID] = set()
    drop: set[UUID] = set()
    for members in by_set.values():
        chosen = [key for key, is_chosen in members if is_chosen]
        if not chosen:
            choose.add(members[0][0])
        drop.update(chosen[:-1])
    return choose, drop


def is_allowed_choice(sets: Iterable[tuple[UUID, str]], chosen: Collection[UUID]) -> bool:
    """Whether a choice of options takes exactly one of every set of alternatives."""
    count: dict[str, int] = {}
    for key, name in sets:
        if name:
            count[name] = count.get(name, 0) + (key in chosen)
    return all(times == 1 for times in count.values())
