"""Between which numbers an expression lies, from the bounds of what it refers to."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from handsel.bid.configure.rules.expressions import (
    Arithmetic,
    Calculation,
    Choice,
    Count,
    Expression,
    Fixed,
    Lookup,
    Ref,
)

Bounds = tuple[int, int]


def bounds(expression: Expression, of: Callable[[str], Bounds]) -> Bounds:
    """The smallest and largest number an expression may come to; wider than true, never narrower.

    `of` gives the bounds of a variable or derived quantity by its key. Divisors must not be able
    to be zero.
    """
    match expression:
        case Fixed(value):
            return int(value), int(value)
        case Ref(key):
            return of(key)
        case Lookup(_, entries):
            numbers = [number for _, number in entries]
            return min(numbers), max(numbers)
        case Count(conditions):
            return 0, len(conditions)
        case Choice(_, then, otherwise):
            first, second = bounds(then, of), bounds(otherwise, of)
            return min(first[0], second[0]), max(first[1], second[1])
        case Calculation(operator, parts):
            return _calculated(operator, [bounds(part, of) for part in parts])
    return 0, 1


def _calculated(operator: Arithmetic, parts: list[Bounds]) -> Bounds:
    if operator == "min":
        return min(low for low, _ in parts), min(high for _, high in parts)
    if operator == "max":
        return max(low for low, _ in parts), max(high for _, high in parts)
    if operator == "-" and len(parts) == 1:
        return -parts[0][1], -parts[0][0]
    found = parts[0]
    for part in parts[1:]:
        found = _pair(operator, found, part)
    return found


def _pair(operator: Arithmetic, left: Bounds, right: Bounds) -> Bounds:
    if operator == "+":
        return left[0] + right[0], left[1] + right[1]
    if operator == "-":
        return left[0] - right[1], left[1] - right[0]
    if operator == "*":
        corners = [one * other for one, other in product(left, right)]
    else:
        corners = [one // other for one, other in product(left, right) if other]
    return min(corners), max(corners)
