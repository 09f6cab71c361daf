"""Putting values into a template, in one pass: what a value contains is never looked at again.

The result is a list of pieces for the typesetter. A line of the template that begins with "# " or
"## " is a heading, one that begins with "- " an item of a list; blank lines part paragraphs. Only
the template's own words can do that: a value that begins with "# " stays the text it is.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from handsel.bid.quote.errors import BadTemplate
from handsel.bid.quote.rules.content import plain
from handsel.bid.quote.rules.proposal.grammar import (
    Block,
    For,
    If,
    Language,
    Node,
    Place,
    Question,
    Text,
)
from handsel.bid.quote.rules.proposal.names import COLLECTIONS

Value = str | Decimal | bool
MOST_OUTPUT: Final = 2_000_000
# Of the private use area, which no text carries: they stand for what a value brought along.
_BREAK: Final = "\ue000"
_GUARD: Final = "\ue001"
_PRIVATE: Final = re.compile("[\ue000-\uf8ff]")
_COMPARE: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


@dataclass(frozen=True, slots=True)
class Piece:
    """`kind` is heading, subheading, paragraph, item or block (`text` is then its name)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Merge:
    """The values of one proposal: by name, and the members of the collections."""

    values: Mapping[str, Value]
    collections: Mapping[str, Sequence[Mapping[str, Value]]]
    language: str


def merged(nodes: Sequence[Node], merge: Merge) -> tuple[Piece, ...]:
    """The pieces of a template with everything filled in. Raises BadTemplate for a text that
    grows past all measure."""
    out: list[str | Block] = []
    _Writer(merge, out).write(nodes, merge.values)
    pieces: list[Piece] = []
    words: list[str] = []
    for part in out:
        if isinstance(part, Block):
            pieces += _pieces("".join(words))
            words = []
            pieces.append(Piece("block", part.name))
        else:
            words.append(part)
    return (*pieces, *_pieces("".join(words)))


class _Writer:
    def __init__(self, merge: Merge, out: list[str | Block]) -> None:
        self.merge = merge
        self.out = out
        self.size = 0

    def write(self, nodes: Sequence[Node], values: Mapping[str, Value]) -> None:
        for node in nodes:
            match node:
                case Text(words):
                    self._put(words)
                case Place(name):
                    self._put(_GUARD + _as_text(values[name]))
                case Block():
                    self.out.append(node)
                case If(asked, then, otherwise):
                    self.write(then if self._holds(asked, values) else otherwise, values)
                case Language(code, inner):
                    if code == self.merge.language:
                        self.write(inner, values)
                case For(collection, inner):
                    for member in self.merge.collections[collection]:
                        self.write(inner, {**values, **member})

    def _put(self, text: str) -> None:
        self.size += len(text)
        if self.size > MOST_OUTPUT:
            raise BadTemplate("The proposal becomes too long with this template.")
        self.out.append(text)

    def _holds(self, asked: Question, values: Mapping[str, Value]) -> bool:
        if asked.name in COLLECTIONS:
            return bool(self.merge.collections[asked.name]) is not asked.is_not
        value = values[asked.name]
        if not asked.op:
            return bool(value) is not asked.is_not
        return _COMPARE[asked.op](value, asked.limit)


def _as_text(value: Value) -> str:
    text = plain(value) if isinstance(value, Decimal) else str(value)
    return _PRIVATE.sub("", text).replace("\r\n", "\n").replace("\n", _BREAK)


def _pieces(text: str) -> list[Piece]:
    """Split the words between two blocks; values are still guarded here."""
    pieces: list[Piece] = []
    paragraph: list[str] = []

    def finish() -> None:
        if paragraph:
            pieces.append(Piece("paragraph", _free("\n".join(paragraph))))
            paragraph.clear()

    for line in text.split("\n"):
        for mark, kind in (("## ", "subheading"), ("# ", "heading"), ("- ", "item")):
            if line.startswith(mark):
                finish()
                pieces.append(Piece(kind, _free(line[len(mark) :])))
                break
        else:
            if line.strip():
                paragraph.append(line.strip())
            else:
                finish()
    finish()
    return [piece for piece in pieces if piece.text]


def _free(text: str) -> str:
    return text.replace(_GUARD, "").replace(_BREAK, "\n").strip()
