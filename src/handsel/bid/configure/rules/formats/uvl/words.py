"""Words and signs of UVL lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handsel.bid.configure.rules.language.problems import LanguageFault, Place, fault

_PIECE = re.compile(
    r"""
    (?P<blank>\s+|//.*)
  | (?P<number>[0-9]+(?:\.[0-9]+)?(?![A-Za-z_]))
  | (?P<quoted>"[^"]*")
  | (?P<text>'[^']*')
  | (?P<sign><=>|=>|==|!=|<=|>=|\.\.|[-+*/<>()\[\]{},.:!&|])
  | (?P<word>[^\s"'.,:(){}\[\]!&|=<>+*/-][^\s".,:(){}\[\]!&|=<>+*/-]*)
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """`kind` is number, quoted (a name), text, sign, word or end."""

    kind: str
    text: str
    column: int


class PieceReader:
    """Walks over the pieces of one line."""

    def __init__(self, text: str, *, file: str, line: int, column: int = 1) -> None:
        self._file = file
        self._line = line
        self._pieces = list(self._read(text, column))
        self._at = 0

    def _read(self, text: str, column: int) -> list[Piece]:
        found: list[Piece] = []
        at = 0
        while at < len(text):
            piece = _PIECE.match(text, at)
            if piece is None:
                place = Place(self._file, self._line, column + at)
                raise fault(place, f"“{text[at]}” means nothing here.", "a name or an operator")
            kind = str(piece.lastgroup)
            raw = piece.group()
            if kind != "blank":
                bare = raw[1:-1] if kind in ("quoted", "text") else raw
                found.append(Piece(kind, bare, column + at))
            at = piece.end()
        found.append(Piece("end", "", column + len(text)))
        return found

    @property
    def here(self) -> Piece:
        """The next piece."""
        return self._pieces[self._at]

    @property
    def ahead(self) -> Piece:
        """The one after it."""
        return self._pieces[min(self._at + 1, len(self._pieces) - 1)]

    def take(self) -> Piece:
        """Step over the next piece; the end stays."""
        piece = self.here
        if piece.kind != "end":
            self._at += 1
        return piece

    def take_sign(self, *signs: str) -> str:
        """Step over one of these signs and return it; "" when none is next."""
        if self.here.kind == "sign" and self.here.text in signs:
            return self.take().text
        return ""

    def need_sign(self, sign: str) -> None:
        """Step over this sign."""
        if not self.take_sign(sign):
            raise self.unexpected(f"“{sign}”")

    def is_name(self) -> bool:
        """Whether a name comes next."""
        return self.here.kind in ("word", "quoted")

    def need_end(self) -> None:
        """Nothing may follow."""
        if self.here.kind != "end":
            raise self.unexpected("the end of the line")

    def place(self, column: int | None = None) -> Place:
        """Where the next piece stands, or another column of the line."""
        return Place(self._file, self._line, self.here.column if column is None else column)

    def unexpected(self, expected: str) -> LanguageFault:
        """The fault of what stands here."""
        shown = f"“{self.here.text}”" if self.here.kind != "end" else "the end of the line"
        return fault(self.place(), f"{shown} cannot stand here.", expected)
