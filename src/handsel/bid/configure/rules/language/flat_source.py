"""A flat model as a written one, with scaled arithmetic, so that nothing is lost in print."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import cast

from handsel.bid.configure.rules.expressions import (
    Calculation,
    Choice,
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
from handsel.bid.configure.rules.language.domains import shown_value
from handsel.bid.configure.rules.language.source import (
    DerivedSource,
    GoldenSource,
    GroupSource,
    Item,
    LawSource,
    ModelSource,
    NumberRange,
    RowSource,
    SourceTexts,
    SourceValue,
    TableSource,
    ValueSource,
    VariableKind,
    VariableSource,
)
from handsel.bid.configure.rules.language.syntax import (
    Among,
    Call,
    Conditional,
    Connection,
    Connective,
    Denial,
    Index,
    MapOf,
    Name,
    Node,
    Number,
    Operation,
    Operator,
    Relating,
    Text,
    Truth,
)
from handsel.bid.configure.rules.model import Golden, Law, ProductModel, TableLaw, Variable

_CONNECTIVES: dict[str, Connective] = {
    "and": "and",
    "or": "or",
    "xor": "xor",
    "implies": "->",
    "iff": "<->",
}


def source_of_flat(model: ProductModel) -> ModelSource:
    """The written form of a flat model; lowering it gives the flat model again."""
    flat = _Flat(model)
    derived = tuple(
        DerivedSource(one.key, flat.node(one.expression), one.unit, one.scale, _texts(one.titles))
        for one in model.derived
    )
    laws = tuple(flat.law(one) for one in model.laws)
    goldens = tuple(flat.golden(one) for one in model.goldens)
    items = (*flat.grouped(), *derived, *laws, *goldens)
    return ModelSource(model.name, items, _texts(model.titles), is_scaled=True)


def _texts(texts: Mapping[str, str]) -> SourceTexts:
    return tuple(sorted(texts.items(), key=lambda pair: (pair[0] != "en", pair[0])))


class _Flat:
    def __init__(self, model: ProductModel) -> None:
        self._model = model
        self._variables = {one.key: one for one in model.variables}
        self._scales = {one.key: one.scale for one in model.variables}
        self._scales.update({one.key: one.scale for one in model.derived})
        self._parents = {group.key: group.parent for group in model.groups}
        self._titles = {group.key: _texts(group.titles) for group in model.groups}

    # -- groups and variables

    def grouped(self) -> tuple[Item, ...]:
        """Variables under their groups, both in their order; groups are opened again if need be."""
        opened: list[str] = []
        items = self._runs(self._model.variables, opened)
        if opened == [group.key for group in self._model.groups]:
            return items
        opened = []
        headings = [self._wrapped(group.key, (), opened) for group in self._model.groups]
        return (*headings, *self._runs(self._model.variables, opened))

    def _runs(self, variables: Iterable[Variable], opened: list[str]) -> tuple[Item, ...]:
        found: list[Item] = []
        for group, run in itertools.groupby(variables, key=lambda one: one.group):
            items = tuple(self._variable(one) for one in run)
            found += [self._wrapped(group, items, opened)] if group else items
        return tuple(found)

    def _wrapped(self, group: str, items: tuple[Item, ...], opened: list[str]) -> Item:
        chain = [group]
        while parent := self._parents.get(chain[-1], ""):
            chain.append(parent)
        fresh = [key for key in reversed(chain) if key not in opened]
        opened += fresh
        block = GroupSource(group, items, self._titles.get(group, ()) if group in fresh else ())
        for key in chain[1:]:
            block = GroupSource(key, (block,), self._titles.get(key, ()) if key in fresh else ())
        return block

    def _variable(self, one: Variable) -> VariableSource:
        kind: VariableKind = cast("VariableKind", one.kind)
        if one.kind == "enumeration":
            kind = "ordered" if one.ordered else "enum"
        is_number = one.kind in ("integer", "decimal")
        shown = one.values if one.kind == "enumeration" else tuple(one.value_titles)
        return VariableSource(
            one.key,
            kind,
            tuple(_ranges(one)) if is_number else (),
            one.unit,
            _texts(one.titles),
            _texts(one.help_texts),
            tuple(
                ValueSource(self._value(one, value), _texts(one.value_titles.get(value, {})))
                for value in shown
            ),
            None if one.default is None else self._value(one, one.default),
            tuple(self._value(one, value) for value in one.preferred),
            one.is_question,
            one.facts,
        )

    @staticmethod
    def _value(variable: Variable, value: Value) -> SourceValue:
        shown = shown_value(value, variable.scale)
        is_number = not isinstance(value, str | bool)
        return Decimal(shown) if is_number else shown

    # -- laws and goldens

    def law(self, one: Law | TableLaw) -> Item:
        """A law or a table."""
        if isinstance(one, Law):
            condition = self.node(one.condition)
            return LawSource(
                one.key, condition, _texts(one.sentences), is_structural=one.is_structural
            )
        scales = [self._scales[key] for key in one.scope]
        rows = tuple(
            RowSource(tuple(shown_value(value, at) for value, at in zip(row, scales, strict=True)))
            for row in one.rows
        )
        return TableSource(one.key, RowSource(one.scope), rows, (), _texts(one.sentences))

    def golden(self, one: Golden) -> GoldenSource:
        """A golden configuration."""
        return GoldenSource(
            one.name,
            self._pairs(one.chosen),
            self._pairs(one.expected),
            self._pairs(one.refused),
            tuple((name, Decimal(amount)) for name, amount in one.amounts.items()),
        )

    def _pairs(self, pairs: Mapping[str, Value]) -> tuple[tuple[Node, Node], ...]:
        return tuple((Name(key), self._literal(key, value)) for key, value in pairs.items())

    def _literal(self, key: str, value: Value) -> Node:
        if isinstance(value, bool):
            return Truth(value)
        if isinstance(value, str):
            return _word(value)
        return _number(Decimal(value).scaleb(-self._scales[key]))

    # -- expressions

    def node(self, expression: Expression) -> Node:  # noqa: C901 one case a kind of expression
        """The written form of an expression."""
        match expression:
            case Fixed(value):
                return self._fixed(value)
            case Ref(key):
                return Name(key)
            case Lookup(key, entries):
                pairs = tuple((self._literal(key, one), _number(Decimal(n))) for one, n in entries)
                return Index(MapOf(pairs), Name(key))
            case Calculation("min" | "max" as operator, parts):
                return Call(operator, self._nodes(parts))
            case Calculation(operator, parts):
                return Operation(cast("Operator", operator), self._nodes(parts))
            case Choice(condition, then, otherwise):
                return Conditional(self.node(condition), self.node(then), self.node(otherwise))
            case Count(conditions):
                return Call("count", self._nodes(conditions))
            case Compare(operator, left, right):
                return Relating(operator, self.node(left), self.node(right))
            case OneOf(key, values):
                return self._among(key, values)
            case Not(condition):
                return Denial(self.node(condition))
            case Logic(connective, conditions):
                return Connection(_CONNECTIVES[connective], self._nodes(conditions))

    def _nodes(self, parts: tuple[Expression, ...]) -> tuple[Node, ...]:
        return tuple(self.node(part) for part in parts)

    @staticmethod
    def _fixed(value: Value) -> Node:
        if isinstance(value, bool):
            return Truth(value)
        return _word(value) if isinstance(value, str) else _number(Decimal(value))

    def _among(self, key: str, values: frozenset[Value]) -> Node:
        order = [value for value in self._variables[key].values if value in values]
        return Among(Name(key), tuple(self._fixed(value) for value in order))


def _word(word: str) -> Node:
    return Name(word) if word and "`" not in word else Text(word)


def _number(number: Decimal) -> Node:
    if number < 0:
        return Operation("-", (Number(-number),))
    return Number(number)


def _ranges(one: Variable) -> Iterable[NumberRange]:
    numbers = [int(value) for value in one.values]
    at = 0
    while at < len(numbers):
        end = at
        step = numbers[at + 1] - numbers[at] if at + 1 < len(numbers) else 0
        while end + 1 < len(numbers) and numbers[end + 1] - numbers[end] == step:
            end += 1
        first = Decimal(numbers[at]).scaleb(-one.scale)
        if end - at < 2:
            yield NumberRange(first, first)
            at += 1
            continue
        last = Decimal(numbers[end]).scaleb(-one.scale)
        is_plain = step == 1 and not one.scale and one.kind == "integer"
        yield NumberRange(first, last, None if is_plain else Decimal(step).scaleb(-one.scale))
        at = end + 1
