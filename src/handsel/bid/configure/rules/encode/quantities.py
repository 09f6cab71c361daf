"""Quantities: numbers with thresholds, each defined once and only as far as laws ask.

A law asks for thresholds of its formula (*pull is at least 214*), the formula's staircase asks for
thresholds of the quantities in it, down to the variables. So of a quantity with thousands of
values only those have a literal that change the truth of some law.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, reduce
from itertools import pairwise
from math import lcm, prod

import numpy as np

from handsel.bid.configure.rules.encode import formulas
from handsel.bid.configure.rules.encode.formulas import (
    Atom,
    Bounds,
    Combined,
    Formula,
    Measure,
    Number,
    Numbers,
    atoms_of,
    coefficient,
    computed,
    distinct,
    extreme,
    product,
    quotient,
    total,
)
from handsel.bid.configure.rules.encode.literals import Literals, Need
from handsel.bid.configure.rules.encode.meaning import Meaning
from handsel.bid.configure.rules.encode.refusals import (
    LARGEST_RANGE,
    LISTED_COMBINATIONS,
    ModelNotFinite,
    ModelTooLarge,
)
from handsel.bid.configure.rules.expressions import (
    Calculation,
    Choice,
    Compare,
    Count,
    Expression,
    Fixed,
    Lookup,
    Ref,
    Value,
)
from handsel.ground.kernel.said import Said, said

# A divisor's values are brought to one multiple up to this.
LARGEST_MULTIPLE = 10**6

LiteralOf = Callable[[Expression, Need], int]


class Quantity:
    """A number that depends on the configuration. `values` holds all it can be, ascending."""

    def __init__(self, number: int, weight: int) -> None:
        self.number, self.weight = number, weight

    @cached_property
    def values(self) -> Numbers:
        """All it can be, ascending; perhaps some more."""
        raise NotImplementedError

    @property
    def bounds(self) -> Bounds:
        """The least and the greatest."""
        return int(self.values[0]), int(self.values[-1])

    def at_least(self, position: int, need: Need) -> int:
        """The literal of *`values[position]` or more*; `position` is not 0."""
        raise NotImplementedError


class OfVariable(Quantity):
    """A function of one variable."""

    def __init__(self, number: int, literals: Literals, key: str, column: tuple[int, ...]) -> None:
        super().__init__(number, 1)
        self._literals, self.key, self.column = literals, key, column

    @cached_property
    def _rises(self) -> bool:
        return all(one <= other for one, other in pairwise(self.column))

    @cached_property
    def values(self) -> Numbers:
        """The numbers the function takes."""
        return np.unique(np.array(self.column, dtype=np.int64))

    def at_least(self, position: int, need: Need) -> int:
        """A threshold of the variable, or a set of its values."""
        limit = int(self.values[position])
        least = self._literals.domains[self.key].least
        if least and self._rises:
            return least[bisect_left(self.column, limit)]
        members = frozenset(i for i, value in enumerate(self.column) if value >= limit)
        return self._literals.among(self.key, members, need)


class OfCondition(Quantity):
    """1 when a condition holds, else 0."""

    def __init__(self, number: int, weight: int, condition: Expression, of: LiteralOf) -> None:
        super().__init__(number, weight)
        self._condition, self._of = condition, of

    @cached_property
    def values(self) -> Numbers:
        """0 and 1."""
        return np.array([0, 1], dtype=np.int64)

    def at_least(self, position: int, need: Need) -> int:
        """The condition's own literal."""
        return self._of(self._condition, need)


