"""What can be refused, and how the edge of the house answers it.

Expected failures are one of the four kinds below; a room's ``errors.py`` subclasses them.
The message is for a person: it names the thing and says what to do. The code and the facts
are for programs, and for whoever translates the message at the edge.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class HandselError(Exception):
    """An expected failure: a message, a stable code, facts, and an HTTP status."""

    http_status: ClassVar[int] = 400
    default_code: ClassVar[str] = "error"

    def __init__(self, message: str, *, code: str = "", **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.facts: dict[str, object] = facts

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
        self.fields: dict[str, str] = dict(fields or {})


class Forbidden(HandselError):
    """The actor may not do this at all."""

    http_status = 403
    default_code = "forbidden"


class CurrencyMismatch(Invalid):
    """Two currencies met where only one makes sense."""

    default_code = "currency_mismatch"

    def __init__(self, left: str, right: str) -> None:
        super().__init__(
            f"Amounts in {left} and {right} cannot be combined; convert one of them first.",
            left=left,
            right=right,
        )


class UnitMismatch(Invalid):
    """Two units of different dimensions met, such as metres and kilograms."""

    default_code = "unit_mismatch"

    def __init__(self, left: str, right: str) -> None:
        super().__init__(
            f"Quantities in {left} and {right} measure different things and cannot be combined.",
            left=left,
            right=right,
        )
