"""A flat model that came of no tree, as one feature with all its variables below it.

An enumeration becomes a mandatory feature with one alternative `variable = value` a value, a
Boolean an optional feature, a number a mandatory typed feature with its values, written scaled, as
the laws reckon. A component that repeats becomes a feature with a cardinality.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from handsel.bid.configure.rules.expressions import (
    Compare,
    Expression,
    Fixed,
    Logic,
    Not,
    Ref,
)
from handsel.bid.configure.rules.formats.uvl.spelled import Repeated, Spelled
from handsel.bid.configure.rules.formats.uvl.tree import Feature, FeatureGroup
from handsel.bid.configure.rules.model import Law, ProductModel, TableLaw, Variable

_INSTANCE = re.compile(r"(?P<component>.+?)\[(?P<number>[0-9]+)\]\.(?P<rest>.+)", re.DOTALL)


@dataclass(frozen=True)
class Component:
    """A part that repeats: by the number of an instance its variables, and what it lacks."""

    key: str
    least: int
    instances: tuple[tuple[Variable, ...], ...]

    def there(self, number: int) -> Expression | None:
        """What says that the instance is there; None where it always is."""
        if number <= self.least:
            return None
        return Compare(">=", Ref(f"{self.key}.count"), Fixed(number))

    def absences(self) -> Iterator[Expression]:
        """What a feature's cardinality says by itself: what is absent has its first values."""
        for number, variables in enumerate(self.instances, start=1):
            there = self.there(number)
            if there is not None:
                firsts = [Compare("==", Ref(one.key), Fixed(one.values[0])) for one in variables]
                then = firsts[0] if len(firsts) == 1 else Logic("and", tuple(firsts))
                yield Logic("implies", (Not(there), then))


def components(model: ProductModel) -> list[Component]:
    """The repeating components that a feature with a cardinality can say."""
    found: dict[str, dict[int, list[Variable]]] = {}
    for one in model.variables:
        named = _INSTANCE.fullmatch(one.key)
        if named:
            of = found.setdefault(named["component"], {})
            of.setdefault(int(named["number"]), []).append(one)
    variables = {one.key: one for one in model.variables}
    laws = {one.condition for one in model.laws if isinstance(one, Law)}
    told: list[Component] = []
    for key, numbers in found.items():
        instances = tuple(tuple(numbers[number]) for number in sorted(numbers))
        count = variables.get(f"{key}.count")
        least = len(instances) if count is None else int(count.values[0])
        part = Component(key, least, instances)
        if _is_regular(part, sorted(numbers), count) and laws.issuperset(part.absences()):
            told.append(part)
    return told


def _is_regular(one: Component, numbers: list[int], count: Variable | None) -> bool:
    most = len(one.instances)
    if numbers != list(range(1, most + 1)) or (one.least, most) == (1, 1):
        return False
    if count is not None and count.values != tuple(range(one.least, most + 1)):
        return False
    shapes = {
        tuple(
            (each.key.partition(f"[{number}].")[2], each.kind, each.values, each.scale)
            for each in variables
        )
        for number, variables in enumerate(one.instances, start=1)
    }
    (shape, *others) = shapes
    return not others and not any("[" in rest or rest.endswith(".count") for rest, *_ in shape)


@dataclass
class Shaped:
    """The tree, what each variable is called in it, and the laws it does not say."""

    root: Feature
    spelled: dict[str, Spelled]
    repeated: list[Repeated]
    laws: list[Law | TableLaw]
    namespace: str = ""
    # Instances of one repeating feature, by any of them.
    siblings: dict[str, list[str]] = field(default_factory=dict)


class Shaping:
    """Makes the tree; `kept` are the components that repeat in it, the others are told flat."""

    def __init__(self, model: ProductModel, kept: list[Component]) -> None:
        self._model = model
        self._kept = {one.key: one for one in kept}
        self._spelled: dict[str, Spelled] = {}
        self._names: set[str] = {one.key for one in model.variables}
        self._repeated: list[Repeated] = []
        self._siblings: dict[str, list[str]] = {}

    def shaped(self) -> Shaped:
        """The tree of the model."""
        inner = {each.key for one in self._kept.values() for part in one.instances for each in part}
        counts = {f"{key}.count" for key in self._kept}
        plain = [one for one in self._model.variables if one.key not in inner | counts]
        groups = self._groups(plain)
        repeated = tuple(self._component(one) for one in self._kept.values())
        name = self._fresh(self._model.name, " model")
        if repeated:
            groups = (*groups, FeatureGroup("mandatory", repeated))
        absences = [law for one in self._kept.values() for law in one.absences()]
        laws = [
            part
            for one in self._model.laws
            if not isinstance(one, Law) or not one.is_structural or one.condition not in absences
            for part in _parts(one)
        ]
        root = Feature(name, groups=groups)
        return Shaped(root, self._spelled, self._repeated, laws, self._model.name, self._siblings)

    def _fresh(self, name: str, tail: str) -> str:
        while name in self._names:
            name += tail
        self._names.add(name)
        return name

    def _groups(self, variables: list[Variable], prefix: str = "") -> tuple[FeatureGroup, ...]:
        features: dict[bool, list[Feature]] = {False: [], True: []}
        for one in variables:
            key = one.key.removeprefix(prefix)
            name = self._fresh(key, " part") if prefix else key
            features[one.kind == "boolean"].append(self._feature(one, name))
        groups = (
            FeatureGroup("mandatory", tuple(features[False])),
            FeatureGroup("optional", tuple(features[True])),
        )
        return tuple(group for group in groups if group.features)

    def _feature(self, one: Variable, name: str) -> Feature:
        if one.kind == "boolean":
            self._spelled[one.key] = Spelled("truth", name)
            return Feature(name)
        if one.kind == "enumeration":
            values = {value: f"{name} = {value}" for value in one.values}
            self._spelled[one.key] = Spelled("choice", name, values=values)
            alternatives = FeatureGroup("alternative", tuple(map(Feature, values.values())))
            return Feature(name, groups=(alternatives,))
        self._spelled[one.key] = Spelled("number", name)
        numbers = tuple(Decimal(int(value)) for value in one.values)
        return Feature(name, "Integer", (("values", numbers),))

    def _component(self, one: Component) -> Feature:
        name = self._fresh(one.key, " parts")
        names = [f"{one.key}[{number}]" for number in range(1, len(one.instances) + 1)]
        groups = self._groups(list(one.instances[0]), f"{names[0]}.")
        for own, variables in zip(names, one.instances, strict=True):
            for each, first in zip(variables, one.instances[0], strict=True):
                self._spelled[each.key] = replace(self._spelled[first.key], owner=own)
        count = f"{one.key}.count"
        self._spelled[count] = Spelled("count", name)
        there = {own: one.there(number) for number, own in enumerate(names, start=1)}
        self._repeated.append(Repeated(name, there))
        self._siblings |= dict.fromkeys(names, names)
        return Feature(name, groups=groups, cardinality=(one.least, len(names)))


def _parts(law: Law | TableLaw) -> Iterator[Law | TableLaw]:
    """What a law says, one by one: of each instance it can be said by itself."""
    match law:
        case Law(condition=Logic("and", conditions)):
            for number, part in enumerate(conditions, start=1):
                yield replace(law, key=f"{law.key} ({number})", condition=part)
        case _:
            yield law
