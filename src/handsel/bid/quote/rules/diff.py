"""What differs between two versions of a quote: lines by their identity, terms, totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal
from uuid import UUID

Verdict = Literal["same", "changed", "added", "removed"]

LINE_FIELDS: Final = (
    "name",
    "description",
    "quantity",
    "unit",
    "list_price",
    "discount_bps",
    "is_optional",
    "is_chosen",
    "group",
    "alternative_set",
    "charge",
    "priced",
    "list_minor",
    "net_minor",
    "tax",
)


@dataclass(frozen=True, slots=True)
class Taxed:
    """How a line is taxed: the category of EN 16931, the rate and why it is none."""

    category: str
    rate_bps: int
    reason_code: str = ""

    def __str__(self) -> str:
        rate = f"{self.category} {self.rate_bps / Decimal(100):f} %"
        return f"{rate} ({self.reason_code})" if self.reason_code else rate


@dataclass(frozen=True, slots=True)
class Change:
    """One field, before and after; None where the line was not there.

    A choice of a configuration has a `label`, because its name is the model's.
    """

    field: str
    before: Any
    after: Any
    label: str = ""


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line that is in one of the versions or in both."""

    key: UUID
    verdict: Verdict
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionDiff:
    """Everything that differs; `lines` has the unchanged ones too, in the order of the page."""

    lines: tuple[LineChange, ...]
    terms: tuple[Change, ...]
    totals: tuple[Change, ...]
    is_reordered: bool
    headings_moved: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether the two versions offer the same."""
        return (
            not self.terms
            and not self.totals
            and not self.is_reordered
            and not self.headings_moved
            and all(line.verdict == "same" for line in self.lines)
        )


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """A version as the comparison sees it: plain values, lines in their order."""

    lines: Sequence[Mapping[str, Any]]
    terms: Mapping[str, Any]
    totals: Mapping[str, Any]
    headings: Sequence[Any] = ()


def diff(before: VersionFacts, after: VersionFacts) -> VersionDiff:
    """Compare two versions. Lines must carry `key` and may the fields of `LINE_FIELDS`; configured
    ones may carry `choices`, by variable what it is called and its value in words.

    Lines of the later version come in its order; a removed line stands where it stood, after the
    line it followed. A line that only moved is not a change of the line.
    """
    old = {line["key"]: line for line in before.lines}
    new = {line["key"]: line for line in after.lines}
    kept_before = [key for key in old if key in new]
    kept_after = [key for key in new if key in old]
    return VersionDiff(
        tuple(_line_change(key, old.get(key), new.get(key)) for key in _order(old, new)),
        _changes(before.terms, after.terms),
        _changes(before.totals, after.totals),
        kept_before != kept_after,
        _in_both(before.headings, after.headings) != _in_both(after.headings, before.headings),
    )


def _in_both(these: Sequence[Any], others: Sequence[Any]) -> list[Any]:
    return [one for one in these if one in others]


def _order(old: Mapping[UUID, Any], new: Mapping[UUID, Any]) -> list[UUID]:
    followers: dict[UUID | None, list[UUID]] = {}
    anchor: UUID | None = None
    for key in old:
        if key in new:
            anchor = key
        else:
            followers.setdefault(anchor, []).append(key)
    order = list(followers.get(None, []))
    for key in new:
        order.append(key)
        order.extend(followers.get(key, []))
    return order


def _line_change(
    key: UUID, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> LineChange:
    if before is None:
        return LineChange(key, "added", None, after)
    if after is None:
        return LineChange(key, "removed", before, None)
    differing = [field for field in LINE_FIELDS if before.get(field) != after.get(field)]
    if {"quantity", "list_price"} & set(differing):  # these say why the list amount is another
        differing = [field for field in differing if field != "list_minor"]
    changes = tuple(
        Change(field, before.get(field), after.get(field)) for field in differing
    ) + _choices(before.get("choices", {}), after.get("choices", {}))
    return LineChange(key, "changed" if changes else "same", before, after, changes)


def _choices(
    before: Mapping[str, tuple[str, str]], after: Mapping[str, tuple[str, str]]
) -> tuple[Change, ...]:
    nothing = ("", None)
    return tuple(
        Change(
            f"choice:{key}",
            before.get(key, nothing)[1],
            after.get(key, nothing)[1],
            after.get(key, before.get(key, nothing))[0],
        )
        for key in dict.fromkeys([*before, *after])
        if before.get(key, nothing)[1] != after.get(key, nothing)[1]
    )


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    names = list(dict.fromkeys([*before, *after]))
    return tuple(
        Change(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    )
