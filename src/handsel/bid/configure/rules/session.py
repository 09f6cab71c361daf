"""A session: decisions in order, and what they leave.

A Configurator is a model made ready to answer; it never changes and all sessions share it. A
session is nothing but its decisions, so undo is a shorter tuple, and the order of decisions means
nothing to the answer.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress
from typing import Literal

from handsel.bid.configure.errors import NotPossible
from handsel.bid.configure.rules.compiled import Compiled
from handsel.bid.configure.rules.decisions import (
    Decision,
    Decisions,
    decided,
    numbers,
    replaced,
)
from handsel.bid.configure.rules.engine import (
    FALSE,
    OPEN,
    TRUE,
    Engine,
    changed_options,
    open_engine,
)
from handsel.bid.configure.rules.explain import Explainer, Explanation
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.model import Law, ProductModel, Variable
from handsel.ground.kernel.said import said

Origin = Literal["you", "implied", "default", "open"]


@dataclass(frozen=True, slots=True)
class Standing:
    """One variable after some decisions.

    `possible` are the values some valid product with these decisions has, `removed` the others the
    model declares. `value` is set where it was decided (origin "you") or only one value is left
    ("implied").
    """

    variable: Variable
    possible: tuple[Value, ...]
    removed: tuple[Value, ...]
    value: Value | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Configurator:
    """A model made ready to answer. `explainer` builds its solvers when first asked."""

    model: ProductModel
    compiled: Compiled
    engine: Engine
    explainer: Explainer
    variables: Mapping[str, Variable] = field(compare=False)
    _booleans: bytes = field(repr=False, compare=False)

    @staticmethod
    def of(
        compiled: Compiled, model: ProductModel | None = None, engine: Engine | None = None
    ) -> Configurator:
        """A configurator; without a model (DIMACS), one made of the options' names."""
        model = model or _model_of(compiled)
        engine = engine or open_engine(compiled)
        return Configurator(
            model,
            compiled,
            engine,
            Explainer(compiled, engine, _structural(model)),
            {variable.key: variable for variable in model.variables},
            bytes(option.value is True for option in compiled.options),
        )

    def numbers(self, decisions: Iterable[Decision]) -> list[int]:
        """The engine's numbers of decisions. Raises UnknownOption."""
        return [number for one in decisions for number in numbers(self.compiled, one)]

    def answer(self, decisions: Iterable[Decision]) -> Answer:
        """What the decisions leave; `conflict` is set when they contradict each other.

        Raises UnknownOption for a variable or value the model does not have.
        """
        kept = tuple(decisions)
        states = self.engine.domains(self.numbers(kept))
        return Answer(self, kept, states)

    def decide(self, decisions: Sequence[Decision], new: Decision) -> Answer:
        """The answer after one more decision, which takes the place of what it answers anew.

        Raises NotPossible, with `facts["explanation"]`, when no valid product has all of it; no
        other decision is ever given up for it.
        """
        kept = replaced(decisions, new)
        answer = self.answer(kept)
        if answer.states is None:
            explanation = self.explainer.explain(kept[:-1], new)
            raise NotPossible(
                said(
                    "No valid product has %(new)s together with what was decided before.", new=new
                ),
                explanation=explanation,
            )
        return answer

    def is_possible(self, decisions: Iterable[Decision]) -> bool:
        """Whether some valid product fulfils the decisions."""
        return self.engine.solve(self.numbers(decisions))

    def explain(
        self, decisions: Sequence[Decision], wish: Decision, *, smallest: bool = False
    ) -> Explanation | None:
        """Why a wish cannot be had after the decisions; None when it can."""
        return self.explainer.explain(decisions, wish, smallest=smallest)

    def standing(self, chosen: Container[str], states: bytes, key: str) -> Standing:
        """One variable's standing in an engine's answer; `chosen` are the variables decided."""
        variable = self.variables[key]
        own = self.compiled.numbers_of[key]
        if self._booleans[own[0] - 1]:
            possible = _of_boolean(states[own[0] - 1])
            removed: tuple[Value, ...] = tuple(v for v in (False, True) if v not in possible)
        else:
            options = self.compiled.options
            possible = tuple(options[k - 1].value for k in own if states[k - 1] != FALSE)
            removed = tuple(options[k - 1].value for k in own if states[k - 1] == FALSE)
        value = possible[0] if len(possible) == 1 else None
        origin: Origin = "open" if value is None else "implied"
        if key in chosen:
            origin = "you"
        return Standing(variable, possible, removed, value, origin)

    def counts(self, decisions: Decisions, states: bytes) -> tuple[int, int]:
        """Values remaining and removed.

        Remaining are the possible values of undecided variables plus one for each decided;
        removed are the impossible declared values of undecided variables.
        """
        booleans = states
        remaining = removed = 0
        if 0 in self._booleans:
            booleans = bytes(compress(states, self._booleans))
            values = bytes(compress(states, self._booleans.translate(_OTHER)))
            removed = values.count(FALSE)
            remaining = len(values) - removed
        remaining += len(booleans) + booleans.count(OPEN)
        removed += len(booleans) - booleans.count(OPEN)
        chosen = decided(decisions)
        for key in chosen:
            own = self.standing(chosen, states, key)
            remaining += 1 - len(own.possible)
            removed -= len(own.removed)
        return remaining, removed


