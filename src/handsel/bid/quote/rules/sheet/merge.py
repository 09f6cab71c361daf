"""Merging what people edit at the same time into one draft.

An edit says what its editor saw. Where that still stands, it is applied; where what he wants
stands already, nothing is left to do; otherwise it is a conflict, and all other edits go on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Generic, TypeVar
from uuid import UUID

from handsel.bid.quote.rules.sheet import edits as e
from handsel.bid.quote.rules.sheet.fields import (
    LONGEST_NAME,
    EditedLine,
    Sheet,
    canonical,
    value_of,
)
from handsel.bid.quote.rules.sheet.price_fields import (
    PRICE_FIELDS,
    Unreadable,
    whole,
    with_price_field,
)
from handsel.bid.quote.rules.sheet.sums import one_of_each
from handsel.bid.quote.rules.sheet.tree import (
    DEEPEST,
    MOST_GROUPS,
    Group,
    ancestors,
    depth_below,
    reading_order,
)
from handsel.ground.kernel.said import said

L = TypeVar("L", bound=EditedLine)
K = TypeVar("K")
V = TypeVar("V")
NOBODY = UUID(int=0)


@dataclass(slots=True)
class Merged:
    """What became of the edits. `touched` are the lines and fields that changed."""

    applied: list[int] = field(default_factory=list)
    conflicts: list[e.Conflict] = field(default_factory=list)
    refused: list[e.Refusal] = field(default_factory=list)
    touched: dict[UUID, set[str]] = field(default_factory=dict)
    added: dict[str, UUID] = field(default_factory=dict)


class _Clash(Exception):
    def __init__(self, field_name: str, was: str, wanted: str, found: str | None) -> None:
        super().__init__(field_name)
        self.field, self.was, self.wanted, self.found = field_name, was, wanted, found


def merge(sheet: Sheet[L], edits: Sequence[e.Edit], fresh: Mapping[str, L | e.Refusal]) -> Merged:
    """Apply edits to a sheet in their order. `fresh` are the new lines by their `ref`, or why
    there is none.

    Changes the sheet in place. Nothing is raised for an edit that cannot be applied: it stands
    among the conflicts or refusals.
    """
    return _Merging(sheet, fresh).run(edits)


class _Merging(Generic[L]):
    def __init__(self, sheet: Sheet[L], fresh: Mapping[str, L | e.Refusal]) -> None:
        self.sheet, self.fresh = sheet, fresh
        self.by_key = {line.key: line for line in sheet.lines}
        self.gone: set[UUID] = set()
        self.before: dict[UUID | None, list[L]] = {}
        self.is_moved = False
        self.result = Merged()
        self.do: dict[type, Callable[[Any], None]] = {
            e.SetField: self.set_field,
            e.AddLine: self.add_line,
            e.RemoveLine: self.remove_line,
            e.MoveLine: self.move_line,
            e.AddGroup: self.add_group,
            e.RenameGroup: self.rename_group,
            e.MoveGroup: self.move_group,
            e.RemoveGroup: self.remove_group,
        }

    def run(self, edits: Sequence[e.Edit]) -> Merged:
        result = self.result
        for index, edit in enumerate(edits):
            key = _key_of(edit)
            try:
                self.do[type(edit)](edit)
                result.applied.append(index)
            except _Clash as clash:
                found = (clash.field, clash.was, clash.wanted, clash.found)
                result.conflicts.append(e.Conflict(index, key or NOBODY, *found))
            except Unreadable as wrong:
                refusal = e.Refusal(index, key, wrong.field, wrong.given, wrong.expected)
                result.refused.append(refusal)
        self.settle_order()
        self.settle_alternatives()
        return result

    def touch(self, key: UUID, *fields: str) -> None:
        self.result.touched.setdefault(key, set()).update(fields)

    def line(self, key: UUID, field_name: str, was: str = "", wanted: str = "") -> L:
        line = self.by_key.get(key)
        if line is None:
            raise _Clash(field_name, was, wanted, None)
        return line

    def set_field(self, edit: e.SetField) -> None:
        if edit.field not in e.FIELDS:
            raise Unreadable(edit.field, edit.now, ", ".join(e.FIELDS))
        line = self.line(edit.line_key, edit.field, edit.was, edit.now)
        wanted = self.whole(line, edit.field, canonical(edit.field, edit.now))
        if edit.field == "group_key" and wanted and UUID(wanted) not in self.sheet.groups:
            raise Unreadable("group_key", edit.now, "a group of this quote")
        found = self.whole(line, edit.field, value_of(self.sheet, line, edit.field))
        if found == wanted:
            return
        was = canonical(edit.field, edit.was, is_lenient=True)
        if found != self.whole(line, edit.field, was):
            raise _Clash(edit.field, edit.was, wanted, found)
        self.put(line, edit.field, wanted)
        self.touch(line.key, edit.field)

    def whole(self, line: L, name: str, text: str) -> str:
        """A field's text with what the price book adds to it."""
        return whole(name, text, self.sheet.own_months(line)) if name == "term" and text else text

    def put(self, line: L, name: str, value: str) -> None:
        sheet = self.sheet
        if name == "quantity":
            line.quantity = Decimal(value)
        elif name == "discount_bps":
            line.discount_bps = int(value)
        elif name == "kind":
            self.choose(line, value)
        elif name == "alternative_set":
            _keep(sheet.set_of, line.key, value)
            line.is_optional = bool(value)
            line.is_chosen = line.is_chosen and not self.is_taken(line.key, value)
        elif name == "group_key":
            self.regroup(line.key, UUID(value) if value else None)
        elif name in PRICE_FIELDS:
            months = sheet.own_months(line) if name != "hand" else 0
            line.charge, line.asked = with_price_field(name, value, line.charge, line.asked, months)
        else:
            setattr(line, name, value)

    def choose(self, line: L, kind: str) -> None:
        name = self.sheet.set_of.get(line.key, "")
        if name and kind == "fixed":
            self.sheet.set_of.pop(line.key)
        line.is_optional, line.is_chosen = kind != "fixed", kind != "option"
        if name and kind == "chosen":
            for key in self.members(name):
                if key != line.key and self.by_key[key].is_chosen:
                    self.by_key[key].is_chosen = False
                    self.touch(key, "kind")

    def members(self, name: str) -> list[UUID]:
        return [key for key, one in self.sheet.set_of.items() if one == name and key in self.by_key]

    def is_taken(self, key: UUID, name: str) -> bool:
        others = (one for one in self.members(name) if one != key) if name else ()
        return any(self.by_key[one].is_chosen for one in others)

    def regroup(self, key: UUID, group_key: UUID | None) -> None:
        if self.sheet.group_of.get(key) != group_key:
            _keep(self.sheet.group_of, key, group_key)
            self.is_moved = True

    def add_line(self, edit: e.AddLine) -> None:
        line = self.fresh[edit.ref]
        if isinstance(line, e.Refusal):
            raise Unreadable(line.field, line.given, line.expected)
        if line.key in self.by_key:
            raise Unreadable("line_key", str(line.key), "a line that was taken out")
        self.check_group(edit.group_key, "group_key")
        self.by_key[line.key] = line
        self.sheet.lines.append(line)
        if edit.group_key is not None:
            self.regroup(line.key, edit.group_key)
        if edit.alternative_set:
            self.put(line, "alternative_set", canonical("alternative_set", edit.alternative_set))
        if edit.before_key is not None:
            self.place(line, edit.before_key)
        self.result.added[edit.ref] = line.key
        self.touch(line.key, "line")

    def remove_line(self, edit: e.RemoveLine) -> None:
        line = self.by_key.get(edit.line_key)
        if line is None:
            return  # somebody took it out already
        for name, was in edit.was.items():
            found = value_of(self.sheet, line, name) if name in e.FIELDS else was
            seen = self.whole(line, name, canonical(name, was, is_lenient=True))
            if self.whole(line, name, found) != seen:
                raise _Clash(name, was, "", found)
        del self.by_key[line.key]
        self.gone.add(line.key)
        self.sheet.group_of.pop(line.key, None)
        self.sheet.set_of.pop(line.key, None)
        self.touch(line.key, "line")

    def move_line(self, edit: e.MoveLine) -> None:
        line = self.line(edit.line_key, "order")
        self.check_group(edit.group_key, "group_key")
        self.regroup(line.key, edit.group_key)
        self.place(line, edit.before_key)
        self.touch(line.key, "order")

    def place(self, line: L, before_key: UUID | None) -> None:
        """Put a line before another, at the end where that one is gone; order settles later."""
        target = before_key if before_key in self.by_key and before_key != line.key else None
        self.settle_places()
        lines = self.sheet.lines
        del lines[self.index(line.key)]
        lines.insert(len(lines) if target is None else self.index(target), line)
        self.is_moved = True

    def index(self, key: UUID) -> int:
        return next(at for at, line in enumerate(self.sheet.lines) if line.key == key)

    def settle_places(self) -> None:
        if self.gone:
            gone, self.gone = self.gone, set()
            present = self.by_key
            self.sheet.lines[:] = [
                line
                for line in self.sheet.lines
                if line.key not in gone or present.get(line.key) is line
            ]

    def settle_order(self) -> None:
        """Lines stand as their groups are read; within a group as they were put."""
        self.settle_places()
        if not self.is_moved and not self.sheet.groups:
            return
        order = {place.group.key: at for at, place in enumerate(reading_order(self.groups()), 1)}
        group_of = self.sheet.group_of
        self.sheet.lines.sort(
            key=lambda line: order.get(group_of[line.key], 0) if line.key in group_of else 0
        )

    def settle_alternatives(self) -> None:
        set_of = self.sheet.set_of
        members = [
            (line.key, set_of[line.key], line.is_chosen)
            for line in self.sheet.lines
            if line.key in set_of
        ]
        choose, drop = one_of_each(members)
        for key in choose | drop:
            self.by_key[key].is_chosen = key in choose
            self.touch(key, "kind")

    def groups(self) -> list[Group]:
        return list(self.sheet.groups.values())

    def check_group(self, key: UUID | None, field_name: str) -> None:
        if key is not None and key not in self.sheet.groups:
            raise _Clash(field_name, str(key), str(key), None)

    def add_group(self, edit: e.AddGroup) -> None:
        groups = self.sheet.groups
        if edit.group_key in groups:
            return
        if len(groups) >= MOST_GROUPS:
            raise Unreadable(
                "title", edit.title, said("at most %(most_groups)s groups", most_groups=MOST_GROUPS)
            )
        self.check_group(edit.parent_key, "parent_key")
        if len(ancestors(edit.parent_key, groups)) >= DEEPEST:
            raise Unreadable(
                "parent_key",
                edit.title,
                said("at most %(deepest)s levels of groups", deepest=DEEPEST),
            )
        group = Group(edit.group_key, _title(edit.title), edit.parent_key)
        self.put_group(group, edit.before_key)

    def put_group(self, group: Group, before_key: UUID | None) -> None:
        groups = self.sheet.groups
        groups.pop(group.key, None)
        kept = list(groups.values())
        keys = list(groups)
        at = keys.index(before_key) if before_key in groups and before_key else len(keys)
        kept.insert(at, group)
        groups.clear()
        groups.update({one.key: one for one in kept})
        self.is_moved = True
        self.touch(group.key, "group")

    def group(self, key: UUID, field_name: str, was: str = "", wanted: str = "") -> Group:
        group = self.sheet.groups.get(key)
        if group is None:
            raise _Clash(field_name, was, wanted, None)
        return group

    def rename_group(self, edit: e.RenameGroup) -> None:
        group = self.group(edit.group_key, "title", edit.was, edit.now)
        wanted = _title(edit.now)
        if group.title == wanted:
            return
        if group.title != edit.was:
            raise _Clash("title", edit.was, wanted, group.title)
        group.title = wanted
        self.touch(group.key, "title")

    def move_group(self, edit: e.MoveGroup) -> None:
        groups = self.sheet.groups
        group = self.group(edit.group_key, "parent_key")
        self.check_group(edit.parent_key, "parent_key")
        around = ancestors(edit.parent_key, groups)
        if group.key in around:
            raise Unreadable("parent_key", group.title, "a group that does not lie in this one")
        if len(around) + 1 + depth_below(group.key, groups) > DEEPEST:
            raise Unreadable(
                "parent_key",
                group.title,
                said("at most %(deepest)s levels of groups", deepest=DEEPEST),
            )
        group.parent_key = edit.parent_key
        self.put_group(group, edit.before_key)

    def remove_group(self, edit: e.RemoveGroup) -> None:
        groups = self.sheet.groups
        group = groups.pop(edit.group_key, None)
        if group is None:
            return
        for child in groups.values():
            if child.parent_key == group.key:
                child.parent_key = group.parent_key
        for key, at in list(self.sheet.group_of.items()):
            if at == group.key:
                self.regroup(key, group.parent_key)
                self.touch(key, "group_key")
        self.is_moved = True
        self.touch(group.key, "group")


def _keep(into: dict[K, V], key: K, value: V | None) -> None:
    if value:
        into[key] = value
    else:
        into.pop(key, None)


def _key_of(edit: e.Edit) -> UUID | None:
    if isinstance(edit, e.SetField | e.AddLine | e.RemoveLine | e.MoveLine):
        return edit.line_key
    return edit.group_key


def _title(text: str) -> str:
    if not 0 < len(text.strip()) <= LONGEST_NAME:
        raise Unreadable(
            "title", text[:60], said("1 to %(longest_name)s characters", longest_name=LONGEST_NAME)
        )
    return text.strip()
