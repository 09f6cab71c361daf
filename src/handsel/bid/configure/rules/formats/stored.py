"""A compiled model as one block of bytes, so that a published model is not compiled again.

Eight bytes say what it is, four how long the description is; the description is JSON; after it come
the arrays as 32-bit numbers, least significant byte first.
"""

from __future__ import annotations

import itertools
import json
import struct
import sys
from array import array

from handsel.bid.configure.rules.compiled import Compiled, Option
from handsel.ground.kernel.errors import Invalid

MAGIC = b"HNDSLCM1"
_LENGTH = struct.Struct("<I")


class NotStored(Invalid):
    """The bytes are no compiled model, or a damaged one."""

    default_code = "not_a_compiled_model"


def store(compiled: Compiled) -> bytes:
    """All of a compiled model."""
    arrays = _arrays(compiled)
    description = {
        "variables": compiled.n_variables,
        "laws": compiled.laws,
        "options": [[option.variable, option.value] for option in compiled.options],
        "contradictory": compiled.is_contradictory,
        "lengths": [len(one) for one in arrays],
    }
    text = json.dumps(description, ensure_ascii=False, separators=(",", ":")).encode()
    return b"".join([MAGIC, _LENGTH.pack(len(text)), text, *map(_as_bytes, arrays)])


def restore(content: bytes) -> Compiled:
    """The compiled model that `store` made these bytes of. Raises NotStored."""
    head = len(MAGIC) + _LENGTH.size
    if content[: len(MAGIC)] != MAGIC or len(content) < head:
        raise NotStored("This is no compiled model.")
    (length,) = _LENGTH.unpack_from(content, len(MAGIC))
    try:
        found = json.loads(content[head : head + length])
        literals, starts, laws_of, option_literals = _read_arrays(
            content, head + length, found["lengths"]
        )
        options = tuple(Option(variable, value) for variable, value in found["options"])
        compiled = Compiled(
            n_variables=found["variables"],
            literals=literals,
            starts=starts,
            laws_of=laws_of,
            laws=tuple(found["laws"]),
            options=options,
            option_literals=option_literals,
            is_contradictory=found["contradictory"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise NotStored(f"The compiled model is damaged: {error}") from None
    _check(compiled)
    return compiled


def _arrays(compiled: Compiled) -> list[array[int]]:
    return [compiled.literals, compiled.starts, compiled.laws_of, compiled.option_literals]


def _as_bytes(numbers: array[int]) -> bytes:
    if sys.byteorder == "little":
        return numbers.tobytes()
    turned = array("i", numbers)
    turned.byteswap()
    return turned.tobytes()


def _read_arrays(content: bytes, begin: int, lengths: list[int]) -> list[array[int]]:
    found = []
    view = memoryview(content)
    for length in lengths:
        numbers = array("i")
        numbers.frombytes(view[begin : begin + 4 * length])
        if sys.byteorder == "big":
            numbers.byteswap()
        found.append(numbers)
        begin += 4 * length
    if begin != len(content):
        raise ValueError("its length is wrong")
    return found


def _check(compiled: Compiled) -> None:
    """Refuse numbers that would lead an engine astray."""
    literals, starts = compiled.literals, compiled.starts
    used = (*literals, *compiled.option_literals)
    largest = max(map(abs, used), default=0)
    ascending = all(a <= b for a, b in itertools.pairwise(starts))
    if (
        largest > compiled.n_variables
        or 0 in literals
        or 0 in compiled.option_literals
        or not starts
        or starts[0] != 0
        or not ascending
        or starts[-1] != len(literals)
        or len(compiled.laws_of) != len(starts) - 1
        or len(compiled.option_literals) != len(compiled.options)
    ):
        raise NotStored("The compiled model is damaged: its numbers do not fit together.")
