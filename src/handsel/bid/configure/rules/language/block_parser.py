"""Declarations and the lines indented under them."""

from __future__ import annotations

from collections.abc import Callable

from handsel.bid.configure.rules.language import declarations as read
from handsel.bid.configure.rules.language import line_parsers
from handsel.bid.configure.rules.language.expression_parser import ExpressionParser
from handsel.bid.configure.rules.language.lines import LineReader, TokenLine
from handsel.bid.configure.rules.language.problems import (
    LanguageFault,
    Place,
    Problem,
    did_you_mean,
    fault,
)
from handsel.bid.configure.rules.language.source import (
    ComponentSource,
    ConditionSource,
    DerivedSource,
    GroupSource,
    IncludeSource,
    Item,
    LawSource,
    MapSource,
)
from handsel.bid.configure.rules.language.syntax import MapOf
from handsel.bid.configure.rules.language.tokens import TokenReader
from handsel.ground.kernel.said import said

Inclusion = Callable[[str, Place], IncludeSource]
DEEPEST_BLOCK = 12
BEGINNINGS = (
    "enum",
    "ordered",
    "boolean",
    "integer",
    "decimal",
    "group",
    "component",
    "law",
    "table",
    "derived",
    "condition",
    "map",
    "golden",
    "include",
    "line",
    "total",
    "advice",
)


class BlockParser:
    """Reads the declarations of one file; what cannot be read goes to `problems`."""

    def __init__(self, lines: LineReader, problems: list[Problem], include: Inclusion) -> None:
        self._lines = lines
        self._problems = problems
        self._include = include
        self._depth = 0

    def items(self, indent: int) -> list[Item]:
        """All declarations indented deeper than this; the first of them sets the column."""
        found: list[Item] = []
        column = self._lines.indent()
        while (here := self._lines.indent()) > indent:
            if here != column:
                self._wrong_indent(here, column)
                continue
            try:
                found.append(self._item())
            except LanguageFault as problem:
                self._problems.extend(problem.problems)
                self._lines.skip_below(here)
        return found

    def _wrong_indent(self, here: int, column: int) -> None:
        self._problems.append(
            Problem(
                self._lines.place(),
                said("The line is indented by %(here)s blanks.", here=here),
                said("%(column)s as the lines before it", column=column),
            )
        )
        self._lines.take_raw()
        self._lines.skip_below(max(here, column))

    def _item(self) -> Item:
        line = self._lines.take()
        reader = TokenReader(line.tokens)
        word = reader.take()
        if word.kind != "word" or word.text not in BEGINNINGS:
            raise fault(
                word.place,
                said(
                    "%(shown)s begins no declaration.%(near)s",
                    shown=word.shown(),
                    near=did_you_mean(word.text, BEGINNINGS),
                ),
                said("one of %(values)s", values=", ".join(BEGINNINGS)),
            )
        match word.text:
            case "group" | "component":
                return self._block(word.text, reader, line, word.place)
            case "law" | "advice":
                return self._law(reader, line, word.place, is_advice=word.text == "advice")
            case "derived":
                return self._derived(reader, line, word.place)
            case "condition":
                return self._condition(reader, word.place)
            case "map":
                return self._map(reader, word.place)
            case "table" | "golden" | "line" | "total":
                own = line_parsers.OWN[word.text]
                return own(self._lines, reader, line.indent, word.place)
            case "include":
                return self._inclusion(reader, word.place)
        return line_parsers.variable(self._lines, word.text, reader, line.indent, word.place)

    def _block(self, kind: str, reader: TokenReader, line: TokenLine, place: Place) -> Item:
        key = reader.need_word(said("the %(kind)s's name", kind=kind)).text
        counts = read.cardinality(reader)
        texts = read.texts(reader)
        reader.need_end()
        texts = line_parsers.texts_below(self._lines, line.indent, texts)
        self._depth += 1
        if self._depth > DEEPEST_BLOCK:
            raise fault(
                place,
                "Groups are nested too deeply.",
                said("at most %(most)s levels", most=DEEPEST_BLOCK),
            )
        try:
            items = tuple(self.items(line.indent))
        finally:
            self._depth -= 1
        if kind == "group":
            least, most = counts if counts else (None, None)
            return GroupSource(key, items, texts, least, most, place)
        least, most = counts or (1, 1)
        if most == 0:
            raise fault(place, "The component can never be had.", "a largest number of 1 or more")
        return ComponentSource(key, items, texts, least, most, place)

    def _law(
        self, reader: TokenReader, line: TokenLine, place: Place, *, is_advice: bool
    ) -> LawSource:
        key = reader.need_word("the law's key").text
        effect = read.effectivity(reader)
        is_structural = reader.take_word("structural") is not None
        reader.need_sign(":", "“:” and the law's condition")
        condition = ExpressionParser(reader).expression()
        texts = read.texts(reader)
        reader.need_end()
        texts = line_parsers.texts_below(self._lines, line.indent, texts, only=True)
        return LawSource(key, condition, texts, effect, is_structural, place, is_advice)

    def _derived(self, reader: TokenReader, line: TokenLine, place: Place) -> DerivedSource:
        key = reader.need_word("the quantity's name").text
        unit = read.unit(reader)
        places = None
        if reader.take_word("places"):
            places = read.whole_number(reader, "how many decimals")
        texts = read.texts(reader)
        reader.need_sign("=", "“=” and what the quantity comes to")
        expression = ExpressionParser(reader).expression()
        reader.need_end()
        texts = line_parsers.texts_below(self._lines, line.indent, texts, only=True)
        return DerivedSource(key, expression, unit, places, texts, place)

    def _condition(self, reader: TokenReader, place: Place) -> ConditionSource:
        key = reader.need_word("the condition's name").text
        reader.need_sign("=", "“=” and the condition")
        expression = ExpressionParser(reader).expression()
        reader.need_end()
        return ConditionSource(key, expression, place)

    def _map(self, reader: TokenReader, place: Place) -> MapSource:
        key = reader.need_word("the map's name").text
        if not reader.take_word("by"):
            raise reader.unexpected("“by” and the variable that decides")
        by = reader.need_word("a variable").text
        unit = read.unit(reader)
        reader.need_sign("=", "“=” and the numbers in braces")
        at = reader.here.place
        entries = ExpressionParser(reader).expression()
        if not isinstance(entries, MapOf):
            raise fault(at, "This is not a map.", "{value: number, …}")
        reader.need_end()
        return MapSource(key, by, entries, unit, place)

    def _inclusion(self, reader: TokenReader, place: Place) -> IncludeSource:
        if reader.here.kind != "text":
            raise reader.unexpected('a file\'s name such as "materials.model"')
        path = reader.take().text
        reader.need_end()
        return self._include(path, place)
