"""Models and expressions to canonical text: `parse_model(print_source(source)) == source`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handsel.bid.configure.rules.language.expression_parser import RESERVED
from handsel.bid.configure.rules.language.flat_source import source_of_flat
from handsel.bid.configure.rules.language.source import (
    ComponentSource,
    ConditionSource,
    DerivedSource,
    Effectivity,
    GoldenSource,
    GroupSource,
    IncludeSource,
    Item,
    LawSource,
    LineSource,
    MapSource,
    ModelSource,
    NumberRange,
    SourceTexts,
    SourceValue,
    TableSource,
    TotalSource,
    VariableSource,
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
    Span,
    Text,
    Truth,
)
from handsel.bid.configure.rules.language.tokens import quoted_text
from handsel.bid.configure.rules.model import ProductModel

_WORD = re.compile(r"[0-9]*(?:[^\W\d]|_)(?:[^\W\d]|_|[0-9])*")
_BINDING = {"<->": 1, "->": 2, "xor": 3, "or": 4, "and": 5}
_DENIED, _RELATED, _SUM, _PRODUCT, _SIGNED, _REACHED, _ATOM = 6, 7, 8, 9, 10, 11, 12


def print_model(model: ProductModel) -> str:
    """A flat model as text; reading it gives the same flat model, line numbers aside."""
    return print_source(source_of_flat(model))


def print_source(source: ModelSource) -> str:
    """A written model as canonical text. Included files stay names."""
    lines = [f"model {word_text(source.name)}{_texts(source.texts)}"]
    if source.is_scaled:
        lines.append("  arithmetic scaled")
    for item in source.items:
        lines += ["", *_item(item, "")]
    return "\n".join(lines) + "\n"


def item_text(item: Item) -> str:
    """One declaration as canonical text."""
    return "\n".join(_item(item, "")) + "\n"


def word_text(word: str) -> str:
    """A name as it is written: between backticks where it is no plain word."""
    if _WORD.fullmatch(word) and word not in RESERVED:
        return word
    return quoted_text(word) if "`" in word or not word else f"`{word}`"


def _value(value: SourceValue) -> str:
    return word_text(value) if isinstance(value, str) else format(value, "f")


def _texts(texts: SourceTexts) -> str:
    return "".join(
        f" {quoted_text(text)}" if language == "en" else f" {language} {quoted_text(text)}"
        for language, text in texts
    )


def _texts_below(texts: SourceTexts, indent: str) -> Iterator[str]:
    for pair in texts:
        yield indent + "  " + _texts((pair,)).lstrip()


def _effect(effect: Effectivity) -> str:
    parts = [f" from {effect.from_on}" if effect.from_on else ""]
    parts.append(f" until {effect.until_on}" if effect.until_on else "")
    markets = ", ".join(word_text(one) for one in effect.markets)
    return "".join(parts) + (f" markets {markets}" if markets else "")


def _item(item: Item, indent: str) -> Iterator[str]:
    match item:
        case VariableSource():
            yield from _variable(item, indent)
        case LineSource() | TotalSource():
            yield indent + _of_a_quote(item)
        case GroupSource() | ComponentSource():
            yield from _block(item, indent)
        case LawSource():
            yield from _law(item, indent)
        case DerivedSource(key, expression, unit, places, texts):
            head = f"derived {word_text(key)}" + (f" {unit}" if unit else "")
            head += "" if places is None else f" places {places}"
            yield f"{indent}{head} = {expression_text(expression)}"
            yield from _texts_below(texts, indent)
        case ConditionSource() | MapSource():
            yield indent + _named(item)
        case IncludeSource(path):
            yield f"{indent}include {quoted_text(path)}"
        case TableSource():
            yield from _table(item, indent)
        case GoldenSource():
            yield from _golden(item, indent)


def _named(item: ConditionSource | MapSource) -> str:
    if isinstance(item, ConditionSource):
        return f"condition {word_text(item.key)} = {expression_text(item.expression)}"
    unit = f" {item.unit}" if item.unit else ""
    head = f"map {word_text(item.key)} by {word_text(item.by)}{unit}"
    return f"{head} = {expression_text(item.entries)}"


def _law(item: LawSource, indent: str) -> Iterator[str]:
    word = " structural" if item.is_structural else ""
    kind = "advice" if item.is_advice else "law"
    head = f"{kind} {word_text(item.key)}{_effect(item.effectivity)}{word}"
    yield f"{indent}{head}: {expression_text(item.condition)}"
    yield from _texts_below(item.texts, indent)


def _of_a_quote(item: LineSource | TotalSource) -> str:
    """What laws between lines speak of."""
    if isinstance(item, TotalSource):
        of = ", ".join(quoted_text(one) for one in item.products)
        return f"total {word_text(item.key)} of {of} 0..{item.most}{_texts(item.texts)}"
    place = f" after {word_text(item.after)}" if item.after else ""
    return f"line {word_text(item.key)} of {quoted_text(item.model)}{place}{_texts(item.texts)}"


def _block(item: GroupSource | ComponentSource, indent: str) -> Iterator[str]:
    is_group = isinstance(item, GroupSource)
    counts = "" if item.least is None else f" {item.least}..{item.most}"
    if not is_group and item.least == item.most == 1:
        counts = ""
    kind = "group" if is_group else "component"
    yield f"{indent}{kind} {word_text(item.key)}{counts}{_texts(item.texts)}"
    for one in item.items:
        yield from _item(one, indent + "  ")


def _variable(item: VariableSource, indent: str) -> Iterator[str]:
    head = f"{item.kind} {word_text(item.key)}"
    if item.kind in ("integer", "decimal"):
        head += f" {_ranges(item.ranges)}" + (f" {item.unit}" if item.unit else "")
    yield indent + head + _texts(item.texts) + (" question" if item.is_question else "")
    below = indent + "  "
    if item.help_texts:
        yield f"{below}help{_texts(item.help_texts)}"
    for one in item.values:
        yield f"{below}- {_value(one.key)}{_texts(one.texts)}{_effect(one.effectivity)}"
    if item.default is not None:
        yield f"{below}default {_value(item.default)}"
    if item.preferred:
        yield f"{below}prefer {', '.join(_value(one) for one in item.preferred)}"
    for name, told in item.facts:
        yield f"{below}fact {word_text(name)} {quoted_text(told)}"


def _ranges(ranges: tuple[NumberRange, ...]) -> str:
    shown = [_range(one) for one in ranges]
    if len(ranges) == 1 and ranges[0].first != ranges[0].last:
        return shown[0]
    return "{" + ", ".join(shown) + "}"


def _range(one: NumberRange) -> str:
    if one.first == one.last and one.step is None:
        return format(one.first, "f")
    step = "" if one.step is None else f" step {one.step:f}"
    return f"{one.first:f}..{one.last:f}{step}"


def _table(item: TableSource, indent: str) -> Iterator[str]:
    yield f"{indent}table {word_text(item.key)}{_effect(item.effectivity)}"
    yield from _texts_below(item.texts, indent)
    if item.by:
        yield f"{indent}  by {', '.join(word_text(one) for one in item.by)}"
    yield f"{indent}  rows"
    rows = (item.header, *item.rows)
    has_bars = any("|" in cell for row in rows for cell in row.cells)
    for row in rows:
        yield f"{indent}    " + ("\t" if has_bars else " | ").join(row.cells)


def _golden(item: GoldenSource, indent: str) -> Iterator[str]:
    yield f"{indent}golden {quoted_text(item.name)}{_effect(item.effectivity)}"
    for word, pairs in (("", item.chosen), ("expect ", item.expected), ("refuse ", item.refused)):
        for path, value in pairs:
            yield f"{indent}  {word}{expression_text(path)} = {expression_text(value)}"
    for name, amount in item.amounts:
        yield f"{indent}  amount {word_text(name)} = {amount:f}"


# -- expressions


def expression_text(node: Node) -> str:
    """An expression as text; `parse_expression` of it gives the same tree."""
    return _text(node)[0]


def _text(node: Node | Span) -> tuple[str, int]:  # noqa: C901 one case a kind of node
    match node:
        case Number(value, unit):
            return format(value, "f") + (f" {unit}" if unit else ""), _ATOM
        case Text(value):
            return quoted_text(value), _ATOM
        case Truth(value):
            return "true" if value else "false", _ATOM
        case Name(key):
            return word_text(key), _ATOM
        case Member(base, key):
            return f"{_inside(base, _REACHED)}.{word_text(key)}", _REACHED
        case Index(base, index):
            return f"{_inside(base, _REACHED)}[{expression_text(index)}]", _REACHED
        case Call(name, arguments):
            return f"{name}({', '.join(expression_text(one) for one in arguments)})", _ATOM
        case Span(first, last):
            return f"{expression_text(first)}..{expression_text(last)}", _SUM
        case MapOf(entries):
            return "{" + ", ".join(_entry(*entry) for entry in entries) + "}", _ATOM
        case Operation("-", (part,)):
            return f"-{_inside(part, _SIGNED)}", _SIGNED
        case Operation(operator, parts):
            own = _SUM if operator in "+-" else _PRODUCT
            return f" {operator} ".join(_inside(part, own + 1) for part in parts), own
    return _condition_text(node)


def _entry(key: Node | None, node: Node) -> str:
    shown = "else" if key is None else _inside(key, _SUM)
    return f"{shown}: {expression_text(node)}"


def _condition_text(node: Relating | Among | Denial | Connection | Conditional) -> tuple[str, int]:
    match node:
        case Relating(relation, left, right):
            return f"{_inside(left, _SUM)} {relation} {_inside(right, _SUM)}", _RELATED
        case Among(item, choices):
            listed = ", ".join(_inside(one, _SUM) for one in choices)
            return f"{_inside(item, _SUM)} in {{{listed}}}", _RELATED
        case Denial(condition):
            return f"not {_inside(condition, _DENIED)}", _DENIED
        case Connection(connective, parts):
            own = _BINDING[connective]
            return f" {connective} ".join(_inside(part, own + 1) for part in parts), own
        case Conditional(condition, then, otherwise):
            shown = [expression_text(one) for one in (condition, then, otherwise)]
            return f"if {shown[0]} then {shown[1]} else {shown[2]}", 0


def _inside(node: Node | Span, least: int) -> str:
    text, binding = _text(node)
    return text if binding >= least else f"({text})"
