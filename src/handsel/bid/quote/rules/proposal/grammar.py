"""The grammar of proposal templates: text with places to fill, read once and strictly.

    {quote.number}                          a name of the merge dictionary
    {if has_options} … {else} … {end}       also {if not …}, {if buyer.country = "DE"},
                                            {if quote.discount >= 10}
    {for group in groups} … {end}           a named collection; no loop inside a loop
    {lang de} … {end}                       only in that language
    {block lines}                           a piece that is laid out by the house
    {{ and }}                               the characters { and }

Nothing is computed and nothing is called. Unknown names, blocks, languages and ends that match
nothing are refused with line and column, in whatever branch they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from handsel.bid.quote.errors import BadTemplate
from handsel.bid.quote.rules.proposal.names import BLOCKS, COLLECTIONS, LANGUAGES, NAMES, Kind
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_decimal
from handsel.ground.kernel.said import said

MOST_TEXT: Final = 40_000
MOST_PLACES: Final = 1_000
MOST_DEPTH: Final = 8
_PLACE: Final = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]")
_IF: Final = re.compile(r'(not )?([a-z_.]+)(?: (=|!=|>=|<=|>|<) ("[^"]*"|-?[0-9.]+))?')
_FOR: Final = re.compile(r"([a-z]+) in ([a-z]+)")


@dataclass(frozen=True, slots=True)
class Text:
    """Words of the template itself; only these can make headings and lists."""

    words: str


@dataclass(frozen=True, slots=True)
class Place:
    """A name whose value is put here."""

    name: str


@dataclass(frozen=True, slots=True)
class Block:
    """A piece laid out by the house."""

    name: str


@dataclass(frozen=True, slots=True)
class Question:
    """A name asked for being there, or compared with a text or number."""

    name: str
    is_not: bool = False
    op: str = ""
    limit: str | Decimal = ""


@dataclass(frozen=True, slots=True)
class If:
    """One branch or the other."""

    asked: Question
    then: tuple[Node, ...]
    otherwise: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class For:
    """The nodes once for each member of a collection."""

    collection: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """Nodes of one language only."""

    code: str
    nodes: tuple[Node, ...]


Node = Text | Place | Block | If | For | Language
Reader = Callable[[str, dict[str, Kind], int], Node]


def parse_template(text: str) -> tuple[Node, ...]:
    """Read a template. Raises BadTemplate naming line and column of what is wrong."""
    if len(text) > MOST_TEXT:
        raise BadTemplate(
            said("A template has at most %(most_text)s characters.", most_text=MOST_TEXT)
        )
    return _Reader(text.replace("\r\n", "\n")).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_PLACE.finditer(text))
        self.next = 0
        self.at = 0
        self._depth = 0
        if len(self.tokens) > MOST_PLACES:
            raise BadTemplate(
                said(
                    "A template has at most %(most_places)s places to fill.",
                    most_places=MOST_PLACES,
                )
            )

    def read(self) -> tuple[Node, ...]:
        nodes, _ended_by = self._nodes(dict(NAMES), (), 0)
        return nodes

    def _wrong(self, what: str, offset: int) -> BadTemplate:
        line = self.text.count("\n", 0, offset) + 1
        column = offset - self.text.rfind("\n", 0, offset)
        return BadTemplate(
            said(
                "Line %(line)s, column %(column)s: %(what)s.", line=line, column=column, what=what
            ),
            fields={"body": said("line %(line)s, column %(column)s", line=line, column=column)},
        )

    def _nodes(
        self, known: dict[str, Kind], closing: tuple[str, ...], opened_at: int
    ) -> tuple[tuple[Node, ...], str]:
        nodes: list[Node] = []
        while self.next < len(self.tokens):
            token = self.tokens[self.next]
            self.next += 1
            if token.start() > self.at:
                nodes.append(Text(self.text[self.at : token.start()]))
            self.at = token.end()
            if token[0] in ("{{", "}}"):
                nodes.append(Text(token[0][0]))
                continue
            if token[1] is None:
                raise self._wrong(
                    said("a lone %(token)s; write it twice to show it", token=token[0]),
                    token.start(),
                )
            inside = token[1].strip()
            if inside in ("end", "else"):
                if inside not in closing:
                    raise self._wrong(
                        said("{%(inside)s} closes nothing", inside=inside), token.start()
                    )
                return tuple(nodes), inside
            nodes.append(self._node(inside, known, token.start()))
        if closing:
            raise self._wrong("this is never closed with {end}", opened_at)
        if self.at < len(self.text):
            nodes.append(Text(self.text[self.at :]))
            self.at = len(self.text)
        return tuple(nodes), ""

    def _node(self, inside: str, known: dict[str, Kind], offset: int) -> Node:
        word, _space, rest = inside.partition(" ")
        rest = rest.strip()
        if not rest:
            return self._place(inside, known, offset)
        if word == "block":
            if rest not in BLOCKS:
                raise self._wrong(
                    said(
                        "there is no block %(rest)s; known: %(listed)s",
                        rest=repr(rest),
                        listed=", ".join(BLOCKS),
                    ),
                    offset,
                )
            return Block(rest)
        readers: dict[str, Reader] = {
            "if": self._if,
            "for": self._for,
            "lang": self._language,
        }
        if word not in readers:
            raise self._wrong(
                said("%(word)s is no command; known: if, for, lang, block", word=repr(word)), offset
            )
        if self._depth >= MOST_DEPTH:
            raise self._wrong(
                said("more than %(most_depth)s commands lie in each other", most_depth=MOST_DEPTH),
                offset,
            )
        self._depth += 1
        node = readers[word](rest, known, offset)
        self._depth -= 1
        return node

    def _place(self, name: str, known: Mapping[str, Kind], offset: int) -> Place:
        if self._kind(name, known, offset) == "flag":
            raise self._wrong(said("%(name)s can be asked with if, not shown", name=name), offset)
        return Place(name)

    def _kind(self, name: str, known: Mapping[str, Kind], offset: int) -> Kind:
        if name not in known:
            raise self._wrong(
                said("%(name)s is no name of the merge dictionary", name=repr(name)), offset
            )
        return known[name]

    def _if(self, rest: str, known: dict[str, Kind], offset: int) -> If:
        asked = self._question(rest, known, offset)
        then, ended_by = self._nodes(known, ("end", "else"), offset)
        otherwise: tuple[Node, ...] = ()
        if ended_by == "else":
            otherwise, _ended = self._nodes(known, ("end",), offset)
        return If(asked, then, otherwise)

    def _question(self, rest: str, known: Mapping[str, Kind], offset: int) -> Question:
        found = _IF.fullmatch(rest)
        if found is None:
            raise self._wrong(said("%(rest)s is no condition", rest=repr(rest)), offset)
        is_not, name, op, limit = bool(found[1]), found[2], found[3] or "", found[4] or ""
        if name in COLLECTIONS and not op:
            return Question(name, is_not)
        kind = self._kind(name, known, offset)
        if not op:
            return Question(name, is_not)
        if is_not:
            raise self._wrong("not stands before a name alone", offset)
        if kind == "text" and limit.startswith('"') and op in ("=", "!="):
            return Question(name, op=op, limit=limit[1:-1])
        if kind == "number" and not limit.startswith('"'):
            try:
                return Question(name, op=op, limit=parse_decimal(limit, max_digits=20, scale=6))
            except Invalid:
                raise self._wrong(said("%(limit)s is no number", limit=limit), offset) from None
        raise self._wrong(
            said("%(name)s is a %(kind)s and cannot be compared so", name=name, kind=kind), offset
        )

    def _for(self, rest: str, known: dict[str, Kind], offset: int) -> For:
        found = _FOR.fullmatch(rest)
        if found is None or found[2] not in COLLECTIONS:
            raise self._wrong(
                said(
                    "%(rest)s: for goes over %(listed)s",
                    rest=repr(rest),
                    listed=", ".join(COLLECTIONS),
                ),
                offset,
            )
        member, names = COLLECTIONS[found[2]]
        if found[1] != member:
            raise self._wrong(
                said("a member of %(found)s is called %(member)s", found=found[2], member=member),
                offset,
            )
        if len(known) > len(NAMES):
            raise self._wrong("no loop stands inside a loop", offset)
        nodes, _ended = self._nodes({**known, **names}, ("end",), offset)
        return For(found[2], nodes)

    def _language(self, rest: str, known: dict[str, Kind], offset: int) -> Language:
        if rest not in LANGUAGES:
            raise self._wrong(
                said(
                    "%(rest)s is no language; known: %(listed)s",
                    rest=repr(rest),
                    listed=", ".join(LANGUAGES),
                ),
                offset,
            )
        nodes, _ended = self._nodes(known, ("end",), offset)
        return Language(rest, nodes)
