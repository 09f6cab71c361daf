"""How many products there are of a model that reckons: exactly, or from at least to at most.

Variables are summed out one after another over the tables of their laws (bucket elimination:
Dechter, AIJ 1999). Where tables would grow too large, some variables are fixed to one choice of
values after another (cutset conditioning, the same): what was counted until the budget ends exists,
so there are at least so many products. Leaving away the laws that are too large, and counting
without them, says how many there are at most.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt

from handsel.bid.configure.rules.encode.meaning import Meaning
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.grids import Gridding, NotOnGrid, Words
from handsel.bid.configure.rules.model import Law, ProductModel, TableLaw
from handsel.bid.configure.rules.tallies import Tally, listed, summed_out

CELLS = 160_000_000  # looked at for a lower bound; about a second
LARGEST = 400_000  # cells of one table while something is fixed
LARGEST_ONCE = 6_000_000  # cells of one table of the upper bound
MOST_LAWS = 4_000
MOST_VARIABLES = 400
MOST_AXES = 30  # numpy knows 32 and 64

Scope = frozenset[str]
Domains = Mapping[str, Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Between:
    """There are at least and at most so many products; the same number where it is exact."""

    least: int
    most: int


# A scope, and how many places of it count at most.
Part = tuple[Scope, int]


@dataclass(frozen=True, slots=True)
class _Plan:
    order: tuple[str, ...]
    largest: Scope
    cells: int  # of the largest table
    work: int  # of all tables


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is looked at, and how large a table may be: while something is fixed, and once."""

    cells: int = CELLS
    largest: int = LARGEST
    once: int = LARGEST_ONCE


def count_between(
    model: ProductModel,
    domains: Domains,
    witness: Mapping[str, Value],
    limits: Limits = Limits(),
) -> Between | None:
    """How many products there are with values of these domains; None where laws do not fit grids.

    `witness` is one of them: the first choice of what is fixed.
    """
    if len(model.laws) > MOST_LAWS or len(model.variables) > MOST_VARIABLES or not model.laws:
        return None
    try:
        return _Counting(model, domains, limits).between(witness)
    except NotOnGrid:
        return None


