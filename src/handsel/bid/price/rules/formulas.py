"""Price formulas: the expression language of the house, reckoned exactly and within limits.

There is nothing in it to loop with: no definitions, no recursion. A formula has at most 20,000
characters, 24 levels of nesting and 2,000 parts. Names are a line's attributes, the elements
before it, parts (sums of elements), market values and tables; an unknown name, a mixing of
dimensions, a division by zero or a number beyond all size is refused with what it was.

    196 * max(length - 1 m, 0 m) / 1 m            per metre: divide by the unit that is priced
    deck * (frame_factor[frame] - 1)              an element and a table
    if docs != "en" then 120 else 0
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from handsel.bid.configure.rules.language import syntax
from handsel.bid.configure.rules.language.expression_parser import parse_expression
from handsel.bid.configure.rules.language.problems import did_you_mean
from handsel.bid.price.rules.dimensions import powers_of
from handsel.bid.price.rules.figures import (
    PLAIN,
    Figure,
    Powers,
    as_decimal,
    number,
    numeric,
    text_of,
    told,
    whole,
    within_size,
)
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import said

MOST_PARTS: Final = 2_000
FUNCTIONS: Final = ("min", "max", "abs", "floor", "ceil", "round")
_REMEMBERED: Final = 256
_LONGEST_SHOWN: Final = 200
Values = Mapping[str, Any]
Reckoning = Callable[[Values], Any]


class FormulaFault(Invalid):
    """A formula that cannot be reckoned; the message names it and what stood in the way."""

    default_code = "formula"


@dataclass(frozen=True, slots=True)
class Formula:
    """A read formula. Equal texts are equal formulas."""

    text: str
    tree: syntax.Node = field(compare=False, repr=False)
    names: tuple[str, ...] = field(compare=False)
    reckon: Reckoning = field(compare=False, repr=False)
    _checked: dict[Any, Powers] = field(compare=False, repr=False, default_factory=dict)

    @property
    def shown(self) -> str:
        """The formula as a sentence quotes it."""
        return _short(self.text)

    def figure(self, known: Mapping[str, Figure]) -> Figure:
        """What the formula comes to. Raises FormulaFault."""
        try:
            powers = self._powers(known)
            value = self.reckon({name: known[name].value for name in self.names})
        except ZeroDivisionError:
            raise FormulaFault(
                said("“%(formula)s” divides by zero.", formula=self.shown), code="formula_zero"
            ) from None
        except FormulaFault:
            raise
        except Invalid as refused:
            raise FormulaFault(
                said("“%(shown)s”: %(message)s", shown=self.shown, message=refused.message),
                code=refused.code,
            ) from None
        if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
            value = within_size(whole(value))
        return Figure(value, powers)

    def amount(self, known: Mapping[str, Figure]) -> Decimal:
        """What the formula comes to as a price: it must be a plain number."""
        found = self.figure(known)
        if found.powers != PLAIN:
            raise FormulaFault(
                said(
                    "“%(formula)s” comes to %(unit)s, not to a price; divide by the unit that the "
                    "price is for, such as “/ 1 m”.",
                    formula=self.shown,
                    unit=told(found.powers),
                ),
                code="formula_unit",
            )
        return as_decimal(numeric(found))

    def _powers(self, known: Mapping[str, Figure]) -> Powers:
        for name in self.names:
            if name not in known:
                raise FormulaFault(
                    said(
                        "“%(formula)s” names “%(name)s”, which is not known here.%(hint)s",
                        formula=self.shown,
                        name=_short(name),
                        hint=did_you_mean(name, known),
                    ),
                    code="formula_name",
                    name=name,
                )
        key = tuple(known[name].powers for name in self.names)
        found = self._checked.get(key)
        if found is None:
            found = powers_of(self.tree, known)
            if len(self._checked) < _REMEMBERED:
                self._checked[key] = found
        return found


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def read_formula(text: str) -> Formula:
    """Read a formula. Raises LanguageFault or FormulaFault with the place."""
    tree = parse_expression(text)
    parts = sum(1 for _ in _all_parts(tree))
    if parts > MOST_PARTS:
        raise FormulaFault(
            said(
                "The formula has %(parts)s parts; at most %(most_parts)s are allowed.",
                parts=parts,
                most_parts=MOST_PARTS,
            ),
            code="formula_size",
        )
    names = tuple(dict.fromkeys(names_of(tree)))
    return Formula(text, tree, names, reckoning_of(tree))


def fixed(amount: Decimal) -> Formula:
    """A formula that is one number."""
    tree = syntax.Number(amount)
    value = number(amount).value
    return Formula(f"{amount:f}", tree, (), lambda known: value)


def _all_parts(node: syntax.Node | syntax.Span) -> Iterator[syntax.Node | syntax.Span]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(syntax.children(one))


def names_of(node: syntax.Node | syntax.Span) -> Iterator[str]:
    """Names that stand for something: not the bare words of choices and maps."""
    match node:
        case syntax.Name(key):
            yield key
        case syntax.Among(item, _):
            yield from names_of(item)
        case syntax.MapOf(entries):
            for _, value in entries:
                yield from names_of(value)
        case _:
            for child in syntax.children(node):
                yield from names_of(child)


def reckoning_of(node: syntax.Node) -> Reckoning:  # noqa: C901 one case a kind of node
    """The tree as one function of the values of its names."""
    match node:
        case syntax.Number(value, unit):
            exact = number(value, unit).value
            return lambda known: exact
        case syntax.Text(text):
            return lambda known: text
        case syntax.Truth(flag):
            return lambda known: flag
        case syntax.Name(key):
            return lambda known: known[key]
        case syntax.Operation(operator, parts):
            return _operation(operator, [reckoning_of(part) for part in parts])
        case syntax.Call(name, arguments):
            return _call(name, [reckoning_of(part) for part in arguments])
        case syntax.Index(base, index):
            return _lookup(base, reckoning_of(base), reckoning_of(index))
        case syntax.MapOf(entries):
            return _map(entries)
        case syntax.Relating(relation, left, right):
            return _relation(relation, reckoning_of(left), reckoning_of(right))
        case syntax.Among(item, choices):
            return _among(reckoning_of(item), choices)
        case syntax.Denial(condition):
            denied = reckoning_of(condition)
            return lambda known: not denied(known)
        case syntax.Connection(connective, parts):
            return _connection(connective, [reckoning_of(part) for part in parts])
        case syntax.Conditional(condition, then, otherwise):
            holds, one, other = reckoning_of(condition), reckoning_of(then), reckoning_of(otherwise)
            return lambda known: one(known) if holds(known) else other(known)
        case syntax.Member(_, key):
            raise FormulaFault(
                said("“.%(key)s” has no meaning in a price formula.", key=key), code="formula"
            )


def _operation(operator: str, parts: list[Reckoning]) -> Reckoning:
    if operator == "-" and len(parts) == 1:
        only = parts[0]
        return lambda known: -only(known)
    if operator == "+":
        return lambda known: sum(part(known) for part in parts)
    if operator == "*":
        return lambda known: math.prod(part(known) for part in parts)
    first, *rest = parts
    steps: dict[str, Callable[[Any, Any], Any]] = {
        "-": lambda left, right: left - right,
        "/": _quotient,
        "//": lambda left, right: left // right,
    }
    step = steps[operator]

    def chained(known: Values) -> Any:
        found = first(known)
        for part in rest:
            found = step(found, part(known))
        return found

    return chained


def _quotient(left: Any, right: Any) -> Any:
    if type(left) is int and type(right) is int:
        quotient, rest = divmod(left, right)
        return Fraction(left, right) if rest else quotient
    return left / right


def _call(name: str, arguments: list[Reckoning]) -> Reckoning:
    count = len(arguments)
    if name in ("min", "max") and count:
        choose = min if name == "min" else max
        return lambda known: choose(part(known) for part in arguments)
    single: dict[str, Callable[[Any], Any]] = {"abs": abs, "floor": math.floor, "ceil": math.ceil}
    if name in single and count == 1:
        function, only = single[name], arguments[0]
        return lambda known: function(only(known))
    if name == "round" and count in (1, 2):
        value, places = arguments[0], arguments[1] if count == 2 else (lambda known: 0)
        return lambda known: _rounded(value(known), places(known))
    if name in FUNCTIONS:
        raise FormulaFault(
            said("“%(name)s” does not take %(count)s values.", name=name, count=count),
            code="formula_function",
        )
    raise FormulaFault(
        said(
            "“%(name)s” is not a function; there are %(known)s.%(hint)s",
            name=name,
            known=", ".join(FUNCTIONS),
            hint=did_you_mean(name, FUNCTIONS),
        ),
        code="formula_function",
    )


def _rounded(value: Any, places: Any) -> Any:
    if type(places) is not int or not 0 <= places <= 6:
        raise FormulaFault("Round to 0 to 6 decimals.", code="formula_function")
    scaled = abs(value) * 10**places
    settled = math.floor(scaled + Fraction(1, 2))
    return whole(Fraction(settled if value >= 0 else -settled, 10**places))


def _lookup(base: syntax.Node, table: Reckoning, index: Reckoning) -> Reckoning:
    name = base.key if isinstance(base, syntax.Name) else said("the map")

    def found(known: Values) -> Any:
        entries, key = table(known), text_of(index(known))
        figure = entries.get(key, entries.get("else"))
        if figure is None:
            raise FormulaFault(
                said(
                    "%(name)s has nothing for “%(key)s”.%(hint)s",
                    name=name,
                    key=key,
                    hint=did_you_mean(key, entries),
                ),
                code="formula_lookup",
                key=key,
            )
        return figure.value

    return found


def _map(entries: Sequence[tuple[syntax.Node | None, syntax.Node]]) -> Reckoning:
    reckoned = [
        ("else" if key is None else bare_word(key), reckoning_of(value)) for key, value in entries
    ]
    return lambda known: {key: Figure(value(known)) for key, value in reckoned}


def bare_word(node: syntax.Node | syntax.Span) -> str:
    """The word a map or a list of choices names."""
    match node:
        case syntax.Name(key):
            return key
        case syntax.Text(text):
            return text
        case syntax.Truth(flag):
            return text_of(flag)
        case syntax.Number(value, unit):
            return text_of(number(value, unit).value)
    raise FormulaFault("A map is by words or numbers.", code="formula")


def _relation(relation: str, left: Reckoning, right: Reckoning) -> Reckoning:
    compare: dict[str, Callable[[Any, Any], bool]] = {
        "==": lambda one, other: one == other,
        "!=": lambda one, other: one != other,
        "<": lambda one, other: one < other,
        "<=": lambda one, other: one <= other,
        ">": lambda one, other: one > other,
        ">=": lambda one, other: one >= other,
    }
    holds = compare[relation]
    return lambda known: holds(left(known), right(known))


def _among(item: Reckoning, choices: Sequence[syntax.Node | syntax.Span]) -> Reckoning:
    words = {bare_word(one) for one in choices if not isinstance(one, syntax.Span)}
    spans = [
        (reckoning_of(one.first), reckoning_of(one.last))
        for one in choices
        if isinstance(one, syntax.Span)
    ]

    def holds(known: Values) -> bool:
        value = item(known)
        return text_of(value) in words or any(
            first(known) <= value <= last(known) for first, last in spans
        )

    return holds


def _connection(connective: str, parts: list[Reckoning]) -> Reckoning:
    if connective == "and":
        return lambda known: all(part(known) for part in parts)
    if connective == "or":
        return lambda known: any(part(known) for part in parts)
    left, right = parts
    if connective == "->":
        return lambda known: bool(right(known)) or not left(known)
    if connective == "<->":
        return lambda known: bool(left(known)) == bool(right(known))
    return lambda known: bool(left(known)) != bool(right(known))
