"""What can be refused, and how the edge of the house answers it.

Expected failures are one of the four kinds below; a room's ``errors.py`` subclasses them.
The message is for a person: it names the thing and says what to do. The code and the facts
are for programs, and for whoever translates the message at the edge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from handsel.ground.kernel.said import said

# How a message is told to whoever asks; the edge of the house plugs in his language.
_wording: list[Callable[[str], str]] = [lambda text: text]


def plug_wording(word: Callable[[str], str]) -> None:
    """Plug in how messages are told (once, at start); without it they are told in English."""
    _wording[:] = [word]


def in_words(text: str) -> str:
    """A sentence as whoever asks now reads it: his language, his amounts and dates."""
    return _wording[-1](text)


class HandselError(Exception):
    """An expected failure: a message, a stable code, facts, and an HTTP status."""

    http_status: ClassVar[int] = 400
    default_code: ClassVar[str] = "error"

    def __init__(self, message: str, *, code: str = "", **facts: object) -> None:
        super().__init__(message)
        self._message = message
        self.code = code or self.default_code
        self.facts: dict[str, object] = facts

    @property
    def message(self) -> str:
        """What a person reads, in the language of whoever asks now."""
        return _wording[-1](self._message)

    @message.setter
    def message(self, message: str) -> None:
        self._message = message

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders; the constructors of subclasses differ, the state does not.
        return _revive, (type(self), self.args), self.__dict__


def _revive(kind: type[HandselError], args: tuple[object, ...]) -> HandselError:
    error = kind.__new__(kind, *args)
    error.args = args
    return error


class NotFound(HandselError):
    """The thing is not there, or not there for this actor; the two are never told apart."""

    http_status = 404
    default_code = "not_found"


class Refused(HandselError):
    """The request is well formed, but the state of things does not allow it."""

    http_status = 409
    default_code = "refused"


class Invalid(HandselError):
    """The input is wrong. ``fields`` maps a field's name to what was expected there."""

    http_status = 422
    default_code = "invalid"

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        fields: Mapping[str, str] | None = None,
        **facts: object,
    ) -> None:
        super().__init__(message, code=code, **facts)
        self._fields: dict[str, str] = dict(fields or {})

    @property
    def fields(self) -> dict[str, str]:
        """What was expected, by field, in the language of whoever asks now."""
        return {name: _wording[-1](text) for name, text in self._fields.items()}


class Forbidden(HandselError):
    """The actor may not do this at all."""

    http_status = 403
    default_code = "forbidden"


class CurrencyMismatch(Invalid):
    """Two currencies met where only one makes sense."""

    default_code = "currency_mismatch"

    def __init__(self, left: str, right: str) -> None:
        super().__init__(
            said(
                "Amounts in %(left)s and %(right)s cannot be combined; convert one of them first.",
                left=left,
                right=right,
            ),
            left=left,
            right=right,
        )


class UnitMismatch(Invalid):
    """Two units of different dimensions met, such as metres and kilograms."""

    default_code = "unit_mismatch"

    def __init__(self, left: str, right: str) -> None:
        super().__init__(
            said(
                "Quantities in %(left)s and %(right)s measure different things "
                "and cannot be combined.",
                left=left,
                right=right,
            ),
            left=left,
            right=right,
        )
