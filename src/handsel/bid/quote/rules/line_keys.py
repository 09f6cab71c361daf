"""The identity a line keeps through all versions of its quote.

A key is the quote's number and a serial number within it, written as a UUID of version 8
(RFC 9562). So keys are unique in the house, sort in the order in which lines were added, and are
the same each time the same quote is made.

Fees of a price book are lines too. Their serial numbers lie above all others and are made of what
the fee is called, so that a fee is the same line in every version.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection
from typing import Final
from uuid import UUID

_VERSION: Final = 0x8000
_VARIANT: Final = 0b10 << 62
_SERIAL: Final = (1 << 62) - 1
FIRST_FEE: Final = 1 << 48
"""The first serial number of a fee; nobody who adds a line can name one."""
FIRST_PLACE: Final = 2_000_000_000
"""Fees stand behind all other lines, so that adding one there moves none of them."""


def line_key(quote_id: int, serial: int) -> UUID:
    """The key of the `serial`-th line ever added to a quote, counting from 1."""
    if not 0 < quote_id < 1 << 48 or not 0 < serial <= _SERIAL:
        raise ValueError("quote and serial number must be positive and of a sane size")
    return UUID(int=(quote_id << 16 | _VERSION) << 64 | _VARIANT | serial)


def serial_of(key: UUID) -> int:
    """The serial number within its quote."""
    return key.int & _SERIAL


def fee_key(quote_id: int, label: str, taken: Collection[UUID] = ()) -> UUID:
    """The key of a fee by what it is called; the next free one where two are called the same."""
    serial = FIRST_FEE + zlib.crc32(label.strip().casefold().encode())
    while (key := line_key(quote_id, serial)) in taken:
        serial += 1
    return key


def is_fee_key(key: UUID) -> bool:
    """Whether a line is freight or a fee of the price book."""
    return key.int >> 64 & 0xFFFF == _VERSION and serial_of(key) >= FIRST_FEE
