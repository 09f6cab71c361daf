"""The derived quantities of a full configuration: pull, load, needed watts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handsel.bid.configure.rules.expressions import Assignment, Expression, Value, evaluate
from handsel.bid.configure.rules.model import ProductModel


def derived_values(model: ProductModel, values: Mapping[str, Value]) -> dict[str, Value]:
    """Every derived quantity by key, scaled as declared.

    Quantities may refer to each other in any order. Raises KeyError when a variable has no value.
    """
    known = WithDerived(model, values)
    return {one.key: known[one.key] for one in model.derived}


def amount_of(model: ProductModel, expression: Expression, values: Mapping[str, Value]) -> int:
    """What an expression over variables and derived quantities comes to."""
    found = evaluate(expression, WithDerived(model, values))
    if isinstance(found, str):
        raise TypeError(f"{found!r} is a word where an amount was expected")
    return int(found)


class WithDerived(Mapping[str, Value]):
    """An assignment that knows derived quantities too; each is computed when first asked for."""

    def __init__(self, model: ProductModel, values: Assignment) -> None:
        self._formulas = {one.key: one.expression for one in model.derived}
        self._values: dict[str, Value] = dict(values)

    def __getitem__(self, key: str) -> Value:
        """The value of a variable or quantity; KeyError when there is none."""
        if key not in self._values:
            self._values[key] = evaluate(self._formulas[key], self)
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        """All keys, variables first."""
        return iter({**self._values, **self._formulas})

    def __len__(self) -> int:
        """How many keys."""
        return len({**self._values, **self._formulas})
