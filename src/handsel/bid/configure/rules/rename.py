"""The same model under other keys: expressions, laws and tables rewritten, nothing else changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

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
)
from handsel.bid.configure.rules.model import Derived, Law, TableLaw

NewKey = Callable[[str], str]
LeafNode: TypeAlias = Fixed | Ref | Lookup | OneOf
Leaf = Callable[[LeafNode], Expression]


def rebuilt(expression: Expression, leaf: Leaf) -> Expression:
    """The expression with each of its leaves (values and what names a variable) replaced."""

    def again(inner: Expression) -> Expression:
        return rebuilt(inner, leaf)

    match expression:
        case Fixed() | Ref() | Lookup() | OneOf():
            return leaf(expression)
        case Calculation(operator, parts):
            return Calculation(operator, tuple(map(again, parts)))
        case Choice(condition, then, otherwise):
            return Choice(again(condition), again(then), again(otherwise))
        case Count(conditions):
            return Count(tuple(map(again, conditions)))
        case Logic(connective, conditions):
            return Logic(connective, tuple(map(again, conditions)))
        case Compare(operator, left, right):
            return Compare(operator, again(left), again(right))
        case Not(condition):
            return Not(again(condition))


def rename_expression(expression: Expression, new_key: NewKey) -> Expression:
    """The expression with every key it refers to replaced."""

    def renamed(one: LeafNode) -> Expression:
        return one if isinstance(one, Fixed) else replace(one, key=new_key(one.key))

    return rebuilt(expression, renamed)


def rename_law(law: Law | TableLaw, key: str, new_key: NewKey) -> Law | TableLaw:
    """A law under a new key of its own, about variables under theirs."""
    if isinstance(law, TableLaw):
        return replace(law, key=key, scope=tuple(map(new_key, law.scope)))
    return replace(law, key=key, condition=rename_expression(law.condition, new_key))


def rename_derived(derived: Derived, new_key: NewKey) -> Derived:
    """A derived quantity under its new key."""
    expression = rename_expression(derived.expression, new_key)
    return replace(derived, key=new_key(derived.key), expression=expression)
