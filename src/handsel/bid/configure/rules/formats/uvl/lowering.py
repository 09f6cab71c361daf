"""Constraints of UVL to conditions. What is not selected counts 0; an average of nothing is 0."""

from __future__ import annotations

from collections.abc import Container, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import cast

from handsel.bid.configure.rules.expressions import (
    Arithmetic,
    Calculation,
    Compare,
    Comparison,
    Connective,
    Count,
    Expression,
    Fixed,
    Logic,
    Lookup,
    Not,
    Ref,
)
from handsel.bid.configure.rules.formats.uvl.constraints import FUNCTIONS
from handsel.bid.configure.rules.formats.uvl.instances import all_features, found_feature
from handsel.bid.configure.rules.formats.uvl.tree import (
    Applied,
    Attribute,
    Constraint,
    Feature,
    Reference,
    Term,
    Written,
)
from handsel.bid.configure.rules.formats.uvl.typed import OTHER
from handsel.bid.configure.rules.language import numbers, terms
from handsel.bid.configure.rules.language.problems import (
    LanguageFault,
    Place,
    did_you_mean,
    fault,
)
from handsel.bid.configure.rules.model import Variable
from handsel.ground.kernel.said import said

_CONNECTIVES: dict[str, Connective] = {"&": "and", "|": "or", "=>": "implies", "<=>": "iff"}
_RELATIONS = ("==", "!=", "<", "<=", ">", ">=")


