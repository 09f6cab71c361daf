"""A written model to the flat one, for one day and market."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from handsel.bid.configure.rules.expressions import (
    Compare,
    Count,
    Expression,
    Fixed,
    Logic,
    Value,
)
from handsel.bid.configure.rules.language.building import Building, Parts
from handsel.bid.configure.rules.language.domains import value_of_source as value_of
from handsel.bid.configure.rules.language.goldens import read_goldens
from handsel.bid.configure.rules.language.lowering import Lowering, guarded
from handsel.bid.configure.rules.language.problems import LanguageFault, Problem, fault
from handsel.bid.configure.rules.language.references import Context, lacks_previous
from handsel.bid.configure.rules.language.scopes import DerivedEntity, Scope, VariableEntity
from handsel.bid.configure.rules.language.source import (
    LawSource,
    ModelSource,
    SourceTexts,
    TableSource,
)
from handsel.bid.configure.rules.language.table_laws import lowered_table
from handsel.bid.configure.rules.model import (
    Derived,
    Golden,
    Group,
    Kind,
    Law,
    ProductModel,
    TableLaw,
    Variable,
)
from handsel.ground.kernel.said import said

_KINDS: dict[str, Kind] = {
    "enum": "enumeration",
    "ordered": "enumeration",
    "boolean": "boolean",
    "integer": "integer",
    "decimal": "decimal",
}


def lower(
    source: ModelSource,
    *,
    on: date | None = None,
    market: str | None = None,
    warnings: list[Problem] | None = None,
) -> ProductModel:
    """The flat model of that day and market; None takes in every day, every market.

    Raises LanguageFault with every problem found. Warnings (a value no row of a table speaks of)
    are added to `warnings` when a list is given.
    """
    problems: list[Problem] = []
    found = _Lower(source, problems, on=on, market=market).model()
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise LanguageFault(sorted(dict.fromkeys(errors), key=lambda one: one.place))
    if warnings is not None:
        warnings.extend(one for one in problems if one.severity == "warning")
    return found


class _Lower:
    def __init__(
        self,
        source: ModelSource,
        problems: list[Problem],
        *,
        on: date | None,
        market: str | None,
    ) -> None:
        self._source = source
        self._problems = problems
        self._on = on
        self._market = market
        self._lowering = Lowering(is_scaled=source.is_scaled)
        building = Building(problems, on=on, market=market)
        building.add(source.items, building.built.root)
        self._built = building.built

    def model(self) -> ProductModel:
        for entity in self._built.variables.values():
            if not entity.is_words:
                numbers = [int(value) for value in entity.values]
                self._lowering.bounds[entity.key] = (min(numbers), max(numbers))
        for quantity in self._built.derived:
            self._try(lambda quantity=quantity: self._derive(quantity))
        for condition in self._built.conditions:
            self._try(
                lambda one=condition: self._lowering.condition(
                    one.source.expression, Context(one.scope)
                )
            )
        variables = tuple(self._variable(one) for one in self._built.variables.values())
        laws = [*self._built.structural, *self._group_laws(), *self._laws()]
        return ProductModel(
            self._source.name,
            variables,
            self._unique(laws),
            tuple(self._derived()),
            tuple(self._built.groups.values()),
            tuple(self._goldens()),
            dict(self._source.texts),
        )

    def _derive(self, quantity: DerivedEntity) -> None:
        self._lowering.derive(quantity, quantity.source.place)

    def _try(self, act: object) -> None:
        try:
            act()  # type: ignore[operator]
        except LanguageFault as found:
            self._problems.extend(found.problems)

    # -- variables

    def _variable(self, entity: VariableEntity) -> Variable:
        source = entity.source
        titles: dict[Value, dict[str, str]] = {}
        try:
            for one in source.values:
                value = value_of(entity, one.key, one)
                if one.texts and value in entity.values:
                    titles[value] = dict(one.texts)
            default = None if source.default is None else value_of(entity, source.default, source)
            preferred = [value_of(entity, one, source) for one in source.preferred]
        except LanguageFault as found:
            self._problems.extend(found.problems)
            default, preferred = None, []
        return Variable(
            entity.key,
            _KINDS[source.kind],
            entity.values,
            entity.group,
            source.unit,
            entity.scale,
            entity.is_ordered,
            default if default in entity.values else None,
            tuple(one for one in preferred if one in entity.values),
            source.is_question,
            dict(source.texts),
            titles,
            dict(source.help_texts),
            source.place.line,
            within=_within(self._built.groups, entity.key, entity.group),
            facts=source.facts,
        )

    def _derived(self) -> Iterable[Derived]:
        for quantity in self._lowering.derived:
            source = quantity.source
            assert quantity.expression is not None  # noqa: S101 only finished ones are listed
            yield Derived(
                quantity.key,
                quantity.expression,
                quantity.unit or "",
                quantity.scale,
                dict(source.texts),
                source.place.line,
                _within(self._built.groups, quantity.key, quantity.key.rpartition(".")[0]),
            )

    # -- laws

    def _unique(self, laws: list[Law | TableLaw]) -> tuple[Law | TableLaw, ...]:
        seen: set[str] = set()
        for law in laws:
            if law.key in seen:
                place = self._source.place
                for source, scope in self._built.laws:
                    if scope.prefix + source.key == law.key:
                        place = source.place
                self._problems.extend(
                    fault(
                        place, said("Law “%(key)s” is there twice.", key=law.key), "each key once"
                    ).problems
                )
            seen.add(law.key)
        return tuple(laws)

    def _group_laws(self) -> Iterable[Law]:
        for parts in self._built.parts:
            try:
                yield from self._group_law(parts)
            except LanguageFault as found:
                self._problems.extend(found.problems)

    def _group_law(self, parts: Parts) -> Iterable[Law]:
        source, count = parts.source, Count(parts.members)
        least, most = source.least or 0, source.most or 0
        if not parts.members:
            raise fault(
                source.place,
                said("Group “%(key)s” counts nothing.", key=source.key),
                "booleans or components that may be absent",
            )
        limits: list[Expression] = []
        if least > 0:
            limits.append(Compare(">=", count, Fixed(least)))
        if most < len(parts.members):
            limits.append(Compare("<=", count, Fixed(most)))
        if limits:
            condition = limits[0] if len(limits) == 1 else Logic("and", tuple(limits))
            yield Law(
                f"{parts.key}.cardinality",
                guarded(parts.scope.presence, condition),
                _cardinality_sentences(source.texts, source.key, least, most),
                line=source.place.line,
            )

    def _laws(self) -> Iterable[Law | TableLaw]:
        for source, scope in self._built.laws:
            if isinstance(source, TableSource):
                law: Law | TableLaw | None = lowered_table(source, scope, self._problems)
            else:
                law = self._law(source, scope)
            if law is not None and source.effectivity.holds(self._on, self._market):
                yield law

    def _law(self, source: LawSource, scope: Scope) -> Law | None:
        if lacks_previous(source.condition, scope):
            return None
        try:
            condition = self._lowering.condition(source.condition, Context(scope))
        except LanguageFault as found:
            self._problems.extend(found.problems)
            return None
        return Law(
            scope.prefix + source.key,
            guarded(scope.presence, condition),
            dict(source.texts),
            source.is_structural,
            source.place.line,
        )

    # -- goldens

    def _goldens(self) -> Iterable[Golden]:
        held = [
            source
            for source in self._built.goldens
            if source.effectivity.holds(self._on, self._market)
        ]
        return read_goldens(self._built.goldens, held, self._built.root, self._problems)


def _cardinality_sentences(texts: SourceTexts, key: str, least: int, most: int) -> dict[str, str]:
    titles = dict(texts)
    english, german = titles.get("en", key), titles.get("de", titles.get("en", key))
    return {
        "en": f"{english}: between {least} and {most} of these.",
        "de": f"{german}: zwischen {least} und {most} davon.",
    }


def _within(groups: Mapping[str, Group], key: str, group: str) -> dict[str, str]:
    """The parts a variable or quantity belongs to, outermost first, in every language they have.

    A heading is a part where it stands in the key; how many there are is not inside.
    """
    parts: list[Group] = []
    while group in groups:
        one = groups[group]
        if key.startswith(f"{one.key}.") and key != f"{one.key}.count":
            parts.insert(0, one)
        group = one.parent
    languages = {language: None for one in parts for language in ("en", *one.titles)}
    return {
        language: " · ".join(
            one.titles.get(language) or one.titles.get("en") or one.key.rpartition(".")[2]
            for one in parts
        )
        for language in languages
    }
