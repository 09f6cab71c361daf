"""A feature model to the flat product model.

A feature is a Boolean variable of its name; a typed one has a further variable `name.value`,
which takes its first value when the feature is not selected. One that repeats has a variable
`name.count`, and its instances are the first so many; which a file says is there is a condition.
"""

from __future__ import annotations

from collections.abc import Iterator

from handsel.bid.configure.rules.expressions import (
    Compare,
    Count,
    Expression,
    Fixed,
    Logic,
    Not,
    Ref,
)
from handsel.bid.configure.rules.formats.uvl.instances import Instances, always_there
from handsel.bid.configure.rules.formats.uvl.lowering import ConstraintLowering
from handsel.bid.configure.rules.formats.uvl.tree import (
    Constraint,
    Feature,
    FeatureGroup,
    FeatureModel,
)
from handsel.bid.configure.rules.formats.uvl.typed import value_variable
from handsel.bid.configure.rules.formats.uvl.writing import attribute_text
from handsel.bid.configure.rules.language.problems import LanguageFault, Place, Problem
from handsel.bid.configure.rules.model import Group, Law, ProductModel, Variable
from handsel.ground.kernel.said import said


def lower_features(model: FeatureModel, name: str = "model") -> ProductModel:
    """The flat model; `name` stands in errors. Raises LanguageFault with every problem."""
    return FeatureLowering(model, name).model()


