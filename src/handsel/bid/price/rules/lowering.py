"""Price formulas as exact integer expressions over a product model's variables.

What the engine reckons for one configuration, an expression says for all of them, so that the
cheapest can be looked for. Every number is an integer and what one of it is worth; a part that
hangs on a single variable is reckoned by the formula itself, value by value, and kept as a table.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from handsel.bid.configure.rules.expressions import (
    Calculation,
    Choice,
    Compare,
    Expression,
    Fixed,
    Logic,
    Lookup,
    Not,
    OneOf,
    Ref,
    Value,
)
from handsel.bid.configure.rules.language import syntax
from handsel.bid.configure.rules.language.ranges import Bounds, bounds
from handsel.bid.configure.rules.model import ProductModel
from handsel.bid.price.rules.configured import figure_of
from handsel.bid.price.rules.figures import Figure
from handsel.bid.price.rules.formulas import names_of, reckoning_of
from handsel.ground.kernel.errors import Invalid

ONE: Final = Fraction(1)
MOST_VALUES: Final = 2_000
_CONNECTIVES: Final = {"and": "and", "or": "or", "xor": "xor", "->": "implies", "<->": "iff"}


class NotLowered(Exception):
    """A formula that no integer expression says; its product has a price, but no cheapest."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number: so many (`whole`, an integer) of what one is worth (`unit`)."""

    whole: Expression
    unit: Fraction = ONE


