"""Pieces that several declarations share: texts, effectivity, domains, values."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from handsel.bid.configure.rules.language.expression_parser import ExpressionParser, no_unit
from handsel.bid.configure.rules.language.problems import Place, fault
from handsel.bid.configure.rules.language.source import (
    Effectivity,
    NumberRange,
    SourceTexts,
    SourceValue,
)
from handsel.bid.configure.rules.language.tokens import TokenReader
from handsel.bid.configure.rules.language.units import is_known_unit
from handsel.ground.kernel.said import said

_LANGUAGE = re.compile(r"[a-z]{2}(_[A-Z]{2})?")


def at_texts(reader: TokenReader) -> bool:
    """Whether a text, or a language and a text, comes next."""
    here = reader.here
    named = here.kind == "word" and _LANGUAGE.fullmatch(here.text) is not None
    return here.kind == "text" or (named and reader.ahead().kind == "text")


def texts(reader: TokenReader) -> SourceTexts:
    """`"Belt" de "Gurt"`: the text without a language is English."""
    found: list[tuple[str, str]] = []
    while at_texts(reader):
        place = reader.here.place
        language = "en" if reader.here.kind == "text" else reader.take().text
        if language in dict(found):
            raise fault(
                place,
                said("There is a text in “%(language)s” already.", language=language),
                "one a language",
            )
        found.append((language, reader.take().text))
    return tuple(found)


def merged_texts(before: SourceTexts, more: SourceTexts, place: Place) -> SourceTexts:
    """Texts of one line and the next; a language twice is a fault."""
    for language, _ in more:
        if language in dict(before):
            raise fault(
                place,
                said("There is a text in “%(language)s” already.", language=language),
                "one a language",
            )
    return before + more


def effectivity(reader: TokenReader) -> Effectivity:
    """`from 2026-01-01 until 2027-01-01 markets EU, UK`, each part at most once."""
    start: date | None = None
    end: date | None = None
    markets: list[str] = []
    while word := reader.take_word("from", "until", "markets"):
        if word.text == "markets" and not markets:
            markets.append(reader.need_word("a market").text)
            while reader.take_sign(","):
                markets.append(reader.need_word("a market").text)
        elif word.text == "from" and start is None:
            start = _day(reader)
        elif word.text == "until" and end is None:
            end = _day(reader)
        else:
            raise fault(word.place, said("“%(text)s” is said twice.", text=word.text), "each once")
        if start and end and start >= end:
            raise fault(word.place, "The period is empty.", "an end after the start")
    return Effectivity(start, end, tuple(markets))


def _day(reader: TokenReader) -> date:
    place = reader.here.place
    parts: list[str] = []
    for piece in range(5):
        token = reader.take()
        if (token.kind == "number") if piece % 2 == 0 else token.is_sign("-"):
            parts.append(token.text)
            continue
        raise fault(place, "This is not a date.", "a date such as 2026-03-01")
    try:
        return date.fromisoformat("".join(parts))
    except ValueError:
        raise fault(
            place, said("%(value)s is no date.", value="".join(parts)), "a date such as 2026-03-01"
        ) from None


def signed_number(reader: TokenReader, expected: str = "a number") -> Decimal:
    """A number, maybe below zero."""
    is_negative = reader.take_sign("-") is not None
    if reader.here.kind != "number":
        raise reader.unexpected(expected)
    value = Decimal(reader.take().text)
    return -value if is_negative else value


def whole_number(reader: TokenReader, expected: str) -> int:
    """A whole number of at most nine digits."""
    token = reader.here
    if token.kind != "number" or "." in token.text or len(token.text) > 9:
        raise reader.unexpected(expected)
    return int(reader.take().text)


def cardinality(reader: TokenReader) -> tuple[int, int] | None:
    """`2` or `1..4`; None when no number stands here."""
    if reader.here.kind != "number":
        return None
    place = reader.here.place
    least = most = whole_number(reader, "how many at least")
    if reader.take_sign(".."):
        most = whole_number(reader, "the largest number; a cardinality must have an end")
    if most < least:
        raise fault(
            place,
            said("%(least)s..%(most)s holds no number.", least=least, most=most),
            "the smaller number first",
        )
    return least, most


def number_ranges(reader: TokenReader) -> tuple[NumberRange, ...]:
    """`1..60`, `1000..12000 step 250` or `{300, 400, 500..800 step 100}`."""
    if not reader.take_sign("{"):
        return (_number_range(reader),)
    found: list[NumberRange] = []
    while not reader.take_sign("}"):
        found.append(_number_range(reader))
        if not reader.here.is_sign("}"):
            reader.need_sign(",", "“,” or “}”")
    return tuple(found)


def _number_range(reader: TokenReader) -> NumberRange:
    wanted = "a range such as 1..60 or a list such as {1, 2, 5}; every number needs bounds"
    first = signed_number(reader, wanted)
    if not reader.take_sign(".."):
        return NumberRange(first, first)
    last = signed_number(reader, "the last number of the range")
    step = signed_number(reader, "the step") if reader.take_word("step") else None
    return NumberRange(first, last, step)


def unit(reader: TokenReader) -> str:
    """A unit, or "" when none stands here; a word that is no unit is a fault."""
    here = reader.here
    if here.kind == "number" and here.text == "1" and reader.ahead().is_sign("/"):
        return _per(reader)
    found = ExpressionParser(reader, is_unit=is_known_unit).unit_here()
    if found or here.kind != "word" or reader.ahead().kind == "text" or is_line_word(here.text):
        return found
    raise no_unit(here)


def is_line_word(word: str) -> bool:
    """Words that may follow on a declaration's line."""
    return word in ("from", "until", "markets", "places", "step")


def _per(reader: TokenReader) -> str:
    place = reader.take().place
    reader.take()
    symbol = f"1/{reader.need_word('min or h').text}"
    if not is_known_unit(symbol):
        raise fault(place, said("“%(symbol)s” is not a unit.", symbol=symbol), "1/min or 1/h")
    return symbol


def value(reader: TokenReader) -> SourceValue:
    """A word, a text or a number."""
    here = reader.here
    if here.kind in ("word", "quoted", "text"):
        return reader.take().text
    return signed_number(reader, "a value")
