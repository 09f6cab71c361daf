"""Reading XML from outside, piece by piece and with nothing but elements and text.

No DOCTYPE (reliability E28), no entities, no network, limits on size and depth. Comments and
processing instructions are dropped before the text is put together, so that
``<Amt>1<!-- -->2</Amt>`` is 12 for us as for everyone, and mixed content is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from lxml import etree

from handsel.earn.cash.rules.statement.refusals import StatementRefused, refuse
from handsel.ground.kernel.said import said

Element: TypeAlias = etree._Element

_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost us. A year of a busy account in camt.053 is about 50 MB."""

    max_bytes: int = 64 * 1024 * 1024
    max_depth: int = 40
    max_entries: int = 200_000


def events(content: bytes, limits: Limits) -> Iterator[tuple[str, Element, int]]:
    """Yield ("start" | "end", element, depth) as the document is read; the root has depth 1.

    Raises StatementRefused for a DOCTYPE, a document too large or too deep, or XML that is not
    well formed, with the line.
    """
    if len(content) > limits.max_bytes:
        raise refuse(
            "too_large",
            said(
                "The file has %(size)s bytes; at most %(limit)s are read.",
                size=len(content),
                limit=limits.max_bytes,
            ),
            size=len(content),
            limit=limits.max_bytes,
        )
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth = 0
    try:
        for start in range(0, len(content), _CHUNK):
            parser.feed(content[start : start + _CHUNK])
            for kind, element in parser.read_events():
                if not isinstance(element, etree._Element):
                    continue  # only elements were asked for
                depth = _checked_depth(kind, element, depth, limits)
                yield kind, element, depth if kind == "start" else depth + 1
        parser.close()
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(error) from None


def _checked_depth(kind: str, element: Element, depth: int, limits: Limits) -> int:
    if kind == "end":
        return depth - 1
    if depth == 0 and element.getroottree().docinfo.internalDTD is not None:
        raise refuse(
            "doctype", said("The file declares a DOCTYPE; bank statements never need one.")
        )
    if depth >= limits.max_depth:
        raise refuse(
            "too_deep",
            f"Line {line_of(element)}: elements nest deeper than {limits.max_depth} levels.",
            limit=limits.max_depth,
        )
    return depth + 1


def _not_well_formed(error: etree.XMLSyntaxError) -> StatementRefused:
    line, column = error.position
    return refuse(
        "not_xml",
        said("The file is not well-formed XML: %(fault)s.", fault=error.msg),
        line=line,
        column=column,
    )


def local_name(element: Element) -> str:
    """Return the element's name without its namespace."""
    # Not lxml's QName: it raises for names such as ":a", which its own parser lets through.
    return str(element.tag).rpartition("}")[2]


def namespace_of(element: Element) -> str:
    """Return the element's namespace, or ""."""
    return str(element.tag).rpartition("}")[0].removeprefix("{")


def line_of(element: Element) -> int:
    """Return the line of the file on which the element starts."""
    line: object = element.sourceline
    return line if isinstance(line, int) else 0


@lru_cache(maxsize=4096)
def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split("/"))


class Node:
    """An element read by names within one namespace; absent things are "" or None.

    The children are sorted by name once, on first use: a message is asked for many names that
    are not there, and searching for each of them costs most of the time.
    """

    __slots__ = ("_children", "element", "namespace")

    def __init__(self, element: Element, namespace: str) -> None:
        self.element = element
        self.namespace = namespace
        self._children: dict[str, list[Node]] | None = None

    @property
    def line(self) -> int:
        """The line of the file, for messages."""
        return line_of(self.element)

    def _named(self, name: str) -> list[Node]:
        if self._children is None:
            self._children = {}
            prefix = f"{{{self.namespace}}}"
            for child in self.element:
                tag = child.tag
                if isinstance(tag, str) and tag.startswith(prefix):
                    found = Node(child, self.namespace)
                    self._children.setdefault(tag[len(prefix) :], []).append(found)
        return self._children.get(name, [])

    def all(self, path: str) -> list[Node]:
        """Return every element at the path, in document order."""
        first, *rest = _steps(path)
        found = self._named(first)
        for step in rest:
            if not found:
                break
            found = [child for node in found for child in node._named(step)]
        return found

    def one(self, path: str) -> Node | None:
        """Return the element at the path, or None. Two where one is meant are refused."""
        found = self.all(path)
        if len(found) > 1:
            raise refuse(
                "repeated",
                f"Line {self.line}: {local_name(self.element)} holds {path} {len(found)} times; "
                "which one counts is not said.",
                path=path,
                line=self.line,
            )
        return found[0] if found else None

    def need(self, path: str) -> Node:
        """Return the element at the path; its absence is refused."""
        found = self.one(path)
        if found is None:
            raise refuse(
                "missing",
                f"Line {self.line}: {local_name(self.element)} has no {path}.",
                path=path,
                line=self.line,
            )
        return found

    def content(self) -> str:
        """Return the text of a leaf without surrounding blanks; child elements are refused."""
        if len(self.element):
            raise refuse(
                "mixed",
                f"Line {self.line}: {local_name(self.element)} should hold text only.",
                line=self.line,
            )
        return (self.element.text or "").strip()

    def text(self, path: str) -> str:
        """Return the text at the path, or ""."""
        found = self.one(path)
        return found.content() if found is not None else ""

    def texts(self, path: str) -> tuple[str, ...]:
        """Return the texts of every element at the path that has one."""
        return tuple(text for node in self.all(path) if (text := node.content()))

    def names(self) -> list[str]:
        """Return the local names of the children."""
        return [local_name(child) for child in self.element]
