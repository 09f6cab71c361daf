"""JSON as the edge accepts it: one meaning, exact numbers, text a database can keep.

``json.loads`` keeps the last of two equal keys, accepts NaN and turns 1e400 into infinity
(reliability E22). Here all three are refused, and numbers with a fraction stay exact.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NoReturn

from handsel.ground.kernel.errors import Invalid

MAX_DEPTH = 64
_LONGEST_NUMBER = 64
_LARGEST_EXPONENT = 308
_BIGINT = 2**63


def loads(source: bytes | str, *, max_depth: int = MAX_DEPTH) -> Any:
    """Read one JSON document (RFC 8259, UTF-8 without mark).

    Integers become int (64 bits), other numbers Decimal. Raises Invalid, code ``json_…``, for
    duplicate keys, NaN and infinities, numbers out of range, more than ``max_depth`` levels,
    and text with a null character or half a surrogate pair.
    """
    text = _as_text(source)
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        raise _too_deep(max_depth) from None
    except json.JSONDecodeError as error:
        raise Invalid(
            f"Not valid JSON: {error.msg} in line {error.lineno}, column {error.colno}.",
            code="json_syntax",
            line=error.lineno,
            column=error.colno,
        ) from None
    _check(value, max_depth, check_text="\\u" in text)
    return value


def _as_text(source: bytes | str) -> str:
    try:
        if isinstance(source, str):
            source.encode("utf-8")
            text = source
        else:
            text = bytes(source).decode("utf-8")
    except UnicodeError:
        raise Invalid("Not valid JSON: the text is not UTF-8.", code="json_encoding") from None
    if text.startswith("\ufeff"):
        raise Invalid("Not valid JSON: it starts with a byte order mark.", code="json_encoding")
    return text


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Invalid(f"The key “{twice[:64]}” is given twice.", code="json_duplicate_key")
    return found


def _integer(text: str) -> int:
    if len(text) <= _LONGEST_NUMBER:
        value = int(text)
        if -_BIGINT <= value < _BIGINT:
            return value
    raise _out_of_range(text)


def _fraction(text: str) -> Decimal:
    if len(text) <= _LONGEST_NUMBER:
        value = Decimal(text)
        # A zero's exponent says nothing about its size, but would still be carried along.
        if value.is_finite() and abs(value.adjusted()) <= _LARGEST_EXPONENT:
            return value
    raise _out_of_range(text)


def _constant(name: str) -> NoReturn:
    raise Invalid(f"{name} is not a number in JSON.", code="json_number")


def _check(document: Any, max_depth: int, *, check_text: bool) -> None:
    """Walk level by level: no recursion that hostile input could exhaust."""
    level = [document]
    depth = 0
    while level:
        deeper: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                deeper.extend(value.values())
                if check_text:
                    _check_texts(value)
            elif isinstance(value, list):
                deeper.extend(value)
            elif check_text and isinstance(value, str):
                _check_texts((value,))
        if any(isinstance(value, (dict, list)) for value in level):
            depth += 1
        if depth > max_depth:
            raise _too_deep(max_depth)
        level = deeper


def _check_texts(texts: dict[str, Any] | tuple[str, ...]) -> None:
    for text in texts:
        if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
            raise Invalid(
                "A text holds a null character or half a surrogate pair.", code="json_text"
            )


def _too_deep(max_depth: int) -> Invalid:
    return Invalid(
        f"The document is nested too deeply; at most {max_depth} levels are allowed.",
        code="json_depth",
        max_depth=max_depth,
    )


def _out_of_range(text: str) -> Invalid:
    return Invalid(f"The number {text[:24]} is out of range.", code="json_number")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs,
    parse_int=_integer,
    parse_float=_fraction,
    parse_constant=_constant,
)
