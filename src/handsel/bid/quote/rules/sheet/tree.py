"""Groups in groups, and the order in which everything is read.

Lines of no group come first, then the groups: of each first its own lines, then its groups.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

DEEPEST: Final = 5
MOST_GROUPS: Final = 1_000


@dataclass(slots=True)
class Group:
    """A heading among the lines."""

    key: UUID
    title: str
    parent_key: UUID | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A group in the order of reading, with how deep it lies (0 is outermost)."""

    group: Group
    depth: int


def reading_order(groups: Iterable[Group]) -> list[Place]:
    """Groups in the order of reading; siblings as they were given.

    A group whose parent is not there, or that lies in itself, lies outermost: nothing is hidden.
    """
    known = {group.key: group for group in groups}
    inside: dict[UUID | None, list[Group]] = defaultdict(list)
    for group in known.values():
        inside[_parent(group, known)].append(group)
    order: list[Place] = []
    waiting = [Place(group, 0) for group in reversed(inside[None])]
    while waiting:
        place = waiting.pop()
        order.append(place)
        children = reversed(inside[place.group.key])
        waiting += [Place(child, place.depth + 1) for child in children]
    return order


def _parent(group: Group, known: Mapping[UUID, Group]) -> UUID | None:
    seen = {group.key}
    at = group.parent_key
    while at is not None:
        if at in seen or at not in known:
            return None
        seen.add(at)
        at = known[at].parent_key
    return group.parent_key


def ancestors(key: UUID | None, groups: Mapping[UUID, Group]) -> list[UUID]:
    """The group and those around it, innermost first."""
    found: list[UUID] = []
    while key is not None and key in groups and key not in found:
        found.append(key)
        key = groups[key].parent_key
    return found


def depth_below(key: UUID, groups: Mapping[UUID, Group]) -> int:
    """How many levels of groups lie in a group."""
    depths = [ancestors(one, groups) for one in groups]
    return max((path.index(key) for path in depths if key in path), default=0)
