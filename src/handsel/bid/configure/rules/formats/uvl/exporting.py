"""A flat product model to a UVL feature model.

An enumeration becomes a mandatory feature with one alternative `variable = value` a value; a
Boolean an optional feature; a number a mandatory typed feature with its values. Numbers are
written scaled, as the laws reckon. What UVL cannot say (tables of many rows, choices between
terms, smallest and largest) is refused by name.
"""

from __future__ import annotations

from decimal import Decimal

from handsel.bid.configure.rules.expressions import (
    Calculation,
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
from handsel.bid.configure.rules.formats.uvl.tree import (
    Applied,
    Attribute,
    Constraint,
    Feature,
    FeatureGroup,
    FeatureModel,
    Reference,
    Term,
    Written,
)
from handsel.bid.configure.rules.formats.uvl.writing import write_feature_model
from handsel.bid.configure.rules.language.problems import LanguageFault, Place, Problem, fault
from handsel.bid.configure.rules.model import Law, ProductModel, TableLaw, Variable
from handsel.ground.kernel.said import Said, said

MOST_TABLE_ROWS = 5_000
_CONNECTIVES = {"and": "&", "or": "|", "implies": "=>", "iff": "<=>"}


def export_uvl(model: ProductModel) -> str:
    """UVL text of a model; LanguageFault names every law that UVL cannot say."""
    return write_feature_model(_Export(model).feature_model())


class _Export:
    def __init__(self, model: ProductModel) -> None:
        self._model = model
        self._variables = {one.key: one for one in model.variables}
        self._derived = {one.key: one.expression for one in model.derived}
        self._attributes: dict[str, dict[str, Attribute]] = {}
        self._lookups: dict[Lookup, str] = {}

    def feature_model(self) -> FeatureModel:
        problems: list[Problem] = []
        constraints: list[Constraint] = []
        for law in self._model.laws:
            try:
                constraints.append(Constraint(self._law(law)))
            except LanguageFault as found:
                problems += [
                    Problem(
                        Place(self._model.name, law.line, 1),
                        said("%(key)s: %(message)s", key=law.key, message=one.message),
                    )
                    for one in found.problems
                ]
        if problems:
            raise LanguageFault(problems)
        mandatory: list[Feature] = []
        optional: list[Feature] = []
        for variable in self._model.variables:
            feature = self._feature(variable)
            (optional if variable.kind == "boolean" else mandatory).append(feature)
        groups = [
            FeatureGroup("mandatory", tuple(mandatory)),
            FeatureGroup("optional", tuple(optional)),
        ]
        name = self._model.name
        while name in self._variables:
            name += " model"
        root = Feature(name, groups=tuple(group for group in groups if group.features))
        return FeatureModel(
            root,
            tuple(constraints),
            self._model.name,
            ("Boolean.group-cardinality", "Arithmetic.*", "Type.*"),
        )

    def _feature(self, variable: Variable) -> Feature:
        key = variable.key
        if variable.kind == "boolean":
            return Feature(key, attributes=self._attributes_of(key))
        if variable.kind == "enumeration":
            values = tuple(
                Feature(name, attributes=self._attributes_of(name))
                for name in (_value_name(key, value) for value in variable.values)
            )
            return Feature(key, groups=(FeatureGroup("alternative", values),))
        numbers = tuple(Decimal(int(value)) for value in variable.values)
        return Feature(key, "Integer", (("values", numbers),))

    def _attributes_of(self, name: str) -> tuple[tuple[str, Attribute], ...]:
        return tuple(self._attributes.get(name, {}).items())

    # -- laws

    def _law(self, law: Law | TableLaw) -> Term:
        if isinstance(law, Law):
            return self._condition(law.condition)
        if len(law.rows) > MOST_TABLE_ROWS:
            raise _unsayable(said("a table of %(count)s rows", count=f"{len(law.rows):,}"))
        rows = [
            _joined("&", [self._is(key, value) for key, value in zip(law.scope, row, strict=True)])
            for row in law.rows
        ]
        return _joined("|", rows) if rows else Written(False)

    def _is(self, key: str, value: Value) -> Term:
        variable = self._variables[key]
        if variable.kind == "boolean":
            return Reference((key,)) if value else Applied("!", (Reference((key,)),))
        if variable.kind == "enumeration":
            return Reference((_value_name(key, value),))
        return Applied("==", (Reference((key,)), Written(Decimal(int(value)))))

    def _condition(self, expression: Expression) -> Term:
        match expression:
            case Fixed(value):
                return Written(bool(value))
            case Ref(key) if key in self._derived:
                return self._condition(self._derived[key])
            case Ref(key):
                return self._is(key, True)
            case Not(inner):
                return Applied("!", (self._condition(inner),))
            case OneOf(key, values):
                kept = [value for value in self._variables[key].values if value in values]
                parts = [self._is(key, value) for value in kept]
                return _joined("|", parts) if parts else Written(False)
            case Logic("xor", (left, right)):
                same = Applied("<=>", (self._condition(left), self._condition(right)))
                return Applied("!", (same,))
            case Logic(connective, conditions):
                parts = [self._condition(condition) for condition in conditions]
                return _joined(_CONNECTIVES[connective], parts)
            case Compare():
                return self._compared(expression)
        raise _unsayable("this condition")

    def _compared(self, expression: Compare) -> Term:
        left, right = expression.left, expression.right
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Ref) and isinstance(other, Fixed) and self._is_plain(one.key):
                found = self._is(one.key, other.value)
                return found if expression.operator == "==" else Applied("!", (found,))
        if isinstance(left, Ref) and isinstance(right, Ref) and self._is_plain(left.key):
            return self._two(expression.operator, left.key, right.key)
        return Applied(expression.operator, (self._number(left), self._number(right)))

    def _is_plain(self, key: str) -> bool:
        found = self._variables.get(key)
        return found is not None and found.kind in ("enumeration", "boolean")

    def _two(self, operator: str, left: str, right: str) -> Term:
        theirs = self._variables[right].values
        same = [
            _joined("&", [self._is(left, value), self._is(right, value)])
            for value in self._variables[left].values
            if value in theirs
        ]
        found: Term = _joined("|", same) if same else Written(False)
        return found if operator == "==" else Applied("!", (found,))

    # -- numbers

    def _number(self, expression: Expression) -> Term:
        match expression:
            case Fixed(value):
                return _literal(int(value))
            case Ref(key) if key in self._derived:
                return self._number(self._derived[key])
            case Ref(key):
                return Reference((key,))
            case Lookup():
                return self._looked_up(expression)
            case Count(conditions):
                return self._counted(conditions)
            case Calculation("//", (above, below)):
                whole = Applied("/", (self._number(above), self._number(below)))
                return Applied("floor", (whole,))
            case Calculation(operator, parts) if operator in ("+", "-", "*"):
                lowered = [self._number(part) for part in parts]
                if operator == "-" and len(lowered) > 2:
                    lowered = [lowered[0], Applied("+", tuple(lowered[1:]))]
                return Applied(operator, tuple(lowered))
        raise _unsayable("a choice between terms, the smallest or the largest")

    def _looked_up(self, lookup: Lookup) -> Term:
        variable = self._variables[lookup.key]
        if variable.kind != "enumeration":
            raise _unsayable(said("a map by the number “%(key)s”", key=lookup.key))
        name = self._lookups.setdefault(lookup, f"map{len(self._lookups) + 1}")
        parts: list[Term] = []
        for value, number in lookup.entries:
            feature = _value_name(lookup.key, value)
            self._attributes.setdefault(feature, {})[name] = Decimal(number)
            parts.append(Reference((feature, name)))
        return _joined("+", parts)

    def _counted(self, conditions: tuple[Expression, ...]) -> Term:
        parts: list[Term] = []
        for condition in conditions:
            if not isinstance(condition, Ref) or not self._is_plain(condition.key):
                raise _unsayable("a count of anything but yes and no")
            self._attributes.setdefault(condition.key, {})["one"] = Decimal(1)
            parts.append(Reference((condition.key, "one")))
        return _joined("+", parts)


def _value_name(key: str, value: Value) -> str:
    return f"{key} = {value}"


def _joined(operator: str, parts: list[Term]) -> Term:
    return parts[0] if len(parts) == 1 else Applied(operator, tuple(parts))


def _literal(number: int) -> Term:
    found = Written(Decimal(abs(number)))
    return Applied("-", (found,)) if number < 0 else found


def _unsayable(what: str) -> LanguageFault:
    return fault(
        Place(),
        said("UVL cannot say %(what)s.", what=what if isinstance(what, Said) else said(what)),
    )
