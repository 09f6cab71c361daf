"""What is wrong with a text, where, and what was expected there."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import Said, said

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A file, a line and a column, both from 1."""

    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file or 'text'}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `message` is a sentence; `expected` says what would have been right."""

    place: Place
    message: str
    expected: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> Said:
        """All of it in one sentence, to be worded at the edge."""
        message = self.message if isinstance(self.message, Said) else said(self.message)
        if not self.expected:
            return said("%(place)s: %(message)s", place=self.place, message=message)
        expected = self.expected if isinstance(self.expected, Said) else said(self.expected)
        return said(
            "%(place)s: %(message)s Expected %(expected)s.",
            place=self.place,
            message=message,
            expected=expected,
        )


class LanguageFault(Invalid):
    """A text that cannot be read; `problems` holds every one found."""

    default_code = "model_text"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            "\n".join(str(problem) for problem in self.problems),
            code="model_text",
            count=len(self.problems),
        )


def fault(place: Place, message: str, expected: str = "") -> LanguageFault:
    """A fault of one problem."""
    return LanguageFault([Problem(place, message, expected)])


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like this one, or ""."""
    names = list(known)
    by_fold = {one.casefold(): one for one in names}
    if name.casefold() in by_fold:
        return by_fold[name.casefold()]
    found = difflib.get_close_matches(name, names, n=1)
    return found[0] if found else ""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """ " Did you mean “belt”?", or "" when nothing is near."""
    found = nearest(name, known)
    return said(" Did you mean “%(found)s”?", found=found) if found else ""
