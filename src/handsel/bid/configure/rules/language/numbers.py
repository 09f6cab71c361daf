"""Terms of a law: arithmetic with units, or on the scaled integers as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from handsel.bid.configure.rules.expressions import (
    Arithmetic,
    Calculation,
    Choice,
    Compare,
    Comparison,
    Expression,
    Fixed,
)
from handsel.bid.configure.rules.language import terms
from handsel.bid.configure.rules.language.problems import Place, fault
from handsel.bid.configure.rules.language.ranges import Bounds, bounds
from handsel.bid.configure.rules.language.syntax import Number
from handsel.bid.configure.rules.language.terms import FREE, Term
from handsel.ground.kernel.said import said


class UnitArithmetic:
    """Real numbers in units, kept exact."""

    def __init__(self, bounds_of: Callable[[str], Bounds]) -> None:
        self._bounds_of = bounds_of

    def number(self, node: Number) -> Term:
        """A written number."""
        return terms.constant(Fraction(node.value), node.unit, node.place)

    def variable(self, expression: Expression, scale: int, unit: str, place: Place) -> Term:
        """The value of a variable or quantity kept in units of 10 to the minus scale."""
        return Term(expression, Fraction(1, 10**scale), unit, place)

    def combined(self, operator: Arithmetic, parts: Sequence[Term], place: Place) -> Term:
        """Sum, difference, product, smallest, largest."""
        if operator == "*":
            return terms.product(parts, place)
        return terms.combined(operator, parts, place)

    def divided(self, parts: Sequence[Term], place: Place) -> Term:
        """A quotient, still exact."""
        found = parts[0]
        for part in parts[1:]:
            low, high = self._bounds_of_divisor(part)
            if low <= 0 <= high:
                raise fault(place, "The divisor can be zero.", "a divisor that never is")
            if low < 0:
                found = terms.quotient(
                    terms.negative(found, place), terms.negative(part, place), place
                )
            else:
                found = terms.quotient(found, part, place)
        return found

    def _bounds_of_divisor(self, part: Term) -> tuple[Fraction, Fraction]:
        if part.expression is None:
            return part.factor, part.factor
        if part.divisor is not None:
            raise fault(part.place, "A quotient divides a quotient.", "floor(…) around one of them")
        low, high = bounds(part.expression, self._bounds_of)
        ends = (low * part.factor, high * part.factor)
        return min(ends), max(ends)

    def rounded(self, name: str, term: Term, places: int, place: Place) -> Term:
        """floor, ceil (to whole numbers) or round (half up, to so many decimals)."""
        if name == "round":
            return terms.rounded_half_up(term, places, place)
        return (terms.rounded_down if name == "floor" else terms.rounded_up)(term, place)

    def floor_divided(self, parts: Sequence[Term], place: Place) -> Term:
        """Quotients rounded down one after another."""
        found = parts[0]
        for part in parts[1:]:
            found = terms.rounded_down(self.divided([found, part], place), place)
        return found

    def chosen(self, condition: Expression, then: Term, otherwise: Term, place: Place) -> Term:
        """One term or the other."""
        return terms.chosen(condition, then, otherwise, place)

    def compared(self, relation: Comparison, left: Term, right: Term, place: Place) -> Expression:
        """Two terms compared."""
        return terms.compared(relation, left, right, place)

    def quantity(
        self, term: Term, unit: str, places: int | None, place: Place
    ) -> tuple[Expression, int, str]:
        """A derived quantity's expression, scale and unit."""
        if unit and term.unit != terms.PLAIN:
            term = terms.to_unit(term, unit, place)
        found, scale = terms.to_scale(term, places, 6, place)
        return found, scale, unit or ("" if term.unit == FREE else term.unit)


class ScaledArithmetic(UnitArithmetic):
    """Whole numbers as they stand: nothing is converted, joined or simplified."""

    def number(self, node: Number) -> Term:
        """A written number, which must be whole."""
        if node.value != int(node.value) or node.unit:
            raise fault(node.place, "Arithmetic is scaled in this model.", "a whole number")
        return self._term(Fixed(int(node.value)), node.place)

    @staticmethod
    def _term(expression: Expression, place: Place) -> Term:
        return Term(expression, Fraction(1), FREE, place)

    def variable(self, expression: Expression, scale: int, unit: str, place: Place) -> Term:
        """The scaled value itself."""
        return self._term(expression, place)

    def combined(self, operator: Arithmetic, parts: Sequence[Term], place: Place) -> Term:
        """The parts as they are; a sign before a written number belongs to it."""
        inner = [_inner(part) for part in parts]
        if operator == "-" and len(inner) == 1 and isinstance(inner[0], Fixed):
            return self._term(Fixed(-int(inner[0].value)), place)
        return self._term(Calculation(operator, tuple(_inner(part) for part in parts)), place)

    def divided(self, parts: Sequence[Term], place: Place) -> Term:
        """There are no fractions here."""
        raise fault(place, "“/” has no meaning in scaled arithmetic.", "“//”")

    def rounded(self, name: str, term: Term, places: int, place: Place) -> Term:
        """There is nothing to round."""
        raise fault(
            place, said("“%(name)s” has no meaning in scaled arithmetic.", name=name), "“//”"
        )

    def floor_divided(self, parts: Sequence[Term], place: Place) -> Term:
        """The parts as they are, divisors never zero."""
        for part in parts[1:]:
            low, high = bounds(_inner(part), self._bounds_of)
            if low <= 0 <= high:
                raise fault(place, "The divisor can be zero.", "a divisor that never is")
        return self._term(Calculation("//", tuple(_inner(part) for part in parts)), place)

    def chosen(self, condition: Expression, then: Term, otherwise: Term, place: Place) -> Term:
        """One or the other."""
        return self._term(Choice(condition, _inner(then), _inner(otherwise)), place)

    def compared(self, relation: Comparison, left: Term, right: Term, place: Place) -> Expression:
        """The two sides as they are."""
        return Compare(relation, _inner(left), _inner(right))

    def quantity(
        self, term: Term, unit: str, places: int | None, place: Place
    ) -> tuple[Expression, int, str]:
        """The expression as it is, in the unit and decimals it is declared with."""
        return _inner(term), places or 0, unit


def _inner(term: Term) -> Expression:
    return Fixed(int(term.factor)) if term.expression is None else term.expression
