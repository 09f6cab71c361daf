"""Conditions and broken limits in words. `say` translates, `number`, `money` and `percent` write
them; without them the words are English and the numbers plain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from handsel.bid.quote.rules.approval.evaluate import Finding, Findings
from handsel.bid.quote.rules.approval.fact_types import FACTS, Kind
from handsel.bid.quote.rules.approval.grammar import (
    Comparison,
    Condition,
    Junction,
    Limit,
    OverLines,
    amounts,
    plain,
)
from handsel.ground.kernel.money import Money

COMPARED: Final = {
    ">": "more than %s",
    ">=": "at least %s",
    "<": "less than %s",
    "<=": "at most %s",
    "=": "equal to %s",
    "!=": "other than %s",
    "in": "one of %s",
    "not in": "none of %s",
    "has": "including %s",
    "has not": "without %s",
    "is": "%s",
    "is not": "not %s",
}
AGGREGATED: Final = {
    "max": "the largest: %s",
    "min": "the smallest: %s",
    "sum": "all together: %s",
    "count": "how many lines",
}
ON_LINE: Final = "on line %s"
ANY_LINE, EVERY_LINE, WHERE = "on a line: %s", "on every line: %s", "where %s"
AND, OR, NOT, YES, NO = "and", "or", "not (%s)", "yes", "no"
DAYS, NO_LIMIT = "%s days", "no limit in this currency"


def _same(text: str) -> str:
    return text


def _percent(bps: int) -> str:
    return f"{plain(Decimal(bps) / 100)} %"


def _amount(money: Money) -> str:
    return f"{money.text()} {money.currency}"


@dataclass(frozen=True, slots=True)
class Words:
    """How to say it: a translation, and how decimals are written."""

    say: Callable[[str], str] = _same
    number: Callable[[Decimal], str] = plain
    money: Callable[[Money], str] = _amount
    percent: Callable[[int], str] = _percent
    sees_costs: bool = True

    def condition(self, condition: Condition) -> str:
        """A whole condition as one sentence part."""
        if isinstance(condition, Comparison):
            return self._comparison(condition)
        if isinstance(condition, OverLines):
            word = ANY_LINE if condition.word == "any_line" else EVERY_LINE
            return self.say(word) % self.condition(condition.condition)
        if condition.word == "not":
            return self.say(NOT) % self.condition(condition.parts[0])
        return self._junction(condition)

    def _junction(self, condition: Junction) -> str:
        said = [
            f"({self.condition(part)})"
            if isinstance(part, Junction) and part.word != "not"
            else self.condition(part)
            for part in condition.parts
        ]
        return f" {self.say(AND if condition.word == 'all' else OR)} ".join(said)

    def _comparison(self, one: Comparison) -> str:
        what = self._what(one.fact, one.aggregate)
        if one.where is not None:
            what = f"{what} {self.say(WHERE) % self.condition(one.where)}"
        return f"{what} {self.say(COMPARED[one.op]) % self._limit(one.kind, one.limit)}"

    def _what(self, fact: str, aggregate: str) -> str:
        title = self.say(FACTS[fact].title)
        if not aggregate:
            return title
        word = self.say(AGGREGATED[aggregate])
        return str(word % title) if "%s" in word else word

    def _limit(self, kind: Kind, limit: Limit) -> str:
        if kind == "money":
            each = amounts(limit).items()
            return " / ".join(self.money(Money(m, c)) for c, m in each)
        return self.value(kind, limit, "")

    def value(self, kind: Kind, value: Any, currency: str) -> str:
        """A fact's value or limit with its unit."""
        if kind == "percent":
            return self.percent(int(value))
        if kind == "money":
            return self.money(Money(int(value), currency))
        if kind == "days":
            return str(self.say(DAYS) % value)
        if kind == "number":
            return self.number(Decimal(value))
        if isinstance(value, bool):
            return self.say(YES if value else NO)
        if isinstance(value, list | tuple | frozenset):
            return ", ".join(sorted(map(str, value)))
        return str(value) or "–"

    def finding(self, one: Finding, currency: str) -> str:
        """What a limit was held against: "Discount on a line, on line 3: 18 % (more than 15 %)"."""
        one = one.shown(sees_costs=self.sees_costs)
        what = self._what(one.fact, one.aggregate)
        where = f", {self.say(ON_LINE) % one.position}" if one.position else ""
        if one.value is None:  # not for this reader
            return f"{what}{where}"
        value = self.value(one.kind, one.value, currency)
        if one.limit is None:
            return f"{what}{where}: {value} ({self.say(NO_LIMIT)})"
        limit = self.say(COMPARED[one.op]) % self.value(one.kind, one.limit, currency)
        return f"{what}{where}: {value} ({limit})"

    def findings(self, found: Findings, currency: str, most: int = 5) -> list[str]:
        """The worst of what was found, each in words."""
        return [self.finding(one, currency) for one in found[:most]]


ENGLISH: Final = Words()
ENGLISH_WITHOUT_COSTS: Final = Words(sees_costs=False)
