"""Which limits a state of an offer breaks: a condition against facts.

What is not known never asks anybody (a margin without a cost): a rule that wants to hear of it
names `cost_known`. What is known to be broken does: a margin too thin already before the lines
without a cost are counted. An amount in a currency the rule gives no limit for asks as well:
silence there would be a hole. All hold under `not`, which is carried down to the comparisons.

Whether there is such a line (`any_line`, the largest, the smallest, "including") is asked of every
line the buyer can end up with; sums, counts and what every line is, of the offer as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from handsel.bid.quote.rules.approval.fact_types import (
    NUMERIC,
    OF_COST,
    OF_LINES,
    Kind,
    Reasons,
    Value,
)
from handsel.bid.quote.rules.approval.facts import QuoteFacts, json_value, value_of_lines
from handsel.bid.quote.rules.approval.grammar import (
    OPPOSITE,
    Comparison,
    Condition,
    Junction,
    Limit,
    amounts,
    print_of,
)
from handsel.bid.quote.rules.approval.line_facts import LineFacts

COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    ">": lambda value, limit: value > limit,
    ">=": lambda value, limit: value >= limit,
    "<": lambda value, limit: value < limit,
    "<=": lambda value, limit: value <= limit,
    "=": lambda value, limit: value == limit,
    "!=": lambda value, limit: value != limit,
    "in": lambda value, limit: value in limit,
    "not in": lambda value, limit: value not in limit,
    "has": lambda value, limit: limit in value,
    "has not": lambda value, limit: limit not in value,
    "is": lambda value, limit: value is limit,
    "is not": lambda value, limit: value is not limit,
}
_TAKES_WORST: Final = frozenset({("max", ">"), ("max", ">="), ("min", "<"), ("min", "<=")})
_FINEST: Final = 10**6  # numbers of rules have at most six decimals
_RECKON: Final[dict[str, Callable[[Any], Any]]] = {"max": max, "min": min, "sum": sum}


@dataclass(frozen=True, slots=True)
class Finding:
    """One comparison that was met: which fact, what it is, what it was held against.

    `worse` is 1 where more is worse, -1 where less is, 0 where things are only the same or not.
    `limit` is None where the rule names no limit for the offer's currency. `because` is what makes
    a flag true, or which line a number is of and how bad it is: allowed is that, and neither what
    makes the flag true later nor the same of another line.
    """

    print: str
    fact: str
    aggregate: str
    kind: Kind
    op: str
    value: Value
    limit: Any
    worse: int
    line_key: str = ""
    position: int = 0
    because: Reasons = ()

    def as_json(self) -> dict[str, Any]:
        """The finding as it is kept with a request."""
        kept = {name: getattr(self, name) for name in self.__slots__}
        kept["because"] = [list(one) for one in self.because]
        return {**kept, "value": json_value(self.value), "limit": json_value(self.limit)}

    def shown(self, *, sees_costs: bool) -> Finding:
        """The finding for a reader: who may not see costs is told neither a margin nor its limit.

        With the limit he could find the cost: the price at which the rule begins to ask tells it.
        """
        if sees_costs or not self.tells_costs:
            return self
        return replace(self, value=None, limit=None, because=())

    @property
    def tells_costs(self) -> bool:
        """Whether value and limit together, with the price, say what something costs us."""
        return self.fact in OF_COST

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Finding:
        """The finding from what was kept; numbers come back as numbers."""
        read = dict(kept)
        read["because"] = tuple((str(name), int(far)) for name, far in kept.get("because", ()))
        if read["kind"] == "number":
            read |= {name: Decimal(read[name]) for name in ("value", "limit")}
        return cls(**read)


Findings = tuple[Finding, ...]


def findings(condition: Condition, facts: QuoteFacts) -> Findings | None:
    """What meets a condition, or None when it is not met."""
    return Offer(facts).findings(condition)


class Offer:
    """The offer's facts, reckoned once for all comparisons and only where one asks for them."""

    def __init__(self, facts: QuoteFacts) -> None:
        self.facts = facts
        self._prints: dict[tuple[int, bool], str] = {}
        self._values: dict[str, Value] = {}

    def value(self, name: str) -> Value:
        """A fact of the offer as a whole."""
        if name not in self._values:
            self._values[name] = self.facts.value(name)
        return self._values[name]

    @cached_property
    def at_most(self) -> dict[str, Value]:
        """What margins can be at most, where not every cost is known."""
        return self.facts.at_most()

    @cached_property
    def offered(self) -> tuple[LineFacts, ...]:
        """Every line the buyer can end up with."""
        return self.facts.offered

    def of_offered(self, name: str) -> Value:
        """A fact of the offer that lines make, by all the buyer can end up with."""
        return value_of_lines(name, self.offered) if self.facts.left_open else self.value(name)

    def findings(self, condition: Condition) -> Findings | None:
        """What meets a condition, or None when it is not met."""
        return self.met(condition, None, False)

    def met(self, condition: Condition, line: LineFacts | None, negated: bool) -> Findings | None:
        if isinstance(condition, Comparison):
            return self._compared(condition, line, negated)
        if isinstance(condition, Junction):
            if condition.word == "not":
                return self.met(condition.parts[0], line, not negated)
            each = [self.met(part, line, negated) for part in condition.parts]
            return _joined(each, all_of=(condition.word == "all") != negated)
        of_all = (condition.word == "every_line") != negated
        lines = self.facts.lines if of_all else self.offered
        over = [self.met(condition.condition, one, negated) for one in lines]
        return _joined(over, all_of=of_all)

    def _compared(
        self, asked: Comparison, line: LineFacts | None, negated: bool
    ) -> Findings | None:
        op = OPPOSITE[asked.op] if negated else asked.op
        value = self._value(asked, op, line)
        if value is None:
            return None
        limit = limit_in(self.facts.currency, asked.limit, asked.kind)
        if limit is not None and not COMPARE[op](value, limit):
            return None
        worse = _worse(op) if asked.kind in NUMERIC else 0
        found = Finding(
            print=self._print_of(asked, negated),
            fact=asked.fact,
            aggregate=asked.aggregate,
            kind=asked.kind,
            op=op,
            value=value,
            limit=limit,
            worse=worse,
            line_key=line.key if line else "",
            position=line.position if line else 0,
            because=self._because(asked, line, value, worse),
        )
        return (found,)

    def _print_of(self, asked: Comparison, negated: bool) -> str:
        place = (id(asked), negated)
        if place not in self._prints:
            self._prints[place] = f"not:{print_of(asked)}" if negated else print_of(asked)
        return self._prints[place]

    def _because(
        self, asked: Comparison, line: LineFacts | None, value: Value, worse: int
    ) -> Reasons:
        if asked.aggregate:
            return ()
        if asked.kind == "flag" and value is (asked.fact != "cost_known"):
            return line.reasons_of(asked.fact) if line else self.facts.reasons_of(asked.fact)
        if line is None or not worse:
            return ()
        # Texts and sets are never better or worse: what is, is a number.
        return ((line.key, int(Decimal(str(value)) * _FINEST) * worse),)

    def _value(self, asked: Comparison, op: str, line: LineFacts | None) -> Value:
        if line is not None:
            return line.value(asked.fact)
        if not asked.aggregate:
            return self._of_offer(asked, op)
        takes_worst = (asked.aggregate, op) in _TAKES_WORST
        lines: Iterable[LineFacts] = self.offered if takes_worst else self.facts.lines
        if asked.where is not None:
            lines = [one for one in lines if self.met(asked.where, one, False) is not None]
        known = [one.value(asked.fact) for one in lines]
        return _aggregated(asked.aggregate, [one for one in known if one is not None])

    def _of_offer(self, asked: Comparison, op: str) -> Value:
        value = self.value(asked.fact)
        if value is None and op in ("<", "<="):
            return self.at_most.get(asked.fact)
        is_up = {"is": asked.limit is True, "is not": asked.limit is False}
        is_there = op == "has" or is_up.get(op, False)
        return self.of_offered(asked.fact) if asked.fact in OF_LINES and is_there else value


def limit_in(currency: str, limit: Limit, kind: Kind) -> Any:
    """The limit for an offer in a currency; None where the rule names none for it."""
    return amounts(limit).get(currency) if kind == "money" else limit


def _aggregated(how: str, values: Sequence[Any]) -> Value:
    if how == "count":
        return Decimal(len(values))
    if not values:
        return None
    reckoned: Value = _RECKON[how](values)
    return reckoned


def _joined(each: Sequence[Findings | None], *, all_of: bool) -> Findings | None:
    met = [found for found in each if found is not None]
    if not met or (all_of and len(met) < len(each)):
        return None
    return tuple(one for found in met for one in found)


def _worse(op: str) -> int:
    return {">": 1, ">=": 1, "<": -1, "<=": -1}.get(op, 0)
