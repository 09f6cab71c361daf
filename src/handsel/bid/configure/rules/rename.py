"""The same model under other keys: expressions, laws and tables rewritten, nothing else changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

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


def rename_expression(expression: Expression, new_key: NewKey) -> Expression:
    """The expression with every key it refers to replaced."""

    def renamed(inner: Expression) -> Expression:
        return rename_expression(inner, new_key)

    match expression:
        case Fixed():
            return expression
        case Ref(key) | Lookup(key, _) | OneOf(key, _):
            return replace(expression, key=new_key(key))
        case Calculation(operator, parts):
            return Calculation(operator, tuple(map(renamed, parts)))
        case Choice(condition, then, otherwise):
            return Choice(renamed(condition), renamed(then), renamed(otherwise))
        case Count(conditions):
            return Count(tuple(map(renamed, conditions)))
        case Logic(connective, conditions):
            return Logic(connective, tuple(map(renamed, conditions)))
        case Compare(operator, left, right):
            return Compare(operator, renamed(left), renamed(right))
        case Not(condition):
            return Not(renamed(condition))


def rename_law(law: Law | TableLaw, key: str, new_key: NewKey) -> Law | TableLaw:
    """A law under a new key of its own, about variables under theirs."""
    if isinstance(law, TableLaw):
        return replace(law, key=key, scope=tuple(map(new_key, law.scope)))
    return replace(law, key=key, condition=rename_expression(law.condition, new_key))


def rename_derived(derived: Derived, new_key: NewKey) -> Derived:
    """A derived quantity under its new key."""
    expression = rename_expression(derived.expression, new_key)
    return replace(derived, key=new_key(derived.key), expression=expression)
