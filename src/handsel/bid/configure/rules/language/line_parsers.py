"""Declarations with lines of their own kind under them: variables, tables, goldens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import cast

from handsel.bid.configure.rules.language import declarations as read
from handsel.bid.configure.rules.language.expression_parser import ExpressionParser
from handsel.bid.configure.rules.language.lines import LineReader
from handsel.bid.configure.rules.language.problems import Place, fault
from handsel.bid.configure.rules.language.source import (
    GoldenSource,
    Item,
    LineSource,
    RowSource,
    SourceTexts,
    TableSource,
    TotalSource,
    ValueSource,
    VariableKind,
    VariableSource,
)
from handsel.bid.configure.rules.language.syntax import Node
from handsel.bid.configure.rules.language.table_text import read_fenced_rows, read_rows
from handsel.bid.configure.rules.language.tokens import TokenReader
from handsel.ground.kernel.said import said

MOST_PIECES = 10_000


def texts_below(
    lines: LineReader, indent: int, texts: SourceTexts, *, only: bool = False
) -> SourceTexts:
    """Texts on lines of their own under a declaration; with `only`, nothing else may follow."""
    while lines.indent() > indent and (only or lines.peek_is_text()):
        reader = TokenReader(lines.take().tokens)
        if not read.at_texts(reader):
            raise reader.unexpected('a text such as "…" or de "…"')
        place = reader.here.place
        texts = read.merged_texts(texts, read.texts(reader), place)
        reader.need_end()
    return texts


def _below(lines: LineReader, indent: int) -> Iterator[TokenReader]:
    while lines.indent() > indent:
        yield TokenReader(lines.take().tokens)


def variable(
    lines: LineReader, kind: str, reader: TokenReader, indent: int, place: Place
) -> VariableSource:
    """A variable's line and those under it: values, default, preference, question, help."""
    found = VariableSource(
        reader.need_word("the variable's name").text, cast("VariableKind", kind), place=place
    )
    if kind in ("integer", "decimal"):
        found = replace(found, ranges=read.number_ranges(reader), unit=read.unit(reader))
    found = replace(found, texts=read.texts(reader))
    found = replace(found, is_question=reader.take_word("question") is not None)
    reader.need_end()
    for line in _below(lines, indent):
        found = _with_line(found, line)
        line.need_end()
    return found


def _with_line(found: VariableSource, reader: TokenReader) -> VariableSource:
    place = reader.here.place
    if reader.take_sign("-"):
        key = read.value(reader)
        texts = read.texts(reader)
        one = ValueSource(key, texts, read.effectivity(reader), place)
        return replace(found, values=(*found.values, one))
    if read.at_texts(reader):
        return replace(found, texts=read.merged_texts(found.texts, read.texts(reader), place))
    if reader.take_word("default"):
        return replace(found, default=read.value(reader))
    if reader.take_word("prefer"):
        wanted = [read.value(reader)]
        while reader.take_sign(","):
            wanted.append(read.value(reader))
        return replace(found, preferred=tuple(wanted))
    if reader.take_word("question"):
        return replace(found, is_question=True)
    if reader.take_word("help"):
        more = read.texts(reader)
        return replace(found, help_texts=read.merged_texts(found.help_texts, more, place))
    if reader.take_word("fact"):
        name = reader.need_word("the fact's name").text
        told = dict(read.texts(reader)).get("en", "")
        return replace(found, facts=(*found.facts, (name, told)))
    raise reader.unexpected("“- value”, “default”, “prefer”, “question”, “help” or a text")


def table(lines: LineReader, reader: TokenReader, indent: int, place: Place) -> TableSource:
    """`table KEY "sentence"`, then `by a, b` and `rows` with the rows under it."""
    key = reader.need_word("the table's key").text
    effect = read.effectivity(reader)
    texts = read.texts(reader)
    reader.need_end()
    by: list[str] = []
    rows: list[RowSource] = []
    while lines.indent() > indent:
        line = lines.take()
        below = TokenReader(line.tokens)
        at = below.here.place
        if below.take_word("by"):
            by = _names(below)
        elif below.take_word("rows"):
            rows = _rows(lines, below, line.indent, at)
        elif read.at_texts(below):
            texts = read.merged_texts(texts, read.texts(below), at)
        else:
            raise below.unexpected("“by”, “rows” or a text")
        below.need_end()
    if not rows:
        raise fault(
            place,
            said("Table “%(key)s” has no rows.", key=key),
            "“rows” and a row of variables' names",
        )
    return TableSource(key, rows[0], tuple(rows[1:]), tuple(by), texts, effect, place)


