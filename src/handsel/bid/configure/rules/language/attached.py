"""Laws in text about a flat model: those that bind several lines of a quote, for instance."""

from __future__ import annotations

from handsel.bid.configure.rules.language.lowering import Lowering
from handsel.bid.configure.rules.language.model_parser import parse_model
from handsel.bid.configure.rules.language.problems import LanguageFault, Problem
from handsel.bid.configure.rules.language.ranges import bounds
from handsel.bid.configure.rules.language.references import Context
from handsel.bid.configure.rules.language.scopes import DerivedEntity, Scope, VariableEntity
from handsel.bid.configure.rules.language.source import (
    DerivedSource,
    LawSource,
    VariableKind,
    VariableSource,
    all_items,
)
from handsel.bid.configure.rules.language.syntax import Truth
from handsel.bid.configure.rules.model import Law, ProductModel, Variable


def read_laws(text: str, model: ProductModel, *, file: str = "laws") -> tuple[Law, ...]:
    """The laws of a text, over a flat model's variables and derived quantities.

    The text is a model that holds laws only; `care.monitored` is the variable of that key. Raises
    LanguageFault with every problem.
    """
    source = parse_model(text, file=file)
    lowering = Lowering(is_scaled=source.is_scaled)
    context = Context(_scope(model, lowering))
    problems: list[Problem] = []
    found: list[Law] = []
    for item in all_items(source.items):
        if not isinstance(item, LawSource):
            problems.append(Problem(item.place, "This is no law.", "laws only"))
            continue
        try:
            condition = lowering.condition(item.condition, context)
        except LanguageFault as problem:
            problems.extend(problem.problems)
            continue
        found.append(
            Law(item.key, condition, dict(item.texts), item.is_structural, item.place.line)
        )
    if problems:
        raise LanguageFault(sorted(problems, key=lambda one: one.place))
    return tuple(found)


def _scope(model: ProductModel, lowering: Lowering) -> Scope:
    scope = Scope()
    for one in model.variables:
        source = VariableSource(one.key, _kind(one), unit=one.unit)
        scope.names[one.key] = VariableEntity(one.key, source, one.values, one.values, one.scale)
        if one.kind != "enumeration":
            numbers = [int(value) for value in one.values]
            lowering.bounds[one.key] = (min(numbers), max(numbers))
    for quantity in model.derived:
        entity = DerivedEntity(quantity.key, DerivedSource(quantity.key, Truth(True)), scope)
        entity.expression, entity.scale = quantity.expression, quantity.scale
        entity.unit = quantity.unit or None
        lowering.bounds[quantity.key] = bounds(quantity.expression, lowering.bounds.__getitem__)
        scope.names[quantity.key] = entity
    return scope


def _kind(variable: Variable) -> VariableKind:
    if variable.kind == "enumeration":
        return "ordered" if variable.ordered else "enum"
    return variable.kind
