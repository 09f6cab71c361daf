"""A product model stated for CP-SAT, straight from its expressions.

Written without a look at the encoder, so that the two can be held against each other: no
thresholds, no diagrams, every law an equivalence with a truth of its own.
"""

from __future__ import annotations

from functools import reduce
from typing import TypeAlias

from ortools.sat.python import cp_model
from ortools.sat.python.cp_model_helper import Literal

from handsel.bid.configure.rules.expressions import (
    Calculation,
    Choice,
    Compare,
    Count,
    Expression,
    Fixed,
    Logic,
    Lookup,
    Not,
    OneOf,
    Ref,
    Value,
)
from handsel.bid.configure.rules.model import Law, ProductModel, TableLaw, Variable

Truth: TypeAlias = Literal
Affine: TypeAlias = cp_model.LinearExpr | int

# CP-SAT wants bounds well inside 64 bits.
LARGEST = 2**60


class NotStated(ValueError):
    """An expression CP-SAT cannot be given: a divisor that may be zero, numbers past 60 bits."""


class Number:
    """A number in the solver: an affine expression and its bounds."""

    def __init__(self, affine: Affine, low: int, high: int) -> None:
        if max(abs(low), abs(high)) > LARGEST:
            raise NotStated("a number in the model can pass 60 bits")
        self.affine, self.low, self.high = affine, low, high