def _rows(lines: LineReader, reader: TokenReader, indent: int, place: Place) -> list[RowSource]:
    if reader.take_sign("<<<"):
        return read_fenced_rows(lines, place)
    return read_rows(lines, indent=indent)


def _names(reader: TokenReader) -> list[str]:
    found = [reader.need_word("a variable").text]
    while reader.take_sign(","):
        found.append(reader.need_word("a variable").text)
    return found


def quote_line(lines: LineReader, reader: TokenReader, indent: int, place: Place) -> LineSource:
    """`line care of "halden-care" "Care"`, or `line next of "…" after before "…"`."""
    key = reader.need_word("the line's name").text
    _need(reader, "of", "“of” and the key of a model in quotation marks")
    model = _quoted(reader, "the key of a model in quotation marks")
    after = reader.need_word("the line before").text if reader.take_word("after") else ""
    texts = read.texts(reader)
    reader.need_end()
    texts = texts_below(lines, indent, texts, only=True)
    return LineSource(key, model, after, texts, place)


def total(lines: LineReader, reader: TokenReader, indent: int, place: Place) -> TotalSource:
    """`total anchors of "SP-ANCHOR", "SP-ANCHOR-M" 0..999 "Anchors"`."""
    key = reader.need_word("the total's name").text
    wanted = "article numbers in quotation marks"
    _need(reader, "of", "“of” and article numbers in quotation marks")
    products = [_quoted(reader, wanted)]
    while reader.take_sign(","):
        products.append(_quoted(reader, wanted))
    bounds = read.cardinality(reader)
    if bounds is None or bounds[0] != 0 or not 0 < bounds[1] <= MOST_PIECES:
        raise fault(
            reader.here.place if bounds is None else place,
            "A total needs bounds.",
            said("a range from 0 such as 0..100, at most %(most)s", most=f"{MOST_PIECES:,}"),
        )
    texts = read.texts(reader)
    reader.need_end()
    texts = texts_below(lines, indent, texts, only=True)
    return TotalSource(key, tuple(products), bounds[1], texts, place)


def _need(reader: TokenReader, word: str, expected: str) -> None:
    if not reader.take_word(word):
        raise reader.unexpected(expected)


def _quoted(reader: TokenReader, expected: str) -> str:
    if reader.here.kind != "text":
        raise reader.unexpected(expected)
    return reader.take().text


def golden(lines: LineReader, reader: TokenReader, indent: int, place: Place) -> GoldenSource:
    """`golden "Name"`, then lines of `a = b, c = d`, after `expect`, `refuse` or `amount`."""
    if reader.here.kind != "text":
        raise reader.unexpected("the configuration's name in quotation marks")
    found = GoldenSource(reader.take().text, place=place)
    found = replace(found, effectivity=read.effectivity(reader))
    reader.need_end()
    for line in _below(lines, indent):
        word = line.take_word("expect", "refuse", "amount")
        if word and word.text == "amount":
            found = replace(found, amounts=(*found.amounts, *_amounts(line)))
        elif word and word.text == "expect":
            found = replace(found, expected=(*found.expected, *_pairs(line)))
        elif word:
            found = replace(found, refused=(*found.refused, *_pairs(line)))
        else:
            found = replace(found, chosen=(*found.chosen, *_pairs(line)))
        line.need_end()
    return found


def _pairs(reader: TokenReader) -> list[tuple[Node, Node]]:
    found: list[tuple[Node, Node]] = []
    while True:
        parser = ExpressionParser(reader)
        path = parser.operand()
        reader.need_sign("=", "“=” and a value")
        found.append((path, parser.operand()))
        if not reader.take_sign(","):
            return found


def _amounts(reader: TokenReader) -> list[tuple[str, Decimal]]:
    found: list[tuple[str, Decimal]] = []
    while True:
        name = reader.need_word("the amount's name").text
        reader.need_sign("=", "“=” and an amount")
        found.append((name, read.signed_number(reader, "an amount")))
        if not reader.take_sign(","):
            return found


OWN: Mapping[str, Callable[[LineReader, TokenReader, int, Place], Item]] = {
    "table": table,
    "golden": golden,
    "line": quote_line,
    "total": total,
}