class _Counting:
    def __init__(self, model: ProductModel, domains: Domains, limits: Limits) -> None:
        self.domains = domains
        self.sizes = {key: len(values) for key, values in domains.items()}
        self.limits = limits
        self.words = Words()
        self.meaning = Meaning(model)
        self.derived = {one.key: one.expression for one in model.derived}
        self.laws = [(law, self._scope(law)) for law in model.laws]
        self._known: dict[str, npt.NDArray[np.int64]] = {}

    def _scope(self, law: Law | TableLaw) -> Scope:
        keys = law.scope if isinstance(law, TableLaw) else self.meaning.support(law.condition)
        return frozenset(key for key in keys if self.sizes[key] > 1)

    def between(self, witness: Mapping[str, Value]) -> Between:
        least, is_all = self._least(witness)
        if is_all:
            return Between(least, least)
        return Between(least, max(least, self._most()))

    # -- how much it takes

    def _plan(self, parts: Sequence[Part], without: Scope = frozenset()) -> _Plan:
        """Sum out what makes the smallest table next."""
        left = [(scope - without, rows) for scope, rows in parts]
        waiting = {key for key, size in self.sizes.items() if size > 1 and key not in without}
        order: list[str] = []
        largest: Part = max(
            ((one[0], self._rows(one)) for one in left), key=_second, default=(frozenset(), 0)
        )
        work = 0
        clusters = {key: self._cluster(key, left) for key in waiting}
        while waiting:
            key = min(waiting, key=lambda one: (clusters[one][1], one))
            cluster = clusters[key]
            work += cluster[1]
            largest = max(largest, cluster, key=_second)
            left = [one for one in left if key not in one[0]]
            left.append((cluster[0] - {key}, cluster[1]))
            waiting.discard(key)
            order.append(key)
            for other in cluster[0] & waiting:
                clusters[other] = self._cluster(other, left)
        return _Plan(tuple(order), *largest, work)

    def _cluster(self, key: str, parts: Sequence[Part]) -> Part:
        own = [one for one in parts if key in one[0]]
        scope = frozenset((key,)).union(*(one[0] for one in own))
        spread = (self._rows(one) * self._cells(scope - one[0]) for one in own)
        return scope, min((self._cells(scope), *spread))

    def _rows(self, part: Part) -> int:
        return min(part[1], self._cells(part[0]))

    def _cells(self, scope: Scope) -> int:
        return prod(self.sizes[key] for key in scope)

    def _parts(self, laws: Sequence[tuple[Law | TableLaw, Scope]]) -> list[Part]:
        return [
            (scope, len(law.rows) if isinstance(law, TableLaw) else self._cells(scope))
            for law, scope in laws
        ]

    def _cutset(self, parts: Sequence[Part]) -> tuple[str, ...]:
        """Variables to fix so that no table is too large, the largest ones first."""
        fixed: list[str] = []
        largest = self.limits.largest
        while (plan := self._plan(parts, frozenset(fixed))).cells > largest or _is_wide(plan):
            left = [(scope - set(fixed), rows) for scope, rows in parts]
            over = [one[0] for one in left if self._rows(one) > largest] or [plan.largest]
            fixed.append(
                max(
                    frozenset().union(*over),
                    key=lambda key: (sum(key in one for one in over), self.sizes[key], key),
                )
            )
        return tuple(fixed)

    # -- at least

    def _least(self, witness: Mapping[str, Value]) -> tuple[int, bool]:
        parts = self._parts(self.laws)
        fixed = self._cutset(parts)
        order = self._plan(parts, frozenset(fixed)).order
        free = [one for one in self.laws if not one[1] & set(fixed)]
        factors = [self._factor(law, tuple(sorted(scope)), self.domains) for law, scope in free]
        bound = [one for one in self.laws if one[1] & set(fixed)]
        total, spent, choices = 0, 0, 0
        for chosen in self._choices(fixed, witness):
            domains = {**self.domains, **{key: (chosen[key],) for key in fixed}}
            tables = []
            for law, scope in bound:
                own = tuple(sorted(scope - set(fixed)))
                tables.append(self._factor(law, own, domains))
                spent += 8 * tables[-1].counts.size
                if not tables[-1].counts.any():
                    break
            else:
                found, work = summed_out([*factors, *tables], order, self.sizes)
                total += found
                spent += work
            choices += 1
            if spent > self.limits.cells:
                break
        return total, choices == prod(self.sizes[key] for key in fixed)

    def _choices(
        self, fixed: Sequence[str], witness: Mapping[str, Value]
    ) -> Iterator[dict[str, Value]]:
        """Every choice of values of what is fixed, the witness's first, then far apart."""
        sizes = [self.sizes[key] for key in fixed]
        count = prod(sizes)
        begin = 0
        for key, size in zip(fixed, sizes, strict=True):
            begin = begin * size + list(self.domains[key]).index(witness[key])
        step = max(1, count * 618 // 1000)
        while math.gcd(step, count) != 1:
            step += 1
        for turn in range(count):
            at, chosen = (begin + turn * step) % count, {}
            for key, size in zip(reversed(fixed), reversed(sizes), strict=True):
                at, position = divmod(at, size)
                chosen[key] = self.domains[key][position]
            yield chosen

    # -- at most

    def _most(self) -> int:
        most = self.limits.once // 4
        kept = [
            law
            for law, part in zip(self.laws, self._parts(self.laws), strict=True)
            if self._rows(part) <= most
        ]
        while kept:
            plan = self._plan(self._parts(kept))
            if plan.cells <= self.limits.once and not _is_wide(plan):
                break
            worst = max(
                (one for one in kept if one[1] & plan.largest),
                key=lambda one: (self._cells(one[1] & plan.largest), self._cells(one[1])),
            )
            kept.remove(worst)
        if not kept:
            return prod(self.sizes.values())
        factors = [self._factor(law, tuple(sorted(scope)), self.domains) for law, scope in kept]
        return summed_out(factors, plan.order, self.sizes)[0]

    # -- tables

    def _factor(self, law: Law | TableLaw, scope: tuple[str, ...], domains: Domains) -> Tally:
        """A law's table: 1 where it holds. What has one value is no axis of it."""
        if isinstance(law, TableLaw):
            return self._of_rows(law, scope, domains)
        lone = [key for key in self.meaning.support(law.condition) if key not in scope]
        gridding = Gridding(domains, [*scope, *lone], self.derived, self.words)
        counts = gridding.condition(law.condition)
        return Tally(scope, counts.reshape([self.sizes[key] for key in scope]).astype(np.int64))

    def _of_rows(self, law: TableLaw, scope: tuple[str, ...], domains: Domains) -> Tally:
        rows = self._places(law)
        first: dict[str, int] = {}
        for at, key in enumerate(law.scope):
            column = rows[:, at]
            kept = column >= 0
            if key in first:
                kept &= column == rows[:, first[key]]
            elif len(domains[key]) < len(self.domains[key]):
                kept &= column == list(self.domains[key]).index(domains[key][0])
            first.setdefault(key, at)
            rows = rows[kept]
        return listed(scope, rows[:, [first[key] for key in scope]], self.sizes)

    def _places(self, law: TableLaw) -> npt.NDArray[np.int64]:
        """The rows as positions in the domains; -1 for a value that is not there."""
        found = self._known.get(law.key)
        if found is None:
            at = [
                {value: place for place, value in enumerate(self.domains[key])} for key in law.scope
            ]
            rows = [
                [one.get(cell, -1) for one, cell in zip(at, row, strict=True)] for row in law.rows
            ]
            shape = (len(law.rows), len(law.scope))
            found = self._known[law.key] = np.array(rows, dtype=np.int64).reshape(shape)
        return found


def _second(part: Part) -> int:
    return part[1]


def _is_wide(plan: _Plan) -> bool:
    return len(plan.largest) > MOST_AXES
