"""Who hears which event, in stream order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from handsel.ground.platform.actor import Actor
from handsel.ground.platform.events import Event

E_contra = TypeVar("E_contra", bound=Event, contravariant=True)
E = TypeVar("E", bound=Event)


class Listener(Protocol[E_contra]):
    """Hears an event in the transaction that announced it; an error undoes all of it."""

    def __call__(self, event: E_contra, *, actor: Actor, now: datetime) -> None: ...


_listeners: dict[type[Event], list[tuple[int, Callable[..., None]]]] = defaultdict(list)
_order: dict[str, int] = {}


def set_stream_order(packages: list[str]) -> None:
    """Tell the order in which rooms hear events (called once by site/wiring)."""
    _order.clear()
    _order.update({package: place for place, package in enumerate(packages)})
    for heard in _listeners.values():
        heard[:] = sorted(((_place(f), f) for _, f in heard), key=lambda pair: pair[0])


def _place(function: Callable[..., None]) -> int:
    return _order.get(function.__module__.rpartition(".")[0], len(_order))


def listener(event_type: type[E]) -> Callable[[Listener[E]], Listener[E]]:
    """Register a room's listener for one type of event."""

    def register(function: Listener[E]) -> Listener[E]:
        place = _place(function)
        heard = _listeners[event_type]
        heard.append((place, function))
        heard.sort(key=lambda pair: pair[0])
        return function

    return register


def listeners_of(event_type: type[Event]) -> list[Callable[..., None]]:
    """The listeners of an event type, in stream order."""
    return [function for _, function in _listeners.get(event_type, [])]
