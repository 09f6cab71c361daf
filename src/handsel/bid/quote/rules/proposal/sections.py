"""Lines under their groups, in the order they are read: groups within groups, with sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

MOST_DEPTH: Final = 12


@dataclass(frozen=True, slots=True)
class Heading:
    """A group of a version."""

    key: UUID
    parent: UUID | None
    title: str
    position: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A line's place in the document, its group and what it adds to the sum."""

    place: int
    group: UUID | None
    net_minor: int


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the places of its own lines; `net_minor` counts the groups within it too."""

    title: str
    depth: int
    places: tuple[int, ...]
    net_minor: int


def sections_of(headings: Sequence[Heading], lines: Sequence[Placed]) -> tuple[Section, ...]:
    """What stands where: first the lines of no group, then each group and what lies in it.

    Groups without a line anywhere in them are left out; a line of an unknown group, or a group
    whose parent is unknown or its own descendant, counts as of no group.
    """
    known = {heading.key: heading for heading in headings}
    children: dict[UUID | None, list[Heading]] = {}
    for heading in sorted(headings, key=lambda one: one.position):
        parent = heading.parent if heading.parent in known else None
        children.setdefault(parent, []).append(heading)
    found: list[Section] = []
    by_group: dict[UUID | None, list[Placed]] = {}
    reached = _reached(children)
    for line in lines:
        by_group.setdefault(line.group if line.group in reached else None, []).append(line)
    loose = by_group.get(None, [])
    if loose:
        found.append(_section("", 0, loose, 0))
    for heading in children.get(None, []):
        found += _within(heading, 0, children, by_group)
    return tuple(found)


def _reached(children: dict[UUID | None, list[Heading]]) -> set[UUID]:
    reached: set[UUID] = set()
    waiting = list(children.get(None, []))
    while waiting:
        heading = waiting.pop()
        reached.add(heading.key)
        waiting += children.get(heading.key, [])
    return reached


def _within(
    heading: Heading,
    depth: int,
    children: dict[UUID | None, list[Heading]],
    by_group: dict[UUID | None, list[Placed]],
) -> list[Section]:
    inner: list[Section] = []
    for child in children.get(heading.key, []) if depth < MOST_DEPTH else []:
        inner += _within(child, depth + 1, children, by_group)
    own = by_group.get(heading.key, [])
    if not own and not inner:
        return []
    beneath = sum(section.net_minor for section in inner if section.depth == depth + 1)
    return [_section(heading.title, depth, own, beneath), *inner]


def _section(title: str, depth: int, own: Sequence[Placed], beneath: int) -> Section:
    places = tuple(line.place for line in own)
    return Section(title, depth, places, sum(line.net_minor for line in own) + beneath)
