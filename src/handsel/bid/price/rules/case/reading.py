"""Reading strictly: every refusal says where in the file it is, and what was expected there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from handsel.bid.configure.rules.language.problems import did_you_mean
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_date, parse_decimal, parse_integer
from handsel.ground.kernel.names import is_language, named
from handsel.ground.kernel.said import Said, said

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
FIRST_YEAR, LAST_YEAR = 1_900, 2_999
LONGEST_TEXT = 20_000
MOST_CHARACTERS = 20_000_000


class CaseFault(Invalid):
    """Something in the file that cannot be read; `path` is where."""

    default_code = "price_case"

    def __init__(self, path: str, message: str) -> None:
        what = message if isinstance(message, Said) else said(message)
        told = said("%(path)s: %(message)s", path=path, message=what)
        super().__init__(told, fields={path: what}, path=path)
        self.path = path


class Written(str):
    """A number as it is written in the file, still to be read by the strict grammar."""


def strict_json(text: str) -> Any:
    """Read JSON: no value twice, no NaN; numbers stay as they are written. Raises CaseFault."""
    if len(text) > MOST_CHARACTERS:
        raise CaseFault("$", said("at most %(most)s characters", most=MOST_CHARACTERS))
    try:
        found = json.loads(
            text,
            parse_float=Written,
            parse_int=Written,
            parse_constant=Written,  # NaN and infinities: the strict grammar refuses them in place
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as fault:
        place = said("line %(line)s, column %(column)s", line=fault.lineno, column=fault.colno)
        raise CaseFault(place, said("not JSON: %(msg)s", msg=fault.msg)) from None
    except RecursionError:
        raise CaseFault("$", "nested too deeply") from None
    if _HALF.search(text):
        _check_whole(found)
    return found


def _check_whole(found: Any) -> None:
    """Refuse half a character (an escaped surrogate without the other), which no text can hold."""
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError as fault:
        half = ascii(fault.object[fault.start])[1:-1]
        raise CaseFault("$", said("%(half)s is half a character", half=half)) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise CaseFault(key, "is written twice in one object")
        found[key] = value
    return found


class Node:
    """A value of the file and the way to it. Reading an object says which fields it may have."""

    __slots__ = ("path", "value")

    def __init__(self, value: Any, path: str = "$") -> None:
        self.value = value
        self.path = path

    def refuse(self, message: str) -> CaseFault:
        """A refusal of this value."""
        return CaseFault(self.path, message)

    def fields(self, *allowed: str) -> dict[str, Node]:
        """An object's fields; an unknown one is refused with the nearest that is known."""
        found = self.entries()
        for name, node in found.items():
            if name not in allowed:
                hint = did_you_mean(name, allowed) or said(
                    " Expected one of %(known)s.", known=", ".join(allowed)
                )
                raise node.refuse(said("there is no such field here.%(hint)s", hint=hint))
        return found

    def entries(self) -> dict[str, Node]:
        """An object's fields, whatever they are called."""
        if not isinstance(self.value, Mapping):
            raise self.refuse("expected an object {…}")
        base = "" if self.path == "$" else f"{self.path}."
        return {name: Node(value, f"{base}{name}") for name, value in self.value.items()}

    def items(self) -> Iterator[Node]:
        """A list's items."""
        if not isinstance(self.value, list):
            raise self.refuse("expected a list […]")
        for place, value in enumerate(self.value):
            yield Node(value, f"{self.path}[{place}]")

    def text(self, longest: int = 200) -> str:
        """A text, not empty."""
        if not isinstance(self.value, str) or isinstance(self.value, Written):
            raise self.refuse("expected a text")
        if not 0 < len(self.value) <= longest:
            raise self.refuse(said("expected 1 to %(longest)s characters", longest=longest))
        return self.value

    def name(self, longest: int = 200) -> str:
        """What something is called: a text, or an object of texts by language."""
        if not isinstance(self.value, Mapping):
            return self.text(longest)
        texts = self.texts(longest)
        if not texts:
            raise self.refuse("expected a text in one language at least")
        return named(texts)

    def texts(self, longest: int = 200) -> dict[str, str]:
        """An object of texts by language, such as {"de": "Bahnkörper"}."""
        found = {}
        for language, text in self.entries().items():
            if not is_language(language):
                raise text.refuse(said("“%(code)s” is no language, such as de", code=language))
            found[language] = text.text(longest)
        return found

    def decimal(self, minimum: Decimal | int | None = None, scale: int = 6) -> Decimal:
        """A number, written bare or as text, with at most so many decimals."""
        return self._by_grammar(
            lambda text: parse_decimal(text, scale=scale, max_digits=14 + scale, minimum=minimum)
        )

    def integer(self, minimum: int = 0, maximum: int = 10**6) -> int:
        """A whole number."""
        return self._by_grammar(lambda text: parse_integer(text, minimum=minimum, maximum=maximum))

    def bps(self, maximum: int = 1000) -> int:
        """Per cent with at most two decimals, as basis points."""
        value = self._by_grammar(
            lambda text: parse_decimal(text, scale=2, minimum=-maximum, maximum=maximum)
        )
        return int(value * 100)

    def discount(self) -> int:
        """A percentage that is taken off, as basis points: all of it at most; less than nothing is
        a surcharge."""
        found = self.bps()
        if found > 10_000:
            raise self.refuse("more than 100 % cannot be taken off")
        return found

    def date(self) -> date:
        """A day of the years people make contracts for, so that every day beside it is one too."""
        found = self._by_grammar(parse_date)
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise self.refuse(
                said(
                    "expected a day of the years %(first)s to %(last)s",
                    first=FIRST_YEAR,
                    last=LAST_YEAR,
                )
            )
        return found

    def flag(self) -> bool:
        """true or false."""
        if not isinstance(self.value, bool):
            raise self.refuse("expected true or false")
        return self.value

    def choice(self, kind: type[E]) -> E:
        """One of a few words."""
        text = self.text()
        try:
            return kind(text)
        except ValueError:
            known = [one.value for one in kind]
            raise self.refuse(
                said(
                    "“%(text)s” is none of %(known)s.%(hint)s",
                    text=text,
                    known=", ".join(known),
                    hint=did_you_mean(text, known),
                )
            ) from None

    def _by_grammar(self, read: Callable[[str], T]) -> T:
        if not isinstance(self.value, str):
            raise self.refuse("expected a number or a text")
        try:
            return read(str(self.value))
        except Invalid as refused:
            raise self.refuse(refused.message) from None
