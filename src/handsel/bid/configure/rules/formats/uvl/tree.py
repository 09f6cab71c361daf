"""A feature model as UVL writes it: a tree of features, groups between them, constraints below."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeAlias

FeatureType = Literal["Boolean", "Integer", "Real", "String"]
# "instances" stands in no text: the instances of a feature that repeats, told apart.
GroupKind = Literal["mandatory", "optional", "or", "alternative", "cardinality", "instances"]
Attribute: TypeAlias = "str | bool | Decimal | tuple[Attribute, ...] | Nested"


@dataclass(frozen=True, slots=True)
class Nested:
    """Attributes of an attribute: `made {by 'us', in 2026}`."""

    attributes: tuple[tuple[str, Attribute], ...]


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature; a typed one has a value when it is selected.

    `cardinality` is the least and the most of a feature that repeats. `via` is the import that it
    comes by: its name begins with it.
    """

    name: str
    type: FeatureType = "Boolean"
    attributes: tuple[tuple[str, Attribute], ...] = ()
    groups: tuple[FeatureGroup, ...] = ()
    line: int = field(default=0, compare=False)
    cardinality: tuple[int, int] | None = None
    via: tuple[str, ...] = ()
    file: str = field(default="", compare=False)

    def attribute(self, name: str) -> Attribute | None:
        """The attribute's value; None when there is none."""
        return dict(self.attributes).get(name)


@dataclass(frozen=True, slots=True)
class FeatureGroup:
    """Features under a parent; `least` and `most` for a cardinality (`most` None: all)."""

    kind: GroupKind
    features: tuple[Feature, ...]
    least: int = 0
    most: int | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """`price`, `Feature.price`, `"a name"`; `spot` is its line below the first, and its column."""

    path: tuple[str, ...]
    spot: tuple[int, int] = field(default=(0, 1), compare=False)


@dataclass(frozen=True, slots=True)
class Written:
    """A number, a text or a truth in a constraint."""

    value: str | bool | Decimal


@dataclass(frozen=True, slots=True)
class Applied:
    """An operator (`! & | => <=> == != < <= > >= + - * /`) or a function over parts."""

    operator: str
    parts: tuple[Term, ...]
    spot: tuple[int, int] = field(default=(0, 1), compare=False)


Term: TypeAlias = Reference | Written | Applied


@dataclass(frozen=True, slots=True)
class Constraint:
    """One line under `constraints`, also as it was written."""

    term: Term
    text: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)
    file: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Import:
    """A line under `imports`: the path of another file, and what its features are called by."""

    path: tuple[str, ...]
    alias: tuple[str, ...]
    line: int = field(default=0, compare=False)
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class FeatureModel:
    """A whole UVL file."""

    root: Feature
    constraints: tuple[Constraint, ...] = ()
    namespace: str = ""
    includes: tuple[str, ...] = ()
    imports: tuple[Import, ...] = ()
