"""The expression parser, by recursive descent.

Grammar, loosest binding first (`[x]` may be absent, `{x}` may repeat, quoted signs are literal):

    expression  = "if" expression "then" expression "else" expression | equality
    equality    = implication ["<->" implication]
    implication = exclusive ["->" implication]          right to left
    exclusive   = either ["xor" either]
    either      = both {"or" both}
    both        = denied {"and" denied}
    denied      = "not" denied | related
    related     = sum [("==" | "!=" | "<" | "<=" | ">" | ">=") sum | ["not"] "in" choices]
    choices     = "{" choice {"," choice} "}"           choice = sum [".." sum]
    sum         = product {("+" | "-") product}
    product     = signed {("*" | "/" | "//") signed}    "//" rounds down to a whole number
    signed      = "-" signed | reached
    reached     = atom {"." NAME | "[" expression "]"}
    atom        = NUMBER [UNIT] | TEXT | "true" | "false" | NAME | NAME "(" [expression
                  {"," expression}] ")" | "(" expression ")" | map
    map         = "{" entry {"," entry} "}"             entry = (sum | "else") ":" expression

`a + b + c` gives one Operation of three parts; `(a + b) + c` keeps its parentheses as a tree.
A UNIT stands behind a number after a blank (`250 mm`, `15 m/min`, `3 %`); which words are units
says `is_unit`. The words and, or, not, xor, in, if, then, else, true, false are taken; a name
spelled so is written between backticks. Nothing is computed and nothing is looked up here.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import cast

from handsel.bid.configure.rules.language.problems import (
    LanguageFault,
    Place,
    did_you_mean,
    fault,
)
from handsel.bid.configure.rules.language.syntax import (
    Among,
    Call,
    Conditional,
    Connection,
    Connective,
    Denial,
    Index,
    MapOf,
    Member,
    Name,
    Node,
    Number,
    Operation,
    Operator,
    Relating,
    Relation,
    Span,
    Text,
    Truth,
    depth_of,
)
from handsel.bid.configure.rules.language.tokens import Token, TokenReader, tokens_of
from handsel.bid.configure.rules.language.units import SYMBOLS, is_known_unit
from handsel.ground.kernel.said import said

RESERVED = frozenset(
    ("and", "or", "not", "xor", "in", "if", "then", "else", "true", "false"),
)
RELATIONS = ("==", "!=", "<", "<=", ">", ">=")
DEEPEST = 24
DEEPEST_TREE = 120
LONGEST = 20_000


def parse_expression(
    text: str,
    *,
    file: str = "",
    line: int = 1,
    column: int = 1,
    is_unit: Callable[[str], bool] = is_known_unit,
) -> Node:
    """Read one expression, which must be the whole text; LanguageFault says where it is not.

    At most 20,000 characters and 24 levels of nesting. `file`, `line` and `column` say where the
    text begins, for messages; line breaks count as blanks.
    """
    if len(text) > LONGEST:
        raise fault(
            Place(file, line, column),
            said("The expression has %(count)s characters.", count=len(text)),
            said("at most %(most)s", most=LONGEST),
        )
    tokens: list[Token] = []
    for number, part in enumerate(text.split("\n"), start=line):
        first = column if number == line else 1
        tokens = tokens[:-1] + tokens_of(part, file=file, line=number, column=first)
    reader = TokenReader(tokens)
    found = ExpressionParser(reader, is_unit=is_unit).expression()
    if reader.here.kind != "end":
        if reader.here.kind == "word" and reader.before and reader.before.kind == "number":
            raise no_unit(reader.here)
        raise reader.unexpected("an operator or the end of the expression")
    return found


def no_unit(token: Token) -> LanguageFault:
    """The fault of a word that stands where a unit would."""
    near = did_you_mean(token.text, SYMBOLS)
    return fault(
        token.place,
        said("“%(text)s” is not a unit.%(near)s", text=token.text, near=near),
        "a unit such as mm, kg or m/min",
    )


class ExpressionParser:
    """Reads expressions off a reader that other parsers use too."""

    def __init__(
        self, reader: TokenReader, *, is_unit: Callable[[str], bool] = is_known_unit
    ) -> None:
        self._reader = reader
        self._is_unit = is_unit
        self._depth = 0

    def expression(self) -> Node:
        """Read an expression; it ends where nothing more belongs to it."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise fault(
                self._reader.here.place,
                "The expression is nested too deeply.",
                said("at most %(most)s levels", most=DEEPEST),
            )
        try:
            start = self._reader.take_word("if")
            found = self._conditional(start.place) if start else self._equality()
        finally:
            self._depth -= 1
        if self._depth == 0 and depth_of(found) > DEEPEST_TREE:
            raise fault(
                found.place,
                "The expression is too long a chain.",
                said("at most %(most)s steps", most=DEEPEST_TREE),
            )
        return found

    def operand(self) -> Node:
        """Read what can stand on one side of a comparison."""
        return self._sum()

    def _conditional(self, place: Place) -> Node:
        condition = self.expression()
        self._need_keyword("then")
        then = self.expression()
        self._need_keyword("else")
        return Conditional(condition, then, self.expression(), place)

    def _need_keyword(self, word: str) -> None:
        if not self._reader.take_word(word):
            raise self._reader.unexpected(f"“{word}”")

    def _equality(self) -> Node:
        left = self._implication()
        sign = self._reader.take_sign("<->")
        if sign is None:
            return left
        return Connection("<->", (left, self._implication()), sign.place)

    def _implication(self) -> Node:
        parts = [self._exclusive()]
        places: list[Place] = []
        while sign := self._reader.take_sign("->"):
            places.append(sign.place)
            parts.append(self._exclusive())
        found = parts.pop()
        while parts:
            found = Connection("->", (parts.pop(), found), places.pop())
        return found

    def _exclusive(self) -> Node:
        left = self._either()
        word = self._reader.take_word("xor")
        return Connection("xor", (left, self._either()), word.place) if word else left

    def _either(self) -> Node:
        return self._joined("or", self._both)

    def _both(self) -> Node:
        return self._joined("and", self._denied)

    def _joined(self, word: Connective, read: Callable[[], Node]) -> Node:
        place = self._reader.here.place
        parts = [read()]
        while self._reader.take_word(word):
            parts.append(read())
        return parts[0] if len(parts) == 1 else Connection(word, tuple(parts), place)

    def _denied(self) -> Node:
        places: list[Place] = []
        while word := self._reader.take_word("not"):
            places.append(word.place)
        found = self._related()
        while places:
            found = Denial(found, places.pop())
        return found

    def _related(self) -> Node:
        left = self._sum()
        reader = self._reader
        sign = reader.take_sign(*RELATIONS)
        if sign:
            return Relating(cast("Relation", sign.text), left, self._sum(), sign.place)
        if reader.here.is_sign("="):
            raise reader.unexpected("“==” to compare")
        if reader.here.is_word("not") and reader.ahead().is_word("in"):
            place = reader.take().place
            reader.take()
            return Denial(Among(left, self._choices(), place), place)
        word = reader.take_word("in")
        return Among(left, self._choices(), word.place) if word else left

    def _choices(self) -> tuple[Node | Span, ...]:
        self._reader.need_sign("{", "“{” and a list of values")
        found: list[Node | Span] = []
        while not self._reader.take_sign("}"):
            first = self._sum()
            dots = self._reader.take_sign("..")
            found.append(Span(first, self._sum(), dots.place) if dots else first)
            if not self._reader.here.is_sign("}"):
                self._reader.need_sign(",", "“,” or “}”")
        return tuple(found)

    def _sum(self) -> Node:
        return self._chain(("+", "-"), self._product)

    def _product(self) -> Node:
        return self._chain(("*", "/", "//"), self._signed)

    def _chain(self, signs: tuple[str, ...], read: Callable[[], Node]) -> Node:
        found = read()
        while sign := self._reader.take_sign(*signs):
            parts = [found, read()]
            while self._reader.take_sign(sign.text):
                parts.append(read())
            found = Operation(cast("Operator", sign.text), tuple(parts), sign.place)
        return found

    def _signed(self) -> Node:
        places: list[Place] = []
        while sign := self._reader.take_sign("-"):
            places.append(sign.place)
        found = self._reached()
        while places:
            found = Operation("-", (found,), places.pop())
        return found

    def _reached(self) -> Node:
        found = self._atom()
        while True:
            if self._reader.take_sign("."):
                key = self._reader.need_word("a name behind the point")
                found = Member(found, key.text, key.place)
            elif bracket := self._reader.take_sign("["):
                found = Index(found, self.expression(), bracket.place)
                self._reader.need_sign("]")
            else:
                return found

    def _atom(self) -> Node:
        reader = self._reader
        token = reader.here
        if token.kind == "number":
            return self._number()
        if token.kind == "text":
            return Text(reader.take().text, token.place)
        if token.is_word("true", "false"):
            return Truth(reader.take().text == "true", token.place)
        if reader.take_sign("("):
            found = self.expression()
            reader.need_sign(")")
            return found
        if token.is_sign("{"):
            return self._map()
        if token.kind == "quoted" or (token.kind == "word" and token.text not in RESERVED):
            reader.take()
            is_call = token.kind == "word" and reader.here.is_sign("(")
            return self._call(token) if is_call else Name(token.text, token.place)
        raise self._no_atom(token)

    def _no_atom(self, token: Token) -> LanguageFault:
        return self._reader.unexpected(
            "a name, a number or “(”"
            if token.kind != "word"
            else said(
                "a name or a number (a name spelled “%(text)s” goes between backticks)",
                text=token.text,
            )
        )

    def _call(self, name: Token) -> Node:
        self._reader.need_sign("(")
        arguments: list[Node] = []
        while not self._reader.take_sign(")"):
            arguments.append(self.expression())
            if not self._reader.here.is_sign(")"):
                self._reader.need_sign(",", "“,” or “)”")
        return Call(name.text, tuple(arguments), name.place)

    def _map(self) -> Node:
        place = self._reader.need_sign("{").place
        entries: list[tuple[Node | None, Node]] = []
        while not self._reader.take_sign("}"):
            key = None if self._reader.take_word("else") else self._sum()
            self._reader.need_sign(":", "“:” and the number for this value")
            entries.append((key, self.expression()))
            if not self._reader.here.is_sign("}"):
                self._reader.need_sign(",", "“,” or “}”")
        return MapOf(tuple(entries), place)

    def _number(self) -> Number:
        token = self._reader.take()
        return Number(Decimal(token.text), self.unit_here(), token.place)

    def unit_here(self) -> str:
        """Step over a unit, if one stands here, and return it; "" otherwise."""
        reader = self._reader
        if reader.take_sign("%"):
            return "%"
        first = reader.here
        if first.kind != "word" or (first.text == "in" and reader.ahead().is_sign("{")):
            return ""
        slash, second = reader.ahead(1), reader.ahead(2)
        compound = f"{first.text}/{second.text}"
        touching = slash.is_sign("/") and first.end == slash.place.column
        if touching and slash.end == second.place.column and self._is_unit(compound):
            for _ in range(3):
                reader.take()
            return compound
        return reader.take().text if self._is_unit(first.text) else ""
