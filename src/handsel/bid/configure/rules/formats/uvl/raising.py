"""The tree of a flat model that came of one: its features, groups, values and instances again.

What is found is a guess until it is made flat again: only a tree whose laws all stand in the model
is taken. The laws that it does not say are left to be written as constraints.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from handsel.bid.configure.rules.expressions import (
    Compare,
    Count,
    Expression,
    Fixed,
    Logic,
    Ref,
)
from handsel.bid.configure.rules.formats.uvl.features import lower_features
from handsel.bid.configure.rules.formats.uvl.reading import parse_feature_model
from handsel.bid.configure.rules.formats.uvl.tree import (
    Attribute,
    Feature,
    FeatureGroup,
    FeatureModel,
    FeatureType,
)
from handsel.bid.configure.rules.formats.uvl.writing import name_text
from handsel.bid.configure.rules.language.problems import LanguageFault
from handsel.bid.configure.rules.model import Law, ProductModel, TableLaw, Variable

_BOUNDS = ("min", "max", "step", "values")


def raised(model: ProductModel) -> tuple[FeatureModel, list[Law | TableLaw]] | None:
    """The tree and the laws that it does not say; None where the model is none of a tree."""
    if model.derived:
        return None
    guess = _Raising(model).tree()
    if guess is None:
        return None
    try:
        again = lower_features(guess)
    except LanguageFault:
        return None
    if _shown(again) != _shown(model):
        return None
    wanted = Counter(one.condition for one in again.laws if isinstance(one, Law))
    left: list[Law | TableLaw] = []
    for law in model.laws:
        if isinstance(law, Law) and wanted[law.condition]:
            wanted[law.condition] -= 1
        else:
            left.append(law)
    return None if +wanted else (guess, left)


def _shown(model: ProductModel) -> dict[str, object]:
    return {one.key: (one.kind, one.values, one.scale) for one in model.variables}


class _Raising:
    def __init__(self, model: ProductModel) -> None:
        self._model = model
        self._variables = {one.key: one for one in model.variables}
        self._below: dict[str, list[Variable]] = {}
        for one in model.variables:
            if one.kind == "boolean":
                self._below.setdefault(one.group, []).append(one)
        self._headings = {one.key for one in model.groups}
        self._laws = {one.condition for one in model.laws if isinstance(one, Law)}
        self._sized = self._sizes()

    def tree(self) -> FeatureModel | None:
        roots = [one for one in self._below.get("", ()) if Ref(one.key) in self._laws]
        if len(self._below.get("", ())) != 1 or len(roots) != 1:
            return None
        root = self._feature(roots[0].key, "")
        name = self._model.name
        return FeatureModel(root, namespace="" if name == root.name else name)

    def _sizes(self) -> dict[Expression | None, dict[tuple[str, ...], int]]:
        """Of which members a law says how many there are at least, by whose they are; and at most,
        by None."""
        found: dict[Expression | None, dict[tuple[str, ...], int]] = {}
        for law in self._laws:
            match law:
                case Compare("<=", Count(members), Fixed(int() as number)):
                    found.setdefault(None, {})[_keys(members)] = number
                case Logic("implies", (there, Logic("or", members))):
                    found.setdefault(there, {})[_keys(members)] = 1
                case Logic(
                    "implies", (there, Compare(">=", Count(members), Fixed(int() as least)))
                ):
                    found.setdefault(there, {})[_keys(members)] = least
        return found

    def _feature(self, key: str, prefix: str) -> Feature:
        """`prefix` is of the instance around the feature, the first one; it is no part of names."""
        name = key.removeprefix(prefix)
        inner, cardinality = key, self._cardinality(key)
        there: Expression = Ref(key)
        if cardinality:
            inner = prefix = f"{key}[1]"
            prefix += "."
            if cardinality[0] == 0:
                there = Compare(">=", Ref(f"{key}.count"), Fixed(1))
        kind, bounds = self._typed(inner)
        told = self._told(key)
        attributes = (*(one for one in told if not bounds or one[0] not in _BOUNDS), *bounds)
        groups = tuple(self._groups(self._below.get(inner, []), there, prefix))
        return Feature(name, kind, attributes, groups, cardinality=cardinality)

    def _told(self, key: str) -> tuple[tuple[str, Attribute], ...]:
        facts = ", ".join(f"{name_text(name)} {told}" for name, told in self._variables[key].facts)
        if not facts:
            return ()
        try:
            return parse_feature_model(f"features\n\tF {{{facts}}}\n").root.attributes
        except LanguageFault:
            return ()  # somebody else's facts

    def _cardinality(self, key: str) -> tuple[int, int] | None:
        count = self._variables.get(f"{key}.count")
        if count is not None and count.kind == "integer":
            return int(count.values[0]), int(count.values[-1])
        numbers = 0
        while f"{key}[{numbers + 1}]" in self._headings:
            numbers += 1
        return (numbers, numbers) if numbers else None

    def _typed(self, key: str) -> tuple[FeatureType, tuple[tuple[str, Attribute], ...]]:
        value = self._variables.get(f"{key}.value")
        if value is None:
            return "Boolean", ()
        if value.kind == "enumeration":
            return "String", (("values", tuple(str(one) for one in value.values)),)
        numbers = tuple(Decimal(int(one)).scaleb(-value.scale) for one in value.values)
        return "Real" if value.scale else "Integer", (("values", numbers),)

    def _groups(
        self, below: list[Variable], there: Expression, prefix: str
    ) -> Iterator[FeatureGroup]:
        keys = [one.key for one in below]
        least, most = self._sized.get(there, {}), self._sized.get(None, {})
        of = {
            key: group
            for group in (*most, *least)
            if group and set(group) <= set(keys)
            for key in group
        }
        done: set[str] = set()
        for at, key in enumerate(keys):
            if key in done:
                continue
            if key in of:
                members = of[key]
                done.update(members)
                size = least.get(members, 0), most.get(members, len(members))
                yield _group([self._feature(one, prefix) for one in members], *size)
                continue
            is_needed = Logic("implies", (there, Ref(key))) in self._laws
            run = []
            for other in keys[at:]:
                needs = Logic("implies", (there, Ref(other))) in self._laws
                if other in of or needs != is_needed:
                    break
                run.append(other)
            done.update(run)
            features = tuple(self._feature(one, prefix) for one in run)
            yield FeatureGroup("mandatory" if is_needed else "optional", features)


def _group(features: list[Feature], least: int, most: int) -> FeatureGroup:
    if (least, most) == (1, 1):
        return FeatureGroup("alternative", tuple(features))
    if (least, most) == (1, len(features)):
        return FeatureGroup("or", tuple(features))
    return FeatureGroup("cardinality", tuple(features), least, most)


def _keys(members: tuple[Expression, ...]) -> tuple[str, ...]:
    keys = tuple(one.key for one in members if isinstance(one, Ref))
    return keys if len(set(keys)) == len(members) else ()
