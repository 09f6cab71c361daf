"""Arithmetic brought to a small normal form, its bounds, and how it moves with each of its parts.

A formula's atoms are quantities known by their number: a function of one variable, the truth of a
condition, or another formula's result. Sums and products are flat, differences are sums, what is
known is calculated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from handsel.bid.configure.rules.encode.refusals import (
    LARGEST_NUMBER,
    ModelNotFinite,
    ModelTooLarge,
)

Operator = Literal["+", "*", "//", "min", "max"]
Numbers: TypeAlias = npt.NDArray[np.int64]
Bounds: TypeAlias = tuple[int, int]

# Numbers are marked in a row of marks where that is at most so many times as long as they are many.
MARKED_FOR_EACH = 4


@dataclass(frozen=True, slots=True)
class Number:
    """A known number."""

    value: int


@dataclass(frozen=True, slots=True)
class Atom:
    """A quantity, by its number."""

    number: int


@dataclass(frozen=True, slots=True)
class Combined:
    """Formulas combined; `//` has two parts, the others two or more."""

    operator: Operator
    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Switch:
    """One of two formulas, by a formula that is 0 or 1."""

    truth: Formula
    then: Formula
    otherwise: Formula


Formula: TypeAlias = Number | Atom | Combined | Switch


def inside(formula: Formula) -> tuple[Formula, ...]:
    """The formulas directly inside one."""
    if isinstance(formula, Combined):
        return formula.parts
    if isinstance(formula, Switch):
        return (formula.truth, formula.then, formula.otherwise)
    return ()


def atoms_of(formula: Formula) -> tuple[int, ...]:
    """The numbers of the quantities in a formula, each once, as first met."""
    return tuple(dict.fromkeys(_atoms(formula)))


def _atoms(formula: Formula) -> Iterator[int]:
    if isinstance(formula, Atom):
        yield formula.number
    for part in inside(formula):
        yield from _atoms(part)


def total(parts: Sequence[Formula]) -> Formula:
    """The sum: flat, like terms together, the known number last."""
    known, factors = 0, dict[Formula, int]()
    for part in _flat("+", parts):
        if isinstance(part, Number):
            known += part.value
            continue
        factor, rest = coefficient(part)
        factors[rest] = factors.get(rest, 0) + factor
    terms: list[Formula] = [
        product([Number(factor), rest]) for rest, factor in factors.items() if factor
    ]
    if known or not terms:
        terms = [*terms, Number(known)]
    return terms[0] if len(terms) == 1 else Combined("+", tuple(terms))


def product(parts: Sequence[Formula]) -> Formula:
    """The product: flat, the known factor first, multiplied into a sum that stands alone."""
    known = 1
    rest: list[Formula] = []
    for part in _flat("*", parts):
        if isinstance(part, Number):
            known *= part.value
        else:
            rest.append(part)
    if not known or not rest:
        return Number(known)
    if len(rest) == 1:
        only = rest[0]
        if known == 1:
            return only
        if isinstance(only, Combined) and only.operator == "+":
            return total([product([Number(known), part]) for part in only.parts])
    return Combined("*", tuple(rest) if known == 1 else (Number(known), *rest))


def quotient(left: Formula, right: Formula) -> Formula:
    """The floor of a division."""
    if isinstance(right, Number):
        if right.value == 1:
            return left
        if isinstance(left, Number) and right.value:
            return Number(left.value // right.value)
    return Combined("//", (left, right))


def extreme(operator: Literal["min", "max"], parts: Sequence[Formula]) -> Formula:
    """The least or the greatest."""
    flat = list(dict.fromkeys(_flat(operator, parts)))
    known = [part.value for part in flat if isinstance(part, Number)]
    rest: list[Formula] = [part for part in flat if not isinstance(part, Number)]
    if known:
        rest.append(Number(min(known) if operator == "min" else max(known)))
    return rest[0] if len(rest) == 1 else Combined(operator, tuple(rest))


def _flat(operator: str, parts: Sequence[Formula]) -> Iterator[Formula]:
    for part in parts:
        if isinstance(part, Combined) and part.operator == operator:
            yield from part.parts
        else:
            yield part


def coefficient(formula: Formula) -> tuple[int, Formula]:
    """The known factor of a product, and the rest."""
    if isinstance(formula, Combined) and formula.operator == "*":
        first = formula.parts[0]
        if isinstance(first, Number):
            return first.value, product(formula.parts[1:])
    return 1, formula


def replaced(formula: Formula, old: Formula, new: Formula) -> Formula:
    """The formula with one of its parts, given by identity, put for another."""
    if formula is old:
        return new
    if isinstance(formula, Combined):
        parts = tuple(replaced(part, old, new) for part in formula.parts)
        return formula if parts == formula.parts else Combined(formula.operator, parts)
    if isinstance(formula, Switch):
        return Switch(*(replaced(part, old, new) for part in inside(formula)))
    return formula


class Measure:
    """What is known of formulas given the bounds of the quantities in them."""

    def __init__(self, bounds_of: Callable[[int], Bounds]) -> None:
        self._bounds_of = bounds_of
        self._known: dict[Formula, Bounds] = {}

    def bounds(self, formula: Formula) -> Bounds:
        """The least and the greatest it can be; refuses a divisor that can be zero."""
        found = self._known.get(formula)
        if found is None:
            found = self._known[formula] = self._bounded(formula)
            if max(abs(found[0]), abs(found[1])) > LARGEST_NUMBER:
                raise ModelTooLarge("a number in it can pass 64 bits")
        return found

    def _bounded(self, formula: Formula) -> Bounds:
        if isinstance(formula, Number):
            return formula.value, formula.value
        if isinstance(formula, Atom):
            return self._bounds_of(formula.number)
        if isinstance(formula, Switch):
            self.bounds(formula.truth)
            (low, high), (other_low, other_high) = map(self.bounds, inside(formula)[1:])
            return min(low, other_low), max(high, other_high)
        limits = [self.bounds(part) for part in formula.parts]
        lows, highs = [low for low, _ in limits], [high for _, high in limits]
        match formula.operator:
            case "+":
                return sum(lows), sum(highs)
            case "min":
                return min(lows), min(highs)
            case "max":
                return max(lows), max(highs)
            case "*":
                return reduce(_multiplied, limits)
        if lows[1] <= 0 <= highs[1]:
            raise ModelNotFinite("it divides by a number that can be zero")
        corners = [a // b for a in limits[0] for b in limits[1]]
        return min(corners), max(corners)

    def direction(self, formula: Formula, atom: int) -> int | None:
        """1 when it never falls as the atom rises, -1 when it never rises, 0 without it."""
        if isinstance(formula, Atom):
            return int(formula.number == atom)
        if isinstance(formula, Number):
            return 0
        if isinstance(formula, Switch):
            return self._switch_direction(formula, atom)
        ways = [self.direction(part, atom) for part in formula.parts]
        if formula.operator == "*":
            for position in range(len(ways)):
                if not (ways[position] or ways[position] is None):
                    continue
                others = [self._sign(one) for i, one in enumerate(formula.parts) if i != position]
                sign = reduce(_times, others, _POSITIVE)
                ways[position] = _turned(ways[position], sign)
        if formula.operator == "//":
            left, right = formula.parts
            # A positive divisor that grows pulls the result towards zero, a negative one too.
            ways[0] = _turned(ways[0], self._sign(right))
            ways[1] = _turned(ways[1], _times(-1, self._sign(left)))
        return _agreed(ways)

    def _switch_direction(self, formula: Switch, atom: int) -> int | None:
        ways = [self.direction(formula.then, atom), self.direction(formula.otherwise, atom)]
        truth = self.direction(formula.truth, atom)
        if truth != 0:
            then, otherwise = self.bounds(formula.then), self.bounds(formula.otherwise)
            rises = 1 if then[0] >= otherwise[1] else -1 if then[1] <= otherwise[0] else None
            ways.append(_turned(truth, rises))
        return _agreed(ways)

    def _sign(self, formula: Formula) -> int | None:
        low, high = self.bounds(formula)
        return 0 if low == high == 0 else 1 if low >= 0 else -1 if high <= 0 else None


_POSITIVE: int | None = 1


def _multiplied(one: Bounds, other: Bounds) -> Bounds:
    corners = [a * b for a in one for b in other]
    return min(corners), max(corners)


def _times(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one * other


def _turned(way: int | None, sign: int | None) -> int | None:
    return 0 if way == 0 else _times(way, sign)


def _agreed(ways: Sequence[int | None]) -> int | None:
    if None in ways:
        return None
    seen = {way for way in ways if way}
    return None if len(seen) > 1 else seen.pop() if seen else 0


def computed(formula: Formula, arrays: Mapping[int, Numbers]) -> Numbers:
    """What the formula comes to over arrays that broadcast; bounds must have been checked."""
    if isinstance(formula, Number):
        return np.array(formula.value, dtype=np.int64)
    if isinstance(formula, Atom):
        return arrays[formula.number]
    if isinstance(formula, Switch):
        truth, then, otherwise = (computed(part, arrays) for part in inside(formula))
        return np.where(truth != 0, then, otherwise)
    found = [computed(part, arrays) for part in formula.parts]
    match formula.operator:
        case "+":
            return reduce(np.add, found)
        case "*":
            return reduce(np.multiply, found)
        case "min":
            return reduce(np.minimum, found)
        case "max":
            return reduce(np.maximum, found)
    return np.floor_divide(found[0], found[1])


def distinct(numbers: Numbers) -> Numbers:
    """The numbers ascending, each once. `np.unique` takes five times as long on millions."""
    low, high = int(numbers.min()), int(numbers.max())
    if high - low <= MARKED_FOR_EACH * numbers.size:
        marks = np.zeros(high - low + 1, dtype=np.bool_)
        marks[numbers.ravel() - low] = True
        return np.flatnonzero(marks) + low
    ordered = np.sort(numbers, axis=None)
    is_new = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_new[1:])
    return ordered[is_new]
