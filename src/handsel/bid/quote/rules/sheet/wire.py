"""Edits as they come in JSON: one object each, with its `kind`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from handsel.bid.quote.rules.sheet import edits as e
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_decimal
from handsel.ground.kernel.said import said

Fields = Mapping[str, Any]


def edits_of(items: object) -> list[e.Edit]:
    """Edits from JSON. Raises Invalid naming the edit (counting from 1) that is none."""
    if not isinstance(items, Sequence) or isinstance(items, str):
        raise Invalid("Expected a list of edits.", code="bad_edits")
    found = []
    for place, item in enumerate(items, 1):
        kind = item.get("kind") if isinstance(item, Mapping) else None
        make = _KINDS.get(kind) if isinstance(kind, str) else None
        if make is None:
            known = ", ".join(_KINDS)
            raise Invalid(
                said("Edit %(place)s: expected one of %(known)s.", place=place, known=known),
                code="bad_edits",
            )
        try:
            found.append(make(item))
        except (KeyError, TypeError, ValueError, Invalid) as wrong:
            message = f"Edit {place} ({kind}) is not complete: {wrong}"
            raise Invalid(message, code="bad_edits") from None
    return found


def _object(value: object) -> Fields:
    if not isinstance(value, Mapping):
        raise TypeError("expected an object")
    return value


def _key(value: object) -> UUID:
    if not isinstance(value, str):
        raise TypeError("a key is text")
    return UUID(value)


def _key_or_none(value: object) -> UUID | None:
    return None if value in (None, "") else _key(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("expected text")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**63:
        raise TypeError("expected a whole number")
    return value


def _quantity(value: object) -> Decimal:
    return parse_decimal(_text(value), max_digits=18, scale=6)


def _set(item: Fields) -> e.Edit:
    return e.SetField(
        line_key=_key(item["line_key"]),
        field=_text(item["field"]),
        was=_text(item["was"]),
        now=_text(item["now"]),
    )


def _add(item: Fields) -> e.Edit:
    description = item.get("description")
    return e.AddLine(
        ref=_text(item["ref"]),
        product_id=_whole(item["product_id"]),
        quantity=_quantity(item["quantity"]),
        discount_bps=_whole(item.get("discount_bps", 0)),
        name=_text(item.get("name", "")),
        description=None if description is None else _text(description),
        kind=_text(item.get("line_kind", "fixed")),
        alternative_set=_text(item.get("alternative_set", "")),
        group_key=_key_or_none(item.get("group_key")),
        before_key=_key_or_none(item.get("before_key")),
        line_key=_key_or_none(item.get("line_key")),
        configuration_id=_whole(item.get("configuration_id", 0)) or None,
        charge=_text(item.get("charge", "one_time")),
        asked=_object(item.get("asked", {})),
    )


def _remove(item: Fields) -> e.Edit:
    was = {_text(name): _text(value) for name, value in item.get("was", {}).items()}
    return e.RemoveLine(line_key=_key(item["line_key"]), was=was)


def _move(item: Fields) -> e.Edit:
    return e.MoveLine(
        line_key=_key(item["line_key"]),
        group_key=_key_or_none(item.get("group_key")),
        before_key=_key_or_none(item.get("before_key")),
    )


def _add_group(item: Fields) -> e.Edit:
    return e.AddGroup(
        group_key=_key(item["group_key"]),
        title=_text(item["title"]),
        parent_key=_key_or_none(item.get("parent_key")),
        before_key=_key_or_none(item.get("before_key")),
    )


def _rename_group(item: Fields) -> e.Edit:
    return e.RenameGroup(
        group_key=_key(item["group_key"]), was=_text(item["was"]), now=_text(item["now"])
    )


def _move_group(item: Fields) -> e.Edit:
    return e.MoveGroup(
        group_key=_key(item["group_key"]),
        parent_key=_key_or_none(item.get("parent_key")),
        before_key=_key_or_none(item.get("before_key")),
    )


def _remove_group(item: Fields) -> e.Edit:
    return e.RemoveGroup(group_key=_key(item["group_key"]))


_KINDS: Final[dict[str, Callable[[Fields], e.Edit]]] = {
    "set": _set,
    "add": _add,
    "remove": _remove,
    "move": _move,
    "group_add": _add_group,
    "group_rename": _rename_group,
    "group_move": _move_group,
    "group_remove": _remove_group,
}
