"""Which lines an edit touched, short enough for the log however many they were."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Touched:
    """Serial numbers of lines as "1-40,77", and the fields that were edited of them.

    `changed` are the lines with other fields or amounts than before, edited or not; `is_moved`
    says that lines came, went or stand in another order.
    """

    lines: str = ""
    fields: tuple[str, ...] = ()
    changed: str = ""
    is_moved: bool = False


NOTHING: Final = Touched()
MOST: Final = "*"
"""So many lines changed that naming them is no shorter than reading all."""
WORTH_NAMING: Final = 2_000


def ranges(serials: Iterable[int]) -> str:
    """Numbers as ranges: 1, 2, 3 and 7 are "1-3,7"."""
    runs: list[list[int]] = []
    for serial in sorted(set(serials)):
        if runs and serial == runs[-1][1] + 1:
            runs[-1][1] = serial
        else:
            runs.append([serial, serial])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def holds(text: str, serial: int) -> bool:
    """Whether ranges hold a number."""
    for run in filter(None, text.split(",")):
        first, _, last = run.partition("-")
        if int(first) <= serial <= int(last or first):
            return True
    return False


def serials_in(text: str) -> list[int]:
    """The numbers that ranges hold."""
    found: list[int] = []
    for run in filter(None, text.split(",")):
        first, _, last = run.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found
