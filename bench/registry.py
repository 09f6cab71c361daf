"""The figures there are: a function with one line above it.

@figure("cycle", about="quote to reconciled payment, 3 lines", target=80, peer=963)
def cycle(bench: Workbench) -> Measured:
    return bench.measure(lambda: one_cycle(bench), runs=20)
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bench.workbench import Measured, Workbench

Run = Callable[[Workbench], Measured]


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured. `target` and `peer` (the best comparable system) are in `unit`."""

    name: str
    about: str
    run: Run
    unit: str = "cpu ms"
    group: str = "work"
    target: float | None = None
    peer: float | None = None


FIGURES: dict[str, Figure] = {}


def figure(
    name: str,
    *,
    about: str,
    unit: str = "cpu ms",
    group: str = "work",
    target: float | None = None,
    peer: float | None = None,
) -> Callable[[Run], Run]:
    """Declare the function below as the figure of that name."""

    def declare(run: Run) -> Run:
        if name in FIGURES:
            raise ValueError(f"the figure {name} is declared twice")
        FIGURES[name] = Figure(name, about, run, unit, group, target, peer)
        return run

    return declare


def load() -> dict[str, Figure]:
    """All figures, in the order of their modules' names."""
    package = importlib.import_module("bench.figures")
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda found: found.name):
        importlib.import_module(f"bench.figures.{module.name}")
    return FIGURES


def chosen(wanted: Iterable[str]) -> list[Figure]:
    """The figures named, or of the groups named; all when nothing is. KeyError for the unknown."""
    figures = load()
    names = list(wanted)
    if not names:
        return list(figures.values())
    found: list[Figure] = []
    for name in names:
        members = [one for one in figures.values() if name in (one.name, one.group)]
        if not members:
            raise KeyError(name)
        found += [one for one in members if one not in found]
    return found
