"""A statement that cannot be read is refused whole, with the place and the reason."""

from __future__ import annotations

from handsel.ground.kernel.errors import Invalid


class StatementRefused(Invalid):
    """The file is not a bank statement we can read without guessing."""

    default_code = "statement_refused"


def refuse(reason: str, message: str, **facts: object) -> StatementRefused:
    """Build the refusal with the code ``statement_<reason>``; the caller raises it."""
    return StatementRefused(message, code=f"statement_{reason}", fields=None, **facts)
