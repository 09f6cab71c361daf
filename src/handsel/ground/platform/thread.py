"""The thread of a deal, as any room's page may show it.

The walk through all rooms is composed by the house (`site`), which plugs it in here; a room asks
for the thread of one of its own records.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from handsel.ground.platform.actor import Actor

ThreadOf = Callable[[str, int, Actor], dict[str, Any]]
_composer: list[ThreadOf] = []


def plug(composer: ThreadOf) -> None:
    """Plug in the house's composer (once, at start)."""
    _composer[:] = [composer]


def thread_of(object_type: str, object_id: int, actor: Actor) -> dict[str, Any]:
    """The thread's steps for the shell's `thread` component; empty while nothing is plugged."""
    if not _composer:
        return {"steps": []}
    return _composer[0](object_type, object_id, actor)
