"""Laws on grids: what a condition comes to for every combination of its variables' values at once.

It agrees with `expressions.evaluate`, which defines what an expression means. Words stand as the
number they have among all words of the model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

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

Grid = npt.NDArray[Any]

_Relation = Callable[[Grid, Grid], npt.NDArray[np.bool_]]
_COMPARED: Mapping[str, _Relation] = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
_FOLDED = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "//": np.floor_divide,
    "min": np.minimum,
    "max": np.maximum,
}


class NotOnGrid(Exception):
    """A law divides by zero for some combination, looks up what its map does not have, or speaks
    of more combinations than 64 bits number."""


class Words:
    """Numbers for all words of a model, so that they can be compared on grids."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, value: Value) -> int:
        """A number that no other word has; numbers and truths are their own."""
        if isinstance(value, str):
            return self._numbers.setdefault(value, len(self._numbers))
        return int(value)


class Gridding:
    """One choice of values for each variable of a scope; every one is an axis of the grid."""

    def __init__(
        self,
        domains: Mapping[str, Sequence[Value]],
        scope: Sequence[str],
        derived: Mapping[str, Expression],
        words: Words,
    ) -> None:
        self._words = words
        self._derived = derived
        self._known: dict[str, Grid] = {}
        self.shape = tuple(len(domains[key]) for key in scope)
        for axis, key in enumerate(scope):
            column = np.array([words.number(value) for value in domains[key]], dtype=np.int64)
            shape = [1] * len(scope)
            shape[axis] = len(column)
            self._known[key] = column.reshape(shape)

    def condition(self, expression: Expression) -> npt.NDArray[np.bool_]:
        """Where a condition holds. Raises NotOnGrid."""
        with np.errstate(divide="raise"):
            try:
                found = self._of(expression) != 0
            except FloatingPointError as error:
                raise NotOnGrid from error
        return np.broadcast_to(found, self.shape)

    def _of(self, expression: Expression) -> Grid:
        match expression:
            case Fixed(value):
                return np.array(self._words.number(value), dtype=np.int64)
            case Ref(key):
                return self._valued(key)
            case Lookup(key, entries):
                return self._looked_up(self._valued(key), entries)
            case Calculation("-", (part,)):
                return -self._of(part)
            case Calculation(operator, parts):
                return reduce(_FOLDED[operator], [self._of(part) for part in parts])
            case Choice(condition, then, otherwise):
                return np.where(self._of(condition) != 0, self._of(then), self._of(otherwise))
            case Count(conditions):
                truths = [(self._of(one) != 0).astype(np.int64) for one in conditions]
                return reduce(np.add, truths, np.array(0, dtype=np.int64))
            case Compare() | OneOf() | Not() | Logic():
                return self._holds(expression).astype(np.int64)

    def _holds(self, expression: Compare | OneOf | Not | Logic) -> npt.NDArray[np.bool_]:
        match expression:
            case Compare(operator, left, right):
                return _COMPARED[operator](self._of(left), self._of(right))
            case OneOf(key, values):
                members = np.array(sorted(self._words.number(one) for one in values), np.int64)
                among: npt.NDArray[np.bool_] = np.isin(self._valued(key), members)
                return among
            case Not(condition):
                denied: npt.NDArray[np.bool_] = self._of(condition) == 0
                return denied
            case Logic(connective, conditions):
                return self._joined(connective, [self._of(one) != 0 for one in conditions])

    def _valued(self, key: str) -> Grid:
        if key not in self._known:
            self._known[key] = self._of(self._derived[key])
        return self._known[key]

    def _looked_up(self, keys: Grid, entries: Sequence[tuple[Value, int]]) -> Grid:
        numbers = {self._words.number(value): number for value, number in entries}
        different, where = np.unique(keys, return_inverse=True)
        try:
            column = np.array([numbers[int(one)] for one in different], dtype=np.int64)
        except KeyError as error:
            raise NotOnGrid from error
        return column[where].reshape(keys.shape)

    @staticmethod
    def _joined(connective: str, truths: list[npt.NDArray[np.bool_]]) -> npt.NDArray[np.bool_]:
        if connective == "and":
            return reduce(np.logical_and, truths, np.array(True))
        if connective == "or":
            return reduce(np.logical_or, truths, np.array(False))
        left, right = truths
        if connective == "implies":
            return np.logical_or(np.logical_not(left), right)
        return np.not_equal(left, right) if connective == "xor" else np.equal(left, right)
