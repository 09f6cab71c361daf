"""Features that repeat, told apart: every instance is a subtree of its own.

`F cardinality [1..3]` stays a feature `F`; its instances are `F[1]`, `F[2]`, `F[3]`, those there
being the first ones, and a feature `A` below it is `F[1].A`, `F[2].A`, `F[3].A`. How constraints
over them are read is told in this folder's README.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from handsel.bid.configure.rules.formats.uvl.tree import (
    Applied,
    Constraint,
    Feature,
    FeatureGroup,
    FeatureModel,
    Reference,
    Term,
    Written,
)
from handsel.bid.configure.rules.language.building import MOST_VARIABLES
from handsel.bid.configure.rules.language.problems import Place, did_you_mean, fault
from handsel.ground.kernel.said import said

AGGREGATES = ("sum", "avg")
_LOGIC = ("&", "|", "=>", "<=>", "!")
_RELATIONS = ("==", "!=", "<", "<=", ">", ">=")
_ANY = 0  # in the place of an instance's number: one of them, whichever

_Bound = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Use:
    """A feature named in a constraint, with the repeating features it takes an instance of."""

    chain: tuple[str, ...]
    is_value: bool


def all_features(feature: Feature) -> Iterator[Feature]:
    """The feature and all below it, in the order of the text."""
    yield feature
    for group in feature.groups:
        for child in group.features:
            yield from all_features(child)


def always_there(feature: Feature) -> Iterator[str]:
    """What every product has: the root and what is mandatory below it, but for what repeats."""
    yield feature.name
    for group in feature.groups if not is_repeated(feature) else ():
        if group.kind == "mandatory":
            for child in group.features:
                yield from always_there(child)


def is_repeated(feature: Feature) -> bool:
    """Whether it has instances of its own; one that is there exactly once has none."""
    return feature.cardinality not in (None, (1, 1))


def found_feature(
    reference: Reference, features: Mapping[str, Feature], place: Place
) -> tuple[Feature, str | None]:
    """The feature a reference names, and the attribute of it if that is meant."""
    whole, holder = ".".join(reference.path), ".".join(reference.path[:-1])
    if whole in features:
        return features[whole], None
    if holder in features:
        return features[holder], reference.path[-1]
    near = did_you_mean(whole, features)
    message = said("There is no feature “%(whole)s”.%(near)s", whole=whole, near=near)
    raise fault(place, message, "a declared feature")


class Instances:
    """The tree with every instance, and constraints spread over them."""

    def __init__(self, model: FeatureModel, name: str) -> None:
        self._name = name
        self._features: dict[str, Feature] = {}
        self._chains: dict[str, tuple[str, ...]] = {}
        self._spread = 0
        self._file, self._line = name, 0
        # A feature's names: by the numbers of the instances around it.
        self._names: dict[str, dict[tuple[int, ...], str]] = {}
        # Of a repeating feature: its instances' names, by their own number too.
        self._instances: dict[str, dict[tuple[int, ...], str]] = {}
        self.origins: dict[str, Feature] = {}
        # The instance that a feature, or an instance itself, belongs to; none where it is "".
        self.owners: dict[str, str] = {}
        self.is_plain = not any(map(is_repeated, all_features(model.root)))
        self.root = model.root
        if self.is_plain:
            self.origins = {one.name: one for one in all_features(model.root)}
            self.owners = dict.fromkeys(self.origins, "")
        else:
            self._enter(model.root, ())
            self._measure(model.root)
            self.root = self._copy(model.root, "", ())

    def _enter(self, feature: Feature, chain: tuple[str, ...]) -> None:
        if feature.name in self._features:
            message = said("“%(name)s” is there twice.", name=feature.name)
            place = Place(feature.file or self._name, feature.line, 1)
            raise fault(place, message, "each feature once")
        self._features[feature.name] = feature
        self._chains[feature.name] = chain
        inner = (*chain, feature.name) if is_repeated(feature) else chain
        for group in feature.groups:
            for child in group.features:
                self._enter(child, inner)

    # -- the tree

    def _measure(self, feature: Feature) -> int:
        count = 1 + (feature.type != "Boolean")
        count += sum(self._measure(one) for group in feature.groups for one in group.features)
        if feature.cardinality and is_repeated(feature):
            count = 2 + count * feature.cardinality[1]
        if count > MOST_VARIABLES:
            message = said(
                "With “%(name)s” there are %(count)s features.",
                name=feature.name,
                count=f"{count:,}",
            )
            wanted = said("at most %(most)s in all", most=f"{MOST_VARIABLES:,}")
            raise fault(Place(feature.file or self._name, feature.line, 1), message, wanted)
        return count

    def _copy(self, feature: Feature, prefix: str, at: tuple[int, ...]) -> Feature:
        name = prefix + feature.name
        self._names.setdefault(feature.name, {})[at] = name
        self.owners[name] = prefix[:-1]
        self.origins[name] = feature
        if not is_repeated(feature):
            groups = self._groups(feature, prefix, at)
            return replace(feature, name=name, cardinality=None, groups=groups)
        least, most = feature.cardinality or (1, 1)
        instances: list[Feature] = []
        for number in range(1, most + 1):
            own, inner = f"{name}[{number}]", (*at, number)
            self.origins[own], self.owners[own] = feature, own
            self._instances.setdefault(feature.name, {})[inner] = own
            groups = self._groups(feature, f"{own}.", inner)
            instances.append(replace(feature, name=own, cardinality=None, groups=groups))
        told = FeatureGroup("instances", tuple(instances), least, most, feature.line)
        return Feature(name, groups=(told,), line=feature.line, file=feature.file)

    def _groups(
        self, feature: Feature, prefix: str, at: tuple[int, ...]
    ) -> tuple[FeatureGroup, ...]:
        return tuple(
            replace(group, features=tuple(self._copy(one, prefix, at) for one in group.features))
            for group in feature.groups
        )

    # -- constraints

    def spread(self, constraint: Constraint) -> Iterator[tuple[str, Constraint]]:
        """The constraint as it is asked of instances, each with what it is told apart by."""
        if self.is_plain:
            yield "", constraint
            return
        self._file, self._line = constraint.file or self._name, constraint.line
        uses = list(self._uses(constraint.term, is_value=False))
        for bound in self._bindings(uses, {}):
            self._spread += 1
            if self._spread > MOST_VARIABLES:
                most = said("at most %(most)s in all", most=f"{MOST_VARIABLES:,}")
                place = Place(self._file, self._line, 1)
                raise fault(place, "Constraints over instances are too many.", most)
            yield self._bound(constraint, bound)

    def _bindings(self, uses: list[_Use], bound: dict[str, int]) -> Iterator[dict[str, int]]:
        chains = (one for use in uses for one in use.chain if one not in bound)
        repeated = next(chains, None)
        if repeated is None:
            yield bound
            return
        _, most = self._features[repeated].cardinality or (1, 1)
        for number in range(1, most + 1):
            yield from self._bindings(uses, {**bound, repeated: number})
        inside = [use for use in uses if repeated in use.chain]
        if len(inside) < len(uses) and not any(use.is_value for use in inside):
            below = {one for use in inside for one in use.chain[use.chain.index(repeated) :]}
            yield from self._bindings(uses, {**bound, **dict.fromkeys(below, _ANY)})

    def _bound(self, constraint: Constraint, bound: _Bound) -> tuple[str, Constraint]:
        term = self._put(constraint.term, bound)
        numbered = [key for key, number in bound.items() if number != _ANY]
        around = {one for key in numbered for one in self._chains[key]}
        guards = [self._instance(key, bound) for key in numbered if key not in around]
        some = [key for key, number in bound.items() if number == _ANY]
        for guard in reversed(guards):
            term = Applied("=>", (Reference((guard,)), term))
        text = f"{', '.join(guards)}: {constraint.text}" if guards else constraint.text
        text += "".join(f" (any {one})" for one in some)
        parts = [*guards, *(f"any {one}" for one in some)]
        suffix = f" of {', '.join(parts)}" if parts else ""
        return suffix, replace(constraint, term=term, text=text)

    def _instance(self, key: str, bound: _Bound) -> str:
        return self._instances[key][tuple(bound[one] for one in (*self._chains[key], key))]

    # -- what a constraint speaks of

    def _found(self, reference: Reference) -> tuple[Feature, str | None]:
        below, column = reference.spot
        place = Place(self._file, self._line + below, column)
        return found_feature(reference, self._features, place)

    def _uses(self, term: Term, *, is_value: bool) -> Iterator[_Use]:
        if isinstance(term, Reference):
            yield _Use(self._chain(*self._found(term), is_value=is_value), is_value)
        elif isinstance(term, Applied) and term.operator not in AGGREGATES:
            is_inner = self._takes_values(term)
            for part in term.parts:
                yield from self._uses(part, is_value=is_inner)

    def _chain(self, feature: Feature, attribute: str | None, *, is_value: bool) -> tuple[str, ...]:
        """A feature named as a condition is that it is there at all; its value is an instance's."""
        is_own = is_repeated(feature) and (attribute is not None or is_value)
        return (*self._chains[feature.name], *((feature.name,) if is_own else ()))

    def _takes_values(self, term: Applied) -> bool:
        if term.operator in _LOGIC:
            return False
        return term.operator not in _RELATIONS or not all(map(self._is_condition, term.parts))

    def _is_condition(self, term: Term) -> bool:
        if isinstance(term, Applied):
            return term.operator in (*_LOGIC, *_RELATIONS)
        if isinstance(term, Written):
            return isinstance(term.value, bool)
        feature, attribute = self._found(term)
        if attribute is not None:
            return isinstance(feature.attribute(attribute), bool)
        return feature.type == "Boolean"

    # -- the same with instances in its place

    def _put(self, term: Term, bound: _Bound, *, is_value: bool = False) -> Term:
        if isinstance(term, Reference):
            return self._put_reference(term, bound, is_value=is_value)
        if not isinstance(term, Applied):
            return term
        if term.operator in AGGREGATES:
            return self._put_aggregate(term)
        is_inner = self._takes_values(term)
        parts = tuple(self._put(part, bound, is_value=is_inner) for part in term.parts)
        return replace(term, parts=parts)

    def _put_reference(self, term: Reference, bound: _Bound, *, is_value: bool) -> Term:
        feature, attribute = self._found(term)
        chain = self._chain(feature, attribute, is_value=is_value)
        is_own = len(chain) > len(self._chains[feature.name])
        names = (self._instances if is_own else self._names)[feature.name]
        rest = () if attribute is None else (attribute,)
        wanted = [bound[one] for one in chain]
        fitting = [
            replace(term, path=(name, *rest))
            for at, name in names.items()
            if all(number in (_ANY, own) for number, own in zip(wanted, at, strict=True))
        ]
        return fitting[0] if len(fitting) == 1 else Applied("|", tuple(fitting), term.spot)

    def _put_aggregate(self, term: Applied) -> Term:
        """All instances of what is gathered, whatever the constraint is asked of."""
        references = [part for part in term.parts if isinstance(part, Reference)]
        if len(references) != len(term.parts) or len(references) not in (1, 2):
            return term
        wanted = Reference(references[-1].path[-1:], references[-1].spot)
        top = references[0].path if len(references) > 1 else references[0].path[:-1]
        feature, attribute = self._found(Reference(top, term.spot)) if top else (None, None)
        if feature is None or attribute is not None:
            return term
        names = self._names[feature.name].values()
        tops = (Reference((name,), references[0].spot) for name in names)
        return replace(term, parts=(*tops, wanted))
