"""The business event log: announcing and reading."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Model

from handsel.ground.platform.actor import Actor
from handsel.ground.platform.at_hand import laid_out
from handsel.ground.platform.copying import copy_in, take_keys
from handsel.ground.platform.dispatch import listeners_of
from handsel.ground.platform.events import Event
from handsel.ground.platform.models import BusinessEvent, EventObject

# From how many events on one COPY is cheaper than inserting instances.
WORTH_COPYING = 100


def announce(
    event: Event,
    *,
    actor: Actor,
    now: datetime,
    occurred_at: datetime | None = None,
    at_hand: Sequence[Model] = (),
) -> int:
    """Write one event with the objects it touches and let later rooms hear it.

    Must run inside the transaction of the action; a listener's error rolls all of it back.
    `at_hand` are rows the caller has locked or made, which listeners need not read again.
    Returns the event's id.
    """
    with laid_out(at_hand):
        return announce_many([event], actor=actor, now=now, occurred_at=occurred_at)[0]


def announce_many(
    events: Iterable[Event],
    *,
    actor: Actor,
    now: datetime,
    occurred_at: datetime | Sequence[datetime] | None = None,
) -> list[int]:
    """Announce many events of one act with few statements (bulk imports and bill runs).

    `occurred_at` is one instant for all of them, or one for each.
    """
    batch = list(events)
    instants = (
        occurred_at if isinstance(occurred_at, Sequence) else [occurred_at or now] * len(batch)
    )
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("events are announced inside a transaction")
    write = _copy if len(batch) >= WORTH_COPYING else _insert
    keys = write(batch, instants, actor, now)
    for event in batch:
        for hear in listeners_of(type(event)):
            hear(event, actor=actor, now=now)
    return keys


# Events written by one statement; and from how many objects on they travel as arrays, so that
# there are few statements of different length for the database to keep.
AT_ONCE: Final = 4
_MANY_OBJECTS: Final = 16
_ANNOUNCE: Final = """
    WITH told AS (
        SELECT nextval(pg_get_serial_sequence('platform_businessevent', 'id')) AS id, t.*
        FROM ({events}) AS t (place, type, version, occurred_at, payload)
    ), said AS (
        INSERT INTO platform_businessevent
            (id, type, version, occurred_at, recorded_at, actor_kind, actor_user_id, actor_label,
             payload)
        SELECT id, type, version, occurred_at, %s, %s, %s, %s, payload FROM told
    ), touched AS (
        INSERT INTO platform_eventobject (event_id, object_type, object_id, qualifier)
        SELECT told.id, o.object_type, o.object_id, o.qualifier
        FROM told JOIN ({objects}) AS o (place, object_type, object_id, qualifier)
            ON o.place = told.place
    )
    SELECT id FROM told ORDER BY place
"""


@lru_cache(maxsize=AT_ONCE * (_MANY_OBJECTS + 1))
def _statement(events: int, objects: int) -> str:
    """The statement that writes so many events which touch so many objects between them."""
    event = "(%s::int, %s, %s::int, %s::timestamptz, %s::jsonb)"
    one = "(%s::int, %s, %s::bigint, %s)"
    return _ANNOUNCE.format(
        events="VALUES " + ", ".join([event] * events),
        objects="VALUES " + ", ".join([one] * objects)
        if 0 < objects < _MANY_OBJECTS
        else "SELECT * FROM unnest(%s::int[], %s::text[], %s::bigint[], %s::text[])",
    )


def _insert(
    batch: Sequence[Event], instants: Sequence[datetime], actor: Actor, now: datetime
) -> list[int]:
    keys: list[int] = []
    for start in range(0, len(batch), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        keys += _insert_part(batch[part], instants[part], actor, now)
    return keys


def _insert_part(
    batch: Sequence[Event], instants: Sequence[datetime], actor: Actor, now: datetime
) -> list[int]:
    events: list[Any] = []
    objects: list[tuple[object, ...]] = []
    for place, (event, instant) in enumerate(zip(batch, instants, strict=True)):
        events += (place, event.TYPE, event.VERSION, instant, json.dumps(event.payload()))
        objects += (
            (place, ref.object_type, ref.object_id, ref.qualifier) for ref in event.objects()
        )
    given: list[Any]
    if 0 < len(objects) < _MANY_OBJECTS:
        given = [value for row in objects for value in row]
    else:
        given = [[row[column] for row in objects] for column in range(4)]
    who = (now, actor.kind, actor.user_id, actor.label)
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(len(batch), min(len(objects), _MANY_OBJECTS)), [*events, *who, *given]
        )
        return [int(key) for (key,) in cursor.fetchall()]


def _copy(
    batch: Sequence[Event], instants: Sequence[datetime], actor: Actor, now: datetime
) -> list[int]:
    keys = take_keys(BusinessEvent, len(batch))
    who = (actor.kind, actor.user_id, actor.label)
    copy_in(
        BusinessEvent,
        [
            "id",
            "type",
            "version",
            "occurred_at",
            "recorded_at",
            "actor_kind",
            "actor_user_id",
            "actor_label",
            "payload",
        ],
        [
            (key, event.TYPE, event.VERSION, instant, now, *who, event.payload())
            for key, event, instant in zip(keys, batch, instants, strict=True)
        ],
    )
    copy_in(
        EventObject,
        ["event_id", "object_type", "object_id", "qualifier"],
        [
            (key, ref.object_type, ref.object_id, ref.qualifier)
            for key, event in zip(keys, batch, strict=True)
            for ref in event.objects()
        ],
    )
    return keys


def timeline(
    *objects: tuple[str, int], limit: int = 100, of_rooms: Sequence[str] = ()
) -> list[BusinessEvent]:
    """The newest events that touch any of the given (type, id) objects, newest first.

    `of_rooms` leaves out what other rooms announced, such as the leads a user was given.
    """
    if not objects:
        return []
    from django.db.models import Q

    wanted = Q()
    for object_type, object_id in objects:
        wanted |= Q(object_type=object_type, object_id=object_id)
    touches = EventObject.objects.filter(wanted)
    if of_rooms:
        said = Q()
        for room in of_rooms:
            said |= Q(event__type__startswith=f"{room}.")
        touches = touches.filter(said)
    ids = touches.order_by("-event_id").values_list("event_id")
    newest = [pk for (pk,) in ids.distinct()[:limit]]
    return list(BusinessEvent.objects.filter(pk__in=newest).order_by("-occurred_at", "-pk"))
