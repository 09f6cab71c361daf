"""Whether a lead is worth an offer, from four questions with evidence.

Interest, purchasing power, fit and timing are each graded 0 (no) to 3 (proved). The latest finding
on a question counts. The verdict is derived, never set by hand, and says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

DIMENSIONS = ("interest", "purchasing_power", "fit", "timing")
HIGHEST_GRADE = 3
WEAK_ALLOWED = 1

VerdictState = Literal["open", "qualified", "doubtful", "not_qualified"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the findings say together; the three tuples name the questions behind it."""

    state: VerdictState
    points: int
    missing: tuple[str, ...]
    weak: tuple[str, ...]
    refuted: tuple[str, ...]


def verdict(grades: Mapping[str, int]) -> Verdict:
    """The verdict on the latest grade of each question (absent: not asked yet).

    not_qualified: a question is answered with 0. open: a question is not answered.
    qualified: all answered and at most one of them only with 1. doubtful: anything else.
    """
    missing = tuple(name for name in DIMENSIONS if name not in grades)
    weak = tuple(name for name in DIMENSIONS if grades.get(name) == 1)
    refuted = tuple(name for name in DIMENSIONS if grades.get(name) == 0)
    points = sum(grades.get(name, 0) for name in DIMENSIONS)
    return Verdict(_state(missing, weak, refuted), points, missing, weak, refuted)


def _state(
    missing: tuple[str, ...], weak: tuple[str, ...], refuted: tuple[str, ...]
) -> VerdictState:
    if refuted:
        return "not_qualified"
    if missing:
        return "open"
    return "qualified" if len(weak) <= WEAK_ALLOWED else "doubtful"
