"""The names of a flat model, for a text that is read against it."""

from __future__ import annotations

from handsel.bid.configure.rules.language.lowering import Lowering
from handsel.bid.configure.rules.language.ranges import bounds
from handsel.bid.configure.rules.language.scopes import DerivedEntity, Scope, VariableEntity
from handsel.bid.configure.rules.language.source import (
    DerivedSource,
    VariableKind,
    VariableSource,
)
from handsel.bid.configure.rules.language.syntax import Truth
from handsel.bid.configure.rules.model import ProductModel, Variable


def scope_of(model: ProductModel, lowering: Lowering) -> Scope:
    """The names of a flat model, as a text about it says them."""
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
