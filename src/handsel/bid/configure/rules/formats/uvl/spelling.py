"""Laws of a flat model as constraints of UVL.

UVL has no choice between terms, no smallest and no largest, and counts features only by their
attributes. Where a law needs one of these, a feature of its own stands for its condition: abstract,
under the root, there exactly when the condition holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

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
    Value,
)
from handsel.bid.configure.rules.formats.uvl.spelled import (
    Helping,
    Repeated,
    Spelled,
    joined,
    literal,
    unsayable,
    worth_of,
)
from handsel.bid.configure.rules.formats.uvl.tree import (
    Applied,
    Attribute,
    Reference,
    Term,
    Written,
)
from handsel.bid.configure.rules.language.domains import MOST_VALUES
from handsel.bid.configure.rules.language.ranges import bounds
from handsel.bid.configure.rules.model import ProductModel
from handsel.ground.kernel.said import said

MOST_TABLE_ROWS = 5_000
_CONNECTIVES = {"and": "&", "or": "|", "implies": "=>", "iff": "<=>"}
_NONE: Term = Written(Decimal(0))


class Spelling:
    """Constraints over the variables it is given; gathers attributes and helping features."""

    def __init__(
        self,
        model: ProductModel,
        spelled: dict[str, Spelled],
        repeated: Iterable[Repeated] = (),
        taken: Iterable[str] = (),
        known: Iterable[str] = (),
    ) -> None:
        self._spelled = spelled
        self._derived = {one.key: one.expression for one in model.derived}
        self._variables = {one.key: one for one in model.variables}
        self._repeated = list(repeated)
        self._taken = set(taken)
        self._known = set(known)  # names of attributes that the tree has
        self._attributes: dict[str, dict[str, Attribute]] = {}
        self._helpers: dict[Expression, str] = {}
        self._each_of: dict[tuple[str, int], str] = {}
        self.helping: list[tuple[str, Term]] = []
        self.numbers: list[Helping] = []
        # The instance that is spoken of, and what says that it is there.
        self._inside = ""
        self._there: Expression | None = None

    def attributes(self, name: str) -> tuple[tuple[str, Attribute], ...]:
        """What the constraints need of a feature."""
        return tuple(self._attributes.get(name, {}).items())

    def of_instance(self, expression: Expression, name: str, there: Expression | None) -> Term:
        """A condition on one instance, as it is said of them all."""
        self._inside, self._there = name, there
        try:
            return self.condition(expression)
        finally:
            self._inside, self._there = "", None

    # -- conditions

    def row(self, scope: tuple[str, ...], row: tuple[Value, ...]) -> Term:
        """One line of a table."""
        return joined("&", [self._is(*pair) for pair in zip(scope, row, strict=True)])

    def condition(self, expression: Expression) -> Term:
        """A condition; Unsayable names what UVL has no words for."""
        if self._there is not None and expression == self._there:
            return Written(True)
        match expression:
            case Fixed(value):
                return Written(bool(value))
            case Ref(key) if key in self._derived:
                return self.condition(self._derived[key])
            case Ref(key):
                return self._is(key, True)
            case Not(inner):
                return Applied("!", (self.condition(inner),))
            case OneOf(key, values):
                parts = [self._is(key, value) for value in sorted(values, key=str)]
                return joined("|", parts) if parts else Written(False)
            case Logic("xor", (left, right)):
                same = Applied("<=>", (self.condition(left), self.condition(right)))
                return Applied("!", (same,))
            case Logic(connective, conditions):
                parts = [self.condition(condition) for condition in conditions]
                return joined(_CONNECTIVES[connective], parts)
            case Compare():
                return self._compared(expression)
        raise unsayable("this condition")

    def _of(self, key: str) -> Spelled:
        found = self._spelled[key]
        if found.owner and found.owner != self._inside:
            raise unsayable(said("“%(key)s” alone", key=key))
        return found

    def _is(self, key: str, value: Value) -> Term:
        found = self._of(key)
        if found.kind == "truth":
            return Reference((found.name,)) if value else Applied("!", (Reference((found.name,)),))
        if found.kind == "choice":
            feature = found.values.get(value)
            return Reference((feature,)) if feature else Written(False)
        if found.kind == "text":
            same: Term = Applied("==", (Reference((found.name,)), Written(str(value))))
            lacks = Applied("!", (Reference((found.name,)),))
            return Applied("|", (same, lacks)) if value == found.first else same
        return Applied("==", (self.number(Ref(key)), literal(int(value))))

    def _compared(self, expression: Compare) -> Term:
        left, right = expression.left, expression.right
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Ref) and isinstance(other, Fixed) and self._is_word(one.key):
                found = self._is(one.key, other.value)
                return found if expression.operator == "==" else Applied("!", (found,))
        if isinstance(left, Ref) and isinstance(right, Ref) and self._is_word(left.key):
            return self._two(expression.operator, left.key, right.key)
        return Applied(expression.operator, (self.number(left), self.number(right)))

    def _is_word(self, key: str) -> bool:
        return key in self._spelled and self._spelled[key].kind in ("truth", "choice", "text")

    def _two(self, operator: str, left: str, right: str) -> Term:
        ours, theirs = self._values(left), self._values(right)
        same = [
            joined("&", [self._is(left, value), self._is(right, value)])
            for value in ours
            if value in theirs
        ]
        found: Term = joined("|", same) if same else Written(False)
        return found if operator == "==" else Applied("!", (found,))

    def _values(self, key: str) -> list[Value]:
        found = self._of(key)
        return [False, True] if found.kind == "truth" else list(found.values)

    # -- numbers

    def number(self, expression: Expression) -> Term:
        """A number; Unsayable names what UVL has no words for."""
        match expression:
            case Fixed(value):
                return literal(int(value))
            case Ref(key) if key in self._derived:
                return self.number(self._derived[key])
            case Ref(key):
                return self._number_of(key)
            case Lookup(key, entries):
                return self._looked_up(key, dict(entries))
            case Count(conditions):
                return self._sum([(condition, 1) for condition in conditions], [])
            case Calculation("+", parts):
                return self._sum_of(parts)
            case Choice():
                return self._chosen(expression)
            case Calculation():
                return self._calculated(expression)
        return self._sum([(expression, 1)], [])  # a truth counts 1

    def _looked_up(self, key: str, entries: dict[Value, int]) -> Term:
        """The least, and what the value is worth above it: so a reader sees that it is never 0."""
        least = max(min(entries.values(), default=0), 0)
        worths: list[tuple[Expression, int]] = []
        for value, worth in entries.items():
            worths.append((Compare("==", Ref(key), Fixed(value)), worth - least))
        return self._sum(worths, [Fixed(least)] if least else [])

    def _sum_of(self, parts: Iterable[Expression]) -> Term:
        told: list[tuple[Expression, int]] = []
        others: list[Expression] = []
        for part in parts:
            worths = worth_of(part)
            if worths is None:
                others.append(part)
            else:
                told += worths
        return self._sum(told, others)

    def _calculated(self, expression: Calculation) -> Term:
        operator, parts = expression.operator, expression.parts
        if operator in ("min", "max"):
            found, relation = parts[0], "<=" if operator == "min" else ">="
            for part in parts[1:]:
                found = Choice(Compare(relation, found, part), found, part)  # type: ignore[arg-type]
            return self.number(found)
        if operator == "//":
            whole = Applied("/", (self.number(parts[0]), self._divisor(parts[1])))
            return Applied("floor", (whole,))
        lowered = [self.number(part) for part in parts]
        if operator == "-" and len(lowered) > 2:
            lowered = [lowered[0], Applied("+", tuple(lowered[1:]))]
        return Applied(operator, tuple(lowered))

    def _divisor(self, expression: Expression) -> Term:
        """A number that a reader sees is never 0."""
        term = self.number(expression)
        if self._is_plain(expression):
            return term
        low, high = bounds(expression, self._bounds)
        if self._inside or high - low >= MOST_VALUES:
            raise unsayable("a division by a choice of so many numbers")
        name = self._fresh("number")
        self.numbers.append(Helping(name, term, low, high))
        return Reference((name,))

    def _is_plain(self, expression: Expression) -> bool:
        match expression:
            case Ref(key) if key in self._derived:
                return self._is_plain(self._derived[key])
            case Ref(key):
                return not self._spelled[key].may_lack and self._spelled[key].kind == "number"
            case Calculation("*", parts):
                return all(map(self._is_plain, parts))
        return isinstance(expression, Fixed | Lookup)

    def _bounds(self, key: str) -> tuple[int, int]:
        if key in self._derived:
            return bounds(self._derived[key], self._bounds)
        values = [int(value) for value in self._variables[key].values]
        return min(values), max(values)

    def _fresh(self, word: str) -> str:
        number = 1
        while f"{word} {number}" in self._taken:
            number += 1
        self._taken.add(f"{word} {number}")
        return f"{word} {number}"

    def _number_of(self, key: str) -> Term:
        found = self._of(key)
        if found.kind == "truth":
            return self._sum([(Ref(key), 1)], [])
        if found.kind not in ("number", "count"):
            raise unsayable("a word as a number")
        return self._plain(found) if not found.may_lack else self._with_first(key, found)

    def _plain(self, found: Spelled) -> Term:
        """Its number where it is there, else 0."""
        if found.kind == "count":
            return self._each(found.name, 1)
        named = Reference((found.name,))
        return Applied("*", (literal(10**found.scale), named)) if found.scale else named

    def _with_first(self, key: str, found: Spelled) -> Term:
        first = int(found.first)
        if not first:
            return self._plain(found)
        there = Ref(key.removesuffix(".value").removesuffix(".count"))
        lacking = (
            self._truth(there, first) if found.kind == "number" else self._helped(there, first)
        )
        return Applied("-", (Applied("+", (self._plain(found), literal(first))), lacking))

    def _chosen(self, choice: Choice) -> Term:
        condition, then, otherwise = choice.condition, choice.then, choice.otherwise
        if otherwise == Fixed(0) and isinstance(then, Ref) and self._is_there(then.key, condition):
            return self._plain(self._of(then.key))
        if isinstance(then, Fixed) and isinstance(otherwise, Fixed):
            more = self._sum([(condition, int(then.value) - int(otherwise.value))], [])
            return (
                more if not otherwise.value else Applied("+", (more, literal(int(otherwise.value))))
            )
        # (then - otherwise) where the condition holds, and otherwise.
        one, least = self._sum([(condition, 1)], []), self.number(otherwise)
        more = self.number(then)
        if least == _NONE:
            return Applied("*", (one, more))
        return Applied("+", (Applied("*", (one, Applied("-", (more, least)))), least))

    def _is_there(self, key: str, condition: Expression) -> bool:
        found = self._spelled.get(key)
        if found is None or found.kind != "number":
            return False
        if self._inside and condition == self._there:
            return key == f"{self._inside}.value"
        return found.may_lack and condition == Ref(key.removesuffix(".value"))

    # -- what counts where a condition holds

    def _sum(self, worths: list[tuple[Expression, int]], others: list[Expression]) -> Term:
        """Numbers that count where conditions hold, and other numbers; of instances, of all."""
        parts = [self.number(one) for one in others]
        spread: Counter[tuple[Expression, int]] = Counter()
        for condition, worth in worths:
            if worth and self._is_of_instances(condition):
                spread[condition, worth] += 1
            elif worth:
                parts.append(self._truth(condition, worth))
        parts += self._gathered(spread)
        return joined("+", parts) if parts else _NONE

    def _is_of_instances(self, condition: Expression) -> bool:
        if self._there is not None and condition == self._there:
            return False
        if any(condition in one.instances.values() for one in self._repeated):
            return True
        found = self._spelled.get(condition.key) if isinstance(condition, Ref) else None
        return found is not None and found.owner not in ("", self._inside)

    def _gathered(self, spread: Counter[tuple[Expression, int]]) -> Iterable[Term]:
        for name, conditions in self._alike():
            for worth in {worth for _, worth in spread}:
                wanted = Counter((one, worth) for one in conditions)
                while wanted <= spread:
                    spread -= wanted
                    yield self._each(name, worth)
        for (condition, worth), times in spread.items():
            if not isinstance(condition, Ref) or self._of(condition.key).owner:
                raise unsayable("some of the instances")
            yield self._helped(condition, worth * times)

    def _alike(self) -> Iterable[tuple[str, list[Expression]]]:
        """Each feature that has instances, with what says that each of them is there."""
        names: dict[str, dict[str, str]] = {}
        for key, found in self._spelled.items():
            if found.owner and found.kind == "truth":
                names.setdefault(found.name, {})[found.owner] = key
        for one in self._repeated:
            always = list(one.instances.values())
            if None not in always:
                yield one.name, [there for there in always if there is not None]
        for name, keys in names.items():
            yield name, [Ref(key) for key in keys.values()]

    def _each(self, name: str, worth: int) -> Term:
        new = self._new("each", len(self._each_of) + 1)
        attribute = self._each_of.setdefault((name, worth), new)
        self._attributes.setdefault(name, {})[attribute] = Decimal(worth)
        return Applied("sum", (Reference((name,)), Reference((attribute,))))

    def _truth(self, condition: Expression, worth: int) -> Term:
        """So much where the condition holds, else nothing: an attribute of a feature."""
        name = ""
        if self._there is not None and condition == self._there:
            name = self._inside_name()
        elif isinstance(condition, Ref) and self._is_word(condition.key):
            name = self._of(condition.key).name
        elif isinstance(condition, Compare) and condition.operator == "==":
            left, right = condition.left, condition.right
            if isinstance(left, Ref) and isinstance(right, Fixed) and self._is_word(left.key):
                name = self._of(left.key).values.get(right.value, "")
        if not name:
            return self._helped(condition, worth)
        return self._attribute(name, worth)

    def _new(self, word: str, number: int) -> str:
        while f"{word}{number}" in self._known:
            number += len(self._known)
        return f"{word}{number}"

    def _inside_name(self) -> str:
        return next(one.name for one in self._repeated if self._inside in one.instances)

    def _attribute(self, name: str, worth: int) -> Term:
        own = self._attributes.setdefault(name, {})
        known = next((key for key, one in own.items() if one == worth and key[:4] != "each"), "")
        attribute = known or self._new("value", len(own) + 1)
        own[attribute] = Decimal(worth)
        return Reference((name, attribute))

    def _helped(self, condition: Expression, worth: int) -> Term:
        if self._inside:
            raise unsayable("a choice between terms inside an instance")
        if condition not in self._helpers:
            name = self._helpers[condition] = self._fresh("case")
            self.helping.append((name, self.condition(condition)))
        return self._attribute(self._helpers[condition], worth)