class Lowering:
    """Brings formulas over one model's variables to expressions.

    `known` are the figures every configuration has (tables, market values, the quantity);
    `amounts` are elements and parts by name, as far as they are lowered.
    """

    def __init__(self, model: ProductModel, known: Mapping[str, Figure]) -> None:
        self.variables = {one.key: one for one in model.variables}
        self.derived = {one.key: one for one in model.derived}
        self.known = known
        self.amounts: dict[str, Amount] = {}

    def number(self, node: syntax.Node) -> Amount:
        """A term. Raises NotLowered."""
        if not self._open_names(node):
            return _constant(self._reckoned(node, {}))
        match node:
            case syntax.Name(key):
                return self._name(key)
            case syntax.Operation(operator, parts):
                return self._operation(node, operator, parts)
            case syntax.Conditional(condition, then, otherwise):
                return self._chosen(self.condition(condition), then, otherwise)
            case syntax.Call(name, arguments):
                return self._call(name, arguments, node)
        return self._alone(node)

    def condition(self, node: syntax.Node) -> Expression:
        """A condition. Raises NotLowered."""
        names = self._open_names(node)
        if not names:
            return Fixed(bool(self._reckoned(node, {})))
        if len(names) == 1 and names <= self.variables.keys():
            return self._values_of(node, *names)
        match node:
            case syntax.Denial(inner):
                return Not(self.condition(inner))
            case syntax.Connection(connective, parts):
                joined = _CONNECTIVES[connective]
                return Logic(joined, tuple(map(self.condition, parts)))  # type: ignore[arg-type]
            case syntax.Relating(relation, left, right):
                return self._related(relation, left, right)
        raise NotLowered

    def rounded(self, amount: Amount, places: int) -> Amount:
        """Half up, away from zero below it, to so many decimals."""
        unit = Fraction(1, 10**places)
        ratio = amount.unit / unit
        part, of = ratio.numerator, ratio.denominator
        if of == 1:
            return Amount(times(amount.whole, part), unit)
        low, high = self.bounds(amount.whole)

        def half_up(whole: Expression) -> Expression:
            doubled = plus([times(whole, 2 * part), Fixed(of)])
            return Calculation("//", (doubled, Fixed(2 * of)))

        if low >= 0:
            return Amount(half_up(amount.whole), unit)
        below = times(half_up(times(amount.whole, -1)), -1)
        if high <= 0:
            return Amount(below, unit)
        is_above = Compare(">=", amount.whole, Fixed(0))
        return Amount(Choice(is_above, half_up(amount.whole), below), unit)

    def bounds(self, expression: Expression) -> Bounds:
        """Between which integers an expression lies."""
        return bounds(expression, self._bounds_of)

    def _bounds_of(self, key: str) -> Bounds:
        if key in self.derived:
            return self.bounds(self.derived[key].expression)
        numbers = [int(one) for one in self.variables[key].values if not isinstance(one, str)]
        return (min(numbers), max(numbers)) if numbers else (0, 0)

    def _open_names(self, node: syntax.Node) -> set[str]:
        """The names in it that differ from one configuration to the next."""
        names = set(names_of(node))
        unknown = names - self.amounts.keys() - self.variables.keys() - self.derived.keys()
        if unknown - self.known.keys():
            raise NotLowered
        return names - unknown

    def _reckoned(self, node: syntax.Node, more: Mapping[str, Figure]) -> object:
        known = {name: self.known[name].value for name in names_of(node) if name not in more}
        try:
            return reckoning_of(node)(known | {key: one.value for key, one in more.items()})
        except (Invalid, ZeroDivisionError):
            raise NotLowered from None

    def _name(self, key: str) -> Amount:
        if key in self.amounts:
            return self.amounts[key]
        of = self.variables.get(key) or self.derived[key]
        one = figure_of(of, 1).value
        if not isinstance(one, int | Fraction) or isinstance(one, bool):
            raise NotLowered
        return Amount(Ref(key), Fraction(one))

    def _alone(self, node: syntax.Node) -> Amount:
        """A part that hangs on one variable: a number for each of its values.

        A value the formula refuses can be in no configuration that has a price; it counts as much
        as the dearest.
        """
        names = self._open_names(node)
        if len(names) != 1 or not names <= self.variables.keys():
            raise NotLowered
        (key,) = names
        found = {value: self._at(node, key, value) for value in self._domain(key)}
        numbers = [one for one in found.values() if one is not None]
        if not numbers:
            raise NotLowered
        unit = Fraction(1, math.lcm(*(one.denominator for one in numbers)))
        dearest = max(numbers)
        entries = [
            (value, int((dearest if one is None else one) / unit)) for value, one in found.items()
        ]
        return Amount(Lookup(key, tuple(entries)), unit)

    def _at(self, node: syntax.Node, key: str, value: Value) -> Fraction | None:
        try:
            found = self._reckoned(node, {key: figure_of(self.variables[key], value)})
        except NotLowered:
            return None
        return Fraction(found) if isinstance(found, int | Fraction) else None

    def _values_of(self, node: syntax.Node, key: str) -> Expression:
        holding = frozenset(
            value
            for value in self._domain(key)
            if self._reckoned(node, {key: figure_of(self.variables[key], value)})
        )
        if not holding or len(holding) == len(self.variables[key].values):
            return Fixed(bool(holding))
        return OneOf(key, holding)

    def _domain(self, key: str) -> Sequence[Value]:
        values = self.variables[key].values
        if len(values) > MOST_VALUES:
            raise NotLowered
        return values

    def _operation(self, node: syntax.Node, operator: str, parts: Sequence[syntax.Node]) -> Amount:
        if operator == "/" and any(self._open_names(part) for part in parts[1:]):
            return self._alone(node)
        lowered = [self.number(part) for part in parts]
        if operator in ("+", "-"):
            wholes, unit = alike(lowered)
            if operator == "-":
                wholes = (
                    [times(wholes[0], -1)]
                    if len(wholes) == 1
                    else [wholes[0], *(times(one, -1) for one in wholes[1:])]
                )
            return Amount(plus(wholes), unit)
        found, *rest = lowered
        for one in rest:
            found = self._combined(operator, found, one)
        return found

    def _combined(self, operator: str, left: Amount, right: Amount) -> Amount:
        if operator == "*":
            return Amount(product(left.whole, right.whole), left.unit * right.unit)
        if operator == "/":
            by = right.unit * _fixed(right.whole)
            if not by:
                raise NotLowered
            return Amount(times(left.whole, 1 if by > 0 else -1), left.unit / abs(by))
        ratio = left.unit / right.unit
        divisor = times(self._divisor(right.whole), ratio.denominator)
        return Amount(Calculation("//", (times(left.whole, ratio.numerator), divisor)))

    def _divisor(self, whole: Expression) -> Expression:
        """What is divided by, never zero: where it is, the engine has no price."""
        low, high = self.bounds(whole)
        if not low <= 0 <= high:
            return whole
        if low < 0 or high == 0:
            raise NotLowered
        if isinstance(whole, Ref) and whole.key in self.variables:
            values = self._domain(whole.key)
            return Lookup(whole.key, tuple((one, int(one) or high) for one in values))
        return Calculation("max", (whole, Fixed(1)))

    def _chosen(self, condition: Expression, then: syntax.Node, otherwise: syntax.Node) -> Amount:
        if isinstance(condition, Fixed):
            return self.number(then if condition.value else otherwise)
        (one, other), unit = alike([self.number(then), self.number(otherwise)])
        return Amount(Choice(condition, one, other), unit)

    def _call(self, name: str, arguments: Sequence[syntax.Node], node: syntax.Node) -> Amount:
        if name == "round":
            places = int(_fixed(self.number(arguments[1]).whole)) if len(arguments) > 1 else 0
            return self.rounded(self.number(arguments[0]), places)
        lowered = [self.number(one) for one in arguments]
        wholes, unit = alike(lowered)
        if name in ("min", "max"):
            extreme: Literal["min", "max"] = "min" if name == "min" else "max"
            return Amount(Calculation(extreme, tuple(wholes)), unit)
        if name == "abs":
            return Amount(Calculation("max", (wholes[0], times(wholes[0], -1))), unit)
        if name in ("floor", "ceil"):
            sign = 1 if name == "floor" else -1
            up = times(wholes[0], sign * unit.numerator)
            floor = Calculation("//", (up, Fixed(unit.denominator)))
            return Amount(times(floor, sign))
        return self._alone(node)

    def _related(self, relation: str, left: syntax.Node, right: syntax.Node) -> Expression:
        kind = relation
        words = [self._word(one) for one in (left, right)]
        if None not in words:
            first, second = (one for one in words if one is not None)
            return Compare(kind, first, second)  # type: ignore[arg-type]
        (one, other), _unit = alike([self.number(left), self.number(right)])
        return Compare(kind, one, other)  # type: ignore[arg-type]

    def _word(self, node: syntax.Node) -> Expression | None:
        if isinstance(node, syntax.Text):
            return Fixed(node.value)
        if isinstance(node, syntax.Name) and node.key in self.variables:
            is_word = self.variables[node.key].kind == "enumeration"
            return Ref(node.key) if is_word else None
        return None


