"""The parser of models: lines to declarations, all faults in one run.

The format is told in docs/reference/model-language.md. A line that cannot be read is left out
together with the lines under it, and reading goes on.
"""

from __future__ import annotations

from collections.abc import Callable

from handsel.bid.configure.rules.language import declarations as read
from handsel.bid.configure.rules.language.block_parser import BlockParser
from handsel.bid.configure.rules.language.lines import LineReader
from handsel.bid.configure.rules.language.problems import LanguageFault, Place, Problem, fault
from handsel.bid.configure.rules.language.source import IncludeSource, Item, ModelSource
from handsel.bid.configure.rules.language.tokens import TokenReader
from handsel.ground.kernel.said import said

# Gives the text of an included file by its name; raises LookupError or OSError when there is none.
Library = Callable[[str], str]
DEEPEST_INCLUSION = 20


def parse_model(text: str, *, file: str = "model", library: Library | None = None) -> ModelSource:
    """Read a model's text; LanguageFault with every problem when it cannot be read.

    `library` gives the text of an included file by its name; without it nothing is included.
    """
    problems: list[Problem] = []
    found = _FileParser(library, problems, (file,)).model(text)
    if problems:
        raise LanguageFault(sorted(problems, key=lambda problem: problem.place))
    return found


class _FileParser:
    def __init__(
        self, library: Library | None, problems: list[Problem], chain: tuple[str, ...]
    ) -> None:
        self._library = library
        self._problems = problems
        self._chain = chain

    def model(self, text: str) -> ModelSource:
        """A file that must begin with its `model` line."""
        lines = self._lines(text)
        if lines is None:
            return ModelSource("")
        head = self._head(lines, is_needed=True)
        blocks = BlockParser(lines, self._problems, self._include)
        items = blocks.items(-1)
        return ModelSource(head.name, tuple(items), head.texts, head.is_scaled, head.place)

    def items(self, text: str) -> tuple[Item, ...]:
        """An included file; its `model` line, if any, says nothing here."""
        lines = self._lines(text)
        if lines is None:
            return ()
        self._head(lines, is_needed=False)
        return tuple(BlockParser(lines, self._problems, self._include).items(-1))

    def _lines(self, text: str) -> LineReader | None:
        try:
            return LineReader(text, file=self._chain[-1])
        except LanguageFault as found:
            self._problems.extend(found.problems)
            return None

    def _head(self, lines: LineReader, *, is_needed: bool) -> ModelSource:
        place = lines.place()
        start = lines.peek_word()
        if start != "model":
            if is_needed:
                self._problems.append(Problem(place, "The model has no name.", "a line “model …”"))
            return ModelSource("")
        try:
            return self._read_head(lines, place)
        except LanguageFault as found:
            self._problems.extend(found.problems)
            return ModelSource("")

    def _read_head(self, lines: LineReader, place: Place) -> ModelSource:
        line = lines.take()
        reader = TokenReader(line.tokens)
        reader.take()
        name = reader.need_word("the model's name").text
        texts, is_scaled = read.texts(reader), False
        reader.need_end()
        while lines.indent() > line.indent:
            reader = TokenReader(lines.take().tokens)
            at = reader.here.place
            if reader.take_word("arithmetic"):
                if not reader.take_word("scaled"):
                    raise reader.unexpected("“scaled”")
                is_scaled = True
            elif read.at_texts(reader):
                texts = read.merged_texts(texts, read.texts(reader), at)
            else:
                raise reader.unexpected("a title or “arithmetic scaled”")
            reader.need_end()
        return ModelSource(name, (), texts, is_scaled, place)

    def _include(self, path: str, place: Place) -> IncludeSource:
        if path in self._chain:
            circle = " → ".join((*self._chain[self._chain.index(path) :], path))
            raise fault(
                place, said("The files include each other: %(circle)s.", circle=circle), "no circle"
            )
        if len(self._chain) > DEEPEST_INCLUSION:
            raise fault(
                place,
                "Inclusion is too deep.",
                said("at most %(most)s levels", most=DEEPEST_INCLUSION),
            )
        if self._library is None:
            raise fault(
                place, said("“%(path)s” cannot be read here.", path=path), "a model in one file"
            )
        try:
            text = self._library(path)
        except (LookupError, OSError):
            raise fault(
                place, said("There is no file “%(path)s”.", path=path), "a file beside this one"
            ) from None
        inner = _FileParser(self._library, self._problems, (*self._chain, path))
        return IncludeSource(path, inner.items(text), place)
