"""Words and signs of UVL lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handsel.bid.configure.rules.language.problems import LanguageFault, Place, fault
from handsel.ground.kernel.said import said

_PIECE = re.compile(
    r"""
    (?P<blank>\s+)
  | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?![A-Za-z_]))
  | (?P<quoted>"[^"]*")
  | (?P<text>'[^']*')
  | (?P<sign><=>|=>|==|!=|<=|>=|\.\.|[-+*/<>()\[\]{},.:!&|])
  | (?P<word>[^\s"'.,:(){}\[\]!&|=<>+*/-][^\s".,:(){}\[\]!&|=<>+*/-]*)
    """,
    re.VERBOSE,
)


_REMARK = re.compile(
    r"""
    (?P<kept>"[^"\n]*" | [^\W\d][^\s".,:(){}\[\]!&|=<>+*/-]* | '[^'\n]*')
  | //[^\n]* | /\*.*?\*/
    """,
    re.VERBOSE | re.DOTALL,
)
_ENDS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_QUOTED = re.compile(r""""[^"\n]*"|(?<!\w)'[^'\n]*'""")
_BRACKET = re.compile(r"[()\[\]{}]")


def without_remarks(text: str) -> str:
    """The text with blanks in the place of comments, line for line and column for column."""

    def blanks(found: re.Match[str]) -> str:
        return found["kept"] or re.sub(r"[^\n]", " ", found.group())

    return _REMARK.sub(blanks, _ENDS.sub("\n", text))


def opened(line: str) -> tuple[int, int]:
    """How many more brackets a line opens than closes, and where the first of them stands."""
    depth, first = 0, 0
    bare = _QUOTED.sub(lambda found: " " * len(found.group()), line)
    for found in _BRACKET.finditer(bare):
        first = found.start() if not depth else first
        depth += 1 if found.group() in "([{" else -1
    return depth, first


@dataclass(frozen=True, slots=True)
class Piece:
    """`kind` is number, quoted (a name), text, sign, word or end; `at` is where it begins,
    `spot` the same as lines below the first and a column."""

    kind: str
    text: str
    at: int
    spot: tuple[int, int]


class PieceReader:
    """Walks over the pieces of one line, or of several where brackets hold them together."""

    def __init__(self, text: str, *, file: str, line: int, column: int = 1) -> None:
        self._file = file
        self._line = line
        self._text, self._column = text, column
        self._is_one_line = "\n" not in text
        self._pieces = list(self._read(text))
        self._at = 0

    def _read(self, text: str) -> list[Piece]:
        found: list[Piece] = []
        at = 0
        while at < len(text):
            piece = _PIECE.match(text, at)
            if piece is None:
                message = said("“%(sign)s” means nothing here.", sign=text[at])
                raise fault(self._place(self._spot(at)), message, "a name or an operator")
            kind = str(piece.lastgroup)
            raw = piece.group()
            if kind != "blank":
                bare = raw[1:-1] if kind in ("quoted", "text") else raw
                found.append(Piece(kind, bare, at, self._spot(at)))
            at = piece.end()
        found.append(Piece("end", "", len(text), self._spot(len(text))))
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
            raise self.unexpected(said("“%(sign)s”", sign=sign))

    def is_name(self) -> bool:
        """Whether a name comes next."""
        return self.here.kind in ("word", "quoted")

    def need_end(self) -> None:
        """Nothing may follow."""
        if self.here.kind != "end":
            raise self.unexpected("the end of the line")

    def place(self) -> Place:
        """Where the next piece stands."""
        return self._place(self.here.spot)

    def _place(self, spot: tuple[int, int]) -> Place:
        return Place(self._file, self._line + spot[0], spot[1])

    def _spot(self, at: int) -> tuple[int, int]:
        if self._is_one_line:
            return 0, at + self._column
        line = self._text.count("\n", 0, at)
        begin = self._text.rfind("\n", 0, at)
        return line, at - begin if line else at + self._column

    def since(self, at: int) -> str:
        """The text from there to the piece before the next."""
        return " ".join(self._text[at : self.here.at].split())

    def unexpected(self, expected: str) -> LanguageFault:
        """The fault of what stands here."""
        is_end = self.here.kind == "end"
        shown = said("the end of the line") if is_end else f"“{self.here.text}”"
        return fault(self.place(), said("%(shown)s cannot stand here.", shown=shown), expected)
