"""UVL text to a tree of features. Indentation by tabs or blanks; what stands in brackets may go on
in the next line; `//` begins a comment, `/* */` encloses one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import cast

from handsel.bid.configure.rules.formats.uvl.constraints import ConstraintParser
from handsel.bid.configure.rules.formats.uvl.parts import cardinality_of, import_of, name_path
from handsel.bid.configure.rules.formats.uvl.tree import (
    Attribute,
    Constraint,
    Feature,
    FeatureGroup,
    FeatureModel,
    FeatureType,
    GroupKind,
    Import,
    Nested,
)
from handsel.bid.configure.rules.formats.uvl.words import (
    PieceReader,
    opened,
    without_remarks,
)
from handsel.bid.configure.rules.language.problems import (
    LanguageFault,
    Place,
    Problem,
    did_you_mean,
    fault,
)
from handsel.ground.kernel.said import said

_TYPES = ("Boolean", "Integer", "Real", "String")
_SECTIONS = ("features", "constraints", "include", "imports", "namespace")
_GROUPS = ("mandatory", "optional", "or", "alternative")
_COUNTED = re.compile(r"\[\s*([0-9]+)\s*(?:\.\.\s*([0-9]+|\*)\s*)?\]")
DEEPEST = 100


@dataclass(slots=True)
class _Written:
    """A line with those indented under it."""

    number: int
    column: int
    text: str
    below: list[_Written] = field(default_factory=list)


def parse_feature_model(text: str, name: str = "model") -> FeatureModel:
    """Read UVL; `name` stands in errors. Raises LanguageFault with every problem found."""
    return _Reading(name).model(text)


class _Reading:
    def __init__(self, name: str) -> None:
        self._name = name
        self._problems: list[Problem] = []
        self._inner: list[Constraint] = []  # those that stand among attributes
        self._imports: tuple[Import, ...] = ()

    def model(self, text: str) -> FeatureModel:
        sections = self._sections(self._lines(text))
        self._imports = tuple(self._read_imports(sections))
        root = self._root(sections)
        constraints = (*self._constraints(sections), *self._inner)
        if self._problems:
            raise LanguageFault(sorted(self._problems, key=lambda one: one.place))
        assert root is not None  # noqa: S101 a missing root is a problem
        namespace = (
            sections["namespace"].text.removeprefix("namespace").strip()
            if ("namespace" in sections)
            else ""
        )
        includes = (
            [line.text for line in sections["include"].below] if "include" in sections else []
        )
        name = namespace.strip('"')
        return FeatureModel(root, constraints, name, tuple(includes), self._imports)

    def _tell(self, found: LanguageFault) -> None:
        self._problems.extend(found.problems)

    def _fault(self, line: _Written, message: str, expected: str = "") -> LanguageFault:
        return fault(Place(self._name, line.number, line.column), message, expected)

    # -- lines

    def _lines(self, text: str) -> list[_Written]:
        top: list[_Written] = []
        open_lines: list[tuple[int, _Written]] = []
        for line in self._joined(without_remarks(text.removeprefix("\ufeff"))):
            indent = line.column - 1
            while open_lines and open_lines[-1][0] >= indent:
                open_lines.pop()
            if len(open_lines) > 2 * DEEPEST:
                raise self._fault(
                    line, "The tree is too deep.", said("at most %(most)s levels", most=DEEPEST)
                )
            (open_lines[-1][1].below if open_lines else top).append(line)
            open_lines.append((indent, line))
        return top

    def _joined(self, text: str) -> Iterator[_Written]:
        """The lines with something in them; one whose brackets are open goes on in the next."""
        lines = text.split("\n")
        at, is_joining = 0, True
        while at < len(lines):
            whole, begin = lines[at], at
            at += 1
            if not whole.strip():
                continue
            column = len(whole) - len(whole.lstrip()) + 1
            depth, first = opened(whole) if is_joining else (0, 0)
            while depth > 0 and at < len(lines):
                whole += "\n" + lines[at]
                depth += opened(lines[at])[0]
                at += 1
            if depth > 0:
                # What follows is read line by line, and only the bracket is told of.
                is_joining, at, whole = False, begin + 1, lines[begin]
                place = Place(self._name, begin + 1, first + 1)
                message = said("“%(bracket)s” is never closed.", bracket=whole[first])
                self._problems.append(Problem(place, message, "the bracket that closes it"))
            yield _Written(begin + 1, column, whole.strip())

    def _sections(self, lines: list[_Written]) -> dict[str, _Written]:
        found: dict[str, _Written] = {}
        for line in lines:
            word = line.text.split()[0].rstrip(":")
            if word not in _SECTIONS:
                near = did_you_mean(word, _SECTIONS)
                message = said("“%(word)s” begins no section.%(near)s", word=word, near=near)
                expected = said("one of %(values)s", values=", ".join(_SECTIONS))
                self._tell(self._fault(line, message, expected))
            elif word in found:
                self._tell(
                    self._fault(
                        line, said("“%(word)s” is there twice.", word=word), "each section once"
                    )
                )
            else:
                found[word] = line
        return found

    def _read_imports(self, sections: dict[str, _Written]) -> Iterator[Import]:
        seen: set[tuple[str, ...]] = set()
        for line in sections["imports"].below if "imports" in sections else ():
            try:
                found = import_of(self._reader(line), line.number, line.column)
                if found.alias in seen:
                    message = said("“%(name)s” is there twice.", name=".".join(found.alias))
                    raise self._fault(line, message, "each import under a name of its own")
            except LanguageFault as problem:
                self._tell(problem)
                continue
            seen.add(found.alias)
            yield found

    def _reader(self, line: _Written) -> PieceReader:
        return PieceReader(line.text, file=self._name, line=line.number, column=line.column)

    # -- features

    def _root(self, sections: dict[str, _Written]) -> Feature | None:
        lines = sections["features"].below if "features" in sections else []
        if len(lines) != 1:
            place = Place(self._name, sections["features"].number if lines else 1, 1)
            self._problems.append(
                Problem(
                    place,
                    said("There are %(count)s features at the top.", count=len(lines)),
                    "one root feature",
                )
            )
            return None
        return self._feature(lines[0])

    def _feature(self, line: _Written) -> Feature | None:
        try:
            found = self._feature_line(line)
        except LanguageFault as problem:
            self._tell(problem)
            return None
        groups = tuple(group for below in line.below for group in self._group(below))
        return replace(found, groups=groups)

    def _feature_line(self, line: _Written) -> Feature:
        reader = self._reader(line)
        if not reader.is_name():
            raise reader.unexpected("a feature's name")
        kind: FeatureType = "Boolean"
        is_typed = reader.here.kind == "word" and reader.here.text in _TYPES
        if is_typed and reader.ahead.kind in ("word", "quoted"):
            kind = cast("FeatureType", reader.take().text)
        place = reader.place()
        path = name_path(reader)
        via = path[:-1]
        if via and all(one.alias != via for one in self._imports):
            alias, known = ".".join(via), [".".join(one.alias) for one in self._imports]
            near = did_you_mean(alias, known)
            message = said("“%(name)s” is not imported.%(near)s", name=alias, near=near)
            raise fault(place, message, "a name that stands under “imports”")
        cardinality = None
        if reader.here.text == "cardinality" and reader.here.kind == "word":
            reader.take()
            cardinality = cardinality_of(reader, ".".join(path))
        attributes = tuple(self._attributes(reader)) if reader.take_sign("{") else ()
        reader.need_end()
        return Feature(
            ".".join(path),
            kind,
            attributes,
            line=line.number,
            cardinality=cardinality,
            via=via,
            file=self._name,
        )

    def _attributes(self, reader: PieceReader) -> Iterator[tuple[str, Attribute]]:
        while not reader.take_sign("}"):
            if not reader.is_name():
                raise reader.unexpected("an attribute's name or “}”")
            name = reader.take().text
            if name == "constraint" and not self._is_over(reader):
                self._inner.append(self._inner_constraint(reader))
                self._need_comma(reader)
                continue
            if name == "constraints" and reader.take_sign("["):
                while not reader.take_sign("]"):
                    self._inner.append(self._inner_constraint(reader))
                    if reader.here.text != "]":
                        reader.need_sign(",")
                self._need_comma(reader)
                continue
            yield name, True if self._is_over(reader) else self._attribute(reader)
            self._need_comma(reader)

    @staticmethod
    def _is_over(reader: PieceReader) -> bool:
        return reader.here.kind == "end" or reader.here.text in (",", "}")

    @staticmethod
    def _need_comma(reader: PieceReader) -> None:
        if reader.here.text != "}":
            reader.need_sign(",")

    @staticmethod
    def _inner_constraint(reader: PieceReader) -> Constraint:
        begin, line = reader.here.at, reader.place().line - reader.here.spot[0]
        term = ConstraintParser(reader).term()
        return Constraint(term, reader.since(begin), line, reader.place().file)

    def _attribute(self, reader: PieceReader) -> Attribute:
        piece = reader.here
        if reader.take_sign("["):
            found: list[Attribute] = []
            while not reader.take_sign("]"):
                found.append(self._attribute(reader))
                if reader.here.text != "]":
                    reader.need_sign(",")
            return tuple(found)
        if reader.take_sign("{"):
            return Nested(tuple(self._attributes(reader)))
        if reader.take_sign("-"):
            if reader.here.kind != "number":
                raise reader.unexpected("a number")
            return -Decimal(reader.take().text)
        if piece.kind == "number":
            return Decimal(reader.take().text)
        if piece.kind in ("text", "quoted"):
            return reader.take().text
        if piece.kind == "word" and piece.text in ("true", "false"):
            return reader.take().text == "true"
        raise reader.unexpected("a number, a text, true or false")

    def _group(self, line: _Written) -> Iterator[FeatureGroup]:
        counted = _COUNTED.fullmatch(line.text)
        if counted is None and line.text not in _GROUPS:
            near = did_you_mean(line.text, _GROUPS)
            wanted = "mandatory, optional, or, alternative or a cardinality such as [1..3]"
            self._tell(
                self._fault(
                    line, said("“%(text)s” is no group.%(near)s", text=line.text, near=near), wanted
                )
            )
            return
        features = tuple(
            feature for below in line.below if (feature := self._feature(below)) is not None
        )
        if not line.below:
            self._tell(self._fault(line, "The group is empty.", "a feature under it"))
            return
        if counted is None:
            yield FeatureGroup(cast("GroupKind", line.text), features, line=line.number)
            return
        least = int(counted.group(1))
        upper = counted.group(2)
        most = least if upper is None else None if upper == "*" else int(upper)
        if most is not None and most < least:
            self._tell(
                self._fault(
                    line, said("%(text)s holds no number.", text=line.text), "the smaller first"
                )
            )
        yield FeatureGroup("cardinality", features, least, most, line.number)

    # -- constraints

    def _constraints(self, sections: dict[str, _Written]) -> Iterator[Constraint]:
        for line in sections["constraints"].below if "constraints" in sections else ():
            try:
                term = ConstraintParser(self._reader(line)).constraint()
                yield Constraint(term, " ".join(line.text.split()), line.number, self._name)
            except LanguageFault as problem:
                self._tell(problem)
