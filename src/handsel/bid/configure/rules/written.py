"""Values and decisions as a modeller writes them in a model's text: "2.5", "yes", "IP65"."""

from __future__ import annotations

from handsel.bid.configure.rules.decisions import Decision
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.language.domains import shown_value
from handsel.bid.configure.rules.model import ProductModel


def as_written(model: ProductModel, key: str, value: Value) -> str:
    """A value of a variable or derived quantity, numbers in their real unit."""
    scales = {one.key: one.scale for one in model.variables if one.key == key}
    scales |= {one.key: one.scale for one in model.derived if one.key == key}
    return shown_value(value, scales.get(key, 0))


def decision_written(model: ProductModel, decision: Decision) -> str:
    """A decision: "gap = 2.5"."""
    value = as_written(model, decision.variable, decision.value)
    return f"{decision.variable} {decision.operator} {value}"
