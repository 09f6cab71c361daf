"""The expressions laws are made of, and what each of them means.

Terms: a *value* is a word of an enumeration (`str`), a truth (`bool`) or a number (`int`, scaled:
a decimal with two places is kept in hundredths). A *condition* comes to a truth, a *term* to a
number or a word. All arithmetic is on exact integers; the model language brings decimals and units
to one scale before it builds these nodes. `evaluate` is the definition; solvers must agree with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Value: TypeAlias = str | bool | int
Assignment: TypeAlias = Mapping[str, Value]

Comparison = Literal["==", "!=", "<", "<=", ">", ">="]
Arithmetic = Literal["+", "-", "*", "//", "min", "max"]
Connective = Literal["and", "or", "implies", "iff", "xor"]


@dataclass(frozen=True, slots=True)
class Fixed:
    """A value written in a law."""

    value: Value


@dataclass(frozen=True, slots=True)
class Ref:
    """The value of a variable, or of a derived quantity, by its key."""

    key: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """A number read from a small map by the value of a variable: `friction[bed]`."""

    key: str
    entries: tuple[tuple[Value, int], ...]


@dataclass(frozen=True, slots=True)
class Calculation:
    """Numbers combined; `//` is floor division (towards minus infinity) of exactly two."""

    operator: Arithmetic
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A number that depends on a condition."""

    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class Count:
    """How many of the conditions are true."""

    conditions: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """Two terms compared. Words compare by `==` and `!=`; ordered words come as `Lookup` ranks."""

    operator: Comparison
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class OneOf:
    """Whether a variable has one of these values."""

    key: str
    values: frozenset[Value]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    condition: Expression


@dataclass(frozen=True, slots=True)
class Logic:
    """Conditions combined; `implies`, `iff` and `xor` take exactly two."""

    connective: Connective
    conditions: tuple[Expression, ...]


Expression: TypeAlias = (
    Fixed | Ref | Lookup | Calculation | Choice | Count | Compare | OneOf | Not | Logic
)


class DivisionByZero(ArithmeticError):
    """A law divided by zero; the model checker refuses divisors whose range holds zero."""


def evaluate(expression: Expression, values: Assignment) -> Value:
    """What the expression comes to under an assignment of every variable it refers to.

    Raises KeyError when a variable has no value and DivisionByZero when a divisor is zero.
    """
    match expression:
        case Fixed(value):
            return value
        case Ref(key):
            return values[key]
        case Lookup(key, entries):
            return dict(entries)[values[key]]
        case Calculation(operator, parts):
            return _calculated(operator, [_number(part, values) for part in parts])
        case Choice(condition, then, otherwise):
            return evaluate(then if evaluate(condition, values) else otherwise, values)
        case Count(conditions):
            return sum(1 for condition in conditions if evaluate(condition, values))
        case Compare(operator, left, right):
            return _compared(operator, evaluate(left, values), evaluate(right, values))
        case OneOf() | Not() | Logic():
            return _holds(expression, values)


def _holds(expression: OneOf | Not | Logic, values: Assignment) -> bool:
    match expression:
        case OneOf(key, allowed):
            return values[key] in allowed
        case Not(condition):
            return not evaluate(condition, values)
        case Logic(connective, conditions):
            return _joined(connective, conditions, values)


def _number(expression: Expression, values: Assignment) -> int:
    found = evaluate(expression, values)
    if isinstance(found, str):
        raise TypeError(f"{found!r} is a word where a number was expected")
    return int(found)


def _calculated(operator: Arithmetic, parts: list[int]) -> int:
    if operator == "+":
        return sum(parts)
    if operator == "min":
        return min(parts)
    if operator == "max":
        return max(parts)
    result = parts[0]
    for part in parts[1:]:
        if operator == "-":
            result -= part
        elif operator == "*":
            result *= part
        elif part == 0:
            raise DivisionByZero("a law divided by zero")
        else:
            result //= part
    return -result if operator == "-" and len(parts) == 1 else result


def _compared(operator: Comparison, left: Value, right: Value) -> bool:
    if operator == "==":
        return left == right
    if operator == "!=":
        return left != right
    if isinstance(left, str) or isinstance(right, str):
        raise TypeError(f"words have no order: {left!r} {operator} {right!r}")
    if operator == "<":
        return left < right
    if operator == "<=":
        return left <= right
    return left > right if operator == ">" else left >= right


def _joined(connective: Connective, conditions: tuple[Expression, ...], values: Assignment) -> bool:
    if connective == "and":
        return all(evaluate(condition, values) for condition in conditions)
    if connective == "or":
        return any(evaluate(condition, values) for condition in conditions)
    left, right = (bool(evaluate(condition, values)) for condition in conditions)
    if connective == "implies":
        return right or not left
    return (left == right) if connective == "iff" else (left != right)


def children(expression: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside one."""
    match expression:
        case Fixed() | Ref() | Lookup() | OneOf():
            return ()
        case Calculation(_, parts):
            return parts
        case Choice(condition, then, otherwise):
            return (condition, then, otherwise)
        case Count(conditions) | Logic(_, conditions):
            return conditions
        case Compare(_, left, right):
            return (left, right)
        case Not(condition):
            return (condition,)


def keys_of(expression: Expression) -> Iterator[str]:
    """Every key the expression refers to, in the order they are written, repeats included."""
    if isinstance(expression, Ref | Lookup | OneOf):
        yield expression.key
    for child in children(expression):
        yield from keys_of(child)
