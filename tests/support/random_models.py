"""Small random product models with every kind of expression; what their laws say by evaluate."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

from handsel.bid.configure.rules.expressions import (
    Arithmetic,
    Assignment,
    Calculation,
    Choice,
    Compare,
    Connective,
    Count,
    Expression,
    Fixed,
    Logic,
    Lookup,
    Not,
    OneOf,
    Ref,
    Value,
    evaluate,
)
from handsel.bid.configure.rules.model import Derived, Kind, Law, ProductModel, TableLaw, Variable

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


def random_model(seed: int) -> ProductModel:
    """Up to four variables of up to six values, up to three quantities and four laws."""
    return _Drawing(random.Random(seed)).model()


def assignments(model: ProductModel) -> Iterator[dict[str, Value]]:
    """Every combination of values, valid or not, the first variable slowest."""
    keys = [variable.key for variable in model.variables]
    for values in itertools.product(*(variable.values for variable in model.variables)):
        yield dict(zip(keys, values, strict=True))


def amount(model: ProductModel, expression: Expression, values: Assignment) -> Value:
    """What an expression comes to, with the quantities derived."""
    known = dict(values)
    for derived in model.derived:
        known[derived.key] = evaluate(derived.expression, known)
    return evaluate(expression, known)


def holds(model: ProductModel, law: Law | TableLaw, values: Assignment) -> bool:
    """Whether an assignment fulfils a law, by the definition of expressions."""
    if isinstance(law, TableLaw):
        return tuple(values[key] for key in law.scope) in law.rows
    return bool(amount(model, law.condition, values))


class _Drawing:
    def __init__(self, luck: random.Random) -> None:
        self.luck = luck
        self.variables = [self._variable(f"v{at}") for at in range(luck.randint(1, 4))]
        self.derived: list[Derived] = []
        for at in range(luck.randint(0, 3)):
            self.derived.append(Derived(f"d{at}", self._term(2)))

    def model(self) -> ProductModel:
        laws = tuple(self._law(f"L{at}") for at in range(self.luck.randint(1, 4)))
        return ProductModel("random", tuple(self.variables), laws, tuple(self.derived))

    def _variable(self, key: str) -> Variable:
        kinds: list[Kind] = ["enumeration", "boolean", "integer", "integer"]
        kind = self.luck.choice(kinds)
        if kind == "boolean":
            return Variable(key, kind, (False, True))
        if kind == "enumeration":
            words = tuple(f"w{at}" for at in range(self.luck.randint(1, 4)))
            return Variable(key, kind, words)
        numbers = self.luck.sample(range(-4, 9), self.luck.randint(1, 6))
        return Variable(key, kind, tuple(sorted(numbers)))

    def _law(self, key: str) -> Law | TableLaw:
        if self.luck.random() >= 0.2:
            return Law(key, self._condition(3))
        scope = self.luck.sample(self.variables, self.luck.randint(1, len(self.variables)))
        rows = list(itertools.product(*(one.values for one in scope)))
        kept = self.luck.sample(rows, self.luck.randint(0, len(rows)))
        return TableLaw(key, tuple(one.key for one in scope), tuple(kept))

    def _term(self, depth: int) -> Expression:
        chance = self.luck.random()
        if depth <= 0 or chance < 0.3:
            return self._leaf()
        if chance < 0.75:
            return self._calculation(depth)
        if chance < 0.87:
            then, otherwise = self._term(depth - 1), self._term(depth - 1)
            return Choice(self._condition(depth - 1), then, otherwise)
        return Count(tuple(self._condition(depth - 1) for _ in range(self.luck.randint(1, 4))))

    def _leaf(self) -> Expression:
        numbers = [one for one in self.variables if one.kind != "enumeration"]
        if self.derived and self.luck.random() < 0.4:
            return Ref(self.luck.choice(self.derived).key)
        if not numbers or self.luck.random() < 0.15:
            return Fixed(self.luck.randint(-5, 9))
        if self.luck.random() < 0.3:
            return self._lookup(-3, 9)
        return Ref(self.luck.choice(numbers).key)

    def _lookup(self, low: int, high: int, sign: int = 1) -> Lookup:
        variable = self.luck.choice(self.variables)
        entries = ((value, sign * self.luck.randint(low, high)) for value in variable.values)
        return Lookup(variable.key, tuple(entries))

    def _calculation(self, depth: int) -> Expression:
        operators: list[Arithmetic] = ["+", "+", "-", "*", "*", "//", "min", "max"]
        operator = self.luck.choice(operators)
        if operator != "//":
            count = self.luck.randint(1 if operator == "-" else 2, 3)
            return Calculation(operator, tuple(self._term(depth - 1) for _ in range(count)))
        divisor: Expression = Fixed(self.luck.choice([1, 2, 3, 5, -2]))
        if self.luck.random() < 0.4:
            divisor = self._lookup(1, 5, self.luck.choice([1, 1, -1]))
        return Calculation(operator, (self._term(depth - 1), divisor))

    def _condition(self, depth: int) -> Expression:
        chance = self.luck.random()
        if depth <= 0 or chance < 0.3:
            return self._fact()
        if chance < 0.6:
            operator = self.luck.choice(COMPARISONS)
            return Compare(operator, self._term(depth - 1), self._term(depth - 1))
        words = [one for one in self.variables if one.kind == "enumeration"]
        if chance < 0.68 and len(words) > 1:
            one, other = self.luck.sample(words, 2)
            return Compare(self.luck.choice(COMPARISONS[:2]), Ref(one.key), Ref(other.key))
        if chance < 0.78:
            return Not(self._condition(depth - 1))
        connectives: list[Connective] = ["and", "or", "implies", "iff", "xor"]
        connective = self.luck.choice(connectives)
        count = self.luck.randint(1, 3) if connective in ("and", "or") else 2
        return Logic(connective, tuple(self._condition(depth - 1) for _ in range(count)))

    def _fact(self) -> Expression:
        variable = self.luck.choice(self.variables)
        if variable.kind == "boolean" and self.luck.random() < 0.6:
            return Ref(variable.key)
        if self.luck.random() < 0.1:
            return Fixed(self.luck.random() < 0.5)
        count = self.luck.randint(1, len(variable.values))
        return OneOf(variable.key, frozenset(self.luck.sample(variable.values, count)))
