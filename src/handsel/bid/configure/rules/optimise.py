"""The cheapest, or the quickest to be had: the completion with the least of an amount.

OR-Tools finds it with a proof, or tells the gap that is left when time is up. Without OR-Tools, or
where an amount cannot be stated to it, the preferred completion is improved value by value; that
proves nothing and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from handsel.bid.configure.rules.complete import (
    Completion,
    complete,
    origins,
    possible_values,
    value_literal,
)
from handsel.bid.configure.rules.decisions import Decision, Decisions, decided
from handsel.bid.configure.rules.derived import amount_of
from handsel.bid.configure.rules.expressions import Expression, Value
from handsel.bid.configure.rules.model import ProductModel, TableLaw
from handsel.bid.configure.rules.session import Configurator

if TYPE_CHECKING:
    from handsel.bid.configure.rules.oracle import Best

SECONDS = 2
MOST_TRIED = 2000


@dataclass(frozen=True, slots=True)
class Goal:
    """What to be best at: an amount over variables and derived quantities, least or greatest."""

    amount: Expression
    is_most_wanted: bool = False

    def is_better(self, one: int, other: int) -> bool:
        """Whether one amount is better than another."""
        return one > other if self.is_most_wanted else one < other


def complete_best(
    configurator: Configurator,
    decisions: Sequence[Decision],
    goal: Goal,
    *,
    seconds: float = SECONDS,
    first_of_ties: bool = True,
) -> Completion:
    """The full configuration that is best by the goal.

    Among equals, variable after variable, the first value in list order, where the optimum is
    proved and `first_of_ties` asked. Raises NotPossible when the decisions contradict each other.
    """
    kept = tuple(decisions)
    start = complete(configurator, kept)
    answer = configurator.answer(kept)
    if answer.states is None:
        raise AssertionError("what can be completed does not contradict itself")
    small = _narrowed(configurator, answer.states)
    found = _by_ortools(small, start.values, goal, seconds, first_of_ties=first_of_ties)
    if found is None or found.assignment is None:
        return _improved(configurator, kept, answer.states, start, goal)
    return Completion(
        found.assignment,
        origins(configurator, kept, answer.states, found.assignment),
        "cp-sat",
        found.value,
        found.bound,
        "optimal" if found.proven else "gap",
    )


def _narrowed(configurator: Configurator, states: bytes) -> ProductModel:
    """The model with only the values that are possible: much less to search."""
    model = configurator.model
    variables = tuple(
        replace(variable, values=possible_values(configurator, states, variable.key))
        for variable in model.variables
    )
    left = {variable.key: frozenset(variable.values) for variable in variables}
    laws = tuple(
        replace(law, rows=_fitting(law, left)) if isinstance(law, TableLaw) else law
        for law in model.laws
    )
    return replace(model, variables=variables, laws=laws)


def _fitting(law: TableLaw, left: Mapping[str, frozenset[Value]]) -> tuple[tuple[Value, ...], ...]:
    own = [left[key] for key in law.scope]
    return tuple(
        row for row in law.rows if all(v in some for v, some in zip(row, own, strict=True))
    )


def _by_ortools(
    model: ProductModel,
    hint: Mapping[str, Value],
    goal: Goal,
    seconds: float,
    *,
    first_of_ties: bool,
) -> Best | None:
    """What OR-Tools finds; None where it is not installed or cannot be told the amount."""
    try:
        from handsel.bid.configure.rules.oracle import NotStated, Oracle
    except ImportError:
        return None
    try:
        return Oracle(model).best(
            {},
            goal.amount,
            seconds=seconds,
            hint=hint,
            is_maximized=goal.is_most_wanted,
            first_of_ties=first_of_ties,
        )
    except NotStated:
        return None


def _improved(
    configurator: Configurator, decisions: Decisions, states: bytes, start: Completion, goal: Goal
) -> Completion:
    """The preferred completion, changed one value at a time as long as that makes it better."""
    model = configurator.model
    values, tried, is_better = dict(start.values), 0, True
    amount = amount_of(model, goal.amount, values)
    changes = _changes(configurator, decisions, states)
    while is_better and tried < MOST_TRIED:
        is_better = False
        for key, value in changes:
            if values[key] == value:
                continue
            tried += 1
            other = nearest(configurator, (*decisions, Decision(key, value)), values)
            if other is None:
                continue
            reached = amount_of(model, goal.amount, other)
            if goal.is_better(reached, amount):
                values, amount, is_better = other, reached, True
    found_origins = origins(configurator, decisions, states, values)
    return Completion(values, found_origins, "improvement", amount, None, "none")


def _changes(
    configurator: Configurator, decisions: Decisions, states: bytes
) -> list[tuple[str, Value]]:
    mine = decided(decisions)
    keys = [variable.key for variable in configurator.model.variables if variable.key not in mine]
    ways = ((key, possible_values(configurator, states, key)) for key in keys)
    return [(key, value) for key, values in ways if len(values) > 1 for value in values]


def nearest(
    configurator: Configurator, decisions: Decisions, values: Mapping[str, Value]
) -> dict[str, Value] | None:
    """A product with the decisions that leans towards these values; None when there is none."""
    prover, compiled = configurator.explainer.plain, configurator.compiled
    leaning = [value_literal(configurator, key, value) for key, value in values.items()]
    assumed = [compiled.literal(number) for number in configurator.numbers(decisions)]
    with prover.lock:
        if not prover.solve(assumed, leaning):
            return None
        model = prover.model()
    found: dict[str, Value] = {}
    for option, literal in zip(compiled.options, compiled.option_literals, strict=True):
        holds = model[abs(literal) - 1] == literal
        if option.value is True:
            found[option.variable] = holds
        elif holds:
            found[option.variable] = option.value
    return found


def without_ortools(
    configurator: Configurator, decisions: Sequence[Decision], goal: Goal
) -> Completion:
    """The fallback, for comparison: improvement value by value, nothing proved."""
    kept = tuple(decisions)
    start = complete(configurator, kept)
    states = configurator.answer(kept).states
    if states is None:
        raise AssertionError("what can be completed does not contradict itself")
    return _improved(configurator, kept, states, start, goal)


Finder = Callable[[Configurator, Sequence[Decision]], Completion]


def finder(goal: Goal, *, seconds: float = SECONDS) -> Finder:
    """Completion by a goal, as golden configurations take it."""
    return lambda configurator, decisions: complete_best(
        configurator, decisions, goal, seconds=seconds
    )
