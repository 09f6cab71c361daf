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
from typing import Any

import numpy as np
import numpy.typing as npt

from handsel.bid.configure.rules.encode.meaning import Meaning
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.grids import Gridding, NotOnGrid, Words
from handsel.bid.configure.rules.model import Law, ProductModel, TableLaw

CELLS = 160_000_000  # looked at for a lower bound; about a second
LARGEST = 400_000  # cells of one table while something is fixed
LARGEST_ONCE = 6_000_000  # cells of one table of the upper bound
MOST_LAWS = 4_000
MOST_VARIABLES = 400
MOST_AXES = 30  # numpy knows 32 and 64
_EXACT = 2**62

Scope = frozenset[str]
Domains = Mapping[str, Sequence[Value]]
Counts = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Between:
    """There are at least and at most so many products; the same number where it is exact."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class _Factor:
    scope: tuple[str, ...]  # sorted
    counts: Counts


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

    def _scope(self, law: Law | TableLaw) -> Scope:
        keys = law.scope if isinstance(law, TableLaw) else self.meaning.support(law.condition)
        return frozenset(key for key in keys if self.sizes[key] > 1)

    def between(self, witness: Mapping[str, Value]) -> Between:
        least, is_all = self._least(witness)
        if is_all:
            return Between(least, least)
        return Between(least, max(least, self._most()))

    # -- how much it takes

    def _plan(self, scopes: Sequence[Scope], without: Scope = frozenset()) -> _Plan:
        """Sum out what makes the smallest table next."""
        left = [scope - without for scope in scopes]
        waiting = {key for key, size in self.sizes.items() if size > 1 and key not in without}
        order: list[str] = []
        largest, work = max(left, key=self._cells, default=frozenset()), 0
        clusters = {key: self._cluster(key, left) for key in waiting}
        while waiting:
            key = min(waiting, key=lambda one: (self._cells(clusters[one]), one))
            cluster = clusters[key]
            work += self._cells(cluster)
            if self._cells(cluster) > self._cells(largest):
                largest = cluster
            left = [scope for scope in left if key not in scope]
            left.append(cluster - {key})
            waiting.discard(key)
            order.append(key)
            for other in cluster & waiting:
                clusters[other] = self._cluster(other, left)
        return _Plan(tuple(order), largest, self._cells(largest), work)

    @staticmethod
    def _cluster(key: str, scopes: Sequence[Scope]) -> Scope:
        return frozenset((key,)).union(*(scope for scope in scopes if key in scope))

    def _cells(self, scope: Scope) -> int:
        return prod(self.sizes[key] for key in scope)

    def _cutset(self, scopes: Sequence[Scope]) -> tuple[str, ...]:
        """Variables to fix so that no table is too large, the largest ones first."""
        fixed: list[str] = []
        largest = self.limits.largest
        while (plan := self._plan(scopes, frozenset(fixed))).cells > largest or _is_wide(plan):
            over = [one - set(fixed) for one in scopes if self._cells(one - set(fixed)) > largest]
            over = over or [plan.largest]
            fixed.append(
                max(
                    frozenset().union(*over),
                    key=lambda key: (sum(key in one for one in over), self.sizes[key], key),
                )
            )
        return tuple(fixed)

    # -- at least

    def _least(self, witness: Mapping[str, Value]) -> tuple[int, bool]:
        scopes = [scope for _, scope in self.laws]
        fixed = self._cutset(scopes)
        order = self._plan(scopes, frozenset(fixed)).order
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
                spent += 8 * prod(self.sizes[key] for key in own)
                if not tables[-1].counts.any():
                    break
            else:
                found, work = _summed_out([*factors, *tables], order, self.sizes)
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
        kept = [one for one in self.laws if self._cells(one[1]) <= self.limits.once // 4]
        while kept:
            plan = self._plan([scope for _, scope in kept])
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
        return _summed_out(factors, plan.order, self.sizes)[0]

    # -- tables

    def _factor(self, law: Law | TableLaw, scope: tuple[str, ...], domains: Domains) -> _Factor:
        """A law's table: 1 where it holds. What has one value is no axis of it."""
        if isinstance(law, TableLaw):
            return _Factor(scope, self._of_rows(law, scope, domains))
        lone = [key for key in self.meaning.support(law.condition) if key not in scope]
        gridding = Gridding(domains, [*scope, *lone], self.derived, self.words)
        counts = gridding.condition(law.condition)
        return _Factor(scope, counts.reshape([self.sizes[key] for key in scope]).astype(np.int64))

    def _of_rows(self, law: TableLaw, scope: tuple[str, ...], domains: Domains) -> Counts:
        counts = np.zeros([self.sizes[key] for key in scope], dtype=np.int64)
        places = {key: {value: at for at, value in enumerate(domains[key])} for key in law.scope}
        for row in law.rows:
            at: dict[str, int] = {}
            for key, value in zip(law.scope, row, strict=True):
                place = places[key].get(value)
                if place is None or at.setdefault(key, place) != place:
                    break
            else:
                counts[tuple(at[key] for key in scope)] = 1
        return counts


def _is_wide(plan: _Plan) -> bool:
    return len(plan.largest) > MOST_AXES


def _summed_out(
    factors: Sequence[_Factor], order: Sequence[str], sizes: Mapping[str, int]
) -> tuple[int, int]:
    """The number of combinations that fulfil all, and how many cells it took."""
    left, total, work = list(factors), 1, 0
    for key in order:
        own = [one for one in left if key in one.scope]
        left = [one for one in left if key not in one.scope]
        if not own:
            total *= sizes[key]
            continue
        joined = own[0]
        for one in sorted(own[1:], key=lambda factor: factor.counts.size):
            joined = _joined(joined, one)
            work += joined.counts.size
        axis = joined.scope.index(key)
        scope = joined.scope[:axis] + joined.scope[axis + 1 :]
        summed = _Factor(scope, _wide_enough(joined.counts, sizes[key]).sum(axis=axis))
        if scope:
            left.append(summed)
        else:
            total *= int(summed.counts)
    for one in left:
        total *= int(one.counts)
    return total, work


def _joined(one: _Factor, other: _Factor) -> _Factor:
    scope = tuple(sorted({*one.scope, *other.scope}))
    most = _largest(one.counts) * _largest(other.counts)
    left, right = _spread(one, scope), _spread(other, scope)
    if most >= _EXACT:
        left, right = left.astype(object), right.astype(object)
    return _Factor(scope, left * right)


def _spread(factor: _Factor, scope: tuple[str, ...]) -> Counts:
    sizes = dict(zip(factor.scope, factor.counts.shape, strict=True))
    return factor.counts.reshape([sizes.get(key, 1) for key in scope])


def _wide_enough(counts: Counts, times: int) -> Counts:
    """Whole numbers of any size where sums could pass 64 bits."""
    if counts.dtype == object or _largest(counts) * times < _EXACT:
        return counts
    return counts.astype(object)


def _largest(counts: Counts) -> int:
    return int(counts.max()) if counts.size else 0
