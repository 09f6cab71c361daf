"""The oracle's answers: valid domains by solving again and again, the best configuration."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from ortools.sat.python import cp_model

from handsel.bid.configure.rules.expressions import Expression, Value
from handsel.bid.configure.rules.model import ProductModel
from handsel.bid.configure.rules.oracle.statement import Statement

# Effort of one question that only looks for values not seen yet: any answer is progress.
ROUND_EFFORT = 1


class Best(NamedTuple):
    """A full configuration, what the objective comes to, and what is known of better ones.

    No configuration can come below `bound` (above it when maximizing); `proven` says that
    `value` is the optimum. `assignment` is None when no configuration was found; with `proven`
    there is none.
    """

    assignment: dict[str, Value] | None
    value: int
    bound: int
    proven: bool


class Oracle:
    """Answers about one model. Deterministic; slow, and right."""

    def __init__(self, model: ProductModel) -> None:
        self.model = model
        self._statement = Statement(model)
        self._literals = {
            (one.key, value): self._statement.has(one.key, value)
            for one in model.variables
            for value in one.values
        }

    def valid_domains(
        self,
        chosen: Mapping[str, Value],
        excluded: Collection[tuple[str, Value]] = (),
    ) -> dict[str, tuple[Value, ...]] | None:
        """By variable the values some valid configuration has; None when there is none."""
        model = self._decided(chosen, excluded)
        unseen = dict(self._literals)
        while unseen:
            asked = model.clone()
            looked_for = list(unseen.values())
            asked.add_bool_or(looked_for)
            asked.maximize(sum(looked_for))
            solver = _solver()
            solver.parameters.max_deterministic_time = ROUND_EFFORT
            status = solver.solve(asked)
            if status == cp_model.UNKNOWN:
                asked = model.clone()
                asked.add_bool_or(looked_for)
                solver = _solver()
                status = solver.solve(asked)
            if status == cp_model.INFEASIBLE:
                break
            for key, literal in list(unseen.items()):
                if solver.boolean_value(literal):
                    del unseen[key]
        found = {
            one.key: tuple(value for value in one.values if (one.key, value) not in unseen)
            for one in self.model.variables
        }
        return None if any(not values for values in found.values()) else found

    def some_has(
        self, chosen: Mapping[str, Value], values: Collection[tuple[str, Value]]
    ) -> dict[str, Value] | None:
        """A valid configuration with these choices and one of these values; None, proved, if none.

        In one question, so that values known to be impossible are held against the model at once.
        """
        model = self._decided(chosen, ())
        model.add_bool_or([self._literals[pair] for pair in values])
        solver = _solver()
        return None if solver.solve(model) == cp_model.INFEASIBLE else self._assignment(solver)

    def best(
        self,
        chosen: Mapping[str, Value],
        objective: Expression,
        *,
        seconds: float = 10,
        hint: Mapping[str, Value] | None = None,
        is_maximized: bool = False,
        first_of_ties: bool = False,
    ) -> Best:
        """The configuration with the least (greatest) objective, within a time.

        With `first_of_ties`, among the best ones that which has, variable after variable, the
        first value in list order; only asked when the optimum is proven.
        """
        number = self._statement.number(objective)
        model = self._decided(chosen, ())
        self._hint(model, hint or {})
        if is_maximized:
            model.maximize(number.affine)
        else:
            model.minimize(number.affine)
        solver = _solver(seconds)
        status = solver.solve(model)
        worst = number.low if is_maximized else number.high
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            bound = number.high if is_maximized else number.low
            return Best(None, worst, bound, status == cp_model.INFEASIBLE)
        amount, proven = round(solver.objective_value), status == cp_model.OPTIMAL
        assignment = self._assignment(solver)
        if first_of_ties and proven:
            model = self._decided(chosen, ())
            model.add(number.affine == amount)
            assignment = self._first(model, assignment)
        return Best(assignment, amount, round(solver.best_objective_bound), proven)

    def _first(self, model: cp_model.CpModel, assignment: dict[str, Value]) -> dict[str, Value]:
        """The first assignment in the order of variables and values."""
        for variable in self.model.variables:
            position = self._statement.positions[variable.key]
            at = self._position(variable.key, assignment[variable.key])
            if at:
                asked = model.clone()
                self._hint(asked, assignment)
                asked.minimize(position)
                solver = _solver()
                solver.solve(asked)
                assignment = self._assignment(solver)
                at = solver.value(position)
            model.add(position == at)
        return assignment

    def _decided(
        self, chosen: Mapping[str, Value], excluded: Collection[tuple[str, Value]]
    ) -> cp_model.CpModel:
        model = self._statement.solver_model.clone()
        for pair in chosen.items():
            model.add_bool_or([self._literals[pair]])
        for pair in excluded:
            model.add_bool_or([~self._literals[pair]])
        return model

    def _hint(self, model: cp_model.CpModel, values: Mapping[str, Value]) -> None:
        for key, value in values.items():
            model.add_hint(self._statement.positions[key], self._position(key, value))

    def _position(self, key: str, value: Value) -> int:
        return self._statement.variables[key].values.index(value)

    def _assignment(self, solver: cp_model.CpSolver) -> dict[str, Value]:
        return {
            one.key: one.values[solver.value(self._statement.positions[one.key])]
            for one in self.model.variables
        }


def _solver(seconds: float | None = None) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    if seconds is not None:
        solver.parameters.max_time_in_seconds = seconds
    return solver


def valid_domains(
    model: ProductModel, chosen: Mapping[str, Value], excluded: Collection[tuple[str, Value]] = ()
) -> dict[str, tuple[Value, ...]] | None:
    """By variable the values some valid configuration with these choices has; None without any."""
    return Oracle(model).valid_domains(chosen, excluded)


def best(
    model: ProductModel,
    chosen: Mapping[str, Value],
    objective: Expression,
    *,
    seconds: float = 10,
    hint: Mapping[str, Value] | None = None,
) -> Best:
    """The configuration with the least objective; see `Oracle.best`."""
    return Oracle(model).best(chosen, objective, seconds=seconds, hint=hint)
