"""How many different products the decisions leave: exactly, or a number there are at least.

Where laws reckon, their tables are counted (`eliminate`), which also says how many there are at
most. Else clauses are: a search with components and a cache (Sang et al., SAT 2004; Thurley, SAT
2006) that branches on options only, so that helper variables of the encoding never count. It starts
along one valid product: when its budget ends, what was counted so far are products that exist.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from handsel.bid.configure.rules.compiled import Compiled
from handsel.bid.configure.rules.decisions import Decision
from handsel.bid.configure.rules.eliminate import Between, Limits, count_between
from handsel.bid.configure.rules.engine import FALSE, OPEN
from handsel.bid.configure.rules.session import Answer, Configurator
from handsel.ground.kernel.said import Said, said

BUDGET = 2_000_000  # clauses looked at; a million take about half a second
DEEPEST = 250  # branches one inside the other; Python's stack has an end
CELLS_A_CLAUSE = 80  # of tables, looked at in the time of one clause
MOST_MEASURED = 200
LOOKS = 100  # a search is worth beginning when each clause can be looked at so often
LOOKS_AT_FEW = 40
FEW_LEFT = 64  # options
ONE_BY_ONE = 16  # so many are fixed one at a time, then more and more at once

Component = tuple[tuple[int, ...], tuple[int, ...]]  # solver variables, numbers of clauses


@dataclass(frozen=True, slots=True)
class Variants:
    """How many products are left. Not exact means: at least so many, and no more than `most`
    where that is known."""

    count: int
    is_exact: bool
    most: int | None = None

    def __str__(self) -> str:
        return self.said

    @property
    def said(self) -> Said:
        """The number as people read it, to be worded at the edge."""
        least = _in_powers(self.count)
        if self.is_exact:
            return said("%(count)s", count=least)
        if self.most is None:
            return said("at least %(count)s", count=least)
        return said("from %(least)s to %(most)s", least=least, most=_in_powers(self.most, up=True))


def count_variants(
    configurator: Configurator, decisions: Sequence[Decision], *, budget: int = BUDGET
) -> Variants:
    """How many valid products fulfil the decisions, within a budget of work."""
    answer = configurator.answer(decisions)
    if answer.states is None:
        return Variants(0, is_exact=True)
    numbers = configurator.numbers(decisions)
    compiled = configurator.compiled
    prover = configurator.explainer.plain
    with prover.lock:
        prover.solve([compiled.literal(number) for number in numbers])
        model = prover.model()
    found = _between(configurator, answer, model, budget) if _reckons(compiled) else None
    if found is not None and found.least == found.most:
        return Variants(found.least, is_exact=True)
    counting = _Counting(compiled, model, budget if found is None else budget // 4)
    fixed = [compiled.literal(number) for number in numbers] + _forced(compiled, answer.states)
    counted = counting.counted(fixed, only_whole=found is not None)
    if found is None or counted.is_exact:
        return counted
    return Variants(max(found.least, counted.count), is_exact=False, most=found.most)


def _reckons(compiled: Compiled) -> bool:
    """Whether some variables have many values; of truths alone, clauses say all there is."""
    return len(compiled.numbers_of) != len(compiled.options)


def _between(
    configurator: Configurator, answer: Answer, model: list[int], budget: int
) -> Between | None:
    domains = {one.variable.key: one.possible for one in answer.standings()}
    compiled, witness = configurator.compiled, {key: own[0] for key, own in domains.items()}
    for option, literal in zip(compiled.options, compiled.option_literals, strict=True):
        if model[abs(literal) - 1] == literal:
            witness[option.variable] = option.value
        elif option.value is True:
            witness[option.variable] = False
    limits = Limits(cells=CELLS_A_CLAUSE * budget)
    return count_between(configurator.model, domains, witness, limits)


def _forced(compiled: Compiled, states: bytes) -> list[int]:
    return [
        -literal if state == FALSE else literal
        for literal, state in zip(compiled.option_literals, states, strict=True)
        if state != OPEN
    ]


def _in_powers(count: int, *, up: bool = False) -> str:
    if count < 10**9:
        return f"{count:,}"
    lead, power = two_digits(count, up=up)
    return f"{lead // 10}.{lead % 10} × 10^{power}"


def two_digits(count: int, *, up: bool = False) -> tuple[int, int]:
    """The first two digits of a large number and the power of ten of the first; cut, or next up."""
    digits = str(count)
    lead, power = int(digits[:2]) + (up and int(digits[2:]) > 0), len(digits) - 1
    return (10, power + 1) if lead == 100 else (lead, power)


@dataclass
class _Counting:
    compiled: Compiled
    model: list[int]  # one valid product, the first path
    budget: int
    clauses: list[list[int]] = field(default_factory=list)
    where: dict[int, list[int]] = field(default_factory=dict)  # clauses by literal
    value: dict[int, bool] = field(default_factory=dict)
    cache: dict[Component, tuple[int, bool]] = field(default_factory=dict)
    reach: dict[int, int] = field(default_factory=dict)  # how much an option settles

    def counted(self, fixed: list[int], *, only_whole: bool = False) -> Variants:
        """The count under literals that hold anyway; with `only_whole` at least one is said of
        what is too large to be searched whole."""
        self.clauses = self.compiled.clauses()
        where = defaultdict(list)
        for number, clause in enumerate(self.clauses):
            for literal in clause:
                where[literal].append(number)
        self.where = dict(where)
        self.counts = {abs(one) for one in self.compiled.option_literals}
        fixed += [clause[0] for clause in self.clauses if len(clause) == 1]
        if self._assign(fixed) is None:
            return Variants(0, is_exact=True)
        if only_whole and len(self._still_open()) > self.budget // LOOKS:
            return Variants(1, is_exact=False)
        self._measure()
        clauses, is_whole = self._narrowed()
        variables = list(range(1, self.compiled.n_variables + 1))
        count, is_exact = self._product(variables, clauses, 0, on_path=True)
        return Variants(count, is_exact and is_whole)

    def _still_open(self) -> list[int]:
        return [number for number in range(len(self.clauses)) if self._open(number) is not None]

    def _narrowed(self) -> tuple[list[int], bool]:
        """The clauses still open, after settling what is too large to be searched.

        What settles most is fixed as in the first path until the rest can be looked at often
        enough; the products counted then are some of those there are.
        """
        ranked = sorted(self.reach, key=lambda one: (-self.reach[one], one))
        numbers = self._still_open()
        left = sum(1 for one in self.counts if one not in self.value)
        looks = LOOKS if left > FEW_LEFT else LOOKS_AT_FEW
        limit, step, fixed = self.budget // looks, 1, 0
        while len(numbers) > limit and fixed < len(ranked):
            self._assign([self.model[one - 1] for one in ranked[fixed : fixed + step]])
            fixed += step
            step = step if fixed < ONE_BY_ONE else 2 * step
            numbers = [number for number in numbers if self._open(number) is not None]
        return numbers, not fixed

    def _measure(self) -> None:
        """Find out what choosing each value of the first path settles.

        Only where variables have many values: an arithmetic law speaks of thresholds, so that the
        options themselves stand in few clauses.
        """
        if len(self.compiled.numbers_of) == len(self.compiled.options):
            return
        for literal in self.compiled.option_literals[: 50 * MOST_MEASURED]:
            if self.model[abs(literal) - 1] != literal or abs(literal) in self.value:
                continue
            trail = self._assign([literal])
            if trail is not None:
                touched = (self.where.get(v, ()) for one in trail for v in (one, -one))
                self.reach[abs(literal)] = sum(map(len, touched))
                self._undo(trail)
            if len(self.reach) >= MOST_MEASURED:
                return

    def _product(
        self, variables: Sequence[int], clauses: Sequence[int], depth: int, *, on_path: bool
    ) -> tuple[int, bool]:
        """The count of what is unassigned of these, part by independent part."""
        free, parts = self._parts(variables, clauses)
        total, is_exact = 1 << free, True
        # Small parts first: an impossible one ends the matter at once.
        for part in sorted(parts, key=lambda one: len(one[1])):
            count, exactly = self._part(part, depth, on_path=on_path)
            total *= count
            is_exact &= exactly
            if total == 0:
                return 0, is_exact
        return total, is_exact

    def _part(self, part: Component, depth: int, *, on_path: bool) -> tuple[int, bool]:
        known = self.cache.get(part)
        if known is not None:
            return known
        variable, is_counted = self._branching(part)
        total, is_exact = 0, True
        literals = [self.model[variable - 1], -self.model[variable - 1]]
        for literal, is_first in zip(literals, (True, False), strict=True):
            goes_on = on_path and is_first
            if not is_counted and total:
                break
            if self.budget <= 0 or depth > DEEPEST:
                # On the path of a product that exists there is that product at least.
                return max(total, int(on_path)), False
            trail = self._assign([literal])
            if trail is not None:
                count, exactly = self._product(*part, depth + 1, on_path=goes_on)
                total += count if is_counted else min(count, 1)
                is_exact &= exactly
                self._undo(trail)
        if not is_counted and total:
            is_exact = True
        if is_exact:
            self.cache[part] = total, True
        return total, is_exact

    def _branching(self, part: Component) -> tuple[int, bool]:
        """The variable to branch on, the busiest option; whether its values count."""
        busy: dict[int, int] = defaultdict(int)
        for number in part[1]:
            for literal in self.clauses[number]:
                busy[abs(literal)] += 1
        own = [one for one in part[0] if one in self.counts]
        reach = self.reach
        best = max(own or part[0], key=lambda one: (reach.get(one, 0), busy[one], -one))
        return best, bool(own)

    def _assign(self, literals: list[int]) -> list[int] | None:
        """Assign and propagate; the variables assigned, or None (and nothing changed)."""
        value, pending = self.value, list(literals)
        trail: list[int] = []
        while pending:
            literal = pending.pop()
            variable = abs(literal)
            if variable in value:
                if value[variable] == (literal > 0):
                    continue
                self._undo(trail)
                return None
            value[variable] = literal > 0
            trail.append(variable)
            touched = self.where.get(-literal, ())
            self.budget -= len(touched)
            for number in touched:
                unit = self._unit(number)
                if unit is None:
                    self._undo(trail)
                    return None
                if unit:
                    pending.append(unit)
        return trail

    def _unit(self, number: int) -> int | None:
        """The one literal a clause still needs; 0 when it needs none, None when it is broken."""
        value, open_literal = self.value, 0
        for literal in self.clauses[number]:
            state = value.get(abs(literal))
            if state is None:
                if open_literal:
                    return 0
                open_literal = literal
            elif state == (literal > 0):
                return 0
        return open_literal or None

    def _undo(self, trail: list[int]) -> None:
        for variable in trail:
            del self.value[variable]

    def _parts(
        self, variables: Sequence[int], clauses: Sequence[int]
    ) -> tuple[int, list[Component]]:
        """Unassigned variables that share unfulfilled clauses; how many counted ones share none."""
        value = self.value
        parent = {one: one for one in variables if one not in value}
        open_clauses = []
        self.budget -= len(clauses)
        for number in clauses:
            own = self._open(number)
            if own is None:
                continue
            open_clauses.append((number, own[0]))
            first = _root(parent, own[0])
            for other in own[1:]:
                root = _root(parent, other)
                if root != first:
                    parent[root] = first
        numbers: dict[int, list[int]] = defaultdict(list)
        for number, variable in open_clauses:
            numbers[_root(parent, variable)].append(number)
        members: dict[int, list[int]] = defaultdict(list)
        for variable in parent:
            members[_root(parent, variable)].append(variable)
        free = sum(
            1 for root, own in members.items() if root not in numbers and own[0] in self.counts
        )
        return free, [(tuple(members[root]), tuple(own)) for root, own in numbers.items()]

    def _open(self, number: int) -> list[int] | None:
        """The unassigned variables of a clause that is not fulfilled; None when it is."""
        value, own = self.value, []
        for literal in self.clauses[number]:
            state = value.get(abs(literal))
            if state is None:
                own.append(abs(literal))
            elif state == (literal > 0):
                return None
        return own


def _root(parent: dict[int, int], one: int) -> int:
    while parent[one] != one:
        parent[one] = parent[parent[one]]
        one = parent[one]
    return one
