"""Which lines an edit touched, short enough for the log however many they were."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Touched:
    """Serial numbers of lines as "1-40,77", and the fields that were edited of them."""

    lines: str = ""
    fields: tuple[str, ...] = ()


NOTHING: Final = Touched()


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
