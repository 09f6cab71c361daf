"""Expressions as they are written: a tree without types, shared by models and price formulas.

Numbers are exact decimals and keep the unit written behind them. What a name stands for, which
functions there are and what they mean is the business of who reads the tree. Positions do not
take part in equality. The grammar is told in `expression_parser`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeAlias

from handsel.bid.configure.rules.language.problems import Place

Operator = Literal["+", "-", "*", "/", "//"]
Relation = Literal["==", "!=", "<", "<=", ">", ">="]
Connective = Literal["and", "or", "xor", "->", "<->"]

NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Number:
    """`12.50` or `250 mm`; the unit is "" when none is written, "%" for per cent."""

    value: Decimal
    unit: str = ""
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Text:
    """`"PVC black"`"""

    value: str
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Truth:
    """`true` or `false`"""

    value: bool
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Name:
    """`belt`, or `` `any words` ``: a variable, a value, a derived quantity."""

    key: str
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Member:
    """`module.width`"""

    base: Node
    key: str
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Index:
    """`friction[bed]`, `module[2]`"""

    base: Node
    index: Node
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """`min(a, b)`"""

    name: str
    arguments: tuple[Node, ...]
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Operation:
    """`a + b + c` is one operation of three parts; one part and "-" is a sign."""

    operator: Operator
    parts: tuple[Node, ...]
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Relating:
    """`a <= b`"""

    relation: Relation
    left: Node
    right: Node
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Span:
    """`10..20` inside braces, both ends included."""

    first: Node
    last: Node
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Among:
    """`item in {a, b, 10..20}`"""

    item: Node
    choices: tuple[Node | Span, ...]
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class MapOf:
    """`{a: 1, b: 2, else: 3}`; a key `None` is the `else`."""

    entries: tuple[tuple[Node | None, Node], ...]
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Denial:
    """`not a`"""

    condition: Node
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Connection:
    """`a and b and c` is one connection of three parts; `->` and `<->` have two."""

    connective: Connective
    parts: tuple[Node, ...]
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Conditional:
    """`if a then b else c`"""

    condition: Node
    then: Node
    otherwise: Node
    place: Place = field(default=NOWHERE, compare=False, repr=False)


Node: TypeAlias = (
    Number
    | Text
    | Truth
    | Name
    | Member
    | Index
    | Call
    | Operation
    | Relating
    | Among
    | MapOf
    | Denial
    | Connection
    | Conditional
)


def children(node: Node | Span) -> tuple[Node | Span, ...]:  # noqa: C901 one case a kind of node
    """The nodes directly inside one, as written from left to right."""
    match node:
        case Number() | Text() | Truth() | Name():
            return ()
        case Member(base):
            return (base,)
        case Index(base, index):
            return (base, index)
        case Call(_, parts) | Operation(_, parts) | Connection(_, parts):
            return parts
        case Relating(_, left, right):
            return (left, right)
        case Span(first, last):
            return (first, last)
        case Among(item, choices):
            return (item, *choices)
        case MapOf(entries):
            return tuple(part for entry in entries for part in entry if part is not None)
        case Denial(condition):
            return (condition,)
        case Conditional(condition, then, otherwise):
            return (condition, then, otherwise)


def names_in(node: Node | Span) -> Iterator[Name]:
    """Every name in the tree, repeats included."""
    if isinstance(node, Name):
        yield node
    for child in children(node):
        yield from names_in(child)


def depth_of(node: Node) -> int:
    """How many levels the tree has; counted without recursion, so any tree can be asked."""
    deepest = 0
    waiting: list[tuple[Node | Span, int]] = [(node, 1)]
    while waiting:
        one, level = waiting.pop()
        deepest = max(deepest, level)
        waiting += [(child, level + 1) for child in children(one)]
    return deepest
