"""Arithmetic with units, exactly: real numbers as scaled integers times a fraction.

A term's real value is `expression * factor`, in `unit`. A number written without a unit fits any
unit; a product or quotient of two units is free and fits any unit too, its number being that of
the units as declared. What has a unit is never added to or compared with a plain variable or
with another dimension.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, lcm

from handsel.bid.configure.rules.expressions import (
    Arithmetic,
    Calculation,
    Choice,
    Compare,
    Comparison,
    Expression,
    Fixed,
)
from handsel.bid.configure.rules.language.problems import LanguageFault, Place, fault
from handsel.bid.configure.rules.language.units import ratio
from handsel.ground.kernel.said import said

FREE = "*"
PLAIN = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A number. `constant` is set instead of `expression` for one that is known.

    `unit` is a symbol, PLAIN for a bare variable or FREE; `divisor` is still to divide by.
    """

    expression: Expression | None
    factor: Fraction
    unit: str
    place: Place
    divisor: Expression | None = None

    @property
    def is_constant(self) -> bool:
        """Whether the term is a known number, `factor`."""
        return self.expression is None


def constant(value: Fraction, unit: str, place: Place) -> Term:
    """A written number; without a unit it fits any."""
    return Term(None, value, unit or FREE, place)


def times(expression: Expression, number: int) -> Expression:
    """The expression times a whole number, without idle ones."""
    if number == 1:
        return expression
    if isinstance(expression, Fixed):
        return Fixed(int(expression.value) * number)
    if isinstance(expression, Calculation) and expression.operator == "*":
        return Calculation("*", (Fixed(number), *expression.parts))
    return Calculation("*", (Fixed(number), expression))


def _undivided(term: Term) -> Term:
    if term.divisor is not None:
        raise fault(term.place, "The quotient may be no whole number.", "floor(…), ceil(…) or “//”")
    return term


def in_one_unit(terms: Sequence[Term], place: Place) -> tuple[list[Term], str]:
    """The terms brought to the unit of the first that has one; fault where units do not fit."""
    units = [term.unit for term in terms if term.unit != FREE]
    if not units:
        return list(terms), FREE
    unit = units[0]
    return [_converted(term, unit, place) for term in terms], unit


def _converted(term: Term, unit: str, place: Place) -> Term:
    if term.unit in (FREE, unit):
        return term
    if PLAIN in (term.unit, unit):
        raise fault(
            place,
            said("A plain number stands against one in %(unit)s.", unit=term.unit or unit),
            said("the unit at the number, as in “1000 %(unit)s * n”", unit=term.unit or unit),
        )
    factor = ratio(term.unit, unit)
    if factor is None:
        raise fault(
            place,
            said("%(unit)s and %(unit2)s do not measure the same.", unit=term.unit, unit2=unit),
            said("a number in %(unit)s", unit=unit),
        )
    return replace(term, factor=term.factor * factor, unit=unit)


def to_unit(term: Term, unit: str, place: Place) -> Term:
    """The term in this unit."""
    return replace(_converted(term, unit, place), unit=unit)


def _common(terms: Sequence[Term]) -> Fraction:
    """The largest fraction of which every factor is a whole multiple."""
    factors = [abs(term.factor) for term in terms if term.factor]
    below = lcm(*(factor.denominator for factor in factors)) if factors else 1
    above = gcd(*(int(factor * below) for factor in factors)) if factors else 1
    return Fraction(above, below)


def _whole(term: Term, common: Fraction) -> Expression:
    number = term.factor / common
    assert number.denominator == 1  # noqa: S101 the common factor divides every one
    if term.expression is None:
        return Fixed(number.numerator)
    return times(term.expression, number.numerator)


def combined(operator: Arithmetic, terms: Sequence[Term], place: Place) -> Term:
    """Sum, difference, smallest or largest of terms of one unit; quotients stay exact."""
    if any(term.divisor is not None for term in terms):
        return _over_one_divisor(operator, terms, place)
    alike, unit = in_one_unit(terms, place)
    if all(term.is_constant for term in alike):
        return constant(_known(operator, [term.factor for term in alike]), unit, place)
    if operator == "+":
        alike = [term for term in alike if not (term.is_constant and term.factor == 0)]
    common = _common(alike)
    if len(alike) == 1 and operator != "-":
        return replace(alike[0], unit=unit)
    parts = tuple(_whole(term, common) for term in alike)
    return Term(Calculation(operator, parts), common, unit, place)


