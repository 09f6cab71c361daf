"""What of a product is not there: parts that repeat or may be left out.

A part that is absent has values all the same, its first ones, so that equal products are equal.
They say nothing: whoever shows a product leaves them out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handsel.bid.configure.rules.expressions import Expression, Logic, Value, evaluate, keys_of
from handsel.bid.configure.rules.model import Law, ProductModel
from handsel.bid.configure.rules.session import Answer

Absence = tuple[Expression, frozenset[str]]


def absences(model: ProductModel) -> tuple[Absence, ...]:
    """When parts are absent: conditions, each with the variables that say nothing then."""
    return tuple(_absences(model))


def _absences(model: ProductModel) -> Iterator[Absence]:
    for law in model.laws:
        if isinstance(law, Law) and law.is_structural and isinstance(law.condition, Logic):
            absent, *then = law.condition.conditions
            if law.condition.connective == "implies":
                yield absent, frozenset(key for one in then for key in keys_of(one))


def absent_keys(known: tuple[Absence, ...], values: Mapping[str, Value]) -> frozenset[str]:
    """The variables of parts that a whole product does not have."""
    return frozenset(key for absent, keys in known if evaluate(absent, values) for key in keys)


def not_there_yet(known: tuple[Absence, ...], answer: Answer) -> frozenset[str]:
    """Variables of parts that nobody asked for so far: of a number of parts that is open, those
    beyond the least that can be. What a person decided is there to be seen."""
    named = {key for absent, _keys in known for key in keys_of(absent)}
    least: dict[str, Value] = {}
    for key in named:
        standing = answer.of(key)
        settled = standing.value
        first = standing.possible[0] if standing.possible else standing.variable.values[0]
        least[key] = first if settled is None else settled
    decided = {one.variable for one in answer.decisions}
    return absent_keys(known, least) - decided
