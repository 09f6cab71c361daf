"""The demo's year: acts written down in any order, done in the order of their dates.

Every act gets its own instant, so that numbers, clocks and books come out the same every time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

YEAR = 2026
HOME_ZONE = ZoneInfo("Europe/Berlin")

Act = Callable[[datetime], Any]


def at(text: str) -> datetime:
    """An instant of the demo's year from "03-16 09:30", read on a clock in Stuttgart."""
    local = datetime.strptime(f"{YEAR}-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=HOME_ZONE)
    return local.astimezone(UTC)


@dataclass
class Diary:
    """What will happen, and when."""

    _pages: list[tuple[datetime, int, Act]] = field(default_factory=list)

    def on(self, when: str, act: Act) -> None:
        """Let something happen at an instant; of two at the same, the one written first."""
        self._pages.append((at(when), len(self._pages), act))

    def __len__(self) -> int:
        return len(self._pages)

    def live(self, tick: Callable[[int], object]) -> None:
        """Do everything in order of date; `tick` hears how many acts are done."""
        for done, (when, _place, act) in enumerate(sorted(self._pages, key=lambda page: page[:2])):
            act(when)
            tick(done + 1)
