"""What a person writes in his own words: kept whole, or refused."""

from __future__ import annotations

from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import said


def free_text(text: str, *, field: str, longest: int) -> str:
    """The words without NUL and outer white space; `longest` in characters.

    Raises Invalid naming the field where there are more: words are never cut off.
    """
    words = text.replace("\x00", "").strip()
    if len(words) > longest:
        raise Invalid(
            said(
                "This text has %(length)s characters; at most %(longest)s are kept. Shorten it.",
                length=len(words),
                longest=longest,
            ),
            code="too_long",
            fields={field: said("at most %(most)s characters", most=longest)},
        )
    return words


def one_sentence(text: str, *, field: str, longest: int) -> str:
    """The same on one line, with single spaces: a reason, a note."""
    return free_text(" ".join(text.split()), field=field, longest=longest)
