"""Written expressions to conditions and terms of the flat model."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from handsel.bid.configure.rules.expressions import Connective as FlatConnective
from handsel.bid.configure.rules.expressions import (
    Count,
    Expression,
    Fixed,
    Logic,
    Lookup,
    Not,
    Ref,
    Value,
)
from handsel.bid.configure.rules.language.domains import number_of, value_of_node
from handsel.bid.configure.rules.language.numbers import ScaledArithmetic, UnitArithmetic
from handsel.bid.configure.rules.language.problems import LanguageFault, Place, fault
from handsel.bid.configure.rules.language.ranges import Bounds, bounds
from handsel.bid.configure.rules.language.references import Context, resolved, spread, variable_of
from handsel.bid.configure.rules.language.relations import Relations
from handsel.bid.configure.rules.language.scopes import (
    ComponentEntity,
    ConditionEntity,
    DerivedEntity,
    MapEntity,
    Presence,
    VariableEntity,
)
from handsel.bid.configure.rules.language.syntax import (
    Among,
    Call,
    Conditional,
    Connection,
    Denial,
    Index,
    MapOf,
    Member,
    Name,
    Node,
    Number,
    Operation,
    Relating,
    Text,
    Truth,
)
from handsel.bid.configure.rules.language.terms import FREE, Term
from handsel.ground.kernel.said import said

_CONNECTIVES: dict[str, FlatConnective] = {
    "and": "and",
    "or": "or",
    "xor": "xor",
    "->": "implies",
    "<->": "iff",
}
FUNCTIONS = ("sum", "count", "min", "max", "floor", "ceil", "round", "all", "any")


class Lowering:
    """Lowers expressions; remembers the derived quantities in the order they are needed."""

    def __init__(self, *, is_scaled: bool) -> None:
        # Scaled models are flat ones in print: there a truth counts 1 and a number may be one.
        self._is_scaled = is_scaled
        self.bounds: dict[str, Bounds] = {}
        self.derived: list[DerivedEntity] = []
        bounds_of = self.bounds.__getitem__
        self.numbers = (ScaledArithmetic if is_scaled else UnitArithmetic)(bounds_of)
        self._relations = Relations(self.term, self.condition, self.numbers, is_scaled=is_scaled)

    # -- conditions

    def condition(self, node: Node, context: Context) -> Expression:
        """A condition; LanguageFault when the node is no condition or names what is unknown."""
        match node:
            case Truth(value):
                return Fixed(value)
            case Relating():
                return self._relations.relating(node, context)
            case Among():
                return self._relations.among(node, context)
            case Denial(inner):
                return Not(self.condition(inner, context))
            case Connection(connective, parts):
                lowered = tuple(self.condition(part, context) for part in parts)
                return Logic(_CONNECTIVES[connective], lowered)
            case Conditional(condition, then, otherwise) if not self._is_scaled:
                return self._either(condition, then, otherwise, context)
            case Call(name, arguments) if name in ("all", "any"):
                return self._quantified(name, arguments, context)
            case Name() | Member():
                return self._named_condition(node, context)
        return self._number_as_condition(node, context)

    def _number_as_condition(self, node: Node, context: Context) -> Expression:
        if not self._is_scaled:
            raise self._no_condition(node)
        term = self.term(node, context)
        return Fixed(int(term.factor)) if term.expression is None else term.expression

    def _either(self, condition: Node, then: Node, otherwise: Node, context: Context) -> Expression:
        decides = self.condition(condition, context)
        first, second = self.condition(then, context), self.condition(otherwise, context)
        return Logic(
            "and", (Logic("implies", (decides, first)), Logic("implies", (Not(decides), second)))
        )

    def _quantified(self, name: str, arguments: tuple[Node, ...], context: Context) -> Expression:
        parts: list[Expression] = []
        for argument in arguments:
            for presence, here in spread(argument, context):
                stated = self.condition(argument, here)
                parts.append(guarded(presence, stated) if name == "all" else both(presence, stated))
        if not parts:
            return Fixed(name == "all")
        return (
            parts[0] if len(parts) == 1 else Logic("and" if name == "all" else "or", tuple(parts))
        )

    def _named_condition(self, node: Name | Member, context: Context) -> Expression:
        found = resolved(node, context)
        if isinstance(found, VariableEntity) and found.is_boolean:
            return Ref(found.key)
        if isinstance(found, ConditionEntity):
            return self._defined(found, node.place)
        if found is None and isinstance(node, Name):
            raise context.scope.unknown(node)
        return self._number_as_condition(node, context)

    def _defined(self, entity: ConditionEntity, place: Place) -> Expression:
        if entity.is_open:
            raise fault(
                place, said("“%(key)s” is said by itself.", key=entity.source.key), "no circle"
            )
        if entity.expression is None:
            entity.is_open = True
            try:
                entity.expression = self.condition(entity.source.expression, Context(entity.scope))
            finally:
                entity.is_open = False
        return entity.expression

    @staticmethod
    def _no_condition(node: Node) -> LanguageFault:
        return fault(node.place, "This is not a condition.", "a comparison such as “belt == PVC”")

    # -- terms

    def term(self, node: Node, context: Context) -> Term:
        """A number; LanguageFault when the node is none."""
        match node:
            case Number():
                return self.numbers.number(node)
            case Operation():
                return self._operation(node, context)
            case Index(base, index, place) if self._map_at(base, context) is not None:
                return self._looked_up(base, index, place, context)
            case Name() | Member() | Index():
                return self._named_term(node, context)
            case Conditional(condition, then, otherwise, place):
                return self.numbers.chosen(
                    self.condition(condition, context),
                    self.term(then, context),
                    self.term(otherwise, context),
                    place,
                )
            case Call():
                return self._called(node, context)
            case Truth() | Relating() | Among() | Denial() | Connection() if self._is_scaled:
                truth = self.condition(node, context)
                return self.numbers.variable(truth, 0, "", node.place)
        raise fault(node.place, "This is not a number.", "a number")

    def _operation(self, node: Operation, context: Context) -> Term:
        parts = [self.term(part, context) for part in node.parts]
        if node.operator == "/":
            return self.numbers.divided(parts, node.place)
        if node.operator == "//":
            return self.numbers.floor_divided(parts, node.place)
        return self.numbers.combined(node.operator, parts, node.place)

    def _named_term(self, node: Name | Member | Index, context: Context) -> Term:
        found = resolved(node, context)
        is_number = isinstance(found, VariableEntity) and not found.is_words
        if isinstance(found, VariableEntity) and found.is_boolean:
            is_number = self._is_scaled
        if is_number and isinstance(found, VariableEntity):
            return self.numbers.variable(Ref(found.key), found.scale, found.unit, node.place)
        if isinstance(found, DerivedEntity):
            self.derive(found, node.place)
            unit = FREE if found.unit is None else found.unit
            return self.numbers.variable(Ref(found.key), found.scale, unit, node.place)
        if found is None and isinstance(node, Name):
            raise context.scope.unknown(node)
        if isinstance(found, ComponentEntity):
            raise fault(node.place, "A component is no number.", f"count({found.key})")
        raise fault(
            node.place,
            said("“%(value)s” is no number.", value=getattr(found, "key", "") or "this"),
            "a number (count(…) makes one of conditions)",
        )

    def derive(self, entity: DerivedEntity, place: Place) -> None:
        """Lower a derived quantity, once, after those it needs."""
        if entity.is_open:
            raise fault(
                place, said("“%(key)s” is derived from itself.", key=entity.key), "no circle"
            )
        if entity.expression is not None:
            return
        entity.is_open = True
        try:
            source = entity.source
            term = self.term(source.expression, Context(entity.scope))
            entity.expression, entity.scale, unit = self.numbers.quantity(
                term, source.unit, source.places, source.place
            )
            is_free = term.unit == FREE and not source.unit
            entity.unit = None if is_free else unit
        finally:
            entity.is_open = False
        self.bounds[entity.key] = bounds(entity.expression, self.bounds.__getitem__)
        self.derived.append(entity)

    def _called(self, node: Call, context: Context) -> Term:
        arguments = node.arguments
        match node.name:
            case "count":
                return self._count(node, context)
            case "sum" | "min" | "max" if arguments:
                return self._gathered(node, context)
            case "floor" | "ceil" if len(arguments) == 1:
                return self.numbers.rounded(
                    node.name, self.term(arguments[0], context), 0, node.place
                )
            case "round" if len(arguments) in (1, 2):
                places = number_of(arguments[1]) if len(arguments) > 1 else 0
                if places is None or places != int(places) or not 0 <= places <= 6:
                    raise fault(node.place, "This cannot be rounded so.", "0 to 6 decimals")
                term = self.term(arguments[0], context)
                return self.numbers.rounded("round", term, int(places), node.place)
        known = node.name in FUNCTIONS
        wrong = "“%(name)s” is called wrongly." if known else "“%(name)s” is not a function."
        raise fault(
            node.place,
            said(wrong, name=node.name),
            said("one of %(values)s", values=", ".join(FUNCTIONS)),
        )

    def _count(self, node: Call, context: Context) -> Term:
        conditions: list[Expression] = []
        for argument in node.arguments:
            for presence, here in spread(argument, context):
                is_path = isinstance(argument, Name | Member)
                if is_path and isinstance(resolved(argument, here), ComponentEntity):
                    return self._number_of_parts(node, context)
                conditions.append(both(presence, self.condition(argument, here)))
        return self.numbers.variable(Count(tuple(conditions)), 0, "", node.place)

    def _number_of_parts(self, node: Call, context: Context) -> Term:
        if len(node.arguments) != 1:
            raise fault(node.place, "Components are counted one by one.", "count(a) + count(b)")
        parts: list[Term] = []
        nothing = self.numbers.number(Number(Decimal(0), "", node.place))
        for presence, here in spread(node.arguments[0], context):
            component = resolved(node.arguments[0], here)
            assert isinstance(component, ComponentEntity)  # noqa: S101 the caller has looked
            count = component.count
            counted = Fixed(component.source.least) if count is None else Ref(count.key)
            term = self.numbers.variable(counted, 0, "", node.place)
            if presence:
                term = self.numbers.chosen(joined(presence), term, nothing, node.place)
            parts.append(term)
        return parts[0] if len(parts) == 1 else self.numbers.combined("+", parts, node.place)

    def _gathered(self, node: Call, context: Context) -> Term:
        found: list[tuple[Presence, Term]] = []
        for argument in node.arguments:
            for presence, here in spread(argument, context):
                found.append((presence, self.term(argument, here)))
        instead = self._instead(node, [term for _, term in found])
        parts = [
            self.numbers.chosen(joined(presence), term, instead, node.place) if presence else term
            for presence, term in found
        ]
        operator = "+" if node.name == "sum" else node.name
        if len(parts) == 1:
            return parts[0]
        return self.numbers.combined(operator, parts, node.place)  # type: ignore[arg-type]

    def _instead(self, node: Call, parts: list[Term]) -> Term:
        if node.name == "sum":
            return self.numbers.number(Number(Decimal(0), "", node.place))
        ends = [self._end(part, node.name) for part in parts]
        worst = max(ends) if node.name == "min" else min(ends)
        return Term(None, worst, FREE, node.place)

    def _end(self, part: Term, name: str) -> Fraction:
        if part.expression is None:
            return part.factor
        low, high = bounds(part.expression, self.bounds.__getitem__)
        ends = (low * part.factor, high * part.factor)
        return max(ends) if name == "min" else min(ends)

    # -- maps

    @staticmethod
    def _map_at(base: Node, context: Context) -> MapEntity | MapOf | None:
        if isinstance(base, MapOf):
            return base
        found = resolved(base, context) if isinstance(base, Name | Member) else None
        return found if isinstance(found, MapEntity) else None

    def _looked_up(self, base: Node, index: Node, place: Place, context: Context) -> Term:
        variable = variable_of(index, context)
        if variable is None:
            raise fault(index.place, "A map is read by a variable.", "the name of a variable")
        found = self._map_at(base, context)
        if isinstance(found, MapEntity):
            source = found.source
            by = variable_of(Name(source.by, source.place), Context(found.scope))
            if by is None:
                raise found.scope.unknown(Name(source.by, source.place))
            entries, unit = source.entries, source.unit or FREE
        else:
            assert isinstance(found, MapOf)  # noqa: S101 the caller has looked
            entries, by, unit = found, variable, FREE
        numbers = self._entries(entries, by)
        rest = numbers.pop(None, None)
        kept = {value: number for value, number in numbers.items() if value in variable.values}
        for value in variable.values:
            if value not in kept and rest is None:
                raise fault(
                    place,
                    said("The map has no number for %(value)s.", value=value),
                    "every value or “else”",
                )
            if value not in kept and rest is not None:
                kept[value] = rest
        below = max((number.denominator for number in kept.values()), default=1)
        while any((number * below).denominator != 1 for number in kept.values()):
            below *= 10
        pairs = tuple((value, int(number * below)) for value, number in kept.items())
        return Term(Lookup(variable.key, pairs), Fraction(1, below), unit, place)

    @staticmethod
    def _entries(entries: MapOf, by: VariableEntity) -> dict[Value | None, Fraction]:
        found: dict[Value | None, Fraction] = {}
        for key, node in entries.entries:
            value = None if key is None else value_of_node(by, key)
            number = number_of(node)
            at = node.place if key is None else key.place
            if number is None:
                raise fault(at, "A map holds numbers.", "a number without a unit")
            if value in found:
                raise fault(at, "This value is in the map already.", "each value once")
            found[value] = Fraction(number)
        return found


def joined(presence: Presence) -> Expression:
    """All of the conditions, one at least."""
    return presence[0] if len(presence) == 1 else Logic("and", presence)


def guarded(presence: Presence, condition: Expression) -> Expression:
    """The condition where the part is there."""
    return Logic("implies", (joined(presence), condition)) if presence else condition


def both(presence: Presence, condition: Expression) -> Expression:
    """The part is there and the condition holds."""
    return Logic("and", (*presence, condition)) if presence else condition


Lower = Callable[[Node, Context], Expression]
__all__ = ["Lower", "Lowering", "Text", "guarded", "joined"]