def _over_one_divisor(operator: Arithmetic, terms: Sequence[Term], place: Place) -> Term:
    """Quotients brought to one divisor, the product of all. Divisors are above zero."""
    above: list[Term] = []
    for at, term in enumerate(terms):
        others = [one.divisor for k, one in enumerate(terms) if k != at and one.divisor is not None]
        inner = others if term.expression is None else [term.expression, *others]
        above.append(replace(term, expression=_multiplied(inner), divisor=None))
    found = combined(operator, above, place)
    divisors = [one.divisor for one in terms if one.divisor is not None]
    return found if found.is_constant else replace(found, divisor=_multiplied(divisors))


def _known(operator: Arithmetic, numbers: list[Fraction]) -> Fraction:
    if operator == "+":
        return sum(numbers, Fraction(0))
    if operator == "-":
        return -numbers[0] if len(numbers) == 1 else numbers[0] - sum(numbers[1:], Fraction(0))
    return min(numbers) if operator == "min" else max(numbers)


def product(terms: Sequence[Term], place: Place) -> Term:
    """Terms multiplied; two units make a free one."""
    factor = Fraction(1)
    parts: list[Expression] = []
    divisors: list[Expression] = []
    for term in terms:
        factor *= term.factor
        if term.expression is not None:
            inner = term.expression
            is_product = isinstance(inner, Calculation) and inner.operator == "*"
            parts += inner.parts if is_product and isinstance(inner, Calculation) else (inner,)
        if term.divisor is not None:
            divisors.append(term.divisor)
    unit = _unit_of_product(terms)
    if not parts:
        return Term(None, factor, unit, place)
    whole = parts[0] if len(parts) == 1 else Calculation("*", tuple(parts))
    return Term(whole, factor, unit, place, _multiplied(divisors))


def _multiplied(parts: list[Expression]) -> Expression | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else Calculation("*", tuple(parts))


def _unit_of_product(terms: Sequence[Term]) -> str:
    units = [term.unit for term in terms if not (term.is_constant and term.unit == FREE)]
    told = [unit for unit in units if unit != PLAIN]
    if not told:
        return PLAIN if units else FREE
    return told[0] if len(told) == 1 else FREE


def quotient(above: Term, below: Term, place: Place) -> Term:
    """One term over another, exact: dividing by a constant changes the factor only."""
    above, below, unit = _quotient_units(above, below)
    if below.factor == 0:
        raise fault(place, "This divides by zero.", "a divisor that is never zero")
    factor = above.factor / below.factor
    divisors = [one for one in (above.divisor, below.expression) if one is not None]
    top = above.expression
    if top is None and below.expression is not None:
        top = Fixed(1)
    if below.divisor is not None and top is not None:
        top = Calculation("*", (top, below.divisor))
    return Term(top, factor, unit, place, _multiplied(divisors))


def _quotient_units(above: Term, below: Term) -> tuple[Term, Term, str]:
    if below.unit in (PLAIN, FREE):
        is_bare = below.unit == PLAIN or below.is_constant
        return above, below, above.unit if is_bare else FREE
    if above.unit in (PLAIN, FREE):
        return above, below, FREE
    factor = ratio(below.unit, above.unit)
    if factor is None:
        return above, below, FREE
    return above, replace(below, factor=below.factor * factor), PLAIN