class Statement:
    """The model's variables and laws in a CpModel."""

    def __init__(self, model: ProductModel) -> None:
        self.model = model
        self.solver_model = cp_model.CpModel()
        self.variables: dict[str, Variable] = {one.key: one for one in model.variables}
        self.derived = {one.key: one.expression for one in model.derived}
        # By key: the position of the value in the variable's list.
        self.positions = {
            one.key: self.solver_model.new_int_var(0, len(one.values) - 1, one.key)
            for one in model.variables
        }
        self._truths: dict[tuple[str, int], Truth] = {}
        self._numbers: dict[Expression, Number] = {}
        self._literals: dict[Expression, Truth] = {}
        for law in model.laws:
            self._state(law)

    def _state(self, law: Law | TableLaw) -> None:
        if isinstance(law, Law):
            self.solver_model.add_bool_or([self.literal(law.condition)])
            return
        index = [self._index(key) for key in law.scope]
        rows = [
            [own[value] for own, value in zip(index, row, strict=True)]
            for row in law.rows
            if all(value in own for own, value in zip(index, row, strict=True))
        ]
        if rows:
            scope = [self.positions[key] for key in law.scope]
            self.solver_model.add_allowed_assignments(scope, rows)
        else:
            self.solver_model.add_bool_or([])

    def _index(self, key: str) -> dict[Value, int]:
        return {value: position for position, value in enumerate(self.variables[key].values)}

    def has(self, key: str, value: Value) -> Truth:
        """The literal of a variable having a value."""
        position = self._index(key).get(value)
        if position is None:
            return self.solver_model.new_constant(0)
        if (key, position) not in self._truths:
            truth = self._truths[key, position] = self._truth()
            self.solver_model.add(self.positions[key] == position).only_enforce_if(truth)
            self.solver_model.add(self.positions[key] != position).only_enforce_if(~truth)
        return self._truths[key, position]

    def _truth(self) -> Truth:
        return self.solver_model.new_bool_var("")

    def number(self, expression: Expression) -> Number:
        """A term, or a condition counted as 0 or 1."""
        found = self._numbers.get(expression)
        if found is None:
            found = self._numbers[expression] = self._number(expression)
        return found

    def _number(self, expression: Expression) -> Number:
        match expression:
            case Fixed(bool() | int() as value):
                return Number(int(value), int(value), int(value))
            case Ref(key) if key in self.derived:
                return self.number(self.derived[key])
            case Ref(key):
                values = self.variables[key].values
                return self._read(key, {value: _whole(value) for value in values})
            case Lookup(key, entries):
                return self._read(key, dict(entries))
            case Calculation(operator, parts):
                return self._calculated(operator, [self.number(part) for part in parts])
            case Choice(condition, then, otherwise):
                return self._chosen(self.literal(condition), self.number(then), otherwise)
            case Count(conditions):
                truths = [self.literal(one) for one in conditions]
                return Number(sum(truths), 0, len(truths))
        return Number(self.literal(expression), 0, 1)

    def _fresh(self, low: int, high: int) -> Number:
        if max(abs(low), abs(high)) > LARGEST:
            raise NotStated("a number in the model can pass 60 bits")
        return Number(self.solver_model.new_int_var(low, high, ""), low, high)

    def _read(self, key: str, entries: dict[Value, int]) -> Number:
        """A number by the value of a variable, or of a derived quantity."""
        found = self._fresh(min(entries.values()), max(entries.values()))
        if key in self.derived:
            inner = self.number(self.derived[key]).affine
            pairs = [(_whole(value), number) for value, number in entries.items()]
        else:
            inner, index = self.positions[key], self._index(key)
            pairs = [(index[value], number) for value, number in entries.items() if value in index]
        self.solver_model.add_allowed_assignments([inner, found.affine], pairs)
        return found

    def _chosen(self, truth: Truth, then: Number, expression: Expression) -> Number:
        otherwise = self.number(expression)
        found = self._fresh(min(then.low, otherwise.low), max(then.high, otherwise.high))
        self.solver_model.add(found.affine == then.affine).only_enforce_if(truth)
        self.solver_model.add(found.affine == otherwise.affine).only_enforce_if(~truth)
        return found

    def _calculated(self, operator: str, parts: list[Number]) -> Number:
        if operator == "-" and len(parts) == 1:
            return Number(-parts[0].affine, -parts[0].high, -parts[0].low)
        if operator in ("min", "max"):
            return self._extreme(operator, parts)
        two = {"+": _plus, "-": _minus, "*": self._times, "//": self._divided}
        return reduce(two[operator], parts)

    def _extreme(self, operator: str, parts: list[Number]) -> Number:
        pick = min if operator == "min" else max
        found = self._fresh(pick(one.low for one in parts), pick(one.high for one in parts))
        affine = [one.affine for one in parts]
        if operator == "min":
            self.solver_model.add_min_equality(found.affine, affine)
        else:
            self.solver_model.add_max_equality(found.affine, affine)
        return found

    def _times(self, left: Number, right: Number) -> Number:
        corners = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
        if left.low == left.high:
            return Number(right.affine * left.low, min(corners), max(corners))
        if right.low == right.high:
            return Number(left.affine * right.low, min(corners), max(corners))
        found = self._fresh(min(corners), max(corners))
        self.solver_model.add_multiplication_equality(found.affine, [left.affine, right.affine])
        return found

    def _divided(self, left: Number, right: Number) -> Number:
        """Floor: left = right * quotient + rest, the rest between zero and the divisor."""
        if right.low <= 0 <= right.high:
            raise NotStated("a law divides by a number that can be zero")
        corners = [a // b for a in (left.low, left.high) for b in (right.low, right.high)]
        found = self._fresh(min(corners), max(corners))
        rest = self._fresh(min(right.low + 1, 0), max(right.high - 1, 0))
        whole = self._times(right, found)
        self.solver_model.add(left.affine == whole.affine + rest.affine)
        if right.low > 0:
            self.solver_model.add(rest.affine >= 0)
            self.solver_model.add(rest.affine <= right.affine - 1)
        else:
            self.solver_model.add(rest.affine <= 0)
            self.solver_model.add(rest.affine >= right.affine + 1)
        return found

    def literal(self, condition: Expression) -> Truth:
        """A literal that is true exactly when the condition holds."""
        found = self._literals.get(condition)
        if found is None:
            found = self._literals[condition] = self._literal(condition)
        return found

    def _literal(self, condition: Expression) -> Truth:
        match condition:
            case Fixed(value):
                return self.solver_model.new_constant(int(bool(value)))
            case Ref(key) if key in self.derived and self._is_condition(self.derived[key]):
                return self.literal(self.derived[key])
            case Ref(key) if key in self.variables and True in self.variables[key].values:
                return self.has(key, True)
            case OneOf(key, values) if key in self.variables:
                return self._any([self.has(key, value) for value in values])
            case OneOf(key, values):
                same = [Compare("==", Ref(key), Fixed(value)) for value in values]
                return self._any([self.literal(one) for one in same])
            case Not(inner):
                return ~self.literal(inner)
            case Logic(connective, conditions):
                return self._joined(connective, [self.literal(one) for one in conditions])
            case Compare(operator, left, right):
                return self._compared(operator, left, right)
        return self._compared("!=", condition, Fixed(0))

    def _is_condition(self, expression: Expression) -> bool:
        if isinstance(expression, Ref) and expression.key in self.derived:
            return self._is_condition(self.derived[expression.key])
        return isinstance(expression, OneOf | Not | Logic | Compare)

    def _joined(self, connective: str, parts: list[Truth]) -> Truth:
        if connective == "and":
            return ~self._any([~part for part in parts])
        if connective == "or":
            return self._any(parts)
        left, right = parts
        if connective == "implies":
            return self._any([~left, right])
        truth = self._truth()
        self.solver_model.add(left == right).only_enforce_if(truth)
        self.solver_model.add(left != right).only_enforce_if(~truth)
        return truth if connective == "iff" else ~truth

    def _any(self, parts: list[Truth]) -> Truth:
        truth = self._truth()
        self.solver_model.add_bool_or(parts).only_enforce_if(truth)
        self.solver_model.add_bool_and([~part for part in parts]).only_enforce_if(~truth)
        return truth

    def _compared(self, operator: str, left: Expression, right: Expression) -> Truth:
        if self._is_word(left) or self._is_word(right):
            same = self._same_word(left, right)
            return same if operator == "==" else ~same
        one, other = self.number(left).affine, self.number(right).affine
        turned = {"!=": "==", ">": "<=", "<": ">="}
        truth, model = self._truth(), self.solver_model
        difference = one - other
        match turned.get(operator, operator):
            case "==":
                model.add(difference == 0).only_enforce_if(truth)
                model.add(difference != 0).only_enforce_if(~truth)
            case "<=":
                model.add(difference <= 0).only_enforce_if(truth)
                model.add(difference >= 1).only_enforce_if(~truth)
            case ">=":
                model.add(difference >= 0).only_enforce_if(truth)
                model.add(difference <= -1).only_enforce_if(~truth)
        return ~truth if operator in turned else truth

    def _is_word(self, expression: Expression) -> bool:
        if isinstance(expression, Ref):
            if expression.key in self.derived:
                return self._is_word(self.derived[expression.key])
            return any(isinstance(one, str) for one in self.variables[expression.key].values)
        return isinstance(expression, Fixed) and isinstance(expression.value, str)

    def _same_word(self, left: Expression, right: Expression) -> Truth:
        pairs = [
            ~self._any([~self._word(left, value), ~self._word(right, value)])
            for value in {*self._words(left), *self._words(right)}
        ]
        return self._any(pairs)

    def _words(self, expression: Expression) -> tuple[Value, ...]:
        if isinstance(expression, Ref):
            inner = self.derived.get(expression.key)
            return self.variables[expression.key].values if inner is None else self._words(inner)
        return (expression.value,) if isinstance(expression, Fixed) else ()

    def _word(self, expression: Expression, value: Value) -> Truth:
        if isinstance(expression, Ref) and expression.key in self.derived:
            return self._word(self.derived[expression.key], value)
        if isinstance(expression, Ref):
            return self.has(expression.key, value)
        is_it = isinstance(expression, Fixed) and expression.value == value
        return self.solver_model.new_constant(int(is_it))


def _plus(left: Number, right: Number) -> Number:
    return Number(left.affine + right.affine, left.low + right.low, left.high + right.high)


def _minus(left: Number, right: Number) -> Number:
    return Number(left.affine - right.affine, left.low - right.high, left.high - right.low)


def _whole(value: Value) -> int:
    if isinstance(value, str):
        raise NotStated(f"the word {value!r} stands where a number was expected")
    return int(value)
