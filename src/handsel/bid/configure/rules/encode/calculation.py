"""Laws as steps of a calculation, beside the clauses made of them.

Where laws calculate, a product is found far sooner over the model's own variables than over the
thresholds of all quantities between. So the engine may calculate the laws of a product itself; what
it cannot find so is left to the clauses. Steps work on a stack: a number or a column of numbers (by
the value of a variable) is put on it, an operation takes its parts from it.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import chain
from math import prod

from handsel.bid.configure.rules.compiled import Steps
from handsel.bid.configure.rules.encode.meaning import Meaning
from handsel.bid.configure.rules.encode.refusals import ModelNotFinite
from handsel.bid.configure.rules.expressions import (
    Calculation,
    Choice,
    Compare,
    Count,
    Expression,
    Fixed,
    Logic,
    Not,
    OneOf,
    Ref,
    Value,
)
from handsel.bid.configure.rules.model import Law, ProductModel, TableLaw, Variable

# The kernel's numbers for them; see kernel/direct.h.
STEPS = (
    *("constant", "column", "+", "-", "*", "//", "min", "max"),
    *("==", "!=", "<", "<=", "and", "or", "not", "chosen"),
)
CODE = {name: number for number, name in enumerate(STEPS)}

MOST_VARIABLES = 255
MOST_VALUES = 8192
MOST_STEPS = 4096
MOST_ROW_CHECKS = 2_000_000
# Numbers are kept in 64 bits; nothing between may come near that.
LARGEST = 1 << 60
# Worth it where so many of the solver's variables stand for quantities between.
VARIABLES_AN_OPTION = 4


class NotCalculated(Exception):
    """A law is not brought to steps; the clauses say it all the same."""


def calculated(model: ProductModel, n_variables: int) -> Steps | None:
    """The laws as steps; None where that is not possible or not worth it."""
    variables = model.variables
    n_options = sum(1 if _is_truth(one) else len(one.values) for one in variables)
    if n_variables < VARIABLES_AN_OPTION * n_options or any(one.listed for one in variables):
        return None
    if len(variables) > MOST_VARIABLES or sum(len(one.values) for one in variables) > MOST_VALUES:
        return None
    try:
        return _Writer(model).written()
    except (NotCalculated, ModelNotFinite):
        return None


def _is_truth(variable: Variable) -> bool:
    return variable.kind == "boolean"


class _Writer:
    def __init__(self, model: ProductModel) -> None:
        self.model, self.meaning = model, Meaning(model)
        self.index = {one.key: at for at, one in enumerate(model.variables)}
        if any(one.values != (False, True) for one in model.variables if _is_truth(one)):
            raise NotCalculated
        counts = [0 if _is_truth(one) else len(one.values) for one in model.variables]
        self.all = Steps(array("i", counts))
        self._columns: dict[tuple[int, ...], int] = {}
        self._words: dict[str, int] = {}

    def written(self) -> Steps:
        for law in self.model.laws:
            if isinstance(law, TableLaw):
                keys: Sequence[str] = law.scope
                self._table(law)
            else:
                keys = [key for key in self.index if key in self.meaning.support(law.condition)]
                self._law(law)
            self.all.scope.extend(self.index[key] for key in keys)
            self.all.starts.append(len(self.all.scope))
            self.all.step_starts.append(len(self.all.steps) // 3)
        return self.all

    def _law(self, law: Law) -> None:
        self._write(law.condition)

    def _table(self, law: TableLaw) -> None:
        sizes = [len(self.meaning.variables[key].values) for key in law.scope]
        if len(set(law.scope)) < len(law.scope):
            raise NotCalculated
        if len(law.rows) * len(sizes) * prod(sizes) > MOST_ROW_CHECKS:
            raise NotCalculated
        self._step("constant", at=self._column([0]))
        for row in law.rows:
            for place, (key, value) in enumerate(zip(law.scope, row, strict=True)):
                self._write(Compare("==", Ref(key), Fixed(value)))
                if place:
                    self._step("and")
            self._step("or")

    def _step(self, what: str, variable: int = 0, at: int = 0) -> None:
        self.all.steps.extend((CODE[what], variable, at))
        if len(self.all.steps) // 3 - self.all.step_starts[-1] > MOST_STEPS:
            raise NotCalculated

    def _column(self, values: Sequence[Value]) -> int:
        numbers = tuple(map(self._number, values))
        found = self._columns.get(numbers)
        if found is None:
            found = self._columns[numbers] = len(self.all.numbers)
            self.all.numbers.extend(numbers)
        return found

    def _number(self, value: Value) -> int:
        """Words as numbers that nothing else is; they are only ever compared for being the same."""
        if isinstance(value, str):
            return LARGEST + self._words.setdefault(value, len(self._words))
        return int(value)

    def _write(self, one: Expression) -> tuple[int, int]:
        """Write an expression's steps; the least and greatest it can come to."""
        support = self.meaning.support(one)
        if len(support) > 1:
            return _within(self._joined(one))
        if support:
            (key,) = support
            column = self.meaning.column(one, key)
            self._step("column", self.index[key], self._column(column))
        else:
            column = [self.meaning.constant(one)]
            self._step("constant", at=self._column(column))
        numbers = [one for one in column if not isinstance(one, str)]
        return _within((min(numbers, default=0), max(numbers, default=0)))

    def _joined(self, one: Expression) -> tuple[int, int]:
        match one:
            case Ref(key):
                return self._write(self.meaning.derived[key])
            case Calculation(operator, parts):
                return self._calculation(operator, parts)
            case Choice(condition, then, otherwise):
                self._write(condition)
                bounds = [self._write(then), self._write(otherwise)]
                self._step("chosen")
                return min(low for low, _ in bounds), max(high for _, high in bounds)
            case Count(conditions):
                self._count(conditions)
                return 0, len(conditions)
            case _:
                self._condition(one)
                return 0, 1

    def _count(self, conditions: Sequence[Expression]) -> None:
        for place, condition in enumerate(conditions):
            self._truth(condition)
            if place:
                self._step("+")

    def _condition(self, one: Expression) -> None:
        match one:
            case Compare(operator, left, right):
                sides = (right, left) if operator in (">", ">=") else (left, right)
                for side in sides:
                    self._write(side)
                self._step({">": "<", ">=": "<="}.get(operator, operator))
            case Not(condition):
                self._write(condition)
                self._step("not")
            case Logic(connective, conditions):
                self._logic(connective, conditions)
            case OneOf(key, values):
                each = [Compare("==", Ref(key), Fixed(value)) for value in sorted(values, key=str)]
                self._logic("or", each)
            case _:
                raise NotCalculated

    def _calculation(self, operator: str, parts: Sequence[Expression]) -> tuple[int, int]:
        if operator == "-" and len(parts) == 1:
            parts = (Fixed(0), *parts)
        bounds = self._write(parts[0])
        for part in parts[1:]:
            other = self._write(part)
            self._step(operator)
            bounds = _within(_bounds(operator, bounds, other))
        return bounds

    def _logic(self, connective: str, conditions: Sequence[Expression]) -> None:
        if connective in ("and", "or"):
            for place, condition in enumerate(conditions):
                self._write(condition)
                if place:
                    self._step(connective)
            return
        left, right = conditions
        self._truth(left)
        if connective == "implies":
            self._step("not")
        self._truth(right)
        self._step({"implies": "or", "iff": "==", "xor": "!="}[connective])

    def _truth(self, condition: Expression) -> None:
        """A condition as 0 or 1."""
        self._write(condition)
        self._step("not")
        self._step("not")


def _bounds(operator: str, one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    if operator == "+":
        return one[0] + other[0], one[1] + other[1]
    if operator == "-":
        return one[0] - other[1], one[1] - other[0]
    if operator == "//":
        largest = max(map(abs, one))
        return -largest, largest
    ends = [left * right for left in one for right in other] if operator == "*" else None
    ends = ends or list(chain(one, other))
    return min(ends), max(ends)


def _within(bounds: tuple[int, int]) -> tuple[int, int]:
    if max(map(abs, bounds)) >= LARGEST:
        raise NotCalculated
    return bounds