def rounded_down(term: Term, place: Place) -> Term:
    """The largest whole number not above the term."""
    if term.is_constant:
        return constant(Fraction(term.factor // 1), term.unit, place)
    assert term.expression is not None  # noqa: S101 a term without it is constant
    top = times(term.expression, term.factor.numerator)
    bottom = _divisor(term)
    whole = top if bottom == Fixed(1) else Calculation("//", (top, bottom))
    return Term(whole, Fraction(1), term.unit, place)


def _divisor(term: Term) -> Expression:
    below = term.factor.denominator
    return Fixed(below) if term.divisor is None else times(term.divisor, below)


def negative(term: Term, place: Place) -> Term:
    """The term with the other sign."""
    if term.is_constant:
        return replace(term, factor=-term.factor)
    assert term.expression is not None  # noqa: S101 a term without it is constant
    return replace(term, expression=Calculation("-", (term.expression,)), place=place)


def rounded_up(term: Term, place: Place) -> Term:
    """The smallest whole number not below the term."""
    return negative(rounded_down(replace(term, factor=-term.factor), place), place)


def rounded_half_up(term: Term, places: int, place: Place) -> Term:
    """The nearest number of so many decimals, halves upwards."""
    finer = replace(term, factor=term.factor * 10**places * 2)
    if term.is_constant:
        return constant(Fraction((finer.factor + 1) // 2, 10**places), term.unit, place)
    assert finer.expression is not None  # noqa: S101 a term without it is constant
    top, bottom = times(finer.expression, finer.factor.numerator), _divisor(finer)
    half = Calculation("+", (top, bottom))
    whole = Calculation("//", (half, times(bottom, 2)))
    return Term(whole, Fraction(1, 10**places), term.unit, place)


def chosen(condition: Expression, then: Term, otherwise: Term, place: Place) -> Term:
    """One term or the other."""
    (first, second), unit = in_one_unit([_undivided(then), _undivided(otherwise)], place)
    common = _common([first, second])
    return Term(
        Choice(condition, _whole(first, common), _whole(second, common)), common, unit, place
    )


_MIRROR: dict[Comparison, Comparison] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def compared(operator: Comparison, left: Term, right: Term, place: Place) -> Expression:
    """Two terms compared, over whole numbers only; divisors must be above zero."""
    (left, right), _ = in_one_unit([left, right], place)
    if left.is_constant and right.is_constant:
        return Fixed(_holds(operator, left.factor, right.factor))
    if left.is_constant and right.divisor is None and right.factor > 0:
        return compared(_MIRROR.get(operator, operator), right, left, place)
    if right.is_constant and left.divisor is None and left.factor > 0:
        assert left.expression is not None  # noqa: S101 a term without it is constant
        return _against(operator, left.expression, right.factor / left.factor)
    common = _common([left, right]) if left.factor or right.factor else Fraction(1)
    sides = [_whole(left, common), _whole(right, common)]
    if right.divisor is not None:
        sides[0] = _joined(sides[0], right.divisor)
    if left.divisor is not None:
        sides[1] = _joined(sides[1], left.divisor)
    return Compare(operator, sides[0], sides[1])


def _joined(expression: Expression, divisor: Expression) -> Expression:
    if isinstance(expression, Fixed):
        return times(divisor, int(expression.value))
    return Calculation("*", (expression, divisor))


def _holds(operator: Comparison, left: Fraction, right: Fraction) -> bool:
    match operator:
        case "==":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case _:
            return left >= right


def _against(operator: Comparison, expression: Expression, bound: Fraction) -> Expression:
    if bound.denominator == 1:
        return Compare(operator, expression, Fixed(bound.numerator))
    if operator in ("==", "!="):
        return Fixed(operator == "!=")
    if operator in ("<", "<="):
        return Compare("<=", expression, Fixed(bound.numerator // bound.denominator))
    return Compare(">=", expression, Fixed(-(-bound.numerator // bound.denominator)))


def to_scale(term: Term, places: int | None, most: int, place: Place) -> tuple[Expression, int]:
    """The term as whole numbers of 10 to the minus `places`, the fewest that are exact when None.

    LanguageFault where the term is not whole there.
    """
    term = _undivided(term)
    for scale in range(most + 1) if places is None else (places,):
        number = term.factor * 10**scale
        if number.denominator == 1:
            found = Fixed(1) if term.expression is None else term.expression
            return times(found, number.numerator), scale
    raise _inexact(place)


def _inexact(place: Place) -> LanguageFault:
    return fault(
        place, "The quantity is not exact in so many decimals.", "round(…, places) around it"
    )
