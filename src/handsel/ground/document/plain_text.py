"""Text from people, as it may be shown on a document or in a mail."""

from __future__ import annotations

import unicodedata
from typing import Final

ZERO_WIDTH_SPACE: Final = "\N{ZERO WIDTH SPACE}"
_KEPT: Final = frozenset(("\n", ZERO_WIDTH_SPACE, "\N{SOFT HYPHEN}", "\N{ZERO WIDTH JOINER}"))
_SPACES: Final = str.maketrans(dict.fromkeys("\t\v\f\u2028\u2029", " "))

_HYPHENATION: Final = {ord("\N{SOFT HYPHEN}"): None, ord(ZERO_WIDTH_SPACE): None}


def clean(text: str) -> str:
    """Text as it may be shown: NFC, line ends as \\n, no control or direction-changing characters.

    A right-to-left override in a customer's name could make an account number read differently,
    so format characters go, except those that only say where a word may be broken or joined.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char
        for char in text.translate(_SPACES)
        if char in _KEPT or unicodedata.category(char)[0] != "C"
    )


def one_line(text: str) -> str:
    """Clean text with every run of white space as one space: names, subjects, references."""
    return " ".join(clean(text).translate(_HYPHENATION).split())
