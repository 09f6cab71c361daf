"""Complete domains of a compiled model by asking a solver option after option: slow and plain."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence

from pysat.solvers import Solver

from handsel.bid.configure.rules.compiled import Compiled, Option
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.model import ProductModel


class Backbone:
    """A compiled model in a solver of its own."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.solver = Solver("g4", bootstrap_with=compiled.clauses())
        self.literals = compiled.option_literals.tolist()

    def states(self, literals: Sequence[int]) -> bytes | None:
        """By option 0 open, 1 true in all products, 2 false in all; None without any product."""
        assumed = list(literals)
        if not self.solver.solve(assumptions=assumed):
            return None
        states = bytearray(len(self.literals))
        model = self.solver.get_model()
        unclear = {at: self._is_true(model, one) for at, one in enumerate(self.literals)}
        while unclear:
            at, truth = next(iter(unclear.items()))
            literal = self.literals[at]
            if self.solver.solve(assumptions=[*assumed, -literal if truth else literal]):
                model = self.solver.get_model()
                for other in list(unclear):
                    if self._is_true(model, self.literals[other]) != unclear[other]:
                        del unclear[other]
            else:
                states[at] = 1 if truth else 2
                del unclear[at]
        return bytes(states)

    def digest(self, decisions: Sequence[int]) -> str:
        """The digest the stored sessions keep, after some decisions."""
        states = self.states([self.compiled.literal(one) for one in decisions])
        return hashlib.sha256(states or b"").hexdigest()[:16]

    def domains(
        self, model: ProductModel, chosen: Mapping[str, Value]
    ) -> dict[str, tuple[Value, ...]] | None:
        """By variable the values left after some choices."""
        states = self.states([self.literal(*choice) for choice in chosen.items()])
        if states is None:
            return None
        found: dict[str, tuple[Value, ...]] = {}
        for variable in model.variables:
            numbers = self.compiled.numbers_of[variable.key]
            left = tuple(self.compiled.options[n - 1].value for n in numbers if states[n - 1] != 2)
            if variable.kind == "boolean":
                left = tuple(
                    value
                    for value, barred in ((False, 1), (True, 2))
                    if states[numbers[0] - 1] != barred
                )
            found[variable.key] = left
        return found

    def literal(self, key: str, value: Value) -> int:
        """The literal of a choice."""
        if isinstance(value, bool):
            yes = self.compiled.literal(self.compiled.number_of[Option(key, True)])
            return yes if value else -yes
        return self.compiled.literal(self.compiled.number_of[Option(key, value)])

    def _is_true(self, model: Sequence[int], literal: int) -> bool:
        return model[abs(literal) - 1] == literal


def random_choices(
    model: ProductModel, backbone: Backbone, luck: random.Random
) -> dict[str, Value]:
    """Up to twelve choices, nine times in ten such that they fit together."""
    drawn = luck.sample(model.variables, luck.randint(0, 12))
    chosen = {one.key: luck.choice(one.values) for one in drawn}
    if luck.random() < 0.1:
        return chosen
    kept: dict[str, Value] = {}
    for key, value in chosen.items():
        literals = [backbone.literal(*choice) for choice in {**kept, key: value}.items()]
        if backbone.solver.solve(assumptions=literals):
            kept[key] = value
    return kept
