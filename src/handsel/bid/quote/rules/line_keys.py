"""The identity a line keeps through all versions of its quote.

A key is the quote's number and a serial number within it, written as a UUID of version 8
(RFC 9562). So keys are unique in the house, sort in the order in which lines were added, and are
the same each time the same quote is made.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

_VERSION: Final = 0x8000
_VARIANT: Final = 0b10 << 62
_SERIAL: Final = (1 << 62) - 1


def line_key(quote_id: int, serial: int) -> UUID:
    """The key of the `serial`-th line ever added to a quote, counting from 1."""
    if not 0 < quote_id < 1 << 48 or not 0 < serial <= _SERIAL:
        raise ValueError("quote and serial number must be positive and of a sane size")
    return UUID(int=(quote_id << 16 | _VERSION) << 64 | _VARIANT | serial)


def serial_of(key: UUID) -> int:
    """The serial number within its quote."""
    return key.int & _SERIAL