class FeatureLowering:
    """Lowers one feature model; afterwards single constraints over it too."""

    def __init__(self, model: FeatureModel, name: str) -> None:
        self._model = model
        self._name = name
        self._problems: list[Problem] = []
        self._features: dict[str, Feature] = {}
        self._parents: dict[str, str] = {}
        self._there: dict[str, Expression] = {}
        self._instances = Instances(model, name)
        self._always = frozenset(always_there(model.root))
        self._variables: list[Variable] = []
        self._values: dict[str, Variable] = {}
        self._laws: list[Law] = []
        self._keys: set[str] = set()

    def model(self) -> ProductModel:
        """The flat model. Raises LanguageFault with every problem."""
        root = self._instances.root
        self._declare(root, "")
        self._law(f"{root.name} is there", Ref(root.name), f"Every product is a {root.name}.")
        self._tree(root)
        self._constraints()
        if self._problems:
            raise LanguageFault(sorted(dict.fromkeys(self._problems), key=lambda one: one.place))
        headings = {one.group for one in self._variables}
        groups = tuple(
            Group(key, self._parents[key], {"en": key})
            for key, feature in self._features.items()
            if feature.groups or key in headings
        )
        name = self._model.namespace or root.name
        return ProductModel(name, tuple(self._variables), tuple(self._laws), groups=groups)

    def _place(self, feature: Feature, line: int) -> Place:
        return Place(feature.file or self._name, line, 1)

    def _declare(self, feature: Feature, parent: str) -> None:
        if feature.name in self._features:
            message = said("“%(name)s” is there twice.", name=feature.name)
            place = self._place(feature, feature.line)
            self._problems.append(Problem(place, message, "each feature once"))
            return
        self._features[feature.name] = feature
        self._parents[feature.name] = parent
        titles = {"en": feature.name}
        if feature.name not in self._there:
            self._there[feature.name] = Ref(feature.name)
            self._variables.append(
                Variable(
                    feature.name,
                    "boolean",
                    (False, True),
                    parent,
                    titles=titles,
                    line=feature.line,
                    facts=self._facts(feature),
                )
            )
        if feature.type != "Boolean":
            self._typed(feature, parent)
        for group in feature.groups:
            if group.kind == "instances":
                self._numbered(feature, group)
            for child in group.features:
                self._declare(child, feature.name)

    def _facts(self, feature: Feature) -> tuple[tuple[str, str], ...]:
        """The attributes as they are written; those of a repeating feature stand at itself."""
        origin = self._instances.origins.get(feature.name, feature)
        return tuple((name, attribute_text(value)) for name, value in origin.attributes)

    def _typed(self, feature: Feature, parent: str) -> None:
        place = self._place(feature, feature.line)
        origin = self._instances.origins.get(feature.name, feature)
        is_instance = self._instances.owners.get(feature.name) == feature.name
        group = feature.name if is_instance else parent
        try:
            variable = value_variable(origin, self._model.constraints, place, group, feature.name)
        except LanguageFault as found:
            self._problems.extend(found.problems)
            return
        self._values[feature.name] = variable
        self._first_when_absent(variable, self._there[feature.name])

    def _numbered(self, feature: Feature, group: FeatureGroup) -> None:
        """How many instances a feature has, and by that which of them are there."""
        count = f"{feature.name}.count"
        for number, one in enumerate(group.features, start=1):
            self._there[one.name] = Ref(feature.name)
            if number > group.least:
                self._there[one.name] = Compare(">=", Ref(count), Fixed(number))
        if group.most == group.least:
            return
        values = tuple(range(group.least, len(group.features) + 1))
        titles = {"en": f"{feature.name}: count"}
        variable = Variable(
            count, "integer", values, feature.name, titles=titles, line=feature.line
        )
        self._first_when_absent(variable, Ref(feature.name))

    def _first_when_absent(self, variable: Variable, there: Expression) -> None:
        self._variables.append(variable)
        first = Compare("==", Ref(variable.key), Fixed(variable.values[0]))
        absent = Logic("implies", (Not(there), first))
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
            if group.kind != "instances":
                self._group(feature, group)
            for child in group.features:
                self._tree(child)

    def _group(self, feature: Feature, group: FeatureGroup) -> None:
        names = [child.name for child in group.features]
        parent, there = feature.name, self._there[feature.name]
        for name in names:
            self._law(
                f"{name} under {parent}",
                Logic("implies", (Ref(name), there)),
                f"{name} is part of {parent}.",
                group.line,
            )
        if group.kind == "mandatory":
            for name in names:
                self._law(
                    f"{parent} needs {name}",
                    Logic("implies", (there, Ref(name))),
                    f"{parent} always has {name}.",
                    group.line,
                )
            return
        least, most = _bounds(group, len(names))
        if least > len(names):
            message = said("The group has %(count)s features.", count=len(names))
            expected = said("%(least)s or more", least=least)
            place = self._place(feature, group.line)
            self._problems.append(Problem(place, message, expected))
            return
        self._group_size(parent, names, least, most, group.line)

    def _group_size(self, parent: str, names: list[str], least: int, most: int, line: int) -> None:
        there = self._there[parent]
        told = ", ".join(names[:6]) + (", …" if len(names) > 6 else "")
        count = Count(tuple(Ref(name) for name in names))
        if least == 1:
            some: Expression = Logic("or", tuple(Ref(name) for name in names))
            some = Ref(names[0]) if len(names) == 1 else some
            condition: Expression = Logic("implies", (there, some))
            self._law(f"{parent} has one", condition, f"{parent} needs one of {told}.", line)
        elif least > 1:
            condition = Logic("implies", (there, Compare(">=", count, Fixed(least))))
            sentence = f"{parent} needs at least {least} of {told}."
            self._law(f"{parent} has {least}", condition, sentence, line)
        if most < len(names):
            self._law(
                f"{parent} has at most {most}",
                Compare("<=", count, Fixed(most)),
                f"{parent} has at most {most} of {told}.",
                line,
            )

    # -- constraints

    def conditions(self, constraint: Constraint) -> Iterator[tuple[str, str, Expression]]:
        """Of each instance, or once: what tells it apart, the sentence and the condition."""
        lowering = ConstraintLowering(
            self._features, self._values, self._there, self._always, self._name
        )
        for suffix, one in self._instances.spread(constraint):
            yield suffix, one.text, lowering.condition(one)

    def _constraints(self) -> None:
        for number, constraint in enumerate(self._model.constraints, start=1):
            try:
                for suffix, text, condition in self.conditions(constraint):
                    self._law(f"constraint {number}{suffix}", condition, text, constraint.line)
            except LanguageFault as found:
                self._problems.extend(found.problems)


def _bounds(group: FeatureGroup, count: int) -> tuple[int, int]:
    match group.kind:
        case "or":
            return 1, count
        case "alternative":
            return 1, 1
        case "cardinality":
            return group.least, count if group.most is None else group.most
    return 0, count