@dataclass(frozen=True)
class Answer:
    """What decisions leave of a model. Standings are made when asked for; states are flat.

    `states` has a byte an option (0 open, 1 true, 2 false); None when the decisions contradict.
    """

    configurator: Configurator
    decisions: Decisions
    states: bytes | None

    @cached_property
    def conflict(self) -> Explanation | None:
        """Why the decisions cannot stand together; None when they can."""
        if self.states is not None:
            return None
        return self.configurator.explainer.explain(self.decisions)

    def of(self, key: str) -> Standing:
        """The standing of one variable. Raises NotPossible when the decisions contradict."""
        return self.configurator.standing(self._chosen, self._states, key)

    def standings(self) -> Iterator[Standing]:
        """All variables in the model's order."""
        return (self.of(variable.key) for variable in self.configurator.model.variables)

    @property
    def remaining(self) -> int:
        """Possible values of undecided variables, plus one for each decided."""
        return self._counts[0]

    @property
    def removed(self) -> int:
        """Declared values of undecided variables that are impossible."""
        return self._counts[1]

    def changed_since(self, before: Answer) -> list[Standing]:
        """Standings of the variables that differ from an earlier answer of the same model."""
        earlier = before._states
        options = self.configurator.compiled.options
        keys = {options[n - 1].variable: None for n in changed_options(earlier, self._states)}
        for key in self._chosen.keys() ^ before._chosen.keys():
            keys[key] = None
        return [self.of(key) for key in keys]

    @cached_property
    def _chosen(self) -> dict[str, Value]:
        return decided(self.decisions)

    @cached_property
    def _counts(self) -> tuple[int, int]:
        return self.configurator.counts(self.decisions, self._states)

    @property
    def _states(self) -> bytes:
        if self.states is None:
            raise NotPossible("The decisions contradict each other.", explanation=self.conflict)
        return self.states


_OTHER = bytes([1, 0]) + bytes(254)


def _structural(model: ProductModel) -> frozenset[str]:
    return frozenset(law.key for law in model.laws if isinstance(law, Law) and law.is_structural)


def _of_boolean(state: int) -> tuple[Value, ...]:
    if state == OPEN:
        return (False, True)
    return (True,) if state == TRUE else (False,)


def _model_of(compiled: Compiled) -> ProductModel:
    variables = []
    for key, own in compiled.numbers_of.items():
        values = tuple(compiled.options[number - 1].value for number in own)
        if values == (True,):
            variables.append(Variable(key, "boolean", (False, True)))
        elif all(isinstance(value, int) for value in values):
            variables.append(Variable(key, "integer", values))
        else:
            variables.append(Variable(key, "enumeration", values))
    return ProductModel("model", tuple(variables), ())
