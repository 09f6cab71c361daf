"""What a KPI comes to: figures, groups of them, and the rows behind each.

Every figure names a bucket, and every row says which buckets it is in, so that the rows behind a
figure are never looked up by another rule than the one that counted them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from handsel.follow.insight.errors import BadFilter
from handsel.ground.kernel.money import Money

Unit = Literal["duration", "share", "count", "money"]
Fact = str | int | Money | date | datetime | None
ObjectType = Literal["lead", "opportunity"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. `duration` in seconds, `share` in basis points; None is "not known (yet)".

    `part` of `whole` are the counts behind a share, `low` and `high` its 95 % interval.
    `is_estimate` marks a value that open cases may still change.
    """

    key: str
    unit: Unit
    value: int | Money | None
    part: int | None = None
    whole: int | None = None
    low: int | None = None
    high: int | None = None
    is_estimate: bool = False
    bucket: str = ""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One line of a group: a month, a source, a stage. An empty key is a group of its own."""

    key: str
    figures: tuple[Figure, ...]
    bucket: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Figures for each member of a breakdown; `bar` names the figure a picture shows."""

    key: str
    rows: tuple[GroupRow, ...]
    bar: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """One row behind the figures."""

    object_type: ObjectType
    object_id: int
    name: str
    buckets: frozenset[str]
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def currency(self) -> str:
        """The currency of its amounts, or nothing where it has none."""
        amounts = (value for value in self.facts.values() if isinstance(value, Money))
        return next((amount.currency for amount in amounts), "")


@dataclass(frozen=True, slots=True)
class Report:
    """A KPI as of an instant, with what it was asked for."""

    key: str
    as_of: datetime
    figures: tuple[Figure, ...]
    groups: tuple[Group, ...]
    members: tuple[Member, ...]

    def figure(self, key: str) -> Figure:
        """A figure by its key."""
        return next(one for one in self.figures if one.key == key)

    def group(self, key: str) -> Group:
        """A group by its key."""
        return next(one for one in self.groups if one.key == key)

    @property
    def buckets(self) -> frozenset[str]:
        """Every bucket there is, empty ones too."""
        named = {one.bucket for one in self.figures}
        for row in (row for group in self.groups for row in group.rows):
            named |= {row.bucket, *(one.bucket for one in row.figures)}
        return frozenset(named.union(*(row.buckets for row in self.members)))

    def rows(self, bucket: str) -> list[Member]:
        """The rows in a bucket; the empty one has them all. BadFilter for one no figure names."""
        if bucket and bucket not in self.buckets:
            raise BadFilter("bucket", "one that a figure of this KPI names")
        return [row for row in self.members if not bucket or bucket in row.buckets]