class OfFormula(Quantity):
    """The result of a formula. Collects the thresholds asked for until they are defined.

    A threshold has one literal for either need: true when it must be (UP), and true only when it
    may be (DOWN). Kept apart, a change of the parts moves only what some law rests on.
    """

    def __init__(self, number: int, weight: int, formula: Formula, all_of: Quantities) -> None:
        super().__init__(number, weight)
        self.formula, self._all, self.law = formula, all_of, all_of.law
        self.literal_of: dict[Need, dict[int, int]] = {Need.UP: {}, Need.DOWN: {}}
        self.open: dict[Need, set[int]] = {Need.UP: set(), Need.DOWN: set()}

    @property
    def bounds(self) -> Bounds:
        """By the bounds of its parts, so that its values need not be listed."""
        return self._all.measure.bounds(self.formula)

    @cached_property
    def values(self) -> Numbers:
        """All results, or every number between the bounds when they are too many to list."""
        low, high = self.bounds
        atoms = [self._all[number] for number in atoms_of(self.formula)]
        if prod(len(atom.values) for atom in atoms) <= LISTED_COMBINATIONS:
            grid = np.ix_(*(atom.values for atom in atoms))
            arrays = {atom.number: side for atom, side in zip(atoms, grid, strict=True)}
            return distinct(computed(self.formula, arrays))
        if high - low > LARGEST_RANGE:
            raise ModelTooLarge(
                said(
                    "a quantity in it can be any number from %(low)s to %(high)s; "
                    "at most %(most)s numbers are possible",
                    low=f"{low:,}",
                    high=f"{high:,}",
                    most=f"{LARGEST_RANGE:,}",
                )
            )
        return np.arange(low, high + 1, dtype=np.int64)

    def at_least(self, position: int, need: Need) -> int:
        """The threshold of one of its values."""
        return self.threshold(int(self.values[position]), need)

    def threshold(self, limit: int, need: Need) -> int:
        """The literal of *`limit` or more*, to be defined before the model is done."""
        own = self.literal_of[need]
        if limit not in own:
            own[limit] = self._all.literals.builder.fresh()
            self.open[need].add(limit)
            self._all.waiting.add(self.number)
        return own[limit]


