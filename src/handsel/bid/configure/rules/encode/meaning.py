"""What expressions rest on: the variables behind each, and its value for each value of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handsel.bid.configure.rules.encode.refusals import ModelNotFinite
from handsel.bid.configure.rules.expressions import (
    Calculation,
    Choice,
    Compare,
    Count,
    DivisionByZero,
    Expression,
    Lookup,
    Not,
    OneOf,
    Ref,
    Value,
    children,
    evaluate,
)
from handsel.bid.configure.rules.model import ProductModel, Variable
from handsel.ground.kernel.said import said

NOTHING: frozenset[str] = frozenset()


class _Assigned(Mapping[str, Value]):
    """Values of some variables; derived quantities are computed when asked for."""

    def __init__(self, values: Mapping[str, Value], derived: Mapping[str, Expression]) -> None:
        self._values, self._derived = values, derived

    def __getitem__(self, key: str) -> Value:
        if key in self._values:
            return self._values[key]
        return evaluate(self._derived[key], self)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class Meaning:
    """A model's names, looked up."""

    def __init__(self, model: ProductModel) -> None:
        self.variables: dict[str, Variable] = {one.key: one for one in model.variables}
        self.derived: dict[str, Expression] = {one.key: one.expression for one in model.derived}
        self._behind: dict[str, frozenset[str]] = {}
        self._sizes: dict[str, int] = {}
        self._open: set[str] = set()
        self._supports: dict[Expression, frozenset[str]] = {}

    def support(self, expression: Expression) -> frozenset[str]:
        """The variables an expression depends on, through derived quantities."""
        found = self._supports.get(expression)
        if found is None:
            found = frozenset().union(*(self.support(one) for one in children(expression)))
            if isinstance(expression, Ref | Lookup | OneOf):
                found |= self._behind_key(expression.key)
            self._supports[expression] = found
        return found

    def _behind_key(self, key: str) -> frozenset[str]:
        if key in self.variables:
            return frozenset((key,))
        if key not in self._behind:
            if key not in self.derived:
                raise ModelNotFinite(
                    said("there is no variable or quantity %(key)s", key=key), key=key
                )
            if key in self._open:
                raise ModelNotFinite(said("%(key)s is derived from itself", key=key), key=key)
            self._open.add(key)
            self._behind[key] = self.support(self.derived[key])
        return self._behind[key]

    def size(self, expression: Expression) -> int:
        """How many nodes the expression has with everything derived written out."""
        if isinstance(expression, Ref | Lookup | OneOf) and expression.key in self.derived:
            if expression.key not in self._sizes:
                self._sizes[expression.key] = 1 + self.size(self.derived[expression.key])
            return self._sizes[expression.key]
        return 1 + sum(self.size(child) for child in children(expression))

    def column(self, expression: Expression, key: str) -> list[Value]:
        """What an expression of one variable comes to for each of its values, in order."""
        try:
            return [
                evaluate(expression, _Assigned({key: value}, self.derived))
                for value in self.variables[key].values
            ]
        except DivisionByZero as error:
            raise ModelNotFinite("it divides by a number that can be zero") from error
        except KeyError as error:
            raise ModelNotFinite(
                said(
                    "a table of %(key)s has no entry for %(value)s",
                    key=key,
                    value=repr(error.args[0]),
                )
            ) from error

    def constant(self, expression: Expression) -> Value:
        """What an expression without variables comes to."""
        try:
            return evaluate(expression, _Assigned({}, self.derived))
        except DivisionByZero as error:
            raise ModelNotFinite("it divides by zero") from error

    def is_condition(self, expression: Expression) -> bool:
        """Whether it comes to a truth."""
        if isinstance(expression, Calculation | Choice | Count | Lookup):
            return False
        if isinstance(expression, Ref):
            if expression.key in self.derived:
                return self.is_condition(self.derived[expression.key])
            return self.variables[expression.key].kind == "boolean"
        if isinstance(expression, Compare | OneOf | Not):
            return True
        return not hasattr(expression, "value") or isinstance(expression.value, bool)

    def is_word(self, expression: Expression) -> bool:
        """Whether it comes to a word of an enumeration."""
        if isinstance(expression, Ref):
            if expression.key in self.derived:
                return self.is_word(self.derived[expression.key])
            return any(isinstance(one, str) for one in self.variables[expression.key].values)
        return isinstance(getattr(expression, "value", None), str)
