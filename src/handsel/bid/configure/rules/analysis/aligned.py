"""Two versions of a model told in one way, so that their products can be compared.

Between versions a step becomes finer, a list of words longer, a number a word. Numbers are brought
to one scale; a variable that is of another kind or unit now is another variable; and a number by a
value (`friction[bed]`) has some number for values that only the other version has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from handsel.bid.configure.rules.expressions import (
    Calculation,
    Expression,
    Fixed,
    Lookup,
    OneOf,
    Ref,
    Value,
)
from handsel.bid.configure.rules.model import Law, ProductModel, TableLaw, Variable
from handsel.bid.configure.rules.rename import Leaf, LeafNode, rebuilt, rename_derived, rename_law

FORMER = "former:"
_NUMBERS = ("integer", "decimal")


def aligned(old: ProductModel, new: ProductModel) -> tuple[ProductModel, ProductModel]:
    """Both models with numbers in the finer scale of the two; an old variable that is of another
    kind or unit now stands under a key of its own, which begins with FORMER."""
    before = {one.key: one for one in old.variables}
    after = {one.key: one for one in new.variables}
    shared = [key for key in before if key in after]
    other = {key for key in shared if not _are_alike(before[key], after[key])}
    scales = {key: max(before[key].scale, after[key].scale) for key in shared if key not in other}
    return _rescaled(_apart(old, other), scales), _rescaled(new, scales)


def covering(expression: Expression, values: Mapping[str, tuple[Value, ...]]) -> Expression:
    """The expression with an entry for each of these values in every number by a value.

    What is added is a number that stands there already: nobody may ask for it.
    """

    def covered(one: LeafNode) -> Expression:
        if not isinstance(one, Lookup) or one.key not in values or not one.entries:
            return one
        known = dict(one.entries)
        some = one.entries[0][1]
        more = tuple((value, some) for value in values[one.key] if value not in known)
        return replace(one, entries=(*one.entries, *more)) if more else one

    return rebuilt(expression, covered)


def _are_alike(one: Variable, other: Variable) -> bool:
    if one.kind in _NUMBERS and other.kind in _NUMBERS:
        return one.unit == other.unit
    return one.kind == other.kind


def _apart(model: ProductModel, keys: set[str]) -> ProductModel:
    if not keys:
        return model

    def renamed(key: str) -> str:
        return FORMER + key if key in keys else key

    return replace(
        model,
        variables=tuple(replace(one, key=renamed(one.key)) for one in model.variables),
        laws=tuple(rename_law(one, one.key, renamed) for one in model.laws),
        derived=tuple(rename_derived(one, renamed) for one in model.derived),
    )


def _rescaled(model: ProductModel, scales: Mapping[str, int]) -> ProductModel:
    factors = {
        one.key: 10 ** (scales[one.key] - one.scale)
        for one in model.variables
        if scales.get(one.key, one.scale) != one.scale
    }
    if not factors:
        return model

    def larger(one: LeafNode) -> Expression:
        if isinstance(one, Fixed) or one.key not in factors:
            return one
        factor = factors[one.key]
        if isinstance(one, Ref):
            return Calculation("//", (one, Fixed(factor)))
        if isinstance(one, OneOf):
            return replace(one, values=frozenset(int(value) * factor for value in one.values))
        entries = tuple((int(value) * factor, number) for value, number in one.entries)
        return Lookup(one.key, entries)

    return replace(
        model,
        variables=tuple(_in_scale(one, factors.get(one.key, 1), scales) for one in model.variables),
        laws=tuple(_law_in_scale(one, factors, larger) for one in model.laws),
        derived=tuple(
            replace(one, expression=rebuilt(one.expression, larger)) for one in model.derived
        ),
    )


def _in_scale(variable: Variable, factor: int, scales: Mapping[str, int]) -> Variable:
    if factor == 1:
        return variable
    return replace(
        variable,
        values=tuple(int(value) * factor for value in variable.values),
        value_titles={int(value) * factor: one for value, one in variable.value_titles.items()},
        scale=scales[variable.key],
    )


def _law_in_scale(law: Law | TableLaw, factors: Mapping[str, int], larger: Leaf) -> Law | TableLaw:
    if not isinstance(law, TableLaw):
        return replace(law, condition=rebuilt(law.condition, larger))
    by = [factors.get(key, 1) for key in law.scope]
    rows = tuple(
        tuple(
            value if factor == 1 else int(value) * factor
            for value, factor in zip(row, by, strict=True)
        )
        for row in law.rows
    )
    return replace(law, rows=rows)
