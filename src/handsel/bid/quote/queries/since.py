"""What became of a draft since the state somebody has on screen: from the log, which says of each
state which lines it changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from handsel.bid.quote.events import QuoteRepriced
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.rules.line_keys import line_key
from handsel.bid.quote.rules.sheet.touched import MOST, WORTH_NAMING, serials_in
from handsel.ground.platform import log

MOST_STATES: Final = 40
_LOOKS_BACK: Final = 2 * MOST_STATES  # not every event about a version is a state of its own
_ANY_FIELD: Final = frozenset({"line", "order", "group", "group_key"})


@dataclass(frozen=True, slots=True)
class Step:
    """Who made one state of the draft, and which lines he edited for it."""

    lock_no: int
    by: str
    user_id: int | None
    touched: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Since:
    """The lines that are another now, whether their order is, and who did what, oldest first."""

    keys: frozenset[UUID]
    is_moved: bool
    steps: tuple[Step, ...]


def changed_since(version: QuoteVersion, lock_no: int) -> Since | None:
    """What changed between a state and the present one; None where that cannot be told line by
    line, because it is too much, too long ago, or was done by something else than an edit."""
    wanted = set(range(lock_no + 1, version.lock_no + 1))
    if len(wanted) > MOST_STATES or lock_no > version.lock_no:
        return None
    if not wanted:
        return Since(frozenset(), False, ())
    quote_id = version.quote_id
    keys: set[UUID] = set()
    steps: list[Step] = []
    is_moved = False
    for event in log.timeline(("quote_version", version.pk), limit=_LOOKS_BACK):
        said: dict[str, Any] = event.payload
        if event.type != QuoteRepriced.TYPE or said.get("lock_no") not in wanted:
            continue
        changed, touched = said["changed"], said["touched"]
        if changed == MOST:
            return None
        wanted.discard(said["lock_no"])
        edited = tuple(line_key(quote_id, serial) for serial in serials_in(touched))
        keys.update(edited, (line_key(quote_id, serial) for serial in serials_in(changed)))
        is_moved |= said["is_moved"] or bool(_ANY_FIELD & set(said["fields"]))
        steps.append(Step(said["lock_no"], event.actor_label, event.actor_user_id, edited))
    if wanted or len(keys) > WORTH_NAMING:
        return None
    steps.sort(key=lambda step: step.lock_no)
    return Since(frozenset(keys), is_moved, tuple(steps))
