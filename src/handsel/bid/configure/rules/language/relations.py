"""Comparisons and memberships, by what is compared: words, truths or numbers."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from handsel.bid.configure.rules.expressions import (
    Compare,
    Expression,
    Fixed,
    Logic,
    Lookup,
    OneOf,
    Ref,
    Value,
)
from handsel.bid.configure.rules.language.domains import TRUTHS, value_of_node
from handsel.bid.configure.rules.language.numbers import UnitArithmetic
from handsel.bid.configure.rules.language.problems import fault
from handsel.bid.configure.rules.language.references import Context, variable_of
from handsel.bid.configure.rules.language.scopes import Scope, VariableEntity
from handsel.bid.configure.rules.language.syntax import (
    Among,
    Connection,
    Denial,
    Name,
    Node,
    Relating,
    Relation,
    Span,
    Text,
    Truth,
)
from handsel.bid.configure.rules.language.terms import FREE, Term
from handsel.bid.configure.rules.language.units import ratio
from handsel.ground.kernel.said import said

_NO_NAMES = Scope()
_MIRROR: dict[Relation, Relation] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


class Relations:
    """Lowers `a <= b` and `a in {…}` with what lowers terms and conditions."""

    def __init__(
        self,
        term: Callable[[Node, Context], Term],
        condition: Callable[[Node, Context], Expression],
        numbers: UnitArithmetic,
        *,
        is_scaled: bool,
    ) -> None:
        self._is_scaled = is_scaled
        self._term = term
        self._condition = condition
        self._numbers = numbers

    def relating(self, node: Relating, context: Context) -> Expression:
        """One thing against another."""
        left, right = variable_of(node.left, context), variable_of(node.right, context)
        if left is not None and left.is_words:
            return self._words(left, node.relation, node.right, context)
        if right is not None and right.is_words:
            turned = _MIRROR.get(node.relation, node.relation)
            return self._words(right, turned, node.left, context)
        if self._is_scaled:
            return self._numbers.compared(
                node.relation,
                self._term(_truth(node.left, context), context),
                self._term(_truth(node.right, context), context),
                node.place,
            )
        if (left is not None and left.is_boolean) or (right is not None and right.is_boolean):
            return self._truths(node, left, right, context)
        if _is_condition(node.left) and _is_condition(node.right):
            return self._conditions(node, context)
        return self._numbers.compared(
            node.relation,
            self._term(node.left, context),
            self._term(node.right, context),
            node.place,
        )

    def _words(
        self, entity: VariableEntity, relation: Relation, other: Node, context: Context
    ) -> Expression:
        is_value = isinstance(other, Name) and other.key in entity.declared
        variable = None if is_value else variable_of(other, context)
        if variable is not None:
            return self._two_words(entity, relation, variable, other)
        value = value_of_node(entity, other)
        if relation not in ("==", "!="):
            self._need_order(entity, other)
            rank = entity.declared.index(value)
            kept = [
                one for one in entity.values if _ranks(entity.declared.index(one), relation, rank)
            ]
            return OneOf(entity.key, frozenset(kept))
        if value not in entity.values:
            return Fixed(relation == "!=")
        return Compare(relation, Ref(entity.key), Fixed(value))

    def _two_words(
        self, one: VariableEntity, relation: Relation, other: VariableEntity, node: Node
    ) -> Expression:
        if not other.is_words:
            raise fault(
                node.place,
                said("“%(key)s” holds no words.", key=other.key),
                said("a value of “%(key)s”", key=one.key),
            )
        if relation in ("==", "!="):
            return Compare(relation, Ref(one.key), Ref(other.key))
        self._need_order(one, node)
        self._need_order(other, node)
        if one.declared != other.declared:
            raise fault(node.place, "The two orders differ.", "variables with the same values")
        return Compare(relation, _rank_of(one), _rank_of(other))

    @staticmethod
    def _need_order(entity: VariableEntity, node: Node) -> None:
        if not entity.is_ordered:
            raise fault(
                node.place,
                said("The values of “%(key)s” have no order.", key=entity.key),
                "“ordered” for “enum”",
            )

    def _truths(
        self,
        node: Relating,
        left: VariableEntity | None,
        right: VariableEntity | None,
        context: Context,
    ) -> Expression:
        if node.relation not in ("==", "!="):
            raise fault(node.place, "Yes and no have no order.", "“==” or “!=”")
        one, other, theirs = (
            (left, node.right, right)
            if left is not None and left.is_boolean
            else (right, node.left, left)
        )
        assert one is not None  # noqa: S101 one of the two is a Boolean
        if theirs is not None and theirs.is_boolean:
            return Compare(node.relation, Ref(one.key), Ref(theirs.key))
        if isinstance(other, Truth | Text) or (isinstance(other, Name) and other.key in TRUTHS):
            value = value_of_node(one, other)
            if value not in one.values:
                return Fixed(node.relation == "!=")
            return Compare(node.relation, Ref(one.key), Fixed(value))
        return self._conditions(node, context)

    def _conditions(self, node: Relating, context: Context) -> Expression:
        sides = (self._condition(node.left, context), self._condition(node.right, context))
        if node.relation not in ("==", "!="):
            raise fault(node.place, "Conditions have no order.", "“==” or “!=”")
        return Logic("iff" if node.relation == "==" else "xor", sides)

    def among(self, node: Among, context: Context) -> Expression:
        """Whether something is one of several values."""
        entity = variable_of(node.item, context)
        if entity is None:
            return self._numbers_among(node, context)
        kept: set[Value] = set()
        for choice in node.choices:
            if isinstance(choice, Span):
                kept.update(self._between(entity, choice))
            else:
                kept.add(self._value(entity, choice))
        return OneOf(entity.key, frozenset(kept & set(entity.values)))

    def _value(self, entity: VariableEntity, node: Node) -> Value:
        if entity.is_words or entity.is_boolean:
            return value_of_node(entity, node)
        number = self._constant(entity, node)
        if number.denominator != 1 or number.numerator not in entity.declared:
            return value_of_node(entity, node)
        return number.numerator

    def _between(self, entity: VariableEntity, span: Span) -> list[Value]:
        if entity.is_words:
            self._need_order(entity, span.first)
            ranks = [
                entity.declared.index(value_of_node(entity, end)) for end in (span.first, span.last)
            ]
            return list(entity.declared[ranks[0] : ranks[1] + 1])
        low, high = self._constant(entity, span.first), self._constant(entity, span.last)
        return [value for value in entity.declared if low <= int(value) <= high]

    def _constant(self, entity: VariableEntity, node: Node) -> Fraction:
        term = self._term(node, Context(_NO_NAMES))
        number = term.factor if term.is_constant else _fixed(term)
        unit = term.unit if term.is_constant else FREE
        if unit == FREE:
            is_raw = not term.is_constant
            return number if is_raw else number * 10**entity.scale
        factor = ratio(unit, entity.unit) if entity.unit else None
        if factor is None:
            wanted = (
                said("a number in %(unit)s", unit=entity.unit)
                if entity.unit
                else "a number without a unit"
            )
            raise fault(
                node.place, said("“%(key)s” is not in %(unit)s.", key=entity.key, unit=unit), wanted
            )
        return number * factor * Fraction(10**entity.scale)

    def _numbers_among(self, node: Among, context: Context) -> Expression:
        item = self._term(node.item, context)
        found: list[Expression] = []
        for choice in node.choices:
            if isinstance(choice, Span):
                ends = (self._term(choice.first, context), self._term(choice.last, context))
                low = self._numbers.compared(">=", item, ends[0], choice.place)
                high = self._numbers.compared("<=", item, ends[1], choice.place)
                found.append(Logic("and", (low, high)))
            else:
                value = self._term(choice, context)
                found.append(self._numbers.compared("==", item, value, choice.place))
        if not found:
            return Fixed(False)
        return found[0] if len(found) == 1 else Logic("or", tuple(found))


def _fixed(term: Term) -> Fraction:
    if isinstance(term.expression, Fixed):
        return Fraction(int(term.expression.value))
    raise fault(term.place, "This is not a written number.", "a number")


def _truth(node: Node, context: Context) -> Node:
    if isinstance(node, Name) and node.key in TRUTHS and context.scope.find(node.key) is None:
        return Truth(TRUTHS[node.key], node.place)
    return node


def _is_condition(node: Node) -> bool:
    return isinstance(node, Relating | Among | Denial | Connection | Truth)


def _ranks(rank: int, relation: Relation, other: int) -> bool:
    match relation:
        case "<":
            return rank < other
        case "<=":
            return rank <= other
        case ">":
            return rank > other
    return rank >= other


def _rank_of(entity: VariableEntity) -> Lookup:
    ranks = tuple((value, entity.declared.index(value)) for value in entity.values)
    return Lookup(entity.key, ranks)
