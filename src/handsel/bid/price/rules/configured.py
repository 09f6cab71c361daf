"""A configured product as formulas see it: each of its variables as a figure with its unit."""

from __future__ import annotations

from collections.abc import Mapping

from handsel.bid.configure.rules.derived import WithDerived
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.model import Derived, ProductModel, Variable
from handsel.bid.configure.rules.texts import real_value
from handsel.bid.price.rules.figures import Figure, number, truth, word


def attributes_of(model: ProductModel, values: Mapping[str, Value]) -> dict[str, Figure]:
    """The attributes of a full configuration: what was chosen, and what is derived from it."""
    known = WithDerived(model, values)
    found = {one.key: figure_of(one, known[one.key]) for one in model.derived}
    return found | {one.key: figure_of(one, values[one.key]) for one in model.variables}


def figure_of(of: Variable | Derived, value: Value) -> Figure:
    """One value as a figure: a number in its unit, a word or a truth."""
    if isinstance(value, bool):
        return truth(value)
    if isinstance(value, str):
        return word(value)
    scaled = Variable(of.key, "integer", (), scale=of.scale)
    return number(real_value(scaled, value), of.unit)
