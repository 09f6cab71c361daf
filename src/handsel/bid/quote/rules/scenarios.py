"""Scenarios: named choices of a version's options, of which one may be what is offered.

A line that other scenarios choose and the offered one does not is *outside*: it is not on the
offer. Options no scenario speaks of stay open for the buyer, and lines that are no options are in
every scenario. While a scenario is offered its choice is the one the lines have.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

MOST_SCENARIOS: Final = 12
LONGEST_NAME: Final = 60


class Optional(Protocol):
    """A line as scenarios see it."""

    @property
    def key(self) -> UUID: ...
    @property
    def is_optional(self) -> bool: ...
    @property
    def is_chosen(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """A line with whether it is an option and chosen, for whoever keeps lines otherwise."""

    key: UUID
    is_optional: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Scenario:
    """A name for a choice of options."""

    name: str
    chosen: frozenset[UUID]
    is_offered: bool = False


def read(kept: Iterable[Mapping[str, Any]], lines: Sequence[Optional]) -> list[Scenario]:
    """A version's scenarios with those of their lines that are options still."""
    options = {line.key for line in lines if line.is_optional}
    standing = chosen_of(lines)
    return [
        Scenario(
            one["name"],
            standing
            if one.get("is_offered")
            else frozenset(UUID(key) for key in one["chosen"]) & options,
            bool(one.get("is_offered")),
        )
        for one in kept
    ]


def chosen_of(lines: Iterable[Optional]) -> frozenset[UUID]:
    """The options that are chosen as the lines stand."""
    return frozenset(line.key for line in lines if line.is_optional and line.is_chosen)


def written(scenarios: Iterable[Scenario]) -> list[dict[str, Any]]:
    """Scenarios as they are kept: sorted keys, so that the same scenarios are the same bytes."""
    return [
        {
            "name": one.name,
            "chosen": sorted(str(key) for key in one.chosen),
            **({"is_offered": True} if one.is_offered else {}),
        }
        for one in scenarios
    ]


def offered_name(kept: Iterable[Mapping[str, Any]]) -> str:
    """The name of the scenario that is offered; nothing where none is."""
    return next((str(one["name"]) for one in kept if one.get("is_offered")), "")


def outside(kept: Iterable[Mapping[str, Any]], lines: Sequence[Optional]) -> frozenset[UUID]:
    """The lines that are not on the offer; none where no scenario is offered."""
    scenarios = read(kept, lines)
    offered = next((one for one in scenarios if one.is_offered), None)
    if offered is None:
        return frozenset()
    others = frozenset().union(*(one.chosen for one in scenarios))
    return others - offered.chosen


def differing(choices: Sequence[Collection[UUID]], lines: Sequence[Optional]) -> list[UUID]:
    """The lines that not all choices agree on, in their order."""
    return [
        line.key
        for line in lines
        if line.is_optional and len({line.key in choice for choice in choices}) > 1
    ]
