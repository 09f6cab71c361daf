"""The base of every business event; see the room's README for the log itself."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from handsel.ground.kernel.money import Money


@dataclasses.dataclass(frozen=True, slots=True)
class ObjectRef:
    """One object that an event touches, in a role (object-centric, after OCEL 2.0)."""

    object_type: str
    object_id: int
    qualifier: str


@dataclasses.dataclass(frozen=True, slots=True)
class Event:
    """A past-tense fact announced by a room.

    Subclasses are frozen dataclasses with ids, amounts and dates only. `TYPE` reads
    ``room.object.verb``; `TOUCHES` maps a field holding an id (or a tuple of ids) to the type
    of the object; the qualifier is the field's name without ``_id``/``_ids``.
    """

    TYPE: ClassVar[str] = ""
    VERSION: ClassVar[int] = 1
    TOUCHES: ClassVar[dict[str, str]] = {}

    def objects(self) -> list[ObjectRef]:
        """The objects this event touches; fields that are None touch nothing."""
        refs: list[ObjectRef] = []
        for field_name, object_type in self.TOUCHES.items():
            value = getattr(self, field_name)
            if value is None:
                continue
            qualifier = field_name.removesuffix("_ids").removesuffix("_id")
            ids = value if isinstance(value, tuple) else (value,)
            refs.extend(ObjectRef(object_type, object_id, qualifier) for object_id in ids)
        return refs

    def payload(self) -> dict[str, Any]:
        """The event's fields as JSON values; money as ``{"minor": …, "currency": …}``."""
        return {f.name: _plain(getattr(self, f.name)) for f in dataclasses.fields(self)}


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return {"minor": value.amount_minor, "currency": value.currency}
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    raise TypeError(f"an event may not carry {type(value).__name__}")
