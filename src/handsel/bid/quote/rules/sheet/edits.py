"""What a person does in a sheet, and what became of it.

Values of cells are text in one canonical form: quantities plain decimals with a point, discounts
basis points, `kind` one of `KINDS`, groups their key or nothing, time and price by hand as
`price_fields` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

FIELDS: Final = (
    "quantity",
    "discount_bps",
    "name",
    "description",
    "kind",
    "alternative_set",
    "group_key",
    "paid",
    "term",
    "hand",
)
KINDS: Final = ("fixed", "option", "chosen")
"""Always part of the offer; an option; an option that is chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetField:
    """Change one field of a line from what the editor saw to what he wants."""

    line_key: UUID
    field: str
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddLine:
    """A new line, `ref` being the editor's own name for it.

    With `line_key` a line that was taken out comes back as itself. It goes before `before_key`, or
    to the end of its group.
    """

    ref: str
    product_id: int
    quantity: Decimal
    discount_bps: int = 0
    name: str = ""
    description: str | None = None
    kind: str = "fixed"
    alternative_set: str = ""
    group_key: UUID | None = None
    before_key: UUID | None = None
    line_key: UUID | None = None
    configuration_id: int | None = None
    charge: str = "one_time"
    asked: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveLine:
    """Take a line out; `was` are the fields as the editor saw them."""

    line_key: UUID
    was: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveLine:
    """Put a line into a group, before another line of it or at its end."""

    line_key: UUID
    group_key: UUID | None = None
    before_key: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddGroup:
    """A new group with a key of the editor's making."""

    group_key: UUID
    title: str
    parent_key: UUID | None = None
    before_key: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameGroup:
    """Another title for a group."""

    group_key: UUID
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveGroup:
    """Put a group into another (or none), before one of that one's groups or at its end."""

    group_key: UUID
    parent_key: UUID | None = None
    before_key: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveGroup:
    """Dissolve a group: what lay in it lies in the group around it."""

    group_key: UUID


Edit = SetField | AddLine | RemoveLine | MoveLine | AddGroup | RenameGroup | MoveGroup | RemoveGroup


@dataclass(frozen=True, slots=True)
class Conflict:
    """An edit that was not applied because somebody else was quicker.

    `found` is what stands there now, None where the line or group is gone; `by` and `at` say who
    changed it last, as far as the log remembers.
    """

    index: int
    key: UUID
    field: str
    was: str
    wanted: str
    found: str | None
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An edit that cannot be: which (counting from 0), the field, what was given and expected."""

    index: int
    key: UUID | None
    field: str
    given: str
    expected: str