def alike(amounts: Sequence[Amount]) -> tuple[list[Expression], Fraction]:
    """Amounts in the greatest unit that all of them have."""
    unit = amounts[0].unit
    for one in amounts[1:]:
        unit = _greatest(unit, one.unit)
    return [times(one.whole, int(one.unit / unit)) for one in amounts], unit


def _greatest(one: Fraction, other: Fraction) -> Fraction:
    both = math.gcd(one.numerator * other.denominator, other.numerator * one.denominator)
    return Fraction(both, one.denominator * other.denominator)


def times(whole: Expression, count: int) -> Expression:
    """So many times a number; tables are multiplied entry by entry."""
    if count == 1:
        return whole
    match whole:
        case Fixed(value):
            return Fixed(int(value) * count)
        case Lookup(key, entries):
            return Lookup(key, tuple((value, number * count) for value, number in entries))
        case Calculation("*", (Fixed(value), *rest)):
            return Calculation("*", (Fixed(int(value) * count), *rest))
    return Calculation("*", (Fixed(count), whole))


def product(one: Expression, other: Expression) -> Expression:
    """Two numbers multiplied."""
    if isinstance(one, Fixed):
        return times(other, int(one.value))
    if isinstance(other, Fixed):
        return times(one, int(other.value))
    return Calculation("*", (one, other))


def plus(wholes: Sequence[Expression]) -> Expression:
    """Numbers added; those that are fixed as one."""
    fixed = sum(int(one.value) for one in wholes if isinstance(one, Fixed))
    rest: list[Expression] = [one for one in wholes if not isinstance(one, Fixed)]
    if fixed or not rest:
        rest.append(Fixed(fixed))
    return rest[0] if len(rest) == 1 else Calculation("+", tuple(rest))


def _constant(value: object) -> Amount:
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        raise NotLowered
    exact = Fraction(value)
    return Amount(Fixed(exact.numerator), Fraction(1, exact.denominator))


def _fixed(whole: Expression) -> int:
    if isinstance(whole, Fixed):
        return int(whole.value)
    raise NotLowered
