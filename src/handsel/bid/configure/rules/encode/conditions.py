"""Conditions as clauses: distributed while that stays small, else by literals of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from math import prod
from typing import TypeAlias

from handsel.bid.configure.rules.encode import formulas
from handsel.bid.configure.rules.encode.literals import Literals, Need
from handsel.bid.configure.rules.encode.meaning import Meaning
from handsel.bid.configure.rules.encode.quantities import Quantities
from handsel.bid.configure.rules.encode.refusals import ModelNotFinite
from handsel.bid.configure.rules.expressions import (
    Compare,
    Expression,
    Fixed,
    Logic,
    Not,
    OneOf,
    Ref,
)
from handsel.ground.kernel.said import said

Clause: TypeAlias = frozenset[int]

# A disjunction is written out as long as it comes to no more clauses than this.
DISTRIBUTED = 12
# A set of values is written as thresholds or by what it leaves out when it is longer than this.
LONGEST_SET = 8

NEGATED = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


class Conditions:
    """Turns conditions of one model into clauses and literals."""

    def __init__(self, literals: Literals, meaning: Meaning) -> None:
        self.literals, self.meaning = literals, meaning
        self.quantities = Quantities(literals, meaning, self.literal)
        self._named: dict[Expression, tuple[int, Need]] = {}

    def clauses(self, condition: Expression, is_true: bool = True) -> list[Clause]:
        """Clauses that together say that the condition holds, or that it does not."""
        support = self.meaning.support(condition)
        if not support:
            return [] if bool(self.meaning.constant(condition)) == is_true else [frozenset()]
        if len(support) == 1:
            (key,) = support
            column = self.meaning.column(condition, key)
            return self._among(key, [bool(value) == is_true for value in column])
        match condition:
            case Not(inner):
                return self.clauses(inner, not is_true)
            case Logic("and" | "or" as connective, parts):
                sides = [(part, is_true) for part in parts]
                return self._all(sides) if (connective == "and") == is_true else self._any(sides)
            case Logic("implies", (left, right)):
                sides = [(left, not is_true), (right, is_true)]
                return self._any(sides) if is_true else self._all(sides)
            case Logic(connective, (left, right)):
                return self._equal(left, right, (connective == "iff") == is_true)
            case Compare():
                return self._compared(condition, is_true)
            case Ref(key) | OneOf(key, _):
                return self._derived(condition, key, is_true)
        raise ModelNotFinite(
            said("it uses %(name)s where a condition was expected", name=type(condition).__name__)
        )

    def literal(self, condition: Expression, need: Need) -> int:
        """One literal for a condition."""
        support = self.meaning.support(condition)
        if len(support) == 1:
            (key,) = support
            column = self.meaning.column(condition, key)
            members = frozenset(i for i, value in enumerate(column) if value)
            return self.literals.among(key, members, need)
        if isinstance(condition, Not):
            return -self.literal(condition.condition, need.turned())
        if isinstance(condition, Compare) and condition.operator not in ("==", "!="):
            return self._threshold(condition, need)
        literal, has = self._named.get(condition, (0, Need(0)))
        literal = literal or self.literals.builder.fresh()
        self._named[condition] = (literal, has | need)
        if Need.DOWN in need & ~has:
            for clause in self.clauses(condition):
                self.literals.define([-literal, *sorted(clause)])
        if Need.UP in need & ~has:
            for clause in self.clauses(condition, is_true=False):
                self.literals.define([literal, *sorted(clause)])
        return literal

    def _all(self, sides: Iterable[tuple[Expression, bool]]) -> list[Clause]:
        return _distinct(clause for side in sides for clause in self.clauses(*side))

    def _any(self, sides: Sequence[tuple[Expression, bool]]) -> list[Clause]:
        parts = [(side, self.clauses(*side)) for side in sides]
        found: list[list[Clause]] = []
        for (condition, is_true), clauses in sorted(parts, key=lambda part: len(part[1])):
            if prod(map(len, found)) * len(clauses) > DISTRIBUTED and len(clauses) > 1:
                literal = self.literal(condition, Need.DOWN if is_true else Need.UP)
                found.append([frozenset((literal if is_true else -literal,))])
            else:
                found.append(clauses)
        return _distinct(frozenset().union(*one) for one in product(*found))

    def _equal(self, left: Expression, right: Expression, is_equal: bool) -> list[Clause]:
        forward = self._any([(left, False), (right, is_equal)])
        return _distinct([*forward, *self._any([(left, True), (right, not is_equal)])])

    def _derived(self, condition: Expression, key: str, is_true: bool) -> list[Clause]:
        inner = self.meaning.derived[key]
        if isinstance(condition, OneOf):
            inner = Logic(
                "or", tuple(Compare("==", inner, Fixed(value)) for value in condition.values)
            )
        elif not self.meaning.is_condition(inner):
            return self.clauses(Compare("!=", inner, Fixed(0)), is_true)
        return self.clauses(inner, is_true)

    def _among(self, key: str, is_member: Sequence[bool]) -> list[Clause]:
        domain = self.literals.domains[key]
        members = [i for i, belongs in enumerate(is_member) if belongs]
        others = [i for i, belongs in enumerate(is_member) if not belongs]
        if not members or not others:
            return [] if members else [frozenset()]
        if domain.least and members[-1] - members[0] == len(members) - 1 and len(members) > 1:
            found = []
            if members[0] > 0:
                found.append(frozenset((domain.least[members[0]],)))
            if members[-1] < len(is_member) - 1:
                found.append(frozenset((-domain.least[members[-1] + 1],)))
            return found
        if len(others) == 1 or (len(members) > LONGEST_SET and len(others) < len(members)):
            return [frozenset((-domain.equal[i],)) for i in others]
        return [frozenset(domain.equal[i] for i in members)]

    def _compared(self, condition: Compare, is_true: bool) -> list[Clause]:
        operator = condition.operator if is_true else NEGATED[condition.operator]
        if operator not in ("==", "!="):
            literal = self._threshold(condition, Need.DOWN if is_true else Need.UP)
            return self._simple([literal if is_true else -literal])
        if self.meaning.is_word(condition.left) or self.meaning.is_word(condition.right):
            return self._same_word(condition.left, condition.right, operator == "==")
        formula = self._difference(condition.left, condition.right)
        at_least = self.quantities.at_least
        if operator == "==":
            low, high = at_least(formula, 0, Need.DOWN), at_least(formula, 1, Need.UP)
            return [*self._simple([low]), *self._simple([-high])]
        low, high = at_least(formula, 0, Need.UP), at_least(formula, 1, Need.DOWN)
        return self._simple([-low, high])

    def _threshold(self, condition: Compare, need: Need) -> int:
        left, right = condition.left, condition.right
        if condition.operator in ("<", "<="):
            left, right = right, left
        limit = 1 if condition.operator in ("<", ">") else 0
        return self.quantities.at_least(self._difference(left, right), limit, need)

    def _difference(self, left: Expression, right: Expression) -> formulas.Formula:
        term = self.quantities.term
        return formulas.total([term(left), formulas.product([formulas.Number(-1), term(right)])])

    def _same_word(self, left: Expression, right: Expression, is_same: bool) -> list[Clause]:
        """Two variables with words as values have, or do not have, the same one."""
        if len(self.meaning.support(left)) != 1 or len(self.meaning.support(right)) != 1:
            raise ModelNotFinite("it compares words that are not the values of two variables")
        (one,), (other,) = self.meaning.support(left), self.meaning.support(right)
        first, second = self.literals.domains[one], self.literals.domains[other]
        found = []
        for value in dict.fromkeys([*first.values, *second.values]):
            here = self.literals.equals(one, value)
            there = self.literals.equals(other, value)
            if is_same:
                found += [*self._simple([-here, there]), *self._simple([here, -there])]
            else:
                found += self._simple([-here, -there])
        return _distinct(found)

    def _simple(self, literals: Sequence[int]) -> list[Clause]:
        """The clause without what is never true; none when a literal of it always is."""
        true = self.literals.true
        if true and true in literals:
            return []
        return [frozenset(literal for literal in literals if not true or literal != -true)]


def _distinct(clauses: Iterable[Clause]) -> list[Clause]:
    """Without repeats and without clauses that are always true."""
    kept = dict.fromkeys(clauses)
    return [clause for clause in kept if not any(-literal in clause for literal in clause)]
