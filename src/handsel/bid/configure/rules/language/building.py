"""The scopes of a model: every variable and component instance gets its flat key."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from handsel.bid.configure.rules.expressions import Compare, Expression, Fixed, Logic, Not, Ref
from handsel.bid.configure.rules.language.domains import variable_entity
from handsel.bid.configure.rules.language.lowering import joined
from handsel.bid.configure.rules.language.problems import LanguageFault, Place, Problem, fault
from handsel.bid.configure.rules.language.scopes import (
    ComponentEntity,
    ConditionEntity,
    DerivedEntity,
    Entity,
    MapEntity,
    Presence,
    Scope,
    VariableEntity,
)
from handsel.bid.configure.rules.language.source import (
    ComponentSource,
    ConditionSource,
    DerivedSource,
    GoldenSource,
    GroupSource,
    IncludeSource,
    Item,
    LawSource,
    LineSource,
    MapSource,
    NumberRange,
    SourceTexts,
    TableSource,
    TotalSource,
    VariableSource,
)
from handsel.bid.configure.rules.model import Group, Law
from handsel.ground.kernel.said import said

MOST_VARIABLES = 20_000
MOST_INSTANCES = 5_000


@dataclass(frozen=True, slots=True)
class Parts:
    """What a group with a cardinality counts: one condition a member."""

    source: GroupSource
    scope: Scope
    key: str
    members: tuple[Expression, ...]


@dataclass(slots=True)
class Built:
    """All entities of a model for one day and market."""

    root: Scope = field(default_factory=Scope)
    variables: dict[str, VariableEntity] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    derived: list[DerivedEntity] = field(default_factory=list)
    conditions: list[ConditionEntity] = field(default_factory=list)
    laws: list[tuple[LawSource | TableSource, Scope]] = field(default_factory=list)
    goldens: list[GoldenSource] = field(default_factory=list)
    parts: list[Parts] = field(default_factory=list)
    structural: list[Law] = field(default_factory=list)


class Building:
    """Walks over declarations; problems are collected, not raised."""

    def __init__(
        self, problems: list[Problem], *, on: date | None = None, market: str | None = None
    ) -> None:
        self.built = Built()
        self._problems = problems
        self._on = on
        self._market = market
        self._instances = 0

    def add(self, items: tuple[Item, ...], scope: Scope, group: str = "") -> list[Expression]:
        """Enter the declarations into the scope; what they add to a group's count comes back."""
        members: list[Expression] = []
        for item in items:
            try:
                members += self._add(item, scope, group)
            except LanguageFault as found:
                self._problems.extend(found.problems)
        return members

    def _add(self, item: Item, scope: Scope, group: str) -> list[Expression]:
        match item:
            case VariableSource():
                return self._variable(item, scope, group)
            case GroupSource():
                return self._group(item, scope, group)
            case ComponentSource():
                return self._component(item, scope, group)
            case IncludeSource():
                return self.add(item.items, scope, group)
            case DerivedSource() | ConditionSource() | MapSource():
                self._defined(item, scope)
            case LawSource(is_advice=True) | LineSource() | TotalSource():
                raise fault(
                    item.place,
                    said("“%(key)s” stands between lines of a quote.", key=item.key),
                    "a text of laws between lines",
                )
            case LawSource() | TableSource():
                self.built.laws.append((item, scope))
            case GoldenSource():
                self.built.goldens.append(item)
        return []

    def _defined(self, item: DerivedSource | ConditionSource | MapSource, scope: Scope) -> None:
        if isinstance(item, DerivedSource):
            quantity = DerivedEntity(scope.prefix + item.key, item, scope)
            self._name(scope, item.key, quantity, item.place)
            self.built.derived.append(quantity)
        elif isinstance(item, ConditionSource):
            condition = ConditionEntity(item, scope)
            self._name(scope, item.key, condition, item.place)
            self.built.conditions.append(condition)
        else:
            self._name(scope, item.key, MapEntity(item, scope), item.place)

    def _name(self, scope: Scope, key: str, entity: Entity, place: Place) -> None:
        if key in scope.names:
            raise fault(place, said("“%(key)s” is declared twice.", key=key), "each name once")
        scope.names[key] = entity

    def _variable(self, item: VariableSource, scope: Scope, group: str) -> list[Expression]:
        entity = variable_entity(
            item, scope.prefix + item.key, group, on=self._on, market=self._market
        )
        self._enter(scope, item.key, entity, item.place)
        return [Ref(entity.key)] if entity.is_boolean else []

    def _enter(self, scope: Scope, key: str, entity: VariableEntity, place: Place) -> None:
        self._name(scope, key, entity, place)
        if entity.key in self.built.variables:
            raise fault(
                place, said("“%(key)s” is declared twice.", key=entity.key), "each name once"
            )
        if len(self.built.variables) >= MOST_VARIABLES:
            raise fault(
                place,
                "The model has too many variables.",
                said("at most %(most)s", most=f"{MOST_VARIABLES:,}"),
            )
        self.built.variables[entity.key] = entity

    def _heading(self, key: str, parent: str, texts: SourceTexts, place: Place) -> None:
        before = self.built.groups.get(key)
        if before is not None and before.parent == parent and not texts:
            return
        if before is not None:
            raise fault(
                place, said("Group “%(key)s” is declared twice.", key=key), "each group once"
            )
        self.built.groups[key] = Group(key, parent, dict(texts))

    def _group(self, item: GroupSource, scope: Scope, group: str) -> list[Expression]:
        key = scope.prefix + item.key
        self._heading(key, group, item.texts, item.place)
        members = self.add(item.items, scope, key)
        if item.least is None:
            return members
        self.built.parts.append(Parts(item, scope, key, tuple(members)))
        return []

    def _component(self, item: ComponentSource, scope: Scope, group: str) -> list[Expression]:
        key = scope.prefix + item.key
        entity = ComponentEntity(item, key)
        self._name(scope, item.key, entity, item.place)
        self._heading(key, group, item.texts, item.place)
        self._instances += item.most
        if self._instances > MOST_INSTANCES:
            raise fault(
                item.place,
                said(
                    "Components come to %(instances)s instances with “%(key)s”.",
                    instances=f"{self._instances:,}",
                    key=key,
                ),
                said("at most %(most)s in all", most=f"{MOST_INSTANCES:,}"),
            )
        if item.least != item.most:
            entity.count = self._count(item, scope, key)
        for number in range(1, item.most + 1):
            instance = self._instance(entity, scope, number)
            entity.instances.append(instance)
            heading = key
            if entity.is_repeated:
                heading = instance.prefix[:-1]
                texts = tuple((lang, f"{text} {number}") for lang, text in item.texts)
                self._heading(heading, key, texts, item.place)
            self.add(item.items, instance, heading)
            self._absence(instance)
        if entity.count is None or item.least > 0:
            return []
        return [Compare(">=", Ref(entity.count.key), Fixed(1))]

    def _count(self, item: ComponentSource, scope: Scope, key: str) -> VariableEntity:
        bounds = tuple(
            NumberRange(number, number)
            for number in (Decimal(one) for one in range(item.least, item.most + 1))
        )
        source = VariableSource("count", "integer", bounds, texts=item.texts, place=item.place)
        entity = variable_entity(source, f"{key}.count", key, on=None, market=None)
        self._enter(scope, f"{item.key}.count", entity, item.place)
        return entity

    def _instance(self, entity: ComponentEntity, scope: Scope, number: int) -> Scope:
        prefix = f"{entity.key}[{number}]." if entity.is_repeated else f"{entity.key}."
        presence: Presence = scope.presence
        if entity.count is not None and number > entity.source.least:
            presence = (*presence, Compare(">=", Ref(entity.count.key), Fixed(number)))
        return Scope(prefix, scope, presence, entity, number)

    def _absence(self, instance: Scope) -> None:
        if not instance.presence:
            return
        firsts: list[Expression] = [
            Compare("==", Ref(entity.key), Fixed(entity.values[0]))
            for entity in instance.names.values()
            if isinstance(entity, VariableEntity)
        ]
        if firsts:
            absent = Not(joined(instance.presence))
            then = firsts[0] if len(firsts) == 1 else Logic("and", tuple(firsts))
            key = f"{instance.prefix}absent"
            self.built.structural.append(
                Law(key, Logic("implies", (absent, then)), is_structural=True)
            )
