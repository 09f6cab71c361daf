"""Lines with their indentation; an open bracket or an operator at the end continues a line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handsel.bid.configure.rules.language.problems import Place, fault
from handsel.bid.configure.rules.language.tokens import Token, tokens_of
from handsel.ground.kernel.said import said

LARGEST_TEXT = 16_000_000
_TEXT_LINE = re.compile(r' *([a-z]{2}(_[A-Z]{2})? +)?"')
_OPEN, _CLOSE = ("(", "[", "{"), (")", "]", "}")
_CONTINUING_SIGNS = (
    "->",
    "<->",
    "+",
    "-",
    "*",
    "/",
    "//",
    ",",
    "<=",
    ">=",
    "==",
    "!=",
    "<",
    ">",
    "=",
)
_CONTINUING_WORDS = ("and", "or", "not", "xor", "then", "else")


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One logical line: its indentation in blanks and its tokens."""

    indent: int
    number: int
    tokens: list[Token]


class LineReader:
    """Hands out logical lines, and raw ones inside tables."""

    def __init__(self, text: str, *, file: str) -> None:
        self.file = file
        if len(text) > LARGEST_TEXT:
            raise fault(
                Place(file, 1, 1),
                said("The text has %(count)s characters.", count=len(text)),
                said("at most %(most)s", most=LARGEST_TEXT),
            )
        self._lines = text.split("\n")
        self._at = 0

    def indent(self) -> int:
        """The indentation of the next line that says something; -1 at the end."""
        while self._at < len(self._lines):
            line = self._lines[self._at]
            bare = line.lstrip(" ")
            if bare.strip() and not bare.lstrip("\t").startswith("#"):
                return len(line) - len(bare)
            self._at += 1
        return -1

    def place(self) -> Place:
        """Where the next line begins."""
        return Place(self.file, self._at + 1, max(self.indent(), 0) + 1)

    def peek_word(self) -> str:
        """The first word of the next line; "" at the end."""
        return self._lines[self._at].split()[0] if self.indent() >= 0 else ""

    def peek_is_text(self) -> bool:
        """Whether the next line is a text: `"…"` or `de "…"`."""
        return self.indent() >= 0 and _TEXT_LINE.match(self._lines[self._at]) is not None

    def take(self) -> TokenLine:
        """The next logical line; LanguageFault, and the line is behind us, when it cannot be."""
        indent = self.indent()
        number = self._at + 1
        tokens: list[Token] = []
        while True:
            tokens += self._tokens_of_next()
            if self._at >= len(self._lines) or not _continues(tokens):
                break
        last = tokens[-1] if tokens else None
        end = last.end if last else indent + 1
        line = last.place.line if last else number
        return TokenLine(
            indent, number, [*tokens, Token("end", "", Place(self.file, line, end), end)]
        )

    def _tokens_of_next(self) -> list[Token]:
        line = self._lines[self._at].rstrip("\r")
        self._at += 1
        bare = line.lstrip(" ")
        column = len(line) - len(bare) + 1
        if bare.startswith("\t") and bare.strip():
            raise fault(Place(self.file, self._at, column), "A tab indents.", "blanks")
        return tokens_of(bare, file=self.file, line=self._at, column=column)[:-1]

    def take_raw(self) -> tuple[int, str]:
        """The next line as it is, with its number."""
        self._at += 1
        return self._at, self._lines[self._at - 1].rstrip("\r")

    def at_end(self) -> bool:
        """Whether no raw line is left."""
        return self._at >= len(self._lines)

    def skip_below(self, indent: int) -> None:
        """Pass over all lines indented more than this."""
        while self.indent() > indent:
            self._at += 1


def _continues(tokens: list[Token]) -> bool:
    if not tokens:
        return False
    depth = 0
    for token in tokens:
        depth += token.is_sign(*_OPEN) - token.is_sign(*_CLOSE)
    last = tokens[-1]
    return depth > 0 or last.is_sign(*_CONTINUING_SIGNS) or last.is_word(*_CONTINUING_WORDS)
