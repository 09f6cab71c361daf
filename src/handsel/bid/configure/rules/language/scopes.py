"""What names stand for: variables, quantities and components in the scope they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from handsel.bid.configure.rules.expressions import Expression, Value
from handsel.bid.configure.rules.language.problems import LanguageFault, did_you_mean, fault
from handsel.bid.configure.rules.language.source import (
    ComponentSource,
    ConditionSource,
    DerivedSource,
    MapSource,
    VariableSource,
)
from handsel.bid.configure.rules.language.syntax import Name
from handsel.ground.kernel.said import said

# The condition under which a part is there; empty when it always is.
Presence: TypeAlias = tuple[Expression, ...]


@dataclass(eq=False, slots=True)
class VariableEntity:
    """A variable with all values it was declared with and those that hold here and now."""

    key: str
    source: VariableSource
    declared: tuple[Value, ...]
    values: tuple[Value, ...]
    scale: int = 0
    group: str = ""

    @property
    def unit(self) -> str:
        """The unit of a number; "" for a plain one."""
        return self.source.unit

    @property
    def is_boolean(self) -> bool:
        """Whether the variable is a condition by itself."""
        return self.source.kind == "boolean"

    @property
    def is_words(self) -> bool:
        """Whether its values are words."""
        return self.source.kind in ("enum", "ordered")

    @property
    def is_ordered(self) -> bool:
        """Whether its words have an order."""
        return self.source.kind == "ordered"


@dataclass(eq=False, slots=True)
class DerivedEntity:
    """A quantity; `factor` and `expression` are filled when it is first asked for."""

    key: str
    source: DerivedSource
    scope: Scope
    expression: Expression | None = None
    unit: str | None = None
    scale: int = 0
    is_open: bool = False


@dataclass(eq=False, slots=True)
class ConditionEntity:
    """A named condition, put in where its name stands."""

    source: ConditionSource
    scope: Scope
    expression: Expression | None = None
    is_open: bool = False


@dataclass(eq=False, slots=True)
class MapEntity:
    """Numbers by the value of a variable."""

    source: MapSource
    scope: Scope


@dataclass(eq=False, slots=True)
class ComponentEntity:
    """A part; one scope an instance. `count` is the variable of how many there are, if any."""

    source: ComponentSource
    key: str
    instances: list[Scope] = field(default_factory=list)
    count: VariableEntity | None = None

    @property
    def is_repeated(self) -> bool:
        """Whether there can be more than one."""
        return self.source.most > 1


Entity: TypeAlias = VariableEntity | DerivedEntity | ConditionEntity | MapEntity | ComponentEntity


@dataclass(eq=False, slots=True)
class Scope:
    """The names of the model, or of one instance of a component; `number` counts from 1."""

    prefix: str = ""
    parent: Scope | None = None
    presence: Presence = ()
    component: ComponentEntity | None = None
    number: int = 1
    names: dict[str, Entity] = field(default_factory=dict)

    def find(self, key: str) -> Entity | None:
        """What the name stands for here or further out; None when nothing does."""
        scope: Scope | None = self
        while scope is not None:
            if key in scope.names:
                return scope.names[key]
            scope = scope.parent
        return None

    def visible(self) -> Iterator[str]:
        """Every name that can be said here."""
        scope: Scope | None = self
        while scope is not None:
            yield from scope.names
            scope = scope.parent

    def unknown(self, name: Name, more: tuple[str, ...] = ()) -> LanguageFault:
        """The fault of a name that stands for nothing."""
        near = did_you_mean(name.key, [*self.visible(), *more])
        return fault(
            name.place,
            said("“%(key)s” is not known here.%(near)s", key=name.key, near=near),
            "a declared name",
        )
