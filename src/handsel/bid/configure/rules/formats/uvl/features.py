"""A feature model to the flat product model.

A feature is a Boolean variable of its name; a typed one has a further variable `name.value`,
which takes its first value when the feature is not selected.
"""

from __future__ import annotations

from handsel.bid.configure.rules.expressions import (
    Compare,
    Count,
    Expression,
    Fixed,
    Logic,
    Not,
    Ref,
)
from handsel.bid.configure.rules.formats.uvl.lowering import ConstraintLowering
from handsel.bid.configure.rules.formats.uvl.tree import Feature, FeatureGroup, FeatureModel
from handsel.bid.configure.rules.formats.uvl.typed import value_variable
from handsel.bid.configure.rules.language.problems import LanguageFault, Place, Problem
from handsel.bid.configure.rules.model import Group, Law, ProductModel, Variable
from handsel.ground.kernel.said import said


def lower_features(model: FeatureModel, name: str = "model") -> ProductModel:
    """The flat model; `name` stands in errors. Raises LanguageFault with every problem."""
    return _Lowering(model, name).model()


class _Lowering:
    def __init__(self, model: FeatureModel, name: str) -> None:
        self._model = model
        self._name = name
        self._problems: list[Problem] = []
        self._features: dict[str, Feature] = {}
        self._parents: dict[str, str] = {}
        self._variables: list[Variable] = []
        self._values: dict[str, Variable] = {}
        self._laws: list[Law] = []
        self._keys: set[str] = set()

    def model(self) -> ProductModel:
        root = self._model.root
        self._declare(root, "")
        self._law(f"{root.name} is there", Ref(root.name), f"Every product is a {root.name}.")
        self._tree(root)
        self._constraints()
        if self._problems:
            raise LanguageFault(sorted(self._problems, key=lambda one: one.place))
        groups = tuple(
            Group(key, self._parents[key], {"en": key})
            for key, feature in self._features.items()
            if feature.groups
        )
        name = self._model.namespace or root.name
        return ProductModel(name, tuple(self._variables), tuple(self._laws), groups=groups)

    def _problem(self, line: int, message: str, expected: str = "") -> None:
        self._problems.append(Problem(Place(self._name, line, 1), message, expected))

    def _declare(self, feature: Feature, parent: str) -> None:
        if feature.name in self._features:
            self._problem(
                feature.line,
                said("“%(name)s” is there twice.", name=feature.name),
                "each feature once",
            )
            return
        self._features[feature.name] = feature
        self._parents[feature.name] = parent
        self._variables.append(
            Variable(
                feature.name,
                "boolean",
                (False, True),
                group=parent,
                titles={"en": feature.name},
                line=feature.line,
            )
        )
        if feature.type != "Boolean":
            self._typed(feature, parent)
        for group in feature.groups:
            for child in group.features:
                self._declare(child, feature.name)

    def _typed(self, feature: Feature, parent: str) -> None:
        place = Place(self._name, feature.line, 1)
        try:
            variable = value_variable(feature, self._model.constraints, place, parent)
        except LanguageFault as found:
            self._problems.extend(found.problems)
            return
        self._variables.append(variable)
        self._values[feature.name] = variable
        first = Compare("==", Ref(variable.key), Fixed(variable.values[0]))
        absent = Logic("implies", (Not(Ref(feature.name)), first))
        self._laws.append(Law(f"{variable.key} absent", absent, is_structural=True))

    # -- the tree

    def _law(self, key: str, condition: Expression, sentence: str, line: int = 0) -> None:
        unique, number = key, 1
        while unique in self._keys:
            number += 1
            unique = f"{key} ({number})"
        self._keys.add(unique)
        self._laws.append(Law(unique, condition, {"en": sentence}, line=line))

    def _tree(self, feature: Feature) -> None:
        for group in feature.groups:
            self._group(feature.name, group)
            for child in group.features:
                self._tree(child)

    def _group(self, parent: str, group: FeatureGroup) -> None:
        names = [child.name for child in group.features]
        for name in names:
            self._law(
                f"{name} under {parent}",
                Logic("implies", (Ref(name), Ref(parent))),
                f"{name} is part of {parent}.",
                group.line,
            )
        if group.kind == "mandatory":
            for name in names:
                self._law(
                    f"{parent} needs {name}",
                    Logic("implies", (Ref(parent), Ref(name))),
                    f"{parent} always has {name}.",
                    group.line,
                )
            return
        least, most = _bounds(group, len(names))
        told = ", ".join(names[:6]) + (", …" if len(names) > 6 else "")
        count = Count(tuple(Ref(name) for name in names))
        if least > len(names):
            self._problem(
                group.line,
                said("The group has %(count)s features.", count=len(names)),
                said("%(least)s or more", least=least),
            )
        elif least == 1:
            some: Expression = Logic("or", tuple(Ref(name) for name in names))
            some = Ref(names[0]) if len(names) == 1 else some
            condition: Expression = Logic("implies", (Ref(parent), some))
            self._law(f"{parent} has one", condition, f"{parent} needs one of {told}.", group.line)
        elif least > 1:
            condition = Logic("implies", (Ref(parent), Compare(">=", count, Fixed(least))))
            sentence = f"{parent} needs at least {least} of {told}."
            self._law(f"{parent} has {least}", condition, sentence, group.line)
        if most < len(names):
            self._law(
                f"{parent} has at most {most}",
                Compare("<=", count, Fixed(most)),
                f"{parent} has at most {most} of {told}.",
                group.line,
            )

    # -- constraints

    def _constraints(self) -> None:
        lowering = ConstraintLowering(self._features, self._values, self._name)
        for number, constraint in enumerate(self._model.constraints, start=1):
            try:
                condition = lowering.condition(constraint.term, constraint.line)
            except LanguageFault as found:
                self._problems.extend(found.problems)
                continue
            self._law(f"constraint {number}", condition, constraint.text, constraint.line)


def _bounds(group: FeatureGroup, count: int) -> tuple[int, int]:
    match group.kind:
        case "or":
            return 1, count
        case "alternative":
            return 1, 1
        case "cardinality":
            return group.least, count if group.most is None else group.most
    return 0, count