class Quantities:
    """All quantities of a model, each once."""

    def __init__(self, literals: Literals, meaning: Meaning, literal_of: LiteralOf) -> None:
        self.literals, self._meaning, self._literal_of = literals, meaning, literal_of
        self._all: list[Quantity] = []
        self._known: dict[object, Quantity] = {}
        self._terms: dict[Expression, Formula] = {}
        self.measure = Measure(lambda number: self._all[number].bounds)
        # Numbers of the quantities with thresholds that are not defined yet.
        self.waiting: set[int] = set()
        self.law = ""

    @contextmanager
    def asked_by(self, law: str) -> Iterator[None]:
        """What is asked for inside is asked for by this law; refusals name it."""
        self.law = law
        try:
            yield
        except (ModelTooLarge, ModelNotFinite) as error:
            if "law" in error.facts:
                raise
            told = error.message if isinstance(error.message, Said) else said(error.message)
            named = said("law %(law)s: %(message)s", law=law, message=told)
            raise type(error)(named, law=law) from error

    def __iter__(self) -> Iterator[Quantity]:
        return iter(self._all)

    def __getitem__(self, number: int) -> Quantity:
        return self._all[number]

    def at_least(self, formula: Formula, limit: int, need: Need) -> int:
        """The literal of *the formula comes to `limit` or more*."""
        low, high = self.measure.bounds(formula)
        if limit <= low:
            return self.literals.always()
        if limit > high:
            return -self.literals.always()
        if isinstance(formula, Atom):
            quantity = self._all[formula.number]
            position = int(np.searchsorted(quantity.values, limit))
            if position == 0:
                return self.literals.always()
            if position == len(quantity.values):  # bounds may be wider than what it can be
                return -self.literals.always()
            return quantity.at_least(position, need)
        peeled = self._peeled(formula, limit)
        if peeled is not None:
            inner, inner_limit, is_turned = peeled
            if is_turned:
                return -self.at_least(inner, inner_limit, need.turned())
            return self.at_least(inner, inner_limit, need)
        quantity = self.of_formula(formula)
        assert isinstance(quantity, OfFormula)  # noqa: S101 - only atoms are of other kinds
        return quantity.threshold(limit, need)

    def _peeled(self, formula: Formula, limit: int) -> tuple[Formula, int, bool] | None:
        """The same condition on a simpler formula, and whether it is the opposite."""
        if not isinstance(formula, Combined):
            return None
        last = formula.parts[-1]
        if formula.operator == "+" and isinstance(last, Number):
            return total(formula.parts[:-1]), limit - last.value, False
        if formula.operator == "//" and isinstance(last, Number) and last.value > 0:
            return formula.parts[0], limit * last.value, False
        factor, rest = coefficient(formula)
        if factor > 1:
            return rest, -(-limit // factor), False
        if factor < 0:
            return rest, limit // factor + 1, True
        return None

    def of_formula(self, formula: Formula) -> Quantity:
        """The quantity of a formula's result."""
        if isinstance(formula, Atom):
            return self._all[formula.number]
        weight = 1 + sum(self._all[number].weight for number in atoms_of(formula))
        return self._kept(formula, lambda number: OfFormula(number, weight, formula, self))

    def _kept(self, key: object, make: Callable[[int], Quantity]) -> Quantity:
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = make(len(self._all))
            self._all.append(found)
        return found

    def term(self, expression: Expression) -> Formula:
        """A term of the model as a formula."""
        found = self._terms.get(expression)
        if found is None:
            found = self._terms[expression] = self._term(expression)
        return found

    def _term(self, expression: Expression) -> Formula:
        support = self._meaning.support(expression)
        if not support:
            return Number(_whole(self._meaning.constant(expression)))
        if len(support) == 1:
            (key,) = support
            column = tuple(map(_whole, self._meaning.column(expression, key)))
            if len(set(column)) == 1:
                return Number(column[0])
            return self._scaled(key, column)
        if self._meaning.is_condition(expression):
            weight = 2 * self._meaning.size(expression)
            of = self._literal_of
            make = lambda number: OfCondition(number, weight, expression, of)  # noqa: E731
            return Atom(self._kept(expression, make).number)
        return self._joined(expression)

    def _scaled(self, key: str, column: tuple[int, ...]) -> Formula:
        quantity = self._kept(
            (key, column), lambda number: OfVariable(number, self.literals, key, column)
        )
        return Atom(quantity.number)

    def _joined(self, expression: Expression) -> Formula:
        if isinstance(expression, Ref):
            formula = self.term(self._meaning.derived[expression.key])
            if len(atoms_of(formula)) < 2:
                return formula
            return Atom(self.of_formula(formula).number)
        if isinstance(expression, Count):
            return total([self.term(one) for one in expression.conditions])
        if isinstance(expression, Choice):
            parts = (expression.condition, expression.then, expression.otherwise)
            truth, then, otherwise = map(self.term, parts)
            if isinstance(truth, Number):
                return then if truth.value else otherwise
            return formulas.Switch(truth, then, otherwise)
        if isinstance(expression, Lookup):
            return total([self._entry(expression.key, *entry) for entry in expression.entries])
        if not isinstance(expression, Calculation):
            raise ModelTooLarge("it uses a word where a number was expected")
        terms = [self.term(one) for one in expression.parts]
        if expression.operator == "//":
            return reduce(self._quotient, terms)
        return _calculation(expression.operator, terms)

    def _quotient(self, left: Formula, right: Formula) -> Formula:
        """Division by a variable becomes multiplication: of 5 and 20, once 4 and once 1 by 20.

        So that a product that is divided can be cut wherever that is cheapest.
        """
        factor, rest = coefficient(right)
        if not isinstance(rest, Atom) or factor < 1:
            return quotient(left, right)
        divisor = self._all[rest.number]
        if not isinstance(divisor, OfVariable) or min(divisor.column) < 1:
            return quotient(left, right)
        multiple = lcm(*divisor.column)
        if multiple > LARGEST_MULTIPLE:
            return quotient(left, right)
        times = self._scaled(divisor.key, tuple(multiple // one for one in divisor.column))
        return quotient(product([left, times]), Number(factor * multiple))

    def _entry(self, key: str, value: Value, number: int) -> Formula:
        """An entry of a table read by a derived quantity: its number when that has the value."""
        return product([Number(number), self.term(Compare("==", Ref(key), Fixed(value)))])


def _calculation(operator: str, parts: list[Formula]) -> Formula:
    if operator == "+":
        return total(parts)
    if operator == "*":
        return product(parts)
    if operator == "-":
        minus = [product([Number(-1), part]) for part in parts]
        return minus[0] if len(parts) == 1 else total([parts[0], *minus[1:]])
    return extreme("min" if operator == "min" else "max", parts)


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise ModelTooLarge(
            said("it uses the word %(value)s where a number was expected", value=repr(value))
        )
    return int(value)
