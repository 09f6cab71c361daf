"""From decisions to a full valid configuration: by preference, or the best by an amount.

By preference is lexicographic: variables with a preference or a default first, in the model's
order, each taking the best value that still fits, then all others, each the first in its list. A
preference therefore never blocks anything, and the answer is the same everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from handsel.bid.configure.errors import NotPossible
from handsel.bid.configure.rules.decisions import Decision, Decisions, decided
from handsel.bid.configure.rules.engine import FALSE, OPEN
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.model import Variable
from handsel.bid.configure.rules.prover import Prover
from handsel.bid.configure.rules.session import Configurator, Origin

# In models of tens of thousands of options the last of them are taken as the solver has them.
MOST_QUESTIONS = 3000

Proof = Literal["optimal", "gap", "none"]


@dataclass(frozen=True, slots=True)
class Completion:
    """A full valid configuration: a value for every variable.

    By an amount: `amount` is what it comes to, `bound` what no valid product can beat, and `proof`
    whether the two met ("optimal"), a gap is left ("gap") or nothing is known of better ones
    ("none", the fallback without OR-Tools). `method` names what found it.
    """

    values: Mapping[str, Value]
    origins: Mapping[str, Origin] = field(default_factory=dict)
    method: str = "preference"
    amount: int | None = None
    bound: int | None = None
    proof: Proof = "optimal"

    @property
    def gap(self) -> int | None:
        """How much better a product may be at most; None where nothing is known."""
        if self.amount is None or self.bound is None:
            return None
        return abs(self.amount - self.bound)


def complete(configurator: Configurator, decisions: Sequence[Decision]) -> Completion:
    """The preferred full configuration with the decisions.

    Raises NotPossible, with the explanation, when the decisions contradict each other.
    """
    kept = tuple(decisions)
    answer = configurator.answer(kept)
    if answer.states is None:
        raise NotPossible(
            "The decisions contradict each other; nothing can be completed.",
            explanation=answer.conflict,
        )
    values = _Filling(configurator, kept, answer.states).filled()
    return Completion(values, origins(configurator, kept, answer.states, values))


def preferred_values(
    configurator: Configurator, decisions: Sequence[Decision], states: bytes
) -> dict[str, Value]:
    """Values of undecided variables that have a default or preference, as completion takes them.

    All of them fit together; what the page shows where nothing was chosen.
    """
    filling = _Filling(configurator, tuple(decisions), states)
    values = filling.filled(only_wished=True)
    return {key: value for key, value in values.items() if key not in decided(decisions)}


def origins(
    configurator: Configurator, decisions: Decisions, states: bytes, values: Mapping[str, Value]
) -> dict[str, Origin]:
    """Where each value comes from: "you", "implied", "default", or "open" for the solver's pick."""
    mine = decided(decisions)
    found: dict[str, Origin] = {}
    for key, value in values.items():
        variable = configurator.variables[key]
        if key in mine:
            found[key] = "you"
        elif len(possible_values(configurator, states, key)) == 1:
            found[key] = "implied"
        elif value == variable.default or value in variable.preferred[:1]:
            found[key] = "default"
        else:
            found[key] = "open"
    return found


def ranking(variable: Variable) -> tuple[Value, ...]:
    """A variable's values, best first: preferred, then the default, then as listed."""
    wished = variable.preferred
    if variable.default is not None:
        wished = (*wished, variable.default)
    return tuple(dict.fromkeys((*wished, *variable.values)))


def is_wished(variable: Variable) -> bool:
    """Whether a variable has a value it takes rather than others."""
    return variable.default is not None or bool(variable.preferred)


def possible_values(configurator: Configurator, states: bytes, key: str) -> tuple[Value, ...]:
    """The values a variable can have in an engine's answer, as listed."""
    return configurator.standing((), states, key).possible


def value_literal(configurator: Configurator, key: str, value: Value) -> int:
    """The solver's literal that says a variable has a value."""
    return configurator.compiled.literal(configurator.numbers([Decision(key, value)])[0])


class _Filling:
    """Fills variable after variable, asking the solver only what its last model leaves open.

    The engine does it at once where it can; the values are the same.
    """

    def __init__(self, configurator: Configurator, decisions: Decisions, states: bytes) -> None:
        self.configurator = configurator
        self.states = states
        self.decided = configurator.numbers(decisions)
        self.assumed = [configurator.compiled.literal(n) for n in self.decided]
        self.asked = 0
        self.model: list[int] = []
        variables = configurator.model.variables
        self.wished = [one for one in variables if is_wished(one)]
        self.others = [one for one in variables if not is_wished(one)]

    @property
    def prover(self) -> Prover:
        return self.configurator.explainer.plain

    def filled(self, *, only_wished: bool = False) -> dict[str, Value]:
        order = self.wished if only_wished else [*self.wished, *self.others]
        ways = {variable.key: self._ways(variable) for variable in order}
        options = [[number for _value, number in own] for own in ways.values()]
        places = self.configurator.engine.preferred(self.decided, options)
        if places is None:
            return self._asked_one_by_one(ways)
        return {key: own[place][0] for (key, own), place in zip(ways.items(), places, strict=True)}

    def _asked_one_by_one(
        self, numbered: Mapping[str, list[tuple[Value, int]]]
    ) -> dict[str, Value]:
        literal = self.configurator.compiled.literal
        ways = {key: [(v, literal(n)) for v, n in own] for key, own in numbered.items()}
        leaning = [own[0][1] for own in ways.values() if len(own) > 1]
        found: dict[str, Value] = {}
        with self.prover.lock:
            self._ask([], leaning)
            self.model = self.prover.model()
            for key, own in ways.items():
                found[key], chosen = self._best(own, leaning)
                if len(own) > 1:
                    self.assumed.append(chosen)
        return found

    def _best(self, ways: list[tuple[Value, int]], leaning: list[int]) -> tuple[Value, int]:
        """The first value the last model has, or that the solver finds a model for."""
        for value, literal in ways:
            if self.model[abs(literal) - 1] == literal:
                return value, literal
            if self.asked < MOST_QUESTIONS and self._ask([literal], leaning):
                self.model = self.prover.model()
                return value, literal
        raise AssertionError("the last model has none of the values the engine calls possible")

    def _ways(self, variable: Variable) -> list[tuple[Value, int]]:
        """The possible values of a variable, best first, with the options that say them."""
        compiled = self.configurator.compiled
        own = compiled.numbers_of[variable.key]
        if variable.kind == "boolean":
            number, state = own[0], self.states[own[0] - 1]
            by_value: dict[Value, int] = {False: -number, True: number}
            possible = {False, True} if state == OPEN else {state != FALSE}
            return [(v, by_value[v]) for v in ranking(variable) if v in possible]
        numbers = {
            compiled.options[number - 1].value: number
            for number in own
            if self.states[number - 1] != FALSE
        }
        return [(v, numbers[v]) for v in ranking(variable) if v in numbers]

    def _ask(self, more: list[int], leaning: list[int]) -> bool:
        self.asked += 1
        return self.prover.solve([*self.assumed, *more], leaning)
