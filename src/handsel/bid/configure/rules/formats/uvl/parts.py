"""Parts of UVL lines: names with points, how often a feature stands, what a line imports."""

from __future__ import annotations

from handsel.bid.configure.rules.formats.uvl.tree import Import
from handsel.bid.configure.rules.formats.uvl.words import PieceReader
from handsel.bid.configure.rules.language.problems import fault
from handsel.ground.kernel.said import said


def name_path(reader: PieceReader) -> tuple[str, ...]:
    """`a.b.c`, one name at least."""
    path = [reader.take().text]
    while reader.take_sign("."):
        if not reader.is_name():
            raise reader.unexpected("a name behind the point")
        path.append(reader.take().text)
    return tuple(path)


def cardinality_of(reader: PieceReader, name: str) -> tuple[int, int]:
    """`[2..5]` or `[3]`; without an upper bound nothing could be offered, so it is refused."""
    place = reader.place()
    reader.need_sign("[")
    least = most = _number(reader)
    if reader.take_sign(".."):
        if reader.here.text == "*":
            message = said("“%(name)s” may be there any number of times.", name=name)
            wanted = said("an upper bound, such as [%(least)s..5]", least=least)
            raise fault(reader.place(), message, wanted)
        most = _number(reader)
    reader.need_sign("]")
    if most < least:
        text = f"[{least}..{most}]"
        raise fault(place, said("%(text)s holds no number.", text=text), "the smaller first")
    if most == 0:
        raise fault(place, said("“%(name)s” may never be there.", name=name), "1 or more")
    return least, most


def _number(reader: PieceReader) -> int:
    if reader.here.kind != "number" or not reader.here.text.isdecimal():
        raise reader.unexpected("a whole number")
    return int(reader.take().text)


def import_of(reader: PieceReader, line: int, column: int) -> Import:
    """`folder.file as alias`; without an alias its features are called by the whole path."""
    if not reader.is_name():
        raise reader.unexpected("a file's name, without its ending")
    place = reader.place()
    path = name_path(reader)
    for one in path:
        if not one.strip() or one != one.strip() or any(sign in one for sign in "./\\:\0"):
            raise fault(
                place,
                said("“%(name)s” is no name of a file or folder here.", name=one),
                "a file in this folder or below it, such as parts.motor",
            )
    alias = path
    if reader.here.kind == "word" and reader.here.text == "as":
        reader.take()
        if not reader.is_name():
            raise reader.unexpected("a name behind “as”")
        alias = name_path(reader)
    reader.need_end()
    return Import(path, alias, line, column)
