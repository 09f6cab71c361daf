"""Conditions as data: what a rule may ask, read strictly and told in words.

    {"all": [condition, …]}     {"any": [condition, …]}     {"not": condition}
    {"fact": "header_discount", "op": ">", "value": "10"}
    {"any_line": condition over line facts}    {"every_line": …}
    {"aggregate": "max", "of": "line.discount", "where": condition, "op": ">", "value": "15"}

Percentages, numbers and days are plain decimal text or integers ("12.5"), money is an amount per
currency ({"EUR": "250000.00"}). Unknown names, wrong kinds and unknown keys are refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from handsel.bid.quote.errors import BadCondition
from handsel.bid.quote.rules.approval.fact_types import (
    FACTS,
    NUMERIC,
    FactType,
    Kind,
)
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_decimal
from handsel.ground.kernel.money import Money, is_currency
from handsel.ground.kernel.said import said

MOST_DEPTH: Final = 8
MOST_LEAVES: Final = 50
COMPARISONS: Final = (">", ">=", "<", "<=", "=", "!=")
OPERATORS: Final[Mapping[str, tuple[str, ...]]] = {
    "text": ("=", "!=", "in", "not in"),
    "texts": ("has", "has not"),
    "flag": ("is",),
    **dict.fromkeys(NUMERIC, COMPARISONS),
}
AGGREGATES: Final = ("max", "min", "sum", "count")
OPPOSITE: Final[Mapping[str, str]] = {
    ">": "<=",
    ">=": "<",
    "<": ">=",
    "<=": ">",
    "=": "!=",
    "!=": "=",
    "in": "not in",
    "not in": "in",
    "has": "has not",
    "has not": "has",
    "is": "is not",
}
Limit = int | Decimal | str | bool | tuple[str, ...] | tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A fact against a limit; `aggregate` reckons the fact over the lines that are `where`."""

    fact: str
    op: str
    limit: Limit
    aggregate: str = ""
    where: Condition | None = None

    @property
    def kind(self) -> Kind:
        """The kind of what is compared: a count is a number, whatever is counted."""
        return "number" if self.aggregate == "count" else FACTS[self.fact].kind


@dataclass(frozen=True, slots=True)
class Junction:
    """`all` or `any` of several conditions, or `not` of one."""

    word: str
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class OverLines:
    """`any_line` or `every_line`: a condition over the facts of single lines."""

    word: str
    condition: Condition


Condition = Comparison | Junction | OverLines


def parse_condition(data: Any) -> Condition:
    """Read a condition; raises BadCondition that names the place and what was expected there."""
    condition = _read(data, "condition", False, 1)
    if len(list(comparisons(condition))) > MOST_LEAVES:
        raise BadCondition(
            said("A condition has at most %(most_leaves)s comparisons.", most_leaves=MOST_LEAVES)
        )
    return condition


def comparisons(condition: Condition) -> Iterator[Comparison]:
    """All comparisons of a condition, those inside `where` excepted."""
    if isinstance(condition, Comparison):
        yield condition
        return
    parts = condition.parts if isinstance(condition, Junction) else (condition.condition,)
    for part in parts:
        yield from comparisons(part)


def _wrong(place: str, expected: str) -> BadCondition:
    return BadCondition(
        said("%(place)s: expected %(expected)s.", place=place, expected=expected),
        fields={"condition": expected},
    )


def _read(data: Any, place: str, over_lines: bool, depth: int) -> Condition:
    if depth > MOST_DEPTH:
        raise _wrong(place, said("at most %(most_depth)s levels", most_depth=MOST_DEPTH))
    if not isinstance(data, dict):
        raise _wrong(place, "an object such as {“fact”: …, “op”: …, “value”: …}")
    for word in ("all", "any"):
        if word in data:
            _only(data, place, word)
            parts = data[word]
            if not isinstance(parts, list) or not parts:
                raise _wrong(f"{place}.{word}", "a list of at least one condition")
            read = (
                _read(part, f"{place}.{word}[{number}]", over_lines, depth + 1)
                for number, part in enumerate(parts)
            )
            return Junction(word, tuple(read))
    if "not" in data:
        _only(data, place, "not")
        return Junction("not", (_read(data["not"], f"{place}.not", over_lines, depth + 1),))
    for word in ("any_line", "every_line"):
        if word in data:
            _only(data, place, word)
            if over_lines:
                raise _wrong(place, "no lines within a line")
            return OverLines(word, _read(data[word], f"{place}.{word}", True, depth + 1))
    return _comparison(data, place, over_lines, depth)


def _only(data: Mapping[str, Any], place: str, *keys: str) -> None:
    unknown = sorted(map(str, data.keys() - set(keys)))
    if unknown:
        raise _wrong(
            place,
            said(
                "%(listed)s and nothing else, not %(listed2)s",
                listed=", ".join(keys),
                listed2=", ".join(unknown),
            ),
        )


