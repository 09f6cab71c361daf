"""Whether a formula's parts fit together: its dimension, from those of its names."""

from __future__ import annotations

from collections.abc import Mapping

from handsel.bid.configure.rules.language import syntax
from handsel.bid.price.rules.figures import (
    PLAIN,
    TABLE,
    TRUTH,
    WORD,
    Figure,
    Powers,
    combined,
    is_number,
    number,
    told,
)
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import said


class Mixed(Invalid):
    """Two things that cannot be reckoned with each other."""

    default_code = "formula_unit"


def powers_of(node: syntax.Node | syntax.Span, known: Mapping[str, Figure]) -> Powers:
    """The dimension a formula comes to. Raises Mixed naming what does not fit."""
    match node:
        case syntax.Number(value, unit):
            return number(value, unit).powers
        case syntax.Text():
            return WORD
        case syntax.Truth():
            return TRUTH
        case syntax.Name(key):
            return known[key].powers
        case syntax.Operation(operator, parts):
            return _operation(operator, [_number(part, known) for part in parts])
        case syntax.Call(name, arguments):
            return _call(name, [_number(part, known) for part in arguments])
        case syntax.Index(base, index):
            return _lookup(base, index, known)
        case syntax.MapOf():
            return TABLE
        case syntax.Conditional(condition, then, otherwise):
            _truth(condition, known)
            return _alike(powers_of(then, known), powers_of(otherwise, known), "then and else")
        case _:
            return _condition(node, known)


def _condition(node: syntax.Node | syntax.Span, known: Mapping[str, Figure]) -> Powers:
    match node:
        case syntax.Relating(relation, left, right):
            found = _alike(powers_of(left, known), powers_of(right, known), relation)
            if relation not in ("==", "!=") and not is_number(found):
                raise Mixed(
                    said("%(told)s has no order; compare it by == or !=.", told=told(found))
                )
        case syntax.Among(item, _):
            powers_of(item, known)
        case syntax.Denial(condition):
            _truth(condition, known)
        case syntax.Connection(_, parts):
            for part in parts:
                _truth(part, known)
    return TRUTH


def _operation(operator: str, parts: list[Powers]) -> Powers:
    found = parts[0]
    for part in parts[1:]:
        if operator in ("+", "-"):
            found = _alike(found, part, operator)
        elif operator == "//":
            _alike(found, part, operator)
            found = PLAIN
        else:
            found = combined(found, part, 1 if operator == "*" else -1)
    return found


def _call(name: str, arguments: list[Powers]) -> Powers:
    if name in ("min", "max"):
        found = arguments[0]
        for part in arguments[1:]:
            found = _alike(found, part, name)
        return found
    if name in ("floor", "ceil", "round") and arguments[0] != PLAIN:
        raise Mixed(
            said(
                "%(name)s of %(told)s: say of which unit, such as %(name)s(length / 1 m).",
                name=name,
                told=told(arguments[0]),
            )
        )
    return arguments[0]


def _lookup(base: syntax.Node, index: syntax.Node, known: Mapping[str, Figure]) -> Powers:
    powers_of(index, known)
    if isinstance(base, syntax.MapOf):
        found = [powers_of(value, known) for _, value in base.entries]
        for other in found[1:]:
            _alike(found[0], other, "the map")
        return found[0] if found else PLAIN
    if powers_of(base, known) != TABLE:
        raise Mixed("Only a table is looked up with [ ].")
    entries = known[base.key].value if isinstance(base, syntax.Name) else None
    if isinstance(entries, Mapping):
        return next((figure.powers for figure in entries.values()), PLAIN)
    return PLAIN


def _number(node: syntax.Node, known: Mapping[str, Figure]) -> Powers:
    found = powers_of(node, known)
    if not is_number(found):
        what = (
            said("“%(name)s” is %(what)s", name=node.key, what=told(found))
            if isinstance(node, syntax.Name)
            else told(found)
        )
        raise Mixed(said("%(what)s where a number was expected.", what=what))
    return found


def _truth(node: syntax.Node, known: Mapping[str, Figure]) -> None:
    found = powers_of(node, known)
    if found != TRUTH:
        raise Mixed(said("%(told)s where yes or no was expected.", told=told(found)))


def _alike(left: Powers, right: Powers, what: str) -> Powers:
    if left != right:
        raise Mixed(
            said(
                "“%(what)s” joins %(told)s with %(told2)s.",
                what=what,
                told=told(left),
                told2=told(right),
            )
        )
    return left
