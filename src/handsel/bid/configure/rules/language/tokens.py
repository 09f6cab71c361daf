"""Characters to tokens, each with its place.

Words are letters, ASCII digits and "_", and may begin with a digit (`1x230_50`). Anything else
between backticks is a word too. Numbers are ASCII digits with at most one point; no exponent, no
thousands mark, at most 40 digits. `#` begins a comment. The signs ≤ ≥ ≠ → × are read as
<= >= != -> *.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from handsel.bid.configure.rules.language.problems import LanguageFault, Place, fault
from handsel.ground.kernel.said import said

TokenKind = Literal["number", "word", "quoted", "text", "sign", "end"]

MOST_DIGITS = 40
_SPELLINGS = {"≤": "<=", "≥": ">=", "≠": "!=", "→": "->", "×": "*"}

_PIECE = re.compile(
    r"""
    (?P<blank>[ \t\xa0]+|\#.*)
  | (?P<word>[0-9]*(?:[^\W\d]|_)(?:[^\W\d]|_|[0-9])*)
  | (?P<number>[0-9]+(?:\.[0-9]+)?)
  | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
  | (?P<quoted>`[^`]+`)
  | (?P<sign><<<|<->|->|//|\.\.|<=|>=|==|!=|[-+*/<>()\[\]{},:.=|%≤≥≠→×])
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is what was meant: a string without its quotation marks, a sign as spelled here."""

    kind: TokenKind
    text: str
    place: Place
    end: int = 0

    def is_sign(self, *signs: str) -> bool:
        """Whether this is one of these signs."""
        return self.kind == "sign" and self.text in signs

    def is_word(self, *words: str) -> bool:
        """Whether this is one of these words, written bare."""
        return self.kind == "word" and self.text in words

    def shown(self) -> str:
        """The token in a message."""
        return said("the end of the line") if self.kind == "end" else f"“{self.text}”"


def tokens_of(text: str, *, file: str = "", line: int = 1, column: int = 1) -> list[Token]:
    """All tokens of one line, the last of kind "end"; LanguageFault for a stray character."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        place = Place(file, line, column + at)
        piece = _PIECE.match(text, at)
        if piece is None:
            raise _stray(text[at], place)
        at = piece.end()
        if piece.lastgroup != "blank":
            found.append(_token(piece, place, column + at))
    found.append(Token("end", "", Place(file, line, column + len(text)), column + len(text)))
    return found


def _token(piece: re.Match[str], place: Place, end: int) -> Token:
    raw = piece.group()
    match piece.lastgroup:
        case "word":
            return Token("word", raw, place, end)
        case "number":
            if len(raw) > MOST_DIGITS:
                raise fault(
                    place,
                    "The number has too many digits.",
                    said("at most %(most)s digits", most=MOST_DIGITS),
                )
            return Token("number", raw, place, end)
        case "text":
            return Token("text", _ESCAPE.sub(_unescaped, raw[1:-1]), place, end)
        case "quoted":
            return Token("quoted", raw[1:-1], place, end)
    return Token("sign", _SPELLINGS.get(raw, raw), place, end)


def _unescaped(escape: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t"}.get(escape.group(1), escape.group(1))


def _stray(character: str, place: Place) -> LanguageFault:
    if character in "\"'":
        wanted = said("a closing %(character)s on the same line", character=character)
        return fault(place, "The text is not closed.", wanted)
    if character == "`":
        return fault(place, "The name is not closed.", "a closing ` on the same line")
    if character.isdigit():
        return fault(
            place,
            said("“%(character)s” is not a digit Handsel reads.", character=character),
            "digits 0 to 9",
        )
    return fault(
        place,
        said("“%(character)s” means nothing here.", character=character),
        "a name, a number or an operator",
    )


def quoted_text(text: str) -> str:
    """A text as it is written between quotation marks."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\t", "\\t") + '"'


class TokenReader:
    """Walks over tokens; every refusal says what was expected."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def here(self) -> Token:
        """The token that comes next."""
        return self._tokens[self._at]

    @property
    def before(self) -> Token | None:
        """The token that was stepped over last; none at the beginning."""
        return self._tokens[self._at - 1] if self._at else None

    def ahead(self, steps: int = 1) -> Token:
        """A token further on; the last one when there are not so many."""
        return self._tokens[min(self._at + steps, len(self._tokens) - 1)]

    def take(self) -> Token:
        """The next token, stepping over it; the end stays."""
        token = self._tokens[self._at]
        if token.kind != "end":
            self._at += 1
        return token

    def take_sign(self, *signs: str) -> Token | None:
        """Step over one of these signs, if it comes next."""
        return self.take() if self.here.is_sign(*signs) else None

    def take_word(self, *words: str) -> Token | None:
        """Step over one of these words, if it comes next."""
        return self.take() if self.here.is_word(*words) else None

    def need_sign(self, sign: str, expected: str = "") -> Token:
        """Step over this sign; LanguageFault when something else stands there."""
        if self.here.is_sign(sign):
            return self.take()
        raise self.unexpected(expected or f"“{sign}”")

    def need_word(self, expected: str) -> Token:
        """Step over any name."""
        if self.here.kind in ("word", "quoted"):
            return self.take()
        raise self.unexpected(expected)

    def need_end(self) -> None:
        """Nothing may follow."""
        if self.here.kind != "end":
            raise self.unexpected("the end of the line")

    def unexpected(self, expected: str) -> LanguageFault:
        """The fault of the token that stands here."""
        return fault(
            self.here.place, said("%(shown)s cannot stand here.", shown=self.here.shown()), expected
        )