class ConstraintLowering:
    """Lowers constraints over declared features and the value variables of typed ones."""

    def __init__(
        self,
        features: dict[str, Feature],
        values: dict[str, Variable],
        there: dict[str, Expression],
        always: Container[str],
        name: str,
    ) -> None:
        self._features = features
        self._values = values
        self._there = there
        self._always = always
        self._name = self._file = name
        bounds = {
            one.key: (min(one.values), max(one.values))
            for one in values.values()
            if one.kind != "enumeration"
        }
        self._numbers = numbers.UnitArithmetic(
            cast("dict[str, tuple[int, int]]", bounds).__getitem__
        )
        self._line = 0

    def condition(self, constraint: Constraint) -> Expression:
        """A condition; LanguageFault where the term is none or names what is not there."""
        self._line = constraint.line
        self._file = constraint.file or self._name
        return self._condition(constraint.term)

    def _fault(self, term: Term, message: str, expected: str = "") -> LanguageFault:
        return fault(self._place(term), message, expected)

    def _place(self, term: Term) -> Place:
        below, column = getattr(term, "spot", (0, 1))
        return Place(self._file, self._line + below, column)

    def _condition(self, term: Term) -> Expression:
        match term:
            case Written(bool() as value):
                return Fixed(value)
            case Reference():
                return self._selected(term)
            case Applied("!", (part,)):
                return Not(self._condition(part))
            case Applied(operator, parts) if operator in _CONNECTIVES:
                lowered = tuple(self._condition(part) for part in parts)
                return Logic(_CONNECTIVES[operator], lowered)
            case Applied(operator) if operator in _RELATIONS:
                return self._compared(term)
        raise self._fault(term, "This is not a condition.", "a feature or a comparison")

    def _selected(self, term: Reference) -> Expression:
        feature, attribute = self._found(term)
        if attribute is None:
            return self._there[feature.name]
        value = self._attribute(feature, attribute, term)
        if not isinstance(value, bool):
            raise self._fault(
                term, said("“%(attribute)s” is no condition.", attribute=attribute), "a comparison"
            )
        return Logic("and", (self._there[feature.name], Fixed(value)))

    def _found(self, term: Reference) -> tuple[Feature, str | None]:
        return found_feature(term, self._features, self._place(term))

    def _attribute(self, feature: Feature, name: str, term: Term) -> Attribute:
        found = feature.attribute(name)
        if found is None:
            names = [one for one, _ in feature.attributes]
            near = did_you_mean(name, names)
            raise self._fault(
                term,
                said(
                    "“%(name)s” has no attribute “%(attribute)s”.%(near)s",
                    name=feature.name,
                    attribute=name,
                    near=near,
                ),
                "one of its attributes",
            )
        return found

    # -- comparisons

    def _compared(self, term: Applied) -> Expression:
        relation = cast("Comparison", term.operator)
        left, right = term.parts
        for one, other in ((left, right), (right, left)):
            if isinstance(other, Written) and isinstance(other.value, str):
                return self._text(relation, one, other.value, term)
        if self._is_condition(left) and self._is_condition(right):
            if relation not in ("==", "!="):
                raise self._fault(term, "Conditions have no order.", "“==” or “!=”")
            sides = (self._condition(left), self._condition(right))
            return Logic("iff" if relation == "==" else "xor", sides)
        return self._numbers.compared(
            relation, self._number(left), self._number(right), self._place(term)
        )

    def _is_condition(self, term: Term) -> bool:
        if isinstance(term, Applied):
            return term.operator in (*_CONNECTIVES, *_RELATIONS, "!")
        if isinstance(term, Written):
            return isinstance(term.value, bool)
        feature, attribute = self._found(term)
        if attribute is not None:
            return isinstance(feature.attribute(attribute), bool)
        return feature.name not in self._values

    def _text(self, relation: Comparison, one: Term, text: str, term: Term) -> Expression:
        if relation not in ("==", "!="):
            raise self._fault(term, "Texts have no order.", "“==” or “!=”")
        if not isinstance(one, Reference):
            raise self._fault(term, "Only a feature compares with a text.", "a feature")
        feature, attribute = self._found(one)
        if attribute is not None:
            found = self._attribute(feature, attribute, term)
            is_same: Expression = Fixed(found == text)
        else:
            variable = self._values.get(feature.name)
            if variable is None or variable.kind != "enumeration":
                raise self._fault(
                    term, said("“%(name)s” holds no text.", name=feature.name), "a String feature"
                )
            is_same = Compare("==", Ref(variable.key), Fixed(text))
            if text not in variable.values:
                is_same = Fixed(False)
        holds = Logic("and", (self._there[feature.name], is_same))
        return holds if relation == "==" else Not(holds)

    # -- numbers

    def _number(self, term: Term) -> terms.Term:
        place = self._place(term)
        match term:
            case Written(Decimal() as value):
                return terms.constant(Fraction(value), "", place)
            case Reference():
                return self._valued(term)
            case Applied(operator, parts) if operator in ("+", "-", "*"):
                lowered = [self._number(part) for part in parts]
                return self._numbers.combined(cast("Arithmetic", operator), lowered, place)
            case Applied("/", parts):
                return self._numbers.divided([self._number(part) for part in parts], place)
            case Applied(operator, parts) if operator in FUNCTIONS:
                return self._function(term)
        raise self._fault(term, "This is not a number.", "a number")

    def _function(self, term: Applied) -> terms.Term:
        place = self._place(term)
        if term.operator in ("floor", "ceil") and len(term.parts) == 1:
            return self._numbers.rounded(term.operator, self._number(term.parts[0]), 0, place)
        if term.operator == "len":
            return self._length(term)
        if term.operator in ("sum", "avg"):
            return self._aggregate(term)
        raise self._fault(
            term, said("“%(operator)s” is called wrongly.", operator=term.operator), "one number"
        )

    def _valued(self, term: Reference) -> terms.Term:
        feature, attribute = self._found(term)
        place = self._place(term)
        if attribute is not None:
            return self._where_selected(feature, self._attribute(feature, attribute, term), term)
        variable = self._values.get(feature.name)
        if variable is None or variable.kind == "enumeration":
            raise self._fault(
                term, said("“%(name)s” is no number.", name=feature.name), "a typed feature"
            )
        value = self._numbers.variable(Ref(variable.key), variable.scale, terms.FREE, place)
        if feature.name in self._always:
            return value
        nothing = terms.constant(Fraction(0), "", place)
        return self._numbers.chosen(self._there[feature.name], value, nothing, place)

    def _where_selected(self, feature: Feature, value: Attribute, term: Term) -> terms.Term:
        if not isinstance(value, Decimal):
            raise self._fault(term, "The attribute is no number.", "a numeric attribute")
        place = self._place(term)
        number = terms.constant(Fraction(value), "", place)
        nothing = terms.constant(Fraction(0), "", place)
        return self._numbers.chosen(self._there[feature.name], number, nothing, place)

    def _length(self, term: Applied) -> terms.Term:
        part = term.parts[0]
        variable = (
            self._values.get(self._found(part)[0].name) if isinstance(part, Reference) else None
        )
        if variable is None or variable.kind != "enumeration":
            raise self._fault(term, "“len” measures the text of a String feature.", "one feature")
        if OTHER in variable.values:
            raise self._fault(
                term,
                "The length of a text that may be any other is not known.",
                "an attribute such as values ['a', 'b']",
            )
        place = self._place(term)
        lengths = tuple((value, len(str(value))) for value in variable.values)
        length = self._numbers.variable(Lookup(variable.key, lengths), 0, terms.FREE, place)
        nothing = terms.constant(Fraction(0), "", place)
        holder = variable.key.removesuffix(".value")
        return self._numbers.chosen(self._there[holder], length, nothing, place)

    def _aggregate(self, term: Applied) -> terms.Term:
        place = self._place(term)
        if not term.parts or any(not isinstance(part, Reference) for part in term.parts):
            raise self._fault(
                term,
                said("“%(operator)s” takes an attribute.", operator=term.operator),
                "an attribute's name",
            )
        references = cast("tuple[Reference, ...]", term.parts)
        wanted = references[-1].path[-1]
        holders = list(self._holders(references, wanted, term))
        if not holders:
            raise self._fault(
                term,
                said("No feature has an attribute “%(wanted)s”.", wanted=wanted),
                "an attribute",
            )
        parts = [
            self._where_selected(one, one.attribute(wanted) or Decimal(0), term) for one in holders
        ]
        total = parts[0] if len(parts) == 1 else self._numbers.combined("+", parts, place)
        if term.operator == "sum":
            return total
        # With nothing selected the total is 0, and so is its average over one.
        count = Count(tuple(self._there[one.name] for one in holders))
        some = Calculation("max", (Fixed(1), count))
        return self._numbers.divided(
            [total, terms.Term(some, Fraction(1), terms.FREE, place)], place
        )

    def _holders(
        self, references: tuple[Reference, ...], wanted: str, term: Term
    ) -> Iterator[Feature]:
        tops = [one.path for one in references[:-1]] or [references[0].path[:-1]]
        for path in tops:
            below: Iterator[Feature] = iter(self._features.values())
            if path:
                found, _ = self._found(Reference(path, getattr(term, "spot", (0, 1))))
                below = all_features(found)
            for feature in below:
                if isinstance(feature.attribute(wanted), Decimal):
                    yield feature