def _comparison(data: dict[str, Any], place: str, over_lines: bool, depth: int) -> Comparison:
    aggregate, where = "", None
    if "aggregate" in data:
        _only(data, place, "aggregate", "of", "where", "op", "value")
        aggregate, name = data["aggregate"], data.get("of")
        if aggregate not in AGGREGATES:
            raise _wrong(
                f"{place}.aggregate", said("one of %(listed)s", listed=", ".join(AGGREGATES))
            )
        if over_lines:
            raise _wrong(place, "no aggregate within a line")
        if data.get("where") is not None:
            where = _read(data["where"], f"{place}.where", True, depth + 1)
    else:
        _only(data, place, "fact", "op", "value")
        name = data.get("fact")
    fact = _fact(name, place, over_lines or bool(aggregate))
    if aggregate and aggregate != "count" and fact.kind not in NUMERIC:
        raise _wrong(
            f"{place}.of",
            said(
                "a fact that can be reckoned with; %(name)s is %(kind)s",
                name=fact.name,
                kind=fact.kind,
            ),
        )
    kind: Kind = "number" if aggregate == "count" else fact.kind
    op = data.get("op")
    if op not in OPERATORS[kind]:
        raise _wrong(
            f"{place}.op",
            said(
                "one of %(listed)s for %(name)s", listed=", ".join(OPERATORS[kind]), name=fact.name
            ),
        )
    limit = read_limit(kind, op, data.get("value"), f"{place}.value")
    return Comparison(fact.name, op, limit, aggregate, where)


def _fact(name: Any, place: str, of_line: bool) -> FactType:
    fact = FACTS.get(name) if isinstance(name, str) else None
    if fact is None:
        raise _wrong(place, said("a known fact; there is none called “%(name)s”", name=name))
    if fact.is_of_line != of_line:
        where = "a fact of a line" if of_line else "a fact of the whole quote"
        raise _wrong(place, said("%(where)s; %(name)s is not", where=where, name=fact.name))
    return fact


def read_limit(kind: Kind, op: str, value: Any, place: str = "value") -> Limit:
    """A limit of a kind: bps, minor units per currency, a number, text, texts or a flag."""
    if kind == "flag":
        if not isinstance(value, bool):
            raise _wrong(place, "true or false")
        return value
    if kind in ("text", "texts"):
        return _texts(value, place) if op in ("in", "not in") else _text(value, place)
    if kind == "money":
        return _amounts(value, place)
    number = _number(value, place, scale={"percent": 2, "days": 0}.get(kind, 6))
    return int(number * 100) if kind == "percent" else int(number) if kind == "days" else number


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str) or len(value) > 200:
        raise _wrong(place, "text of at most 200 characters")
    return value


def _texts(value: Any, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= 200:
        raise _wrong(place, "a list of 1 to 200 texts")
    return tuple(sorted({_text(one, place) for one in value}))


def _number(value: Any, place: str, scale: int) -> Decimal:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str):
        raise _wrong(place, "a number as text, such as “12.5”")
    try:
        return parse_decimal(text, max_digits=18, scale=scale)
    except Invalid as wrong:
        raise _wrong(
            place,
            said(
                "a number with at most %(scale)s decimals (%(message)s)",
                scale=scale,
                message=wrong.message,
            ),
        ) from None


def _amounts(value: Any, place: str) -> tuple[tuple[str, int], ...]:
    if not isinstance(value, dict) or not value:
        raise _wrong(place, "an amount per currency, such as {“EUR”: “250000.00”}")
    rows = []
    for currency, amount in sorted(value.items(), key=lambda row: str(row[0])):
        if not isinstance(currency, str) or not is_currency(currency):
            raise _wrong(place, said("a currency; “%(currency)s” is none", currency=currency))
        try:
            rows.append((currency, Money.parse(str(amount), currency).amount_minor))
        except Invalid as wrong:
            raise _wrong(
                f"{place}.{currency}", said("an amount (%(message)s)", message=wrong.message)
            ) from None
    return tuple(rows)


def print_of(comparison: Comparison) -> str:
    """What is compared and how, without the limit: the same as long as the rule asks the same."""
    where = as_data(comparison.where) if comparison.where is not None else None
    parts = [comparison.aggregate, comparison.fact, comparison.op, where]
    if comparison.kind not in NUMERIC:
        parts.append(_limit_data(comparison))
    return json.dumps(parts, sort_keys=True, separators=(",", ":"))


def as_data(condition: Condition) -> dict[str, Any]:
    """The condition as it is kept; `parse_condition` reads it back."""
    if isinstance(condition, Junction):
        parts = [as_data(part) for part in condition.parts]
        return {condition.word: parts[0] if condition.word == "not" else parts}
    if isinstance(condition, OverLines):
        return {condition.word: as_data(condition.condition)}
    compared = {"op": condition.op, "value": _limit_data(condition)}
    if not condition.aggregate:
        return {"fact": condition.fact, **compared}
    kept: dict[str, Any] = {"aggregate": condition.aggregate, "of": condition.fact, **compared}
    if condition.where is not None:
        kept["where"] = as_data(condition.where)
    return kept


def amounts(limit: Limit) -> dict[str, int]:
    """A money limit: currency to minor units."""
    rows = limit if isinstance(limit, tuple) else ()
    return {row[0]: row[1] for row in rows if isinstance(row, tuple)}


def _limit_data(comparison: Comparison) -> Any:
    limit, kind = comparison.limit, comparison.kind
    if kind == "money":
        return {code: Money(minor, code).text() for code, minor in amounts(limit).items()}
    if kind == "percent":
        return plain(Decimal(int(str(limit))) / 100)
    if isinstance(limit, Decimal):
        return plain(limit)
    return list(limit) if isinstance(limit, tuple) else limit


def plain(number: Decimal) -> str:
    """A decimal as the shortest plain text."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
